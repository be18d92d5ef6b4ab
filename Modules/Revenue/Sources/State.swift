// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
public import Vocabulary

/// What the module stores, under which keys.
public enum RevenueKeys {
    /// 0: the ``RevenueParameters``.
    public static let parameters: [UInt8] = [0]
    /// 1: the ``RevenueTables``.
    public static let tables: [UInt8] = [1]
    /// 2, client: the account that arranges its work.
    public static func orchestrator(of client: AccountID) -> [UInt8] { [2] + client.raw.bytes }
    /// 3: the ``RevenueTotals``.
    public static let totals: [UInt8] = [3]
    /// 4: how many providers have earned by work.
    static let earners: [UInt8] = [4]
    /// 5, provider: the ``Earner`` that it is.
    public static func earner(_ provider: AccountID) -> [UInt8] { [5] + provider.raw.bytes }

    /// The account that collects the fees of a block until its end; nobody has a key for it.
    public static let collector = AccountID(
        SHA256.hash(Array("atoll/fee-collector/1".utf8)).raw)
}

/// What a service pays besides: a share of each payment within bounds, collected as fees are.
public struct ServiceFee: Hashable, Sendable, CanonicalCodable {
    /// Which service: `jobs`, `leases`.
    public let service: String
    /// What of a payment, in millionths.
    public let share: UInt64
    /// The least.
    public let least: Amount
    /// The most; zero is no bound.
    public let most: Amount

    /// The most bytes of a service's name.
    public static let nameBytesMax = 32

    /// The fee of a payment: its share within the bounds, and never more than half of the payment,
    /// so that who does the smallest job is paid for it.
    public func fee(of payment: Amount) -> Amount {
        let part =
            payment.scaled(by: UInt128(share), over: UInt128(RevenueParameters.million)) ?? .zero
        let bounded = most == .zero ? max(part, least) : min(max(part, least), most)
        return min(bounded, Amount(payment.units / 2))
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(service)
        encoder.write(share)
        encoder.write(least)
        encoder.write(most)
    }

    /// Describes a fee.
    public init(service: String, share: UInt64, least: Amount = .zero, most: Amount = .zero) {
        self.service = service
        self.share = share
        self.least = least
        self.most = most
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        service = try decoder.readText(limit: Self.nameBytesMax)
        share = try decoder.read()
        least = try decoder.read()
        most = try decoder.read()
    }
}

/// What a unit of one kind of work earns (CO-07).
public struct WorkReward: Hashable, Sendable, CanonicalCodable {
    /// Which kind: `compute` by the hour, `storage-hot` by the terabyte and month.
    public let kind: String
    /// In which asset.
    public let asset: AssetID
    /// How much of it for one unit of work.
    public let perUnit: Amount

    /// Describes a reward.
    public init(kind: String, asset: AssetID, perUnit: Amount) {
        self.kind = kind
        self.asset = asset
        self.perUnit = perUnit
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(kind)
        encoder.write(asset)
        encoder.write(perUnit)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        kind = try decoder.readText(limit: ServiceFee.nameBytesMax)
        asset = try decoder.read()
        perUnit = try decoder.read()
    }
}

/// By how much the work of machines that say they can something counts more (CO-07).
public struct WorkMultiplier: Hashable, Sendable, CanonicalCodable {
    /// A capability of the provider's terms, such as `h100`.
    public let capability: String
    /// What its work counts, in millionths.
    public let weight: UInt64

    /// Describes a multiplier.
    public init(capability: String, weight: UInt64) {
        self.capability = capability
        self.weight = weight
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(capability)
        encoder.write(weight)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        capability = try decoder.readText(limit: ServiceFee.nameBytesMax)
        weight = try decoder.read()
    }
}

/// By how much the work of the first providers counts more, for a while (CO-16).
public struct EarlyWeight: Hashable, Sendable, CanonicalCodable {
    /// For how many providers, after those of the rows before.
    public let count: UInt64
    /// What their work counts, in millionths.
    public let weight: UInt64
    /// For how long after what they earned first.
    public let spanMilliseconds: UInt64

    /// Describes a row.
    public init(count: UInt64, weight: UInt64, spanMilliseconds: UInt64) {
        self.count = count
        self.weight = weight
        self.spanMilliseconds = spanMilliseconds
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        for figure in [count, weight, spanMilliseconds] { encoder.write(figure) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        count = try decoder.read()
        weight = try decoder.read()
        spanMilliseconds = try decoder.read()
    }
}

/// A provider that has earned by work.
public struct Earner: Hashable, Sendable, CanonicalCodable {
    /// How many earned before it.
    public let place: UInt64
    /// Since when.
    public let since: Timestamp

    init(place: UInt64, since: Timestamp) {
        self.place = place
        self.since = since
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(place)
        encoder.write(since)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        place = try decoder.read()
        since = try decoder.read()
    }
}

/// The tables of the genesis: what services pay, what work earns, whose work counts more.
public struct RevenueTables: Hashable, Sendable, CanonicalCodable {
    /// What services pay.
    public var services: [ServiceFee] = []
    /// What work earns.
    public var work: [WorkReward] = []
    /// Whose work counts more.
    public var multipliers: [WorkMultiplier] = []
    /// How much more the work of the first counts.
    public var early: [EarlyWeight] = []

    /// The most rows of each table: a payment reads them all.
    public static let rowsMax = 32

    /// Empty tables.
    public init() {}

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(services)
        encoder.writeList(work)
        encoder.writeList(multipliers)
        encoder.writeList(early)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        services = try decoder.readList(limit: Self.rowsMax)
        work = try decoder.readList(limit: Self.rowsMax)
        multipliers = try decoder.readList(limit: Self.rowsMax)
        early = try decoder.readList(limit: Self.rowsMax)
    }
}

/// All that was divided since the beginning, in native base units, modulo 2^128: what passes in
/// the end exceeds what exists, and only equality matters (REVENUE-20).
public struct RevenueTotals: Hashable, Sendable, CanonicalCodable {
    /// Fees, with those of services.
    public internal(set) var fees: UInt128 = 0
    /// Payments for work.
    public internal(set) var payments: UInt128 = 0
    /// What of payments was collected as fees.
    public internal(set) var services: UInt128 = 0
    /// What providers got.
    public internal(set) var providers: UInt128 = 0
    /// What orchestrators got.
    public internal(set) var orchestrators: UInt128 = 0
    /// What the treasury got.
    public internal(set) var treasury: UInt128 = 0
    /// What was burnt.
    public internal(set) var burnt: UInt128 = 0
    /// What all validators got.
    public internal(set) var validators: UInt128 = 0
    /// What proposers got.
    public internal(set) var proposers: UInt128 = 0

    init() {}

    private var all: [UInt128] {
        [
            fees, payments, services, providers, orchestrators, treasury, burnt, validators,
            proposers,
        ]
    }

    /// Whether what came in is what went out.
    var isEven: Bool {
        fees &+ payments
            == services &+ providers &+ orchestrators &+ treasury &+ burnt &+ validators
            &+ proposers
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        for sum in all { encoder.write(sum) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        fees = try decoder.read()
        payments = try decoder.read()
        services = try decoder.read()
        providers = try decoder.read()
        orchestrators = try decoder.read()
        treasury = try decoder.read()
        burnt = try decoder.read()
        validators = try decoder.read()
        proposers = try decoder.read()
    }
}
