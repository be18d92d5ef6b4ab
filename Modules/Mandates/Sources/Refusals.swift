// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum MandatesRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// The scope contradicts itself.
    case badScope = 2
    /// A transaction grants the same twice.
    case mandateExists = 3
    /// There is no such mandate, or no more.
    case unknownMandate = 4
    /// The mandate is somebody else's.
    case notDelegate = 5
    /// A mandate it is a part of has ended.
    case mandateEnded = 6
    /// Its time has not come.
    case notYetValid = 7
    /// Its time has passed.
    case mandateExpired = 8
    /// It does not cover this kind of message.
    case kindNotCovered = 9
    /// It does not cover what the message is about.
    case resourceNotCovered = 10
    /// It does not reach for what the message spends.
    case overBudget = 11
    /// A part reaches further than the whole.
    case widens = 12
    /// Somebody would stand in the chain twice.
    case loop = 13
    /// The chain has as many links as it may.
    case tooDeep = 14
    /// The sender may not end this mandate.
    case mayNotRevoke = 15
    /// The mandate pays no fees.
    case paysNoFees = 16
    /// The sender does not speak for the machine or its owner.
    case notSpeaking = 17
    /// The machine has an owner, or would be its own.
    case ownerExists = 18
    /// The machine has no owner.
    case noOwner = 19
    /// The owner has allowed the machine nothing, or no more.
    case notAuthorised = 20
    /// The contract is worth more than the owner allows, or in another asset.
    case overAuthorization = 21

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func mandates(_ reason: MandatesRefusal, _ detail: String) -> Refusal {
        Refusal(module: .mandates, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
