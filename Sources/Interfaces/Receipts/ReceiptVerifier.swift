// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Ledger
import Market
import StateTree
public import Vocabulary

/// Checks a receipt offline, from the genesis file and the validators that the reader has followed
/// from it (specs/receipt.md).
///
/// It trusts nothing in the file: the chain and the validators come from the reader, everything
/// else must follow from their signatures.
public struct ReceiptVerifier: Sendable {
    private let genesis: Genesis
    private let validators: @Sendable (Epoch) -> ValidatorSet?

    /// Takes the genesis that the reader trusts; it names the validators of epoch 0 alone.
    public init(genesis: Genesis) {
        self.init(genesis: genesis) { epoch in
            epoch == Epoch(0) ? try? ValidatorSet(of: genesis) : nil
        }
    }

    /// Takes the genesis that the reader trusts and the validators it knows of.
    ///
    /// - Parameter validators: Those of an epoch, or nothing when the reader has not followed the
    ///   chain there.
    public init(
        genesis: Genesis, validators: @escaping @Sendable (Epoch) -> ValidatorSet?
    ) {
        self.genesis = genesis
        self.validators = validators
    }

    /// Runs every check in order; after a failed one the checks that build on it are not reached.
    ///
    /// - Parameter output: The output the reader holds, to be compared with the receipt's digest.
    public func check(_ file: ReceiptFile, output: Digest? = nil) -> [ReceiptCheck] {
        var checks: [ReceiptCheck] = []
        run("chain", &checks) { try chain(file) }
        run("quorum", &checks) { try quorum(file) }
        run("state", &checks) { try state(file) }
        run("time", &checks) { try time(file) }
        run("receipt", &checks) { try soundness(file) }
        if let output { run("output", &checks) { try self.output(file, output) } }
        return checks
    }

    private struct Failure: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private func run(
        _ name: String, _ checks: inout [ReceiptCheck], _ body: () throws -> String
    ) {
        guard checks.allSatisfy(\.holds) else {
            checks.append(ReceiptCheck(name: name, finding: .notReached))
            return
        }
        do {
            checks.append(ReceiptCheck(name: name, finding: .holds(try body())))
        } catch {
            let reason = (error as? Failure)?.reason ?? "\(error)"
            checks.append(ReceiptCheck(name: name, finding: .fails(reason)))
        }
    }

    /// RECEIPT-3: receipt and header are of the chain that the genesis begins.
    private func chain(_ file: ReceiptFile) throws -> String {
        guard file.receipt.chain == genesis.chain else {
            throw Failure(
                "the receipt is of chain \(file.receipt.chain), the genesis begins \(genesis.chain)"
            )
        }
        guard file.header.chain == genesis.chain else {
            throw Failure("the header is of chain \(file.header.chain)")
        }
        return "\(genesis.name) \(genesis.chain)"
    }

    /// RECEIPT-4: validators with more than two thirds of the stake signed that the header is
    /// final.
    private func quorum(_ file: ReceiptFile) throws -> String {
        let epoch = file.header.epoch
        guard let set = validators(epoch) else {
            throw Failure("who votes in epoch \(epoch) is not known here")
        }
        do {
            try file.finality.verify(file.header, validators: set, chain: genesis.chain)
        } catch {
            throw Failure("block \(file.header.height) is not proven final: \(error)")
        }
        let signers = file.finality.certificate.signatures.count
        return "block \(file.header.height) signed by \(signers) of \(set.count) validators"
            + (epoch.value > 0 ? " of epoch \(epoch)" : "")
    }

    /// RECEIPT-5: the header's state root holds exactly this receipt under the job's key.
    private func state(_ file: ReceiptFile) throws -> String {
        let key = [ModuleID.market.value] + MarketKeys.receipt(file.receipt.job)
        do {
            try file.proof.verify(
                root: file.header.stateRoot, key: key, value: file.receipt.canonicalBytes)
        } catch {
            throw Failure(
                "the receipt is not in the state of block \(file.header.stateHeight): \(error)")
        }
        return "in the state of block \(file.header.stateHeight), root \(file.header.stateRoot)"
    }

    /// RECEIPT-6: the job ended at or before the height of that state, and after it was opened.
    private func time(_ file: ReceiptFile) throws -> String {
        let receipt = file.receipt
        guard receipt.ended.height <= file.header.stateHeight else {
            throw Failure(
                "it ended at block \(receipt.ended.height), after the state it is proven in")
        }
        guard receipt.opened.height <= receipt.ended.height,
            receipt.opened.time <= receipt.ended.time
        else { throw Failure("it ended before it was opened") }
        return "opened at block \(receipt.opened.height), ended at block \(receipt.ended.height)"
    }

    /// RECEIPT-7: every shown result is signed by its provider, and the sums agree with the ending.
    private func soundness(_ file: ReceiptFile) throws -> String {
        let receipt = file.receipt
        let flaws = receipt.flaws()
        guard flaws.isEmpty else { throw Failure(flaws.joined(separator: "; ")) }
        let agreed = receipt.executions.filter { $0.finding == .agreed }.count
        return "\(agreed) of \(receipt.executions.count) providers signed the accepted result; "
            + "cost \(receipt.cost), refund \(receipt.refund)"
    }

    /// RECEIPT-8: the output at hand is the one that was paid for.
    private func output(_ file: ReceiptFile, _ digest: Digest) throws -> String {
        guard let result = file.receipt.result else {
            throw Failure("the job has no accepted result")
        }
        guard result.outputDigest == digest else {
            throw Failure(
                "the output has digest \(digest), the receipt says \(result.outputDigest)")
        }
        return "output digest \(digest)"
    }
}
