// SPDX-License-Identifier: Apache-2.0
public import JSONText
import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/revenue`; part of the state. Shares are
/// millionths; those of fees, and those of payments, are a million together.
public struct RevenueParameters: Hashable, Sendable {
    /// What of fees is burnt, goes to the treasury, to all validators, to the block's proposer.
    public var fees = FeeShares()
    /// What of a payment the provider gets, the orchestrator, the treasury, what is burnt, and
    /// what all validators and those behind them get.
    public var payments = PaymentShares()
    /// The treasury's pool that gets its shares; nothing where it has none.
    public var treasuryPool: UInt64?
    /// The treasury's pool that work is paid from; nothing where work earns nothing besides.
    public var workPool: UInt64?
    /// How much fuel is an hour of computing.
    public var fuelPerHour: UInt64 = 3_600_000_000_000
    /// What work counts for the worst and the best reputation (CO-07: 0.5 to 2.0).
    public var reputationLow: UInt64 = 500_000
    /// See ``reputationLow``.
    public var reputationHigh: UInt64 = 2_000_000
    /// How many units of a role's asset a unit that was paid earns at most, in millionths: below
    /// what a payment to oneself loses, so that nobody gains by paying oneself (REVENUE-6).
    public var workPerPaid: UInt64 = 40_000

    /// A whole.
    public static let million: UInt64 = 1_000_000
    /// The figures of a chain whose genesis names none: everything is the proposer's, and the
    /// provider's.
    public static let standard = RevenueParameters()

    static let names =
        FeeShares.names + PaymentShares.names + [
            "treasuryPool", "workPool", "fuelPerHour", "reputationLow", "reputationHigh",
            "workPerPaid",
        ]

    /// The standard figures.
    public init() {}

    /// Whether fees are divided at all.
    public var dividesFees: Bool { fees.proposer < Self.million }

    /// Reads the figures of a part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ object: GenesisObject) throws(GenesisFailure) {
        fees = try FeeShares(object)
        payments = try PaymentShares(object)
        treasuryPool =
            object.has("treasuryPool") ? try object.unsigned("treasuryPool") : nil
        workPool = object.has("workPool") ? try object.unsigned("workPool") : nil
        fuelPerHour = try object.unsigned(
            "fuelPerHour", in: 1...UInt64.max, standard: fuelPerHour)
        reputationLow = try object.unsigned(
            "reputationLow", in: 0...100 * Self.million, standard: reputationLow)
        reputationHigh = try object.unsigned(
            "reputationHigh", in: reputationLow...100 * Self.million,
            standard: max(reputationLow, reputationHigh))
        workPerPaid = try object.unsigned(
            "workPerPaid", in: 0...Self.million, standard: workPerPaid)
        let needsTreasury =
            fees.treasury + payments.treasury + payments.orchestrator + payments.validators > 0
        guard treasuryPool != nil || !needsTreasury else {
            throw object.failure("treasuryPool", "must name the pool that gets shares")
        }
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        var members = fees.members + payments.members
        if let treasuryPool { members.append(JSON.Member("treasuryPool", JSON(treasuryPool))) }
        if let workPool { members.append(JSON.Member("workPool", JSON(workPool))) }
        members += [
            JSON.Member("fuelPerHour", JSON(fuelPerHour)),
            JSON.Member("reputationLow", JSON(reputationLow)),
            JSON.Member("reputationHigh", JSON(reputationHigh)),
            JSON.Member("workPerPaid", JSON(workPerPaid)),
        ]
        return .object(members)
    }
}

extension RevenueParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(fees)
        encoder.write(payments)
        for pool in [treasuryPool, workPool] {
            encoder.write(pool != nil)
            if let pool { encoder.write(pool) }
        }
        for figure in [fuelPerHour, reputationLow, reputationHigh, workPerPaid] {
            encoder.write(figure)
        }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        fees = try decoder.read()
        payments = try decoder.read()
        treasuryPool = try decoder.readFlag() ? decoder.read() : nil
        workPool = try decoder.readFlag() ? decoder.read() : nil
        fuelPerHour = try decoder.read()
        reputationLow = try decoder.read()
        reputationHigh = try decoder.read()
        workPerPaid = try decoder.read()
    }
}
