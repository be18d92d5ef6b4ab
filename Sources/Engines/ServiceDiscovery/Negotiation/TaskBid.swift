// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// How a bidder wants its money held and its work checked (requirement OP-06).
public struct EscrowTerms: Hashable, Sendable, CanonicalCodable {
    /// In how many parts the escrow is paid out, 1 to ``milestonesMax``.
    public let milestones: UInt8
    /// By which rung results are checked: 0 signed, 1 spot, 2 replicated, 3 proof, 4 quote.
    public let rung: UInt8

    /// The most parts.
    public static let milestonesMax: UInt8 = 10
    /// The highest rung.
    public static let rungMax: UInt8 = 4

    /// Everything at the end, on the provider's signed word: what one replica of an order is.
    public static let whole = EscrowTerms(milestones: 1, rung: 0)

    /// Joins the fields.
    public init(milestones: UInt8, rung: UInt8) {
        self.milestones = milestones
        self.rung = rung
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(milestones)
        encoder.write(rung)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        milestones = try decoder.read()
        rung = try decoder.read()
        guard (1...Self.milestonesMax).contains(milestones), rung <= Self.rungMax else {
            throw .outOfRange("EscrowTerms")
        }
    }
}

/// A provider's offer for one place of a task; it binds its signer until ``validUntil``.
///
/// Source: requirement OP-06. Its name, OP-06's `bidId`, is task, signer and revision.
public struct TaskBid: Hashable, Sendable, CanonicalCodable {
    /// The most guarantees and credentials.
    public static let listMax = 8
    /// The most bytes of a guarantee.
    public static let guaranteeBytesMax = 64

    /// Which task.
    public var task: TaskID
    /// 1 for the first bid of this signer, then one more each time.
    public var revision: UInt32
    /// At which price, in the manifest's asset.
    public var tariff: Tariff
    /// How long the work takes from the award on, in milliseconds.
    public var finishesInMilliseconds: UInt64
    /// What it promises, by name, such as `uptime/99.9`.
    public var guarantees: [String]
    /// Hashes of the credentials it can show.
    public var credentials: [Digest]
    /// Where the ledger keeps its conduct.
    public var reputation: ReputationReference
    /// How its money is held.
    public var escrow: EscrowTerms
    /// The last moment at which it can be awarded.
    public var validUntil: Timestamp

    /// Joins the fields.
    public init(
        task: TaskID, revision: UInt32, tariff: Tariff, finishesInMilliseconds: UInt64,
        guarantees: [String] = [], credentials: [Digest] = [], reputation: ReputationReference,
        escrow: EscrowTerms = .whole, validUntil: Timestamp
    ) {
        self.task = task
        self.revision = revision
        self.tariff = tariff
        self.finishesInMilliseconds = finishesInMilliseconds
        self.guarantees = guarantees
        self.credentials = credentials
        self.reputation = reputation
        self.escrow = escrow
        self.validUntil = validUntil
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(task)
        encoder.write(revision)
        encoder.write(tariff)
        encoder.write(finishesInMilliseconds)
        encoder.writeTexts(guarantees)
        encoder.writeList(credentials)
        encoder.write(reputation)
        encoder.write(escrow)
        encoder.write(validUntil)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        task = try decoder.read()
        revision = try decoder.read()
        tariff = try decoder.read()
        finishesInMilliseconds = try decoder.read()
        guarantees = try decoder.readTexts(limit: Self.listMax, bytesMax: Self.guaranteeBytesMax)
        credentials = try decoder.readList(limit: Self.listMax)
        reputation = try decoder.read()
        escrow = try decoder.read()
        validUntil = try decoder.read()
        guard revision > 0 else { throw .outOfRange("TaskBid") }
    }
}

/// A client's answer to a bid: the same work for less.
public struct CounterBid: Hashable, Sendable, CanonicalCodable {
    /// Which task.
    public let task: TaskID
    /// Whose bid it answers.
    public let bidder: PublicKey
    /// Which of the bidder's bids.
    public let revision: UInt32
    /// The price the client would pay.
    public let tariff: Tariff
    /// The last moment for the answer, which is the bidder's next bid or a refusal.
    public let validUntil: Timestamp

    /// Joins the fields.
    public init(
        task: TaskID, bidder: PublicKey, revision: UInt32, tariff: Tariff, validUntil: Timestamp
    ) {
        self.task = task
        self.bidder = bidder
        self.revision = revision
        self.tariff = tariff
        self.validUntil = validUntil
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(task)
        encoder.write(bidder)
        encoder.write(revision)
        encoder.write(tariff)
        encoder.write(validUntil)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        task = try decoder.read()
        bidder = try decoder.read()
        revision = try decoder.read()
        tariff = try decoder.read()
        validUntil = try decoder.read()
    }
}

/// A client gives one place of a task to a bid. The price it names is the one the order has.
public struct TaskAward: Hashable, Sendable, CanonicalCodable {
    /// Which task.
    public let task: TaskID
    /// Which place, from 0.
    public let place: UInt8
    /// How often this place was awarded and refused before.
    public let attempt: UInt8
    /// To whom.
    public let bidder: PublicKey
    /// For which of the bidder's bids.
    public let revision: UInt32
    /// At which price: that of the bid.
    public let tariff: Tariff
    /// The last moment at which the client opens the order that this leads to.
    public let orderBy: Timestamp

    /// Joins the fields.
    public init(
        task: TaskID, place: UInt8, attempt: UInt8 = 0, bidder: PublicKey, revision: UInt32,
        tariff: Tariff, orderBy: Timestamp
    ) {
        self.task = task
        self.place = place
        self.attempt = attempt
        self.bidder = bidder
        self.revision = revision
        self.tariff = tariff
        self.orderBy = orderBy
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(task)
        encoder.write(place)
        encoder.write(attempt)
        encoder.write(bidder)
        encoder.write(revision)
        encoder.write(tariff)
        encoder.write(orderBy)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        task = try decoder.read()
        place = try decoder.read()
        attempt = try decoder.read()
        bidder = try decoder.read()
        revision = try decoder.read()
        tariff = try decoder.read()
        orderBy = try decoder.read()
    }
}

/// A client does not want a bid, or a bidder does not take a counter-bid or an award.
public struct TaskRefusal: Hashable, Sendable, CanonicalCodable {
    /// Why.
    public enum Reason: UInt8, Hashable, Sendable, CanonicalCodable, CaseIterable {
        /// The price.
        case price = 0
        /// No room any more.
        case capacity = 1
        /// What it promises, or with which credentials.
        case terms = 2
        /// Too late to be done.
        case time = 3
        /// Another reason.
        case other = 4

        /// Appends the tag.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.writeTag(UInt32(rawValue))
        }
        /// Reads the tag.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            self = try decoder.readCase()
        }
    }

    /// Which task.
    public let task: TaskID
    /// Whose bid it is about.
    public let bidder: PublicKey
    /// Which of the bidder's bids.
    public let revision: UInt32
    /// Why.
    public let reason: Reason

    /// Joins the fields.
    public init(task: TaskID, bidder: PublicKey, revision: UInt32, reason: Reason) {
        self.task = task
        self.bidder = bidder
        self.revision = revision
        self.reason = reason
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(task)
        encoder.write(bidder)
        encoder.write(revision)
        encoder.write(reason)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        task = try decoder.read()
        bidder = try decoder.read()
        revision = try decoder.read()
        reason = try decoder.read()
    }
}

/// A client takes its task back, or a bidder its bid.
public struct TaskWithdrawal: Hashable, Sendable, CanonicalCodable {
    /// Which task.
    public let task: TaskID
    /// The bid that is taken back; 0 when the client takes back the task.
    public let revision: UInt32

    /// Joins the fields.
    public init(task: TaskID, revision: UInt32) {
        self.task = task
        self.revision = revision
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(task)
        encoder.write(revision)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        task = try decoder.read()
        revision = try decoder.read()
    }
}
