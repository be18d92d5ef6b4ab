// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// How far a negotiation is; time alone moves it from bidding to choosing and to expiry.
public enum NegotiationPhase: String, Hashable, Sendable {
    /// Bids are taken.
    case bidding
    /// No new bidders; the client chooses and bids answer counter-bids.
    case choosing
    /// Every place is given.
    case awarded
    /// The client took the task back.
    case withdrawn
    /// The time for awards has passed.
    case expired
}

/// How one bidder stands.
public enum BidStanding: Hashable, Sendable {
    /// The bid can be awarded.
    case standing
    /// The client has asked for less; the bid stands meanwhile.
    case countered(CounterBid)
    /// The client does not want it.
    case refused(TaskRefusal.Reason)
    /// The bidder took it back, or refused what it was given.
    case withdrawn
    /// It has a place.
    case awarded(place: UInt8)

    /// The stable name for people.
    public var name: String {
        switch self {
        case .standing: "standing"
        case .countered: "countered"
        case .refused: "refused"
        case .withdrawn: "withdrawn"
        case .awarded: "awarded"
        }
    }
}

/// One bidder of a task.
public struct TaskBidder: Hashable, Sendable {
    /// The latest bid with its proof.
    public internal(set) var signed: SignedTaskMessage
    /// The latest bid.
    public internal(set) var bid: TaskBid
    /// What has become of it.
    public internal(set) var standing: BidStanding
    /// The client's answer to this bid, for evidence.
    var counter: SignedTaskMessage?
    /// What the bids before this one asked: an award of one of them may have been on its way.
    var earlier: [UInt32: EarlierBid] = [:]

    /// The price and the end of a bid that was followed by another.
    struct EarlierBid: Hashable, Sendable {
        let tariff: Tariff
        let validUntil: Timestamp
    }

    /// Price and end of one of the bids.
    func terms(of revision: UInt32) -> EarlierBid? {
        revision == bid.revision
            ? EarlierBid(tariff: bid.tariff, validUntil: bid.validUntil) : earlier[revision]
    }

    /// Who bids.
    public var key: PublicKey { signed.signer }
}

/// One place that was given.
public struct TaskPlace: Hashable, Sendable {
    /// The award with its proof.
    public let signed: SignedTaskMessage
    /// The award.
    public let award: TaskAward
    /// Whether the bidder refused it afterwards, so that the place is free again.
    public internal(set) var isRefused = false
}

/// What a message has changed.
public enum NegotiationChange: Hashable, Sendable {
    /// Nothing: it was known.
    case unchanged
    /// A bid, with its revision.
    case bid(PublicKey, UInt32)
    /// A counter-bid to a bidder.
    case counterBid(PublicKey)
    /// A place was given to a bidder.
    case award(PublicKey, place: UInt8)
    /// A bid was refused, or a bidder refused what it was offered.
    case refusal(PublicKey)
    /// A bid was taken back.
    case bidWithdrawn(PublicKey)
    /// The task was taken back.
    case taskWithdrawn
}

/// The negotiation of one task, as anybody can follow it who hears its messages: a value that takes
/// signed messages and moments, and nothing else. Source: DISCOVERY-20 to DISCOVERY-28.
public struct TaskNegotiation: Hashable, Sendable {
    /// The most bidders: 32 of about 1.5 KiB each and the manifest are 54 KiB.
    public static let biddersMax = 32
    /// The most bids of one bidder: of all but the last, 40 bytes are kept.
    public static let revisionsMax: UInt32 = 16
    /// How often one place may be refused and awarded again.
    public static let attemptsMax: UInt8 = 16

    /// What is asked, with its proof.
    public let signed: SignedTaskMessage
    /// What is asked.
    public let manifest: TaskManifest
    /// Its name.
    public let task: TaskID
    /// Those who bid, by key.
    public private(set) var bidders: [PublicKey: TaskBidder] = [:]
    /// The last award of each place that was given.
    public private(set) var places: [UInt8: TaskPlace] = [:]
    private var isWithdrawn = false

    /// Opens a negotiation.
    ///
    /// - Throws: ``NegotiationRefusal``.
    public init(
        _ opening: CheckedTaskMessage, on chain: ChainID, at now: Timestamp
    ) throws(NegotiationRefusal) {
        guard case .manifest(let manifest) = opening.message else { throw .unknownTask }
        guard manifest.client == opening.signer else { throw .notParty }
        guard manifest.chain == chain else { throw .otherChain }
        if let flaw = manifest.flaw(at: now) { throw flaw }
        signed = opening.signed
        self.manifest = manifest
        task = manifest.task
    }

    /// How far it is.
    public func phase(at now: Timestamp) -> NegotiationPhase {
        if isWithdrawn { return .withdrawn }
        if places.values.count(where: { !$0.isRefused }) >= Int(manifest.places) {
            return .awarded
        }
        if now > manifest.awardBy { return .expired }
        return now > manifest.bidsBy ? .choosing : .bidding
    }

    /// The bids that can be awarded now, the cheapest first, then the fastest, then by key.
    public func ranked(at now: Timestamp) -> [TaskBidder] {
        bidders.values.filter { isAwardable($0, at: now) }
            .sorted { rank(of: $0) < rank(of: $1) }
    }

    private func rank(of bidder: TaskBidder) -> (Amount, UInt64, PublicKey) {
        (
            bidder.bid.tariff.bill(for: manifest.units) ?? Amount(.max),
            bidder.bid.finishesInMilliseconds, bidder.key
        )
    }

    private func isAwardable(_ bidder: TaskBidder, at now: Timestamp) -> Bool {
        guard bidder.bid.validUntil >= now else { return false }
        switch bidder.standing {
        case .standing, .countered: return true
        case .refused, .withdrawn, .awarded: return false
        }
    }

    /// The award of a place to the best, or nothing when every place is taken or there is none.
    public func award(to bidder: TaskBidder, orderBy: Timestamp) -> TaskAward? {
        let free = (0..<manifest.places).first { places[$0].map(\.isRefused) ?? true }
        guard let place = free else { return nil }
        return TaskAward(
            task: task, place: place, attempt: places[place].map { $0.award.attempt + 1 } ?? 0,
            bidder: bidder.key, revision: bidder.bid.revision, tariff: bidder.bid.tariff,
            orderBy: orderBy)
    }

    /// The client's wish for a lower price of one bid, or nothing when that is not lower, or the
    /// bid has been answered already.
    public func counter(
        to bidder: TaskBidder, at price: Amount, validUntil: Timestamp
    ) -> CounterBid? {
        guard bidder.counter == nil, case .standing = bidder.standing,
            let tariff = bidder.bid.tariff.lowered(to: price, for: manifest.units)
        else { return nil }
        return CounterBid(
            task: task, bidder: bidder.key, revision: bidder.bid.revision, tariff: tariff,
            validUntil: validUntil)
    }

    // MARK: Receiving

    /// Takes a message (DISCOVERY-22).
    ///
    /// - Throws: ``NegotiationRefusal``; nothing has changed then.
    public mutating func receive(
        _ checked: CheckedTaskMessage, at now: Timestamp
    ) throws(NegotiationRefusal) -> NegotiationChange {
        guard checked.message.task == task else { throw .otherTask }
        switch checked.message {
        case .manifest:
            guard checked.signed == signed else { throw .notParty }
            return .unchanged
        case .bid(let bid): return try take(bid, checked.signed, at: now)
        case .counterBid(let counter): return try take(counter, checked.signed, at: now)
        case .award(let award): return try take(award, checked.signed, at: now)
        case .refusal(let refusal): return try take(refusal, checked.signer, at: now)
        case .withdrawal(let withdrawal): return try take(withdrawal, checked.signer, at: now)
        }
    }

    private mutating func take(
        _ bid: TaskBid, _ signed: SignedTaskMessage, at now: Timestamp
    ) throws(NegotiationRefusal) -> NegotiationChange {
        guard signed.signer != manifest.client else { throw .notParty }
        let known = bidders[signed.signer]
        if let known, known.bid.revision == bid.revision {
            if known.bid == bid { return .unchanged }
            guard let proof = TaskContradiction(known.signed, signed) else { throw .stale }
            throw .contradicts(proof)
        }
        guard bid.revision > known?.bid.revision ?? 0 else { throw .stale }
        guard bid.revision == (known?.bid.revision ?? 0) + 1 else { throw .outOfTurn }
        try checkTime(of: bid, known, at: now)
        guard known != nil || bidders.count < Self.biddersMax,
            bid.revision <= Self.revisionsMax
        else { throw .tooMany }
        guard let bill = bid.tariff.bill(for: manifest.units),
            bill <= manifest.ceiling(at: now)
        else { throw .aboveCeiling }
        var bidder = TaskBidder(signed: signed, bid: bid, standing: .standing)
        if let known {
            bidder.earlier = known.earlier
            bidder.earlier[known.bid.revision] = known.terms(of: known.bid.revision)
        }
        bidders[signed.signer] = bidder
        return .bid(signed.signer, bid.revision)
    }

    /// First bids come in the time for bids; answers to counter-bids until awards end.
    private func checkTime(
        of bid: TaskBid, _ known: TaskBidder?, at now: Timestamp
    ) throws(NegotiationRefusal) {
        guard bid.validUntil >= now else { throw .tooLate }
        switch phase(at: now) {
        case .bidding: break
        case .choosing:
            guard case .countered = known?.standing else { throw .tooLate }
        case .awarded, .withdrawn: throw .closed
        case .expired: throw .tooLate
        }
        if case .awarded = known?.standing { throw .hasPlace }
    }

    private mutating func take(
        _ counter: CounterBid, _ signed: SignedTaskMessage, at now: Timestamp
    ) throws(NegotiationRefusal) -> NegotiationChange {
        var bidder = try bidder(counter.bidder, counter.revision, answeredBy: signed.signer)
        if let before = bidder.counter {
            if before.message == signed.message { return .unchanged }
            guard let proof = TaskContradiction(before, signed) else { throw .stale }
            throw .contradicts(proof)
        }
        try checkOpen(at: now)
        guard counter.validUntil >= now else { throw .tooLate }
        guard isAwardable(bidder, at: now) else { throw .bidNotStanding }
        guard let wish = counter.tariff.bill(for: manifest.units),
            wish < bidder.bid.tariff.bill(for: manifest.units) ?? Amount(.max)
        else { throw .notLower }
        bidder.standing = .countered(counter)
        bidder.counter = signed
        bidders[counter.bidder] = bidder
        return .counterBid(counter.bidder)
    }

    private mutating func take(
        _ award: TaskAward, _ signed: SignedTaskMessage, at now: Timestamp
    ) throws(NegotiationRefusal) -> NegotiationChange {
        if let given = places[award.place], signed.signer == manifest.client,
            award.attempt <= given.award.attempt
        {
            if given.award == award { return .unchanged }
            guard let proof = TaskContradiction(given.signed, signed) else { throw .stale }
            throw .contradicts(proof)
        }
        guard signed.signer == manifest.client else { throw .notParty }
        guard var bidder = bidders[award.bidder], let terms = bidder.terms(of: award.revision)
        else { throw .noSuchBid }
        try checkOpen(at: now)
        if case .awarded = bidder.standing { throw .hasPlace }
        guard isAwardable(bidder, at: now), terms.validUntil >= now else { throw .bidNotStanding }
        guard award.tariff == terms.tariff else { throw .otherPrice }
        guard award.place < manifest.places, award.attempt < Self.attemptsMax,
            places[award.place].map({ $0.isRefused && award.attempt == $0.award.attempt + 1 })
                ?? (award.attempt == 0)
        else { throw .noSuchPlace }
        guard award.orderBy >= now else { throw .tooLate }
        guard award.orderBy <= manifest.requirements.deadline else { throw .badTimes }
        bidder.standing = .awarded(place: award.place)
        bidders[award.bidder] = bidder
        places[award.place] = TaskPlace(signed: signed, award: award)
        return .award(award.bidder, place: award.place)
    }

    private mutating func take(
        _ refusal: TaskRefusal, _ signer: PublicKey, at now: Timestamp
    ) throws(NegotiationRefusal) -> NegotiationChange {
        guard var bidder = bidders[refusal.bidder], bidder.bid.revision == refusal.revision else {
            throw .noSuchBid
        }
        switch (signer == manifest.client, bidder.standing) {
        case (true, .standing), (true, .countered): bidder.standing = .refused(refusal.reason)
        case (true, .refused), (false, .withdrawn): return .unchanged
        case (true, .withdrawn), (true, .awarded): throw .bidNotStanding
        case (false, _) where signer != refusal.bidder: throw .notParty
        case (false, .countered): bidder.standing = .standing
        case (false, .awarded(let place)):
            guard places[place].map({ $0.award.orderBy >= now }) ?? false else { throw .tooLate }
            bidder.standing = .withdrawn
            places[place]?.isRefused = true
        case (false, .standing), (false, .refused): return .unchanged
        }
        bidders[refusal.bidder] = bidder
        return .refusal(refusal.bidder)
    }

    private mutating func take(
        _ withdrawal: TaskWithdrawal, _ signer: PublicKey, at now: Timestamp
    ) throws(NegotiationRefusal) -> NegotiationChange {
        if signer == manifest.client {
            guard withdrawal.revision == 0 else { throw .noSuchBid }
            if isWithdrawn { return .unchanged }
            // What was given stays given: the bidder has kept room for it.
            guard places.values.allSatisfy(\.isRefused) else { throw .closed }
            isWithdrawn = true
            return .taskWithdrawn
        }
        guard let bidder = bidders[signer], bidder.bid.revision == withdrawal.revision else {
            throw .noSuchBid
        }
        switch bidder.standing {
        case .withdrawn: return .unchanged
        case .awarded: throw .closed
        case .standing, .countered, .refused: bidders[signer]?.standing = .withdrawn
        }
        return .bidWithdrawn(signer)
    }

    private func bidder(
        _ key: PublicKey, _ revision: UInt32, answeredBy signer: PublicKey
    ) throws(NegotiationRefusal) -> TaskBidder {
        guard signer == manifest.client else { throw .notParty }
        guard let bidder = bidders[key], bidder.bid.revision == revision else { throw .noSuchBid }
        return bidder
    }

    private func checkOpen(at now: Timestamp) throws(NegotiationRefusal) {
        switch phase(at: now) {
        case .bidding, .choosing: return
        case .awarded, .withdrawn: throw .closed
        case .expired: throw .tooLate
        }
    }
}
