// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Staking

@Suite("Rewards")
struct RewardTests {
    /// Four in a hundred a year, no insurance, no loyalty: an epoch of an hour releases a
    /// constant.
    static let plain: JSON = [
        "rateStart": 40_000, "rateEnd": 40_000, "loyaltyHalfYear": 0, "loyaltyYear": 0,
        "loyaltyTwoYears": 0, "commissionStart": 100_000,
    ]

    @Test("a cut shares what time released by weight, and a pool by its stakes (STAKING-16)")
    func shares() throws {
        let town = try Town(Self.plain)
        try town.delegate(1_000, to: 0, from: 4)
        town.cut()
        let before = try town.pool(0).earned
        town.cut()
        // Of 4,000 staked, operator 0 and those behind it are a half; of that half is a half.
        let pools = try (0..<3).map { try town.pool($0) }
        let released = Amount(whole: 4_000).scaled(by: 40_000 * 3_600_000, over: 1_000_000)?
            .scaled(by: 1, over: 31_557_600_000)
        let quarter = try #require(released?.scaled(by: 1, over: 4))
        let second = try #require(pools[1].earned.subtracting(before))
        #expect(second.units.distance(to: quarter.units).magnitude < 10)
        let own = try #require(pools[0].earned.subtracting(before))
        #expect(own.units.distance(to: quarter.units * 11 / 10).magnitude < 10)
        #expect(pools[0].stream.left.units.distance(to: quarter.units * 9 / 10).magnitude < 10)
        town.expectSound()
    }

    @Test("rewards flow over the next epoch, to claim or into the stake (STAKING-15)")
    func flow() throws {
        let town = try Town(Self.plain)
        try town.delegate(1_000, to: 0, from: 4)
        try town.delegate(1_000, to: 0, from: 5, compounds: true)
        town.cut(2)
        let stream = try town.pool(0).stream.left
        // This is the first of the epoch's two blocks.
        try town.send(.claim(Town.account(0)), from: 4)
        let claimed = try #require(Amount(whole: 1_000).subtracting(town.spent(4)))
        let grown = try #require(town.worth(5, 0).subtracting(Amount(whole: 1_000)))
        #expect(claimed.units.distance(to: stream.units / 4).magnitude < 1_000)
        #expect(grown.units.distance(to: stream.units / 4).magnitude < 1_000)
        town.end()
        try town.send(.claim(Town.account(0)), from: 4)
        let all = try #require(Amount(whole: 1_000).subtracting(town.spent(4)))
        // The compounding stake has grown on the way and gets a millionth more of the second half.
        #expect(all.units.distance(to: stream.units / 2).magnitude < stream.units / 100_000)
        town.expectSound()
    }

    @Test("an operator claims what it earned, once (STAKING-17)")
    func operatorClaims() throws {
        let town = try Town(Self.plain)
        town.cut(2)
        let earned = try town.pool(1).earned
        #expect(earned > .zero)
        try town.send(.claim(Town.account(1)), from: 1)
        #expect(town.gained(1) == earned)
        #expect(
            refusal { try town.send(.claim(Town.account(1)), from: 1) } == "nothingToClaim")
        #expect(
            refusal { try town.send(.claim(Town.account(1)), from: 9) } == "nothingToClaim")
    }

    @Test("who was punished for an epoch gets nothing of it, and the honest get it (STAKING-16)")
    func punished() throws {
        let town = try Town(Self.plain, budget: 0)
        try town.delegate(1_000, to: 0, from: 4)
        town.cut()
        town.punish(0, of: 1, to: 100_000)
        #expect(town.bank.balance(of: .penalties, in: town.context) == Amount(whole: 80))
        town.cut()
        #expect(town.queries.pool(of: Town.account(0))?.earned == .zero)
        #expect(try town.pool(1).earned == Amount(whole: 40))
        #expect(try town.pool(2).earned == Amount(whole: 40))
        #expect(town.bank.balance(of: .penalties, in: town.context) == .zero)
    }

    @Test("reward theft by just-in-time stake fails: the past flows to nobody new (STAKING-15)")
    func justInTimeStake() throws {
        let town = try Town(Self.plain)
        try town.delegate(100, to: 0, from: 4)
        town.cut(2)
        // Rewards are on their way; a stake a thousand times as large comes for them and goes.
        let stream = try town.pool(0).stream.left
        try town.delegate(100_000, to: 0, from: 5)
        try town.send(.claim(Town.account(0)), from: 5)
        #expect(town.spent(5) == Amount(whole: 100_000))
        try town.send(.undelegate(town.order(100_000, 0)), from: 5)
        town.end()
        try town.send(.claim(Town.account(0)), from: 4)
        let claimed = try #require(Amount(whole: 100).subtracting(town.spent(4)))
        #expect(claimed.units.distance(to: stream.units).magnitude < 1_000)
        town.cut(5)
        #expect(town.spent(5) == .zero && town.gained(5) == .zero)
    }

    @Test("stake that comes after an epoch began does not take of its operator's part")
    func lateComposition() throws {
        let town = try Town(Self.plain)
        town.cut()
        try town.delegate(100_000, to: 0, from: 5)
        town.cut()
        #expect(try town.pool(0).stream.left == .zero)
        // What does not divide by three went to one of them, a base unit at each cut.
        let (first, second) = try (town.pool(0).earned.units, town.pool(1).earned.units)
        #expect(first.distance(to: second).magnitude < 3)
    }

    @Test("splitting stake over accounts gains nothing (STAKING-12)")
    func splitting() throws {
        let town = try Town(Self.plain)
        try town.delegate(1_000, to: 0, from: 4)
        for place in 5..<15 { try town.delegate(100, to: 0, from: place) }
        town.cut(3)
        town.end()
        for place in 4..<15 { try town.send(.claim(Town.account(0)), from: place) }
        let whole = town.balance(4).units + Amount(whole: 1_000).units - Town.plenty.units
        let parts = (5..<15).reduce(UInt128(0)) { sum, place in
            sum + town.balance(place).units + Amount(whole: 100).units - Town.plenty.units
        }
        #expect(whole > 0 && parts <= whole && whole - parts < 20)
    }

    @Test("the order of claims changes nothing", arguments: [[4, 5, 6], [6, 5, 4], [5, 4, 6]])
    func order(_ order: [Int]) throws {
        let town = try Town(Self.plain)
        for place in 4..<7 { try town.delegate(UInt64(100 * place), to: 0, from: place) }
        town.cut(3)
        for place in order { try town.send(.claim(Town.account(0)), from: place) }
        #expect(town.spent(4) < Amount(whole: 400))
        let rates = (4..<7).map { place in
            (Amount(whole: UInt64(100 * place)).units - town.spent(place).units) / UInt128(place)
        }
        #expect(rates.allSatisfy { $0.distance(to: rates[0]).magnitude < 3 })
        town.expectSound()
    }

    @Test("loyalty adds to rewards, as far as the budget goes (OP-15, STAKING-17)")
    func loyalty() throws {
        let town = try Town()
        try town.delegate(1_000, to: 0, from: 4)
        town.end(StakingParameters.year)
        town.cut(2)
        town.end()
        town.end()
        try town.send(.claim(Town.account(0)), from: 4)
        let note = try #require(
            town.context.events.last { $0.kind == StakingEventKind.rewardClaimed.rawValue })
        let claim = try StakeNote(canonicalBytes: note.payload)
        #expect(claim.other.units == claim.amount.units / 100)
        town.expectSound()
    }

    @Test("commission rug fails: a rise is small, announced, and not soon repeated (STAKING-21)")
    func commissionRug() throws {
        let town = try Town(Self.plain)
        try town.delegate(100, to: 0, from: 4)
        #expect(refusal { try town.send(.setCommission(200_001), from: 0) } == "badCommission")
        #expect(refusal { try town.send(.setCommission(110_001), from: 0) } == "badCommission")
        try town.send(.setCommission(110_000), from: 0)
        #expect(try town.pool(0).commission == 100_000)
        #expect(
            refusal { try town.send(.setCommission(105_000), from: 0) } == "commissionTooSoon")
        town.cut(48)
        try town.send(.claim(Town.account(0)), from: 4)
        #expect(try town.pool(0).commission == 110_000)
        try town.send(.setCommission(20_000), from: 0)
        #expect(try town.pool(0).commission == 20_000)
        #expect(refusal { try town.send(.setCommission(0), from: 9) } == "unknownOperator")
    }

    @Test("insurance covers offences after its wait, and no more than its share (STAKING-22)")
    func insurance() throws {
        let town = try Town(["insuranceEpochs": 2, "claimPartsPerMillion": 1_000_000])
        try town.delegate(1_000, to: 0, from: 4)
        try town.send(.insure(true), from: 0)
        #expect(refusal { try town.send(.insure(true), from: 0) } == "wrongStatus")
        town.cut(4)
        let fund = town.bank.balance(of: .insurance, in: town.context)
        #expect(fund > .zero)
        // The insurance began with epoch 1: an offence of epoch 2 is too early.
        town.punish(0, of: 2, to: 1_000)
        #expect(town.bank.balance(of: .insurance, in: town.context) == fund)
        let worth = town.worth(4, 0)
        town.punish(0, of: 3, to: 100_000)
        #expect(town.bank.balance(of: .insurance, in: town.context) == .zero)
        let left = try #require(worth.scaled(by: 9, over: 10)?.adding(fund))
        #expect(town.worth(4, 0).units.distance(to: left.units).magnitude < 10)
        town.expectSound()
    }

    @Test("the budget never releases more than it has, nor before its time (STAKING-24)")
    func emission() throws {
        let parameters = StakingParameters.standard
        let emission = Emission(parameters: parameters, began: Timestamp(0))
        #expect(emission.rate(at: Timestamp(0)) == 80_000)
        #expect(emission.rate(at: Timestamp(parameters.rateFallMilliseconds / 2)) == 50_000)
        #expect(emission.rate(at: Timestamp(.max)) == 20_000)
        // R2: 300 M over 120 months against 8 % of 500 M staked: 30 M a year is less than 40 M.
        let year = Timestamp(StakingParameters.year)
        let released = emission.released(
            from: Timestamp(0), to: year, staked: Amount(whole: 500_000_000),
            budget: Amount(whole: 300_000_000))
        #expect(released == Amount(whole: 30_000_000))
        let small = emission.released(
            from: Timestamp(0), to: year, staked: Amount(whole: 100_000_000),
            budget: Amount(whole: 300_000_000))
        #expect(small == Amount(whole: 7_000_000))
        #expect(
            emission.released(
                from: Timestamp(0), to: Timestamp(.max), staked: Amount(.max), budget: Amount(7))
                == Amount(7))
    }
}
