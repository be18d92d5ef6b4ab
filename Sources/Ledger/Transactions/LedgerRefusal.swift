// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The ledger's own reasons to say no; raw values are stable codes (specs/ledger.md LEDGER-5).
public enum LedgerRefusal: UInt16, CaseIterable, Sendable {
    /// The transaction names another chain.
    case wrongChain = 1
    /// The transaction has no messages.
    case noMessages = 2
    /// The transaction is above a size limit.
    case tooLarge = 3
    /// The signature is not the sender's.
    case badSignature = 4
    /// The last height of its validity has passed.
    case expired = 5
    /// Its validity reaches further ahead than the chain allows.
    case validTooFar = 6
    /// The nonce has been used.
    case nonceTooLow = 7
    /// Earlier nonces are missing.
    case nonceTooHigh = 8
    /// The fee is above the most the sender would pay.
    case feeMaxTooLow = 9
    /// The sender's balance does not cover the fee.
    case feeNotCovered = 10
    /// A message names a module this chain does not have.
    case unknownModule = 11
    /// This transaction has been applied already.
    case duplicate = 12
    /// This node cannot read its state now; another one, or a later time, may do.
    case unavailable = 13

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    /// A refusal by the ledger itself.
    public static func ledger(_ reason: LedgerRefusal, _ detail: String) -> Refusal {
        Refusal(module: nil, code: reason.rawValue, name: reason.name, detail: detail)
    }

    static func duplicate(at height: BlockHeight) -> Refusal {
        .ledger(.duplicate, "it was executed at height \(height)")
    }

    static func feeNotCovered(_ fee: Amount) -> Refusal {
        .ledger(.feeNotCovered, "the fee is \(fee); the balance is below it")
    }
}
