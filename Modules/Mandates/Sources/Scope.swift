// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// A kind of message: its module and its tag there.
public struct MessageKind: Hashable, Comparable, Sendable, CanonicalCodable {
    /// Whose message.
    public let module: ModuleID
    /// Its tag.
    public let tag: UInt32

    /// Names a kind.
    public init(_ module: ModuleID, tag: UInt32) {
        self.module = module
        self.tag = tag
    }

    /// The kind of a message, or nothing when its payload begins with no tag.
    public init?(of message: Message) {
        var decoder = CanonicalDecoder(Array(message.payload.prefix(5)))
        guard let tag = try? decoder.readTag() else { return nil }
        self.init(message.module, tag: tag)
    }

    /// By module, then by tag.
    public static func < (left: MessageKind, right: MessageKind) -> Bool {
        (left.module, left.tag) < (right.module, right.tag)
    }

    /// Appends the module and the tag.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(module)
        encoder.writeTag(tag)
    }

    /// Reads the module and the tag.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        module = try decoder.read()
        tag = try decoder.readTag()
    }
}

/// How much of one asset may be spent.
public struct Budget: Hashable, Sendable, CanonicalCodable {
    /// Of which asset.
    public let asset: AssetID
    /// The most in all.
    public let total: Amount
    /// The most within one period; nothing when only the whole counts.
    public let perPeriod: Amount?

    /// States a budget.
    public init(asset: AssetID = .native, total: Amount, perPeriod: Amount? = nil) {
        self.asset = asset
        self.total = total
        self.perPeriod = perPeriod
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(asset)
        encoder.write(total)
        encoder.writeOptional(perPeriod)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        asset = try decoder.read()
        total = try decoder.read()
        perPeriod = try decoder.readOptional()
    }
}

/// How far a mandate reaches; fixed from its beginning to its end (MANDATES-2).
public struct MandateScope: Hashable, Sendable {
    /// What may be sent, ascending, each once: 1 to ``kindsMax``.
    public let kinds: [MessageKind]
    /// What it may be about, ascending, each once; nothing when it does not matter.
    public let resources: [Bytes32]?
    /// What may be spent, by ascending asset; an asset that is not here may not be spent at all.
    public let budgets: [Budget]
    /// How long a period is; zero when there are none.
    public let periodMilliseconds: UInt64
    /// From this moment on.
    public let from: Timestamp
    /// Until just before.
    public let until: Timestamp
    /// Whether the delegate may have its fees paid out of the native budget.
    public let paysFees: Bool

    /// The most kinds: the messages of all modules fit.
    public static let kindsMax = 64
    /// The most resources: 64 of 32 bytes are 2 KiB, so that a mandate fits into an event.
    public static let resourcesMax = 64
    /// The most assets.
    public static let budgetsMax = 8

    /// States a scope; lists may come in any order.
    public init(
        kinds: [MessageKind], resources: [Bytes32]? = nil, budgets: [Budget] = [],
        periodMilliseconds: UInt64 = 0, from: Timestamp, until: Timestamp, paysFees: Bool = false
    ) {
        self.kinds = kinds.sorted()
        self.resources = resources?.sorted()
        self.budgets = budgets.sorted { $0.asset < $1.asset }
        self.periodMilliseconds = periodMilliseconds
        self.from = from
        self.until = until
        self.paysFees = paysFees
    }

    /// What is wrong with its form, in words, or nothing.
    var flaw: String? {
        if !(1...Self.kindsMax).contains(kinds.count) { return "it covers no kind of message" }
        if !Self.isAscending(kinds) { return "its kinds are not ascending" }
        if kinds.contains(where: { $0.module == .mandates }) {
            return "messages about mandates are sent by oneself alone"
        }
        if let resources, !Self.isAscending(resources) { return "its resources are not ascending" }
        if !Self.isAscending(budgets.map(\.asset)) { return "its budgets are not ascending" }
        let isPeriodic = budgets.contains { $0.perPeriod != nil }
        if isPeriodic != (periodMilliseconds > 0) { return "its period and budgets do not match" }
        if from >= until { return "it ends before it begins" }
        if paysFees, budget(of: .native) == nil { return "fees are paid out of a native budget" }
        return nil
    }

    private static func isAscending<Element: Comparable>(_ list: [Element]) -> Bool {
        zip(list, list.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// What may be spent of an asset.
    public func budget(of asset: AssetID) -> Budget? { budgets.first { $0.asset == asset } }

    /// Which period a moment lies in, from 0; the moment must not lie before the beginning.
    func period(at now: Timestamp) -> UInt64 {
        periodMilliseconds == 0 ? 0 : (now.value - from.value) / periodMilliseconds
    }

    /// A way in which one scope goes beyond another.
    public enum Widening: String, Hashable, Sendable {
        /// A kind of message the other does not have.
        case kind
        /// A resource the other does not have.
        case resource
        /// More to spend, or of another asset.
        case budget
        /// Earlier, or longer.
        case time
        /// Fees paid, where the other pays none.
        case fees
    }

    /// How this goes beyond another; nothing when it only narrows it (MANDATES-6).
    public func widenings(beyond other: MandateScope) -> [Widening] {
        var found: [Widening] = []
        if !kinds.allSatisfy(other.kinds.contains) { found.append(.kind) }
        if let limits = other.resources {
            let isWithin = resources.map { $0.allSatisfy(limits.contains) } ?? false
            if !isWithin { found.append(.resource) }
        }
        let isAffordable = budgets.allSatisfy { budget in
            other.budget(of: budget.asset).map { budget.total <= $0.total } ?? false
        }
        if !isAffordable { found.append(.budget) }
        if from < other.from || until > other.until { found.append(.time) }
        if paysFees, !other.paysFees { found.append(.fees) }
        return found
    }
}

extension MandateScope: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(kinds)
        encoder.write(resources != nil)
        if let resources { encoder.writeList(resources) }
        encoder.writeList(budgets)
        encoder.write(periodMilliseconds)
        encoder.write(from)
        encoder.write(until)
        encoder.write(paysFees)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        kinds = try decoder.readList(limit: Self.kindsMax)
        resources = try decoder.readFlag() ? decoder.readList(limit: Self.resourcesMax) : nil
        budgets = try decoder.readList(limit: Self.budgetsMax)
        periodMilliseconds = try decoder.read()
        from = try decoder.read()
        until = try decoder.read()
        paysFees = try decoder.readFlag()
    }
}
