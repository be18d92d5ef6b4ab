// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why the market says no. The numbers and names are stable; the words may improve.
public enum MarketRefusal: UInt16, Hashable, Sendable, CaseIterable {
    /// The payload is not the one encoding of a message.
    case malformed = 1
    /// The transaction already opened this very order.
    case orderExists = 2
    /// The number of replicas is 0 or above its limit.
    case badReplicas = 3
    /// An argument holds a NUL.
    case badArguments = 4
    /// A limit of the job is zero.
    case limitMissing = 5
    /// A limit of the job is above what the chain allows.
    case limitTooHigh = 6
    /// The deadline leaves no time to run the job.
    case deadlineTooSoon = 7
    /// The deadline is further away than the chain allows.
    case deadlineTooFar = 8
    /// The offered sum is below the least price of the replicas.
    case costTooLow = 9
    /// No order has this id.
    case unknownOrder = 10
    /// The order has ended; its receipt says how.
    case orderEnded = 11
    /// A client bids on its own order.
    case ownOrder = 12
    /// The sender is no active provider.
    case notProvider = 13
    /// All of the provider's slots are reserved.
    case noFreeSlot = 14
    /// At the bid's price an execution could cost more than its share of the escrow.
    case priceTooHigh = 15
    /// The provider has already bid on this order.
    case alreadyBid = 16
    /// The order takes no further bids.
    case bidsFull = 17
    /// The sender holds no lease of this job.
    case notLeased = 18
    /// The time for this has passed.
    case tooLate = 19
    /// The lease is already committed to a result.
    case alreadyCommitted = 20
    /// Not every result is committed yet.
    case notRevealing = 21
    /// The lease has already shown its result.
    case alreadyRevealed = 22
    /// The result and salt are not those of the commitment.
    case commitmentMismatch = 23
    /// The result states more fuel or output than the order allows.
    case usageAboveLimit = 24
    /// The key is not the sender's.
    case foreignKey = 25
    /// The signature is not the key's over the result.
    case badResultSignature = 26
    /// The sender is not the client of this order.
    case notClient = 27

    /// The stable name.
    public var name: String { "\(self)" }

    func refusal(_ detail: String) -> Refusal {
        Refusal(module: .market, code: rawValue, name: name, detail: detail)
    }
}
