// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MarketDesk {
    /// Compares the results of all executions and does what follows (MARKET-11, MARKET-12).
    func decide(_ order: Order) throws(Refusal) {
        if let accepted = order.majorityResult {
            try settle(order, with: accepted)
        } else if order.leases.count >= Int(parameters.executionsMax) {
            try end(
                order, as: .undetermined,
                executions: order.leases.map { ReceiptExecution(of: $0, finding: .undecided) })
        } else {
            openDispute(order)
        }
    }

    private func openDispute(_ disputed: Order) {
        var order = disputed
        order.executionsWanted += 1
        order.phase = .running
        book.save(order)
        book.touch(order.job)
        emit(.disputeOpened(executionsWanted: order.executionsWanted), about: order.job)
    }

    /// Slashes who did not agree, pays who did (MARKET-9, MARKET-13).
    private func settle(_ order: Order, with accepted: JobResult) throws(Refusal) {
        let escrow = Self.bondEscrow(of: order.job)
        let taken = order.leases.map { lease in
            lease.revealed?.result == accepted
                ? Amount.zero
                : slash(
                    lease.provider, parameters.lieSlashPartsPerMillion, for: .lied, in: order.job,
                    into: escrow)
        }
        var payments = Payments(
            terms: order.terms, pot: bank.balance(of: escrow, in: context),
            reward: parameters.extraExecutionReward)
        let executions = zip(order.leases, taken).map { lease, taken in
            lease.revealed?.result == accepted
                ? payments.agreed(lease, fuel: accepted.fuelUsed)
                : ReceiptExecution(of: lease, slashed: taken, finding: .dissented)
        }
        try end(order, as: .settled, result: accepted, executions: executions)
    }
}

extension Order {
    /// The result that more than half of the executions gave.
    var majorityResult: JobResult? {
        let results = leases.compactMap { $0.revealed?.result }
        return results.first { candidate in
            results.count { $0 == candidate } * 2 > leases.count
        }
    }
}

/// Shares out what agreeing executions get: the client pays as many as it asked for, slashed bonds
/// pay for the rest (MARKET-13).
private struct Payments {
    private let terms: OrderTerms
    private let reward: Amount
    private var replicasLeft: UInt8
    private var potLeft: Amount

    init(terms: OrderTerms, pot: Amount, reward: Amount) {
        self.terms = terms
        self.reward = reward
        replicasLeft = terms.replicas
        potLeft = pot
    }

    mutating func agreed(_ lease: Lease, fuel: Fuel) -> ReceiptExecution {
        guard let bill = lease.price.bill(for: fuel) else {
            preconditionFailure("a bid whose worst case fits into the escrow has a bill")
        }
        if replicasLeft > 0 {
            replicasLeft -= 1
            return ReceiptExecution(of: lease, bill: bill, paid: bill, finding: .agreed)
        }
        let due = min(terms.asset == .native ? bill : reward, potLeft)
        potLeft = potLeft.subtracting(due) ?? .zero
        return ReceiptExecution(of: lease, bill: bill, paidFromBonds: due, finding: .agreed)
    }
}
