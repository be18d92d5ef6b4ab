// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum GovernanceRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// The amount is zero, or more than is there.
    case badAmount = 2
    /// Votes keep the locked units.
    case voteGoesOn = 3
    /// An account cannot let itself vote, or one that lets another.
    case badDelegate = 4
    /// There is no such proposal.
    case unknownProposal = 5
    /// The proposal's stage does not allow this.
    case wrongStage = 6
    /// The sender may not do this.
    case notAllowed = 7
    /// The deposit is below the least.
    case depositTooSmall = 8
    /// The sender has too little at stake to propose.
    case stakeTooSmall = 9
    /// The draft's title, or what it does, does not fit its kind.
    case badDraft = 10
    /// The figure is unknown, out of its range, or may not be changed by this kind.
    case badChange = 11
    /// The figure can never be changed.
    case unamendable = 12
    /// The sender could vote with nothing when voting began.
    case noVote = 13
    /// The sender has said so already.
    case sameVote = 14
    /// The version is not the next one.
    case badVersion = 15
    /// Seats or rules make no sense.
    case badRules = 16
    /// The sender is no validator.
    case notValidator = 17

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func governance(_ reason: GovernanceRefusal, _ detail: String) -> Refusal {
        Refusal(module: .governance, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
