// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum ExchangeRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// There is no such pool, lock or window.
    case unknown = 2
    /// The two assets are one, or the chain does not have them.
    case badPair = 3
    /// The fee is out of its range.
    case badFee = 4
    /// A pool trades these assets for this fee already.
    case alreadyThere = 5
    /// So little gives nothing, or is below the least.
    case amountTooSmall = 6
    /// So much does not fit.
    case amountTooLarge = 7
    /// The price is worse than the limit.
    case slippage = 8
    /// The time for this is over.
    case expired = 9
    /// The time for this has not come.
    case tooEarly = 10
    /// A lock is not made shorter, nor longer than a hundred years.
    case badLock = 11
    /// The fund, or what a year pays, is used up.
    case fundEmpty = 12
    /// Only a proposal that passed does this.
    case notAllowed = 13
    /// The window's terms make no sense.
    case badTerms = 14

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func exchange(_ reason: ExchangeRefusal, _ detail: String) -> Refusal {
        Refusal(module: .exchange, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
