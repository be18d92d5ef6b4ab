// SPDX-License-Identifier: Apache-2.0

/// Why a message changes nothing in a negotiation.
public enum NegotiationRefusal: Error, Hashable, Sendable {
    /// The signature is not the signer's.
    case badSignature
    /// It is about another task.
    case otherTask
    /// It is for another chain.
    case otherChain
    /// No manifest of this task is known.
    case unknownTask
    /// The signer has no say in this.
    case notParty
    /// It was made later than now and a little.
    case fromTheFuture
    /// Opening, bids, awards and deadline do not follow each other within an hour.
    case badTimes
    /// Budget, units or places leave nothing for a provider.
    case badBudget
    /// The time for this has passed.
    case tooLate
    /// The task is awarded or withdrawn.
    case closed
    /// A later one is known.
    case stale
    /// The number before it is missing.
    case outOfTurn
    /// The price is above what a place may cost now.
    case aboveCeiling
    /// A counter-bid asks for no less than the bid.
    case notLower
    /// There is no such bid that stands.
    case noSuchBid
    /// The bidder refuses, withdrew, or its time is over.
    case bidNotStanding
    /// The award does not name the price of the bid.
    case otherPrice
    /// There is no such place, or it is taken.
    case noSuchPlace
    /// The bidder has a place already.
    case hasPlace
    /// As many bidders or bids as one task may have.
    case tooMany
    /// The signer contradicts what it signed before.
    case contradicts(TaskContradiction)

    /// The stable name for people.
    public var name: String {
        if case .contradicts = self { return "contradicts" }
        return "\(self)"
    }
}
