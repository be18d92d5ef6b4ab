// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A task that is negotiated: the hash of its manifest. Every message about it carries it, so that
/// none can be played again on another task (DISCOVERY-20).
public struct TaskID: Identifier32 {
    /// The bytes.
    public let raw: Bytes32
    /// Names bytes.
    public init(_ raw: Bytes32) { self.raw = raw }
}

/// How much a client is in a hurry.
public enum TaskPriority: UInt8, Hashable, Sendable, CanonicalCodable, CaseIterable {
    /// When there is room.
    case low = 0
    /// In its turn.
    case normal = 1
    /// Before others.
    case high = 2
    /// At once.
    case urgent = 3

    /// Appends the tag.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeTag(UInt32(rawValue)) }
    /// Reads the tag.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        self = try decoder.readCase()
    }
}

/// How the price of a task is found (requirement OP-06).
public enum TaskPricing: Hashable, Sendable, CanonicalCodable {
    /// Bids up to the budget; the client chooses.
    case bids
    /// A reverse Dutch auction: what a place may cost begins low and rises by `step` every
    /// `stepMilliseconds`, up to the budget, until somebody takes it.
    case rising(start: Amount, step: Amount, stepMilliseconds: UInt32)

    /// Appends the tag and the fields.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .bids: encoder.writeTag(0)
        case .rising(let start, let step, let stepMilliseconds):
            encoder.writeTag(1)
            encoder.write(start)
            encoder.write(step)
            encoder.write(stepMilliseconds)
        }
    }

    /// Reads the tag and the fields.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .bids
        case 1:
            let (start, step) = try (decoder.read(Amount.self), decoder.read(Amount.self))
            let time = try decoder.read(UInt32.self)
            guard time > 0 else { throw .outOfRange("TaskPricing") }
            self = .rising(start: start, step: step, stepMilliseconds: time)
        default: throw .unknownTag(tag)
        }
    }
}

/// What a provider must have and keep to.
public struct TaskRequirements: Hashable, Sendable, CanonicalCodable {
    /// The most capabilities and certifications.
    public static let listMax = 8
    /// The most bytes of a certification's name.
    public static let certificationBytesMax = 64

    /// What it must be able to do, all of them.
    public var capabilities: [Capability]
    /// What it must have been certified for, by name.
    public var certifications: [String]
    /// Where it must stand.
    public var region: Region?
    /// When the work must be done.
    public var deadline: Timestamp
    /// What all places together may cost.
    public var budgetMax: Amount
    /// In which asset.
    public var asset: AssetID

    /// Joins the fields; lists are cut to their limits by ``TaskManifest``'s check alone.
    public init(
        capabilities: [Capability], certifications: [String] = [], region: Region? = nil,
        deadline: Timestamp, budgetMax: Amount, asset: AssetID = .native
    ) {
        self.capabilities = capabilities
        self.certifications = certifications
        self.region = region
        self.deadline = deadline
        self.budgetMax = budgetMax
        self.asset = asset
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(capabilities)
        encoder.writeTexts(certifications)
        encoder.writeOptional(region)
        encoder.write(deadline)
        encoder.write(budgetMax)
        encoder.write(asset)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        capabilities = try decoder.readList(limit: Self.listMax)
        certifications = try decoder.readTexts(
            limit: Self.listMax, bytesMax: Self.certificationBytesMax)
        region = try decoder.readOptional()
        deadline = try decoder.read()
        budgetMax = try decoder.read()
        asset = try decoder.read()
    }
}

/// A task and what it may cost: what a client asks of everybody. Source: requirement OP-05.
public struct TaskManifest: Hashable, Sendable, CanonicalCodable {
    /// The most bytes that say what is to be done: an order of the market has at most 2.4 KiB.
    public static let specificationBytesMax = 4_096
    /// The most deliverables.
    public static let deliverablesMax = 8
    /// The most bytes of a deliverable's name.
    public static let deliverableBytesMax = 64
    /// The most providers that do one task side by side, as many as the market's replicas.
    public static let placesMax: UInt8 = 5
    /// How long a negotiation may take.
    public static let negotiationMillisecondsMax: UInt64 = 3_600_000
    /// The longest encoding: specification, 8 × (33 + 65 + 65) bytes of lists, 300 of other fields.
    public static let encodedBytesMax = 6_144
    static let domain = "atoll/task/1"

    /// For which chain's money it is.
    public var chain: ChainID
    /// Who asks and pays.
    public var client: PublicKey
    /// What sort of work it is.
    public var kind: Capability
    /// How urgent.
    public var priority: TaskPriority
    /// What is to be done, in the words of its kind: for `wasm/1` the terms of a market's order.
    public var specification: [UInt8]
    /// What providers must have and keep to.
    public var requirements: TaskRequirements
    /// What is to be delivered, by name.
    public var deliverables: [String]
    /// The most units one provider may use; a bid's tariff times these is its price.
    public var units: UInt64
    /// How many providers do it side by side.
    public var places: UInt8
    /// How its price is found.
    public var pricing: TaskPricing
    /// When it was opened.
    public var opened: Timestamp
    /// The last moment for bids.
    public var bidsBy: Timestamp
    /// The last moment for awards.
    public var awardBy: Timestamp
    /// Tells equal tasks apart.
    public var salt: Bytes32

    /// Joins the fields; ``flaw(at:)`` judges them.
    public init(
        chain: ChainID, client: PublicKey, kind: Capability, priority: TaskPriority = .normal,
        specification: [UInt8], requirements: TaskRequirements, deliverables: [String] = [],
        units: UInt64, places: UInt8 = 1, pricing: TaskPricing = .bids, opened: Timestamp,
        bidsBy: Timestamp, awardBy: Timestamp, salt: Bytes32
    ) {
        self.chain = chain
        self.client = client
        self.kind = kind
        self.priority = priority
        self.specification = specification
        self.requirements = requirements
        self.deliverables = deliverables
        self.units = units
        self.places = places
        self.pricing = pricing
        self.opened = opened
        self.bidsBy = bidsBy
        self.awardBy = awardBy
        self.salt = salt
    }

    /// The task's name.
    public var task: TaskID { TaskID(digest(domain: Self.domain).raw) }

    /// What one place may cost: the budget shared evenly, rounded down.
    public var share: Amount {
        Amount(requirements.budgetMax.units / UInt128(max(places, 1)))
    }

    /// What one place may cost at a moment (DISCOVERY-24).
    public func ceiling(at now: Timestamp) -> Amount {
        guard case .rising(let start, let step, let time) = pricing else { return share }
        let passed = now > opened ? now.value - opened.value : 0
        let raised = step.multiplied(by: passed / UInt64(max(time, 1))).flatMap(start.adding)
        return min(raised ?? share, share)
    }

    /// What is wrong with it; nothing for one that may be bid on (DISCOVERY-21).
    public func flaw(at now: Timestamp) -> NegotiationRefusal? {
        guard opened <= now.advanced(by: ServiceAnnouncement.skewMillisecondsMax) else {
            return .fromTheFuture
        }
        guard opened < bidsBy, bidsBy <= awardBy, awardBy <= requirements.deadline,
            awardBy.value - opened.value <= Self.negotiationMillisecondsMax
        else { return .badTimes }
        guard (1...Self.placesMax).contains(places), units > 0, share > .zero else {
            return .badBudget
        }
        return now <= awardBy ? nil : .tooLate
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(client)
        encoder.write(kind)
        encoder.write(priority)
        encoder.writeBytes(specification)
        encoder.write(requirements)
        encoder.writeTexts(deliverables)
        encoder.write(units)
        encoder.write(places)
        encoder.write(pricing)
        encoder.write(opened)
        encoder.write(bidsBy)
        encoder.write(awardBy)
        encoder.write(salt)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        client = try decoder.read()
        kind = try decoder.read()
        priority = try decoder.read()
        specification = try decoder.readBytes(limit: Self.specificationBytesMax)
        requirements = try decoder.read()
        deliverables = try decoder.readTexts(
            limit: Self.deliverablesMax, bytesMax: Self.deliverableBytesMax)
        units = try decoder.read()
        places = try decoder.read()
        pricing = try decoder.read()
        opened = try decoder.read()
        bidsBy = try decoder.read()
        awardBy = try decoder.read()
        salt = try decoder.read()
    }
}

extension CanonicalEncoder {
    /// Appends a length, then each text.
    mutating func writeTexts(_ texts: [String]) {
        writeLength(texts.count)
        for text in texts { writeText(text) }
    }
}

extension CanonicalDecoder {
    /// Reads a length of at most `limit`, then that many texts.
    mutating func readTexts(limit: Int, bytesMax: Int) throws(CanonicalError) -> [String] {
        var texts: [String] = []
        for _ in 0..<(try readLength(limit: limit)) { try texts.append(readText(limit: bytesMax)) }
        return texts
    }
}
