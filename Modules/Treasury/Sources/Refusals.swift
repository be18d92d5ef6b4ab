// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum TreasuryRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// Nothing has this number or account.
    case unknown = 2
    /// The sender may not do this.
    case notAllowed = 3
    /// Members are not ascending, too many, or too few for the threshold.
    case badMembers = 4
    /// There is nothing to do, or too much.
    case badMessages = 5
    /// The time for this is over.
    case expired = 6
    /// The time for this has not come.
    case tooEarly = 7
    /// The sender has agreed already.
    case alreadyApproved = 8
    /// A name is empty, too long, or has control characters.
    case badName = 9
    /// The amount is zero.
    case zeroAmount = 10
    /// The pool would spend more than its limit in this period.
    case outflowExceeded = 11
    /// A period is zero or longer than a hundred years.
    case badPeriod = 12
    /// The schedule's times or shares make no sense.
    case badSchedule = 13
    /// Nothing can be claimed now.
    case nothingToClaim = 14
    /// The grant cannot be revoked, or was.
    case notRevocable = 15
    /// There is no such milestone, or it was reached.
    case badMilestone = 16
    /// The place is not on the list.
    case badProof = 17
    /// The place was claimed.
    case alreadyClaimed = 18
    /// The list's claims exceed what was set aside.
    case airdropEmpty = 19
    /// The auction's terms make no sense.
    case badAuction = 20
    /// No more of this bid is taken: the auction is over or the cap reached.
    case bidNotTaken = 21
    /// Nobody vouches for a person behind this account.
    case notAPerson = 22
    /// The bounty's rows make no sense, or the finding is outside of them.
    case badBounty = 23
    /// The mark is there already.
    case alreadyGiven = 24
    /// A decision cannot make another one happen.
    case nested = 25

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func treasury(_ reason: TreasuryRefusal, _ detail: String) -> Refusal {
        Refusal(module: .treasury, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
