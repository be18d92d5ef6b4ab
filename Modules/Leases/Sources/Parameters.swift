// SPDX-License-Identifier: Apache-2.0
public import JSONText
import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/leases`; part of the state.
public struct LeasesParameters: Hashable, Sendable {
    /// The shortest period that prices are for.
    public var periodMillisecondsMin: UInt64 = 60_000
    /// The longest: 31 days.
    public var periodMillisecondsMax: UInt64 = 2_678_400_000
    /// The longest that an order takes bids.
    public var decideMillisecondsMax: UInt64 = 3_600_000
    /// The longest that a bid holds resources.
    public var holdMillisecondsMax: UInt64 = 600_000
    /// How long a chosen provider has to begin.
    public var startMilliseconds: UInt64 = 300_000
    /// The shortest silence after which a standby may take over.
    public var takeoverMillisecondsMin: UInt64 = 10_000
    /// The longest.
    public var takeoverMillisecondsMax: UInt64 = 86_400_000
    /// How much longer the second standby waits than the first.
    public var staggerMilliseconds: UInt64 = 5_000
    /// The longest notice that terms may ask for: 30 days.
    public var noticeMillisecondsMax: UInt64 = 2_592_000_000
    /// How long after its last renewal a lease ends by itself.
    public var silenceMilliseconds: UInt64 = 86_400_000
    /// How long before its funds end a warning is given.
    public var warningMilliseconds: UInt64 = 3_600_000
    /// How long everything is kept when funds ended.
    public var pauseMilliseconds: UInt64 = 900_000
    /// How much longer volumes are kept.
    public var graceMilliseconds: UInt64 = 86_400_000
    /// How long after its end a lease can be settled.
    public var settleMilliseconds: UInt64 = 3_600_000
    /// For how long nothing was settled before a provider may claim alone.
    public var claimDelayMilliseconds: UInt64 = 3_600_000
    /// How long a tenant may contest a claim.
    public var contestMilliseconds: UInt64 = 3_600_000
    /// The longest time of one claim.
    public var claimMillisecondsMax: UInt64 = 86_400_000
    /// How long after a snapshot a standby is paid without another.
    public var snapshotMilliseconds: UInt64 = 600_000
    /// How long a first deposit must last at the highest price.
    public var depositMilliseconds: UInt64 = 3_600_000
    /// How long each top-up must last at the highest price.
    public var topUpMilliseconds: UInt64 = 600_000
    /// What silence costs, in millionths of the bond.
    public var silenceSlash: UInt64 = 10_000
    /// What leaving a reserved lease without notice costs, in millionths.
    public var breachSlash: UInt64 = 50_000
    /// The most bids that may wait on one lease.
    public var bidsMax: UInt64 = 16
    /// The most leases that one block handles because time has passed.
    public var duePerBlockMax: UInt64 = 256
    /// The bond that backs a core, in base units of the native asset.
    public var bondPerCore = Amount(whole: 1)
    /// Who receives what is taken of bonds; nobody means it is burnt.
    public var treasury: AccountID?

    /// The figures of a chain whose genesis names none.
    public static let standard = LeasesParameters()

    static let names = fields.map(\.name) + ["bondPerCore", "treasury"]
    /// 365 days.
    static let yearMilliseconds: UInt64 = 31_536_000_000

    /// The standard figures.
    public init() {}

    /// Reads the figures of a part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ object: GenesisObject) throws(GenesisFailure) {
        self.init()
        for field in Self.fields {
            self[keyPath: field.path] = try object.unsigned(
                field.name, in: field.range, standard: self[keyPath: field.path])
        }
        bondPerCore = try object.amount("bondPerCore", standard: bondPerCore)
        if object.has("treasury"), try object.value("treasury") != .null {
            treasury = try object.identifier("treasury")
        }
        guard periodMillisecondsMin <= periodMillisecondsMax else {
            throw object.failure("periodMillisecondsMin", "must not exceed the longest")
        }
        guard takeoverMillisecondsMin <= takeoverMillisecondsMax else {
            throw object.failure("takeoverMillisecondsMin", "must not exceed the longest")
        }
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        var members = Self.fields.map { JSON.Member($0.name, JSON(self[keyPath: $0.path])) }
        members.append(JSON.Member("bondPerCore", .string("\(bondPerCore)")))
        members.append(JSON.Member("treasury", treasury.map { .string("\($0)") } ?? .null))
        return .object(members)
    }

    private struct Field: Sendable {
        let name: String
        let path: any WritableKeyPath<LeasesParameters, UInt64> & Sendable
        let range: ClosedRange<UInt64>
    }

    private static let fields: [Field] = times + counts

    private static var times: [Field] {
        let year = yearMilliseconds
        return [
            Field(name: "periodMillisecondsMin", path: \.periodMillisecondsMin, range: 1...year),
            Field(name: "periodMillisecondsMax", path: \.periodMillisecondsMax, range: 1...year),
            Field(name: "decideMillisecondsMax", path: \.decideMillisecondsMax, range: 1...year),
            Field(name: "holdMillisecondsMax", path: \.holdMillisecondsMax, range: 1...year),
            Field(name: "startMilliseconds", path: \.startMilliseconds, range: 1...year),
            Field(
                name: "takeoverMillisecondsMin", path: \.takeoverMillisecondsMin, range: 1...year),
            Field(
                name: "takeoverMillisecondsMax", path: \.takeoverMillisecondsMax, range: 1...year),
            Field(name: "staggerMilliseconds", path: \.staggerMilliseconds, range: 0...year),
            Field(name: "noticeMillisecondsMax", path: \.noticeMillisecondsMax, range: 0...year),
            Field(name: "silenceMilliseconds", path: \.silenceMilliseconds, range: 1...year),
            Field(name: "warningMilliseconds", path: \.warningMilliseconds, range: 0...year),
            Field(name: "pauseMilliseconds", path: \.pauseMilliseconds, range: 1...year),
            Field(name: "graceMilliseconds", path: \.graceMilliseconds, range: 1...year),
            Field(name: "settleMilliseconds", path: \.settleMilliseconds, range: 1...year),
            Field(name: "claimDelayMilliseconds", path: \.claimDelayMilliseconds, range: 0...year),
            Field(name: "contestMilliseconds", path: \.contestMilliseconds, range: 1...year),
            Field(name: "claimMillisecondsMax", path: \.claimMillisecondsMax, range: 1...year),
            Field(name: "snapshotMilliseconds", path: \.snapshotMilliseconds, range: 1...year),
            Field(name: "depositMilliseconds", path: \.depositMilliseconds, range: 0...year),
            Field(name: "topUpMilliseconds", path: \.topUpMilliseconds, range: 0...year),
        ]
    }

    private static var counts: [Field] {
        [
            Field(name: "silenceSlash", path: \.silenceSlash, range: 0...1_000_000),
            Field(name: "breachSlash", path: \.breachSlash, range: 0...1_000_000),
            Field(name: "bidsMax", path: \.bidsMax, range: 1...UInt64(LeaseRecord.bidsMax)),
            Field(name: "duePerBlockMax", path: \.duePerBlockMax, range: 1...65_536),
        ]
    }
}

extension LeasesParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        for field in Self.fields { encoder.write(self[keyPath: field.path]) }
        encoder.write(bondPerCore)
        encoder.writeOptional(treasury)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        self.init()
        for field in Self.fields { self[keyPath: field.path] = try decoder.read() }
        bondPerCore = try decoder.read()
        treasury = try decoder.readOptional()
    }
}
