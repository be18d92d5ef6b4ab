// SPDX-License-Identifier: Apache-2.0
public import JSONText
import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/staking`; part of the state. Rates are
/// millionths, times are milliseconds.
public struct StakingParameters: Hashable, Sendable {
    /// The least that is delegated, and the least that may be left behind.
    public var delegationMin = Amount(whole: 10)
    /// The most commission.
    public var commissionMax: UInt64 = 200_000
    /// The commission of an operator that never said one.
    public var commissionStart: UInt64 = 100_000
    /// By how much a commission may rise at once.
    public var commissionStep: UInt64 = 10_000
    /// How many epochs before it is taken a rise is announced, and how many lie between two.
    public var commissionEpochs: UInt64 = 48
    /// What share of a penalty goes to honest validators; the rest is burnt.
    public var honestPartsPerMillion: UInt64 = 800_000
    /// Rewards of a year on what is staked, at the beginning.
    public var rateStart: UInt64 = 80_000
    /// The same at the end of the fall.
    public var rateEnd: UInt64 = 20_000
    /// For how long the rate falls, evenly.
    public var rateFallMilliseconds: UInt64 = 6 * Self.year
    /// For how long the budget lasts at least.
    public var budgetMilliseconds: UInt64 = 10 * Self.year
    /// What insured pools pay of their rewards.
    public var premiumPartsPerMillion: UInt64 = 20_000
    /// What share of a loss the insurance covers.
    public var coverPartsPerMillion: UInt64 = 500_000
    /// What share of the insurance one loss may take.
    public var claimPartsPerMillion: UInt64 = 100_000
    /// For how many epochs a pool has been insured before an offence is covered.
    public var insuranceEpochs: UInt64 = 48
    /// What breaking a lock costs of a bond.
    public var earlyExitPartsPerMillion: UInt64 = 20_000
    /// What is added to rewards of six months of loyalty.
    public var loyaltyHalfYear: UInt64 = 5_000
    /// What is added to rewards of a year of loyalty.
    public var loyaltyYear: UInt64 = 10_000
    /// What is added to rewards of two years of loyalty.
    public var loyaltyTwoYears: UInt64 = 20_000
    /// What is added to the share of a validator that was there for ``uptimeBonusFrom``.
    public var uptimeBonus: UInt64 = 100_000
    /// From which uptime on.
    public var uptimeBonusFrom: UInt64 = 999_000
    /// What is added to the share of a validator that votes on proposals.
    public var governanceBonus: UInt64 = 50_000
    /// What is added to the share of a new validator.
    public var onboardingBonus: UInt64 = 150_000
    /// For how many epochs it is new.
    public var onboardingEpochs: UInt64 = 336
    /// Above which uptime all of a share is paid.
    public var uptimeFull: UInt64 = 0
    /// Above which uptime ``uptimeHighPays`` of it is.
    public var uptimeHigh: UInt64 = 0
    /// What is paid below ``uptimeFull``.
    public var uptimeHighPays: UInt64 = 1_000_000
    /// Above which uptime ``uptimeLowPays`` of it is; nothing below.
    public var uptimeLow: UInt64 = 0
    /// What is paid below ``uptimeHigh``.
    public var uptimeLowPays: UInt64 = 1_000_000
    /// What share of a role one owner's bonds may count as; more counts as nothing.
    public var entityPartsPerMillion: UInt64 = 200_000
    /// The same for a region.
    public var regionPartsPerMillion: UInt64 = 333_333
    /// The same for a country.
    public var countryPartsPerMillion: UInt64 = 333_333
    /// How much more an offence costs for all of a role having been taken in one window.
    public var correlationPartsPerMillion: UInt64 = 3_000_000
    /// How long the window of offences that count together is.
    public var correlationMilliseconds: UInt64 = 7 * Self.day

    /// The figures of a chain whose genesis names none: those of Optimus (OP-15, OP-17, OP-18, R2).
    public static let standard = StakingParameters()

    static let million: UInt64 = 1_000_000
    static let day: UInt64 = 86_400_000
    /// 365.25 days.
    static let year: UInt64 = 31_557_600_000

    /// The standard figures.
    public init() {}

    /// One figure with its limits.
    struct Figure {
        let name: String
        let path: WritableKeyPath<StakingParameters, UInt64>
        let range: ClosedRange<UInt64>

        init(
            _ name: String, _ path: WritableKeyPath<StakingParameters, UInt64>,
            _ range: ClosedRange<UInt64>
        ) {
            self.name = name
            self.path = path
            self.range = range
        }
    }

    /// Every figure but the amounts, in the order of their bytes.
    static func figures() -> [Figure] {
        let share = 0...million
        let epochs: ClosedRange<UInt64> = 0...1_000
        let time = 1...100 * year
        return [
            Figure("commissionMax", \.commissionMax, share),
            Figure("commissionStart", \.commissionStart, share),
            Figure("commissionStep", \.commissionStep, share),
            Figure("commissionEpochs", \.commissionEpochs, epochs),
            Figure("honestPartsPerMillion", \.honestPartsPerMillion, share),
            Figure("rateStart", \.rateStart, share),
            Figure("rateEnd", \.rateEnd, share),
            Figure("rateFallMilliseconds", \.rateFallMilliseconds, time),
            Figure("budgetMilliseconds", \.budgetMilliseconds, time),
            Figure("premiumPartsPerMillion", \.premiumPartsPerMillion, share),
            Figure("coverPartsPerMillion", \.coverPartsPerMillion, share),
            Figure("claimPartsPerMillion", \.claimPartsPerMillion, share),
            Figure("insuranceEpochs", \.insuranceEpochs, epochs),
            Figure("earlyExitPartsPerMillion", \.earlyExitPartsPerMillion, share),
            Figure("loyaltyHalfYear", \.loyaltyHalfYear, share),
            Figure("loyaltyYear", \.loyaltyYear, share),
            Figure("loyaltyTwoYears", \.loyaltyTwoYears, share),
            Figure("uptimeBonus", \.uptimeBonus, share),
            Figure("uptimeBonusFrom", \.uptimeBonusFrom, share),
            Figure("governanceBonus", \.governanceBonus, share),
            Figure("onboardingBonus", \.onboardingBonus, share),
            Figure("onboardingEpochs", \.onboardingEpochs, epochs),
            Figure("uptimeFull", \.uptimeFull, share),
            Figure("uptimeHigh", \.uptimeHigh, share),
            Figure("uptimeHighPays", \.uptimeHighPays, share),
            Figure("uptimeLow", \.uptimeLow, share),
            Figure("uptimeLowPays", \.uptimeLowPays, share),
            Figure("entityPartsPerMillion", \.entityPartsPerMillion, 1...million),
            Figure("regionPartsPerMillion", \.regionPartsPerMillion, 1...million),
            Figure("countryPartsPerMillion", \.countryPartsPerMillion, 1...million),
            Figure("correlationPartsPerMillion", \.correlationPartsPerMillion, 0...10 * million),
            Figure("correlationMilliseconds", \.correlationMilliseconds, time),
        ]
    }

    /// Reads the figures of a part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ object: GenesisObject) throws(GenesisFailure) {
        self.init()
        delegationMin = try object.amount("delegationMin", standard: delegationMin)
        guard delegationMin >= Amount(whole: 1) else {
            throw object.failure("delegationMin", "must be at least one whole unit")
        }
        for figure in Self.figures() {
            self[keyPath: figure.path] = try object.unsigned(
                figure.name, in: figure.range, standard: self[keyPath: figure.path])
        }
        guard commissionStart <= commissionMax else {
            throw object.failure("commissionStart", "must not exceed commissionMax")
        }
        guard uptimeLow <= uptimeHigh, uptimeHigh <= uptimeFull else {
            throw object.failure(
                "uptimeFull", "must not be below uptimeHigh, nor that below uptimeLow")
        }
        guard rateEnd <= rateStart else {
            throw object.failure("rateEnd", "must not exceed rateStart")
        }
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        var members = [JSON.Member("delegationMin", .string("\(delegationMin)"))]
        members += Self.figures().map { JSON.Member($0.name, JSON(self[keyPath: $0.path])) }
        return .object(members)
    }
}

extension StakingParameters: CanonicalCodable {
    /// Appends the least delegation, then the figures in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(delegationMin)
        for figure in Self.figures() { encoder.write(self[keyPath: figure.path]) }
    }

    /// Reads the least delegation, then the figures in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        self.init()
        delegationMin = try decoder.read()
        for figure in Self.figures() { self[keyPath: figure.path] = try decoder.read() }
    }
}
