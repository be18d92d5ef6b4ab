// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// The terms of an auction whose price falls; prices are native base units for a whole unit of the
/// goods.
public struct AuctionTerms: Hashable, Sendable, CanonicalCodable {
    /// What is sold.
    public let asset: AssetID
    /// How much of it.
    public let supply: Amount
    /// The price at the beginning.
    public let startPrice: Amount
    /// The price at the end, above zero.
    public let endPrice: Amount
    /// When it begins.
    public let start: Timestamp
    /// When it ends.
    public let end: Timestamp
    /// The most goods of one participant.
    public let cap: Amount
    /// Whether participants must be persons that somebody vouches for, each with one cap.
    public let isForPersons: Bool

    /// Describes an auction.
    public init(
        asset: AssetID, supply: Amount, startPrice: Amount, endPrice: Amount, start: Timestamp,
        end: Timestamp, cap: Amount, isForPersons: Bool = false
    ) {
        self.asset = asset
        self.supply = supply
        self.startPrice = startPrice
        self.endPrice = endPrice
        self.start = start
        self.end = end
        self.cap = cap
        self.isForPersons = isForPersons
    }

    var isValid: Bool {
        asset != .native && supply > .zero && cap > .zero && endPrice > .zero
            && startPrice >= endPrice && start < end
    }

    /// The price at a time: it falls evenly, rounded up.
    public func price(at now: Timestamp) -> Amount {
        guard now > start else { return startPrice }
        guard now < end, let span = startPrice.subtracting(endPrice) else { return endPrice }
        let fallen =
            span.scaled(
                by: UInt128(now.value - start.value), over: UInt128(end.value - start.value))
            ?? span
        return startPrice.subtracting(fallen) ?? endPrice
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(asset)
        encoder.write(supply)
        encoder.write(startPrice)
        encoder.write(endPrice)
        encoder.write(start)
        encoder.write(end)
        encoder.write(cap)
        encoder.write(isForPersons)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        asset = try decoder.read()
        supply = try decoder.read()
        startPrice = try decoder.read()
        endPrice = try decoder.read()
        start = try decoder.read()
        end = try decoder.read()
        cap = try decoder.read()
        isForPersons = try decoder.readFlag()
    }
}

/// An auction at one price for all: it falls until what was paid in buys everything, or to its end
/// (TREASURY-10). A value that a list of bids makes; the ledger keeps it between bids.
public struct DutchAuction: Hashable, Sendable, CanonicalCodable {
    /// The terms.
    public let terms: AuctionTerms
    /// What was paid in and counts.
    public private(set) var paid: Amount
    /// The price at which everything was bought; nothing before, or when the end came first.
    public private(set) var cleared: Amount?

    /// Opens an auction.
    public init(_ terms: AuctionTerms) {
        self.terms = terms
        paid = .zero
    }

    /// The price at which what was paid in bought everything: of the bid that did it, or, when the
    /// price fell so far between two bids, what the whole supply was worth then, rounded up.
    private func clearing(at now: Timestamp) -> Amount? {
        if let cleared { return cleared }
        guard paid > .zero, paid >= Self.cost(of: terms.supply, at: terms.price(at: now)) else {
            return nil
        }
        let whole = paid.scaled(by: Amount.unitsPerWhole, over: terms.supply.units)
        return whole?.adding(Amount(1)) ?? terms.startPrice
    }

    /// Whether nobody can bid any more.
    public func isOver(at now: Timestamp) -> Bool { now >= terms.end || clearing(at: now) != nil }

    /// The price for all, once it is over.
    public func finalPrice(at now: Timestamp) -> Amount? {
        isOver(at: now) ? clearing(at: now) ?? terms.endPrice : nil
    }

    /// Takes a bid of a participant who has paid in so much before.
    ///
    /// - Returns: How much of the offer counts; the rest is never taken.
    public mutating func bid(_ offer: Amount, after before: Amount, at now: Timestamp) -> Amount {
        guard now >= terms.start, !isOver(at: now) else { return .zero }
        let price = terms.price(at: now)
        let all = Self.cost(of: terms.supply, at: price)
        guard let room = all.subtracting(paid), room > .zero else { return .zero }
        let own = Self.cost(of: terms.cap, at: price).subtracting(before) ?? .zero
        let taken = min(offer, room, own)
        paid = paid.adding(taken) ?? paid
        if taken == room { cleared = price }
        return taken
    }

    /// What a participant gets who paid in so much, and what of it comes back: goods at the final
    /// price, rounded down, and no more than the cap.
    public static func allotment(
        of paid: Amount, at price: Amount, cap: Amount
    ) -> (goods: Amount, refund: Amount) {
        let bought = paid.scaled(by: Amount.unitsPerWhole, over: price.units) ?? cap
        let goods = min(bought, cap)
        return (goods, paid.subtracting(cost(of: goods, at: price)) ?? .zero)
    }

    /// What goods cost, rounded up; the largest amount when it would not fit.
    public static func cost(of goods: Amount, at price: Amount) -> Amount {
        goods.scaledUp(by: price.units, over: Amount.unitsPerWhole) ?? Amount(.max)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(terms)
        encoder.write(paid)
        encoder.writeOptional(cleared)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        terms = try decoder.read()
        paid = try decoder.read()
        cleared = try decoder.readOptional()
    }
}

/// What came of an auction, found from its terms and bids alone.
public struct AuctionOutcome: Hashable, Sendable {
    /// One bid.
    public struct Bid: Hashable, Sendable {
        /// Whose.
        public let bidder: AccountID
        /// How much was offered.
        public let offer: Amount
        /// When.
        public let time: Timestamp

        /// Describes a bid.
        public init(_ bidder: AccountID, _ offer: Amount, at time: Timestamp) {
            self.bidder = bidder
            self.offer = offer
            self.time = time
        }
    }

    /// The price for all.
    public let price: Amount
    /// What each bidder gets, by account.
    public let goods: [(bidder: AccountID, amount: Amount)]
    /// What was sold.
    public let sold: Amount
    /// What is left and goes back.
    public let swept: Amount

    /// Replays an auction from its bids, in order.
    public init(replaying bids: [Bid], under terms: AuctionTerms) {
        var auction = DutchAuction(terms)
        var paid: [AccountID: Amount] = [:]
        for bid in bids {
            let before = paid[bid.bidder] ?? .zero
            let taken = auction.bid(bid.offer, after: before, at: bid.time)
            paid[bid.bidder] = before.adding(taken) ?? before
        }
        let price = auction.finalPrice(at: terms.end) ?? terms.endPrice
        self.price = price
        goods = paid.sorted { $0.key < $1.key }.map { entry in
            (
                entry.key,
                DutchAuction.allotment(of: entry.value, at: price, cap: terms.cap).goods
            )
        }
        sold = goods.reduce(.zero) { $0.adding($1.amount) ?? $0 }
        swept = terms.supply.subtracting(sold) ?? .zero
    }

    /// Compares all of it.
    public static func == (left: AuctionOutcome, right: AuctionOutcome) -> Bool {
        left.price == right.price && left.sold == right.sold && left.swept == right.swept
            && left.goods.elementsEqual(right.goods) { $0 == $1 }
    }

    /// Hashes what decides it.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(price)
        hasher.combine(sold)
    }
}
