// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

extension Receipt {
    /// What is wrong with this receipt by itself: whoever holds only its bytes can check this much
    /// (MARKET-17). That the chain wrote it is for the state proof and the block's certificate.
    ///
    /// - Returns: Each flaw in words; none when it is sound. Cost: one signature check for each
    ///   execution that showed a result.
    public func flaws() -> [String] {
        var flaws: [String] = []
        for execution in executions { flaws += self.flaws(of: execution) }
        return flaws + flawsOfFigures()
    }

    /// What is wrong with the sums and the ending, without looking at signatures.
    func flawsOfFigures() -> [String] { flawsOfMoney() + flawsOfEnding() }

    private func flaws(of execution: ReceiptExecution) -> [String] {
        guard let evidence = execution.evidence else {
            return execution.finding == .undecided
                ? [] : ["\(execution.provider) was judged without a result"]
        }
        var flaws: [String] = []
        if AccountID(of: evidence.key) != execution.provider {
            flaws.append("the key of \(execution.provider) is another account's")
        }
        let statement = ResultStatement(
            chain: chain, job: job, provider: execution.provider,
            resultDigest: evidence.resultDigest)
        if !evidence.key.accepts(evidence.signature, over: statement.signedBytes) {
            flaws.append("the signature of \(execution.provider) does not fit its result")
        }
        let agrees = evidence.resultDigest == result?.digest
        if execution.finding == .agreed, !agrees {
            flaws.append("\(execution.provider) is said to agree and gave another result")
        }
        if execution.finding == .dissented, agrees {
            flaws.append("\(execution.provider) is said to dissent and gave the accepted result")
        }
        return flaws
    }

    private func flawsOfMoney() -> [String] {
        var flaws: [String] = []
        var paid: Amount? = .zero
        for execution in executions { paid = paid?.adding(execution.paid) }
        if paid != cost { flaws.append("the payments do not add up to the cost") }
        if cost.adding(refund) != maxCost { flaws.append("cost and refund are not the escrow") }
        guard let result else { return flaws }
        for execution in executions where execution.finding == .agreed {
            if execution.price.bill(for: result.fuelUsed) != execution.bill {
                flaws.append("the bill of \(execution.provider) is not its price")
            }
            if execution.paid != .zero, execution.paid != execution.bill {
                flaws.append("\(execution.provider) was not paid its bill")
            }
        }
        for execution in executions where execution.finding != .agreed {
            if execution.paid != .zero || execution.paidFromBonds != .zero {
                flaws.append("\(execution.provider) was paid without agreeing")
            }
        }
        return flaws
    }

    private func flawsOfEnding() -> [String] {
        let agreed = executions.count { $0.finding == .agreed }
        switch ending {
        case .settled:
            var flaws: [String] = []
            if result == nil { flaws.append("it is settled without a result") }
            if agreed * 2 <= executions.count { flaws.append("no majority gave the result") }
            if executions.count < Int(replicas) { flaws.append("too few executions") }
            if rung != (replicas > 1 ? .replicated : .signed) {
                flaws.append("it claims another rung than its replicas allow")
            }
            return flaws
        case .undetermined, .expired:
            return cost == .zero && result == nil && agreed == 0
                ? [] : ["the client paid for an order that did not settle"]
        case .cancelled:
            return result == nil && agreed == 0 ? [] : ["a cancelled order has a result"]
        }
    }
}
