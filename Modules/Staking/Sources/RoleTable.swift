// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a role asks of its bonds; a role without a row is closed on this chain.
public struct RoleTerms: Hashable, Sendable, CanonicalCodable {
    /// The least bond in the native asset.
    public let baseMin: Amount
    /// The role's own asset, if it asks for a second bond.
    public let asset: AssetID?
    /// The least bond in it.
    public let secondMin: Amount
    /// How long a bond takes to come back, in milliseconds.
    public let unbonding: UInt64

    /// Describes a row.
    public init(
        baseMin: Amount, asset: AssetID? = nil, secondMin: Amount = .zero, unbonding: UInt64
    ) {
        self.baseMin = baseMin
        self.asset = asset
        self.secondMin = secondMin
        self.unbonding = unbonding
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(baseMin)
        encoder.writeOptional(asset)
        encoder.write(secondMin)
        encoder.write(unbonding)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        baseMin = try decoder.read()
        asset = try decoder.readOptional()
        secondMin = try decoder.read()
        unbonding = try decoder.read()
    }
}

/// What an offence of a role costs (STAKING-7). Shares are millionths.
public struct SlashTerms: Hashable, Sendable, CanonicalCodable {
    /// What share of the native bond it costs.
    public let base: UInt64
    /// What share of the bond in the role's asset it costs.
    public let second: UInt64
    /// How much each earlier offence multiplies both by; a million changes nothing.
    public let repeated: UInt64
    /// For how long the offender is jailed, in milliseconds.
    public let jail: UInt64
    /// From which share of its whole bond lost on it is banned; nothing bans nobody, 0 at once.
    public let bansFrom: UInt64?

    static let million: UInt64 = 1_000_000
    /// The most bytes of a cause's name.
    public static let causeBytesMax = 32

    /// Describes a row.
    public init(
        base: UInt64, second: UInt64 = 0, repeated: UInt64 = 1_000_000, jail: UInt64 = 0,
        bansFrom: UInt64? = nil
    ) {
        self.base = base
        self.second = second
        self.repeated = repeated
        self.jail = jail
        self.bansFrom = bansFrom
    }

    /// A share as it is after so many offences, at most everything.
    func graded(_ share: UInt64, offences: UInt32) -> UInt64 {
        var rate = UInt128(share)
        // After 64 offences a rate that grows at all is at its end.
        for _ in 0..<min(offences, 64) {
            rate = min(rate * UInt128(repeated) / UInt128(Self.million), UInt128(Self.million))
        }
        return UInt64(rate)
    }

    /// Whether text names a cause: 1 to 32 of a-z, 0-9 and `-`.
    static func isCause(_ text: String) -> Bool {
        (1...causeBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (48...57).contains(byte) || byte == 45
            }
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(base)
        encoder.write(second)
        encoder.write(repeated)
        encoder.write(jail)
        encoder.write(bansFrom != nil)
        if let bansFrom { encoder.write(bansFrom) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        base = try decoder.read()
        second = try decoder.read()
        repeated = try decoder.read()
        jail = try decoder.read()
        bansFrom = try decoder.readFlag() ? decoder.read() : nil
    }
}

/// A choice of how long a bond stays, and what its vote gains by it (CO-17).
public struct LockTerms: Hashable, Sendable {
    /// For how long it cannot begin to leave, in milliseconds.
    public let milliseconds: UInt64
    /// What its weight is multiplied by, in millionths.
    public let multiplier: UInt64
    /// How long it takes to come back at least, in milliseconds.
    public let unbonding: UInt64

    private static let day = StakingParameters.day

    /// The rows that can be chosen: flexible, three months, six, a year, four years; 7, 7, 7, 30
    /// and 90 days to come back. A month is 30 days, a year 365.
    public static let table: [LockTerms] = [
        LockTerms(milliseconds: 0, multiplier: 1_000_000, unbonding: 7 * day),
        LockTerms(milliseconds: 90 * day, multiplier: 1_250_000, unbonding: 7 * day),
        LockTerms(milliseconds: 180 * day, multiplier: 1_500_000, unbonding: 7 * day),
        LockTerms(milliseconds: 365 * day, multiplier: 1_750_000, unbonding: 30 * day),
        LockTerms(milliseconds: 1_460 * day, multiplier: 2_000_000, unbonding: 90 * day),
    ]

    /// The weight of a stake under this lock: the root of its whole units times the multiplier, in
    /// millionths of a vote.
    public func weight(of stake: Amount) -> UInt128 {
        // A root of base units is 10^9 times a root of whole units.
        stake.units.squareRoot * UInt128(multiplier) / 1_000_000_000
    }
}

/// The rows of a chain whose genesis names none.
enum StandardTables {
    private static let week = 7 * StakingParameters.day
    private static let hour: UInt64 = 3_600_000

    /// The least bonds of CO-05, without second assets; suppliers of PK-21 in the same measure.
    static let roles: [(Role, RoleTerms)] = [
        (.holder, terms(1_000)), (.compute, terms(1_000)), (.storage, terms(500)),
        (.bandwidth, terms(300)), (.orchestrator, terms(2_000)), (.wholesaler, terms(5_000)),
        (.developer, terms(200)), (.marketer, terms(100)), (.node, terms(1_500)),
        (.supplier, terms(1_000)), (.fisherman, terms(1_000)), (.gateway, terms(500)),
        (.application, terms(100)), (.machine, terms(10)), (.issuer, terms(1_000)),
        (.council, terms(1_000)),
    ]

    private static func terms(_ whole: UInt64) -> RoleTerms {
        RoleTerms(baseMin: Amount(whole: whole), unbonding: week)
    }

    /// Optimus' superset (OP-17, R7), then CipherOcto's base table (CO-11), for every role; then
    /// the rows of single roles (CO-12).
    static let slashes: [(Role?, String, SlashTerms)] =
        [
            (nil, "downtime", row(5, jail: hour)),
            (nil, "invalid-block", row(15, jail: 24 * hour)),
            (nil, "censorship", row(20, jail: 24 * hour)),
            (nil, "double-sign", row(30, jail: 24 * hour)),
            (nil, "byzantine", row(50, jail: week)),
            (nil, "contradiction", row(30, 30, jail: 24 * hour)),
            (nil, "down-hour", row(0, 5)),
            (nil, "down-day", row(5, 20, jail: hour)),
            (nil, "poor-result", row(10, 30, jail: hour)),
            (nil, "agreement-breach", row(20, 50, jail: 24 * hour)),
            (nil, "fraud", row(100, 100, jail: week)),
            (nil, "attack", row(100, 100, bansFrom: 0)),
        ] + ofRoles

    private static let ofRoles: [(Role?, String, SlashTerms)] = [
        (.compute, "sybil", row(100, 100)), (.compute, "invalid", row(25, 25)),
        (.compute, "price-manipulation", row(50, 50)),
        (.storage, "loss", row(50, 50)), (.storage, "loss-total", row(100, 100)),
        (.storage, "privacy", row(100, 100, bansFrom: 0)),
        (.storage, "bad-proof", row(25, 25)), (.storage, "down-day", row(10, 10, jail: hour)),
        (.bandwidth, "throttle", row(25, 25)), (.bandwidth, "manipulation", row(100, 100)),
        (.orchestrator, "fraud", row(100, 100)), (.orchestrator, "collusion", row(75, 75)),
        (.orchestrator, "poor-routing", row(25, 25)),
        (.node, "manipulation", row(100, 100)), (.node, "down-day", row(10, 10, jail: hour)),
        (.wholesaler, "quota", row(10, 10, repeated: 1_500_000, bansFrom: 500_000)),
    ]

    private static func row(
        _ base: UInt64, _ second: UInt64 = 0, repeated: UInt64 = 1_000_000, jail: UInt64 = 0,
        bansFrom: UInt64? = nil
    ) -> SlashTerms {
        SlashTerms(
            base: base * 10_000, second: second * 10_000, repeated: repeated, jail: jail,
            bansFrom: bansFrom)
    }
}
