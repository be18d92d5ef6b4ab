// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum NamesRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message, or names what is no name.
    case malformedMessage = 1
    /// The name belongs to somebody, or did until lately.
    case nameTaken = 2
    /// The name is under auction.
    case auctionOpen = 3
    /// The name is not under auction.
    case noAuction = 4
    /// The bid is below the price, or not enough above the highest.
    case bidTooLow = 5
    /// Nobody holds the name.
    case unknownName = 6
    /// The name's time has passed.
    case nameExpired = 7
    /// The sender does not speak for the owner.
    case notOwner = 8
    /// No terms, or more than may be paid ahead.
    case badTerms = 9

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func names(_ reason: NamesRefusal, _ detail: String) -> Refusal {
        Refusal(module: .names, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
