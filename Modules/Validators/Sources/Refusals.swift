// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum ValidatorsRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// The account is no member.
    case unknownMember = 2
    /// The account is a member already.
    case alreadyMember = 3
    /// The name is empty, too long, or has control characters.
    case badName = 4
    /// The signature does not show that the sender has the consensus key.
    case badProof = 5
    /// Another account uses this consensus key, or did.
    case keyTaken = 6
    /// The member votes with this key already.
    case sameKey = 7
    /// The stake is below the chain's minimum, or nothing.
    case stakeTooSmall = 8
    /// The stake would exceed 128 bits.
    case stakeTooLarge = 9
    /// The member's status does not allow this.
    case wrongStatus = 10
    /// The epoch for this has not come.
    case tooEarly = 11
    /// The evidence shows no offence of a validator of its epoch.
    case noOffence = 12
    /// The evidence is of an epoch whose offences can no longer be punished, or not yet.
    case epochOutOfReach = 13
    /// The member has been punished for this epoch.
    case alreadyPunished = 14

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func validators(_ reason: ValidatorsRefusal, _ detail: String) -> Refusal {
        Refusal(module: .validators, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
