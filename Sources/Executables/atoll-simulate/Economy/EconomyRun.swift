// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import Ledger
import SimulatedEffects
import Staking
import Treasury
import Validators
import Vocabulary

/// Years of an economy: the real modules, and people who stake, vote, spend, and now and then
/// offend. Everything follows from preset and seed, and no floating point number is used.
final class EconomyRun {
    static let dayMilliseconds: UInt64 = 86_400_000
    /// Days of a row of figures, and of people's habits.
    static let monthDays: UInt64 = 30
    /// How often a validator offends: once in fifty years.
    static let offencesPerMillionDays: UInt64 = 55

    let plan: EconomyPlan
    let town: LawTown
    private(set) var rows: [EconomyRow] = []
    var people: [Citizen]
    var random: SeededGenerator
    var day: UInt64 = 0
    /// What a month's rewards came to, of a year, in millionths; the rate of the preset at first.
    private(set) var yield: UInt64
    private let supplyAtStart: Amount
    private var budgetBefore: Amount
    private var fees = Amount.zero
    private var offences: UInt64 = 0
    /// Proposals of payments that are not over, and those whose voters have spoken.
    var open: Set<UInt64> = []
    var voted: Set<UInt64> = []
    var payments: UInt64 = 0
    /// The largest share of all votes that was cast so far; four of ten before the first.
    var turnout: UInt64 = 400_000

    /// Founds the town: people get what is sold at once, and the largest stand as validators.
    ///
    /// - Throws: ``GenesisFailure`` when the preset makes no chain.
    init(_ plan: EconomyPlan, seed: UInt64) throws(GenesisFailure) {
        self.plan = plan
        var random = SeededGenerator(seed: seed)
        let town = try LawTown(
            plan.parts, people: EconomyPlan.people + 1, founders: EconomyPlan.founders)
        people = (0..<EconomyPlan.people).map { place in
            Citizen(
                account: town.accounts[place], key: town.keys[place],
                isValidator: place < EconomyPlan.validators, using: &random)
        }
        self.random = random
        self.town = town
        yield = StakingQueries(town.context).parameters.rateStart
        supplyAtStart = town.supply()
        budgetBefore = Self.held(.budget, in: town)
        handOut()
        for place in 0..<EconomyPlan.validators { stand(place) }
    }

    /// Lets so many days pass.
    ///
    /// - Returns: What the modules found broken, in words.
    func run(days: UInt64) -> [String] {
        for _ in 0..<days where town.breaches.isEmpty {
            live()
            for _ in 0..<LawTown.epochBlocks {
                town.end(Self.dayMilliseconds / LawTown.epochBlocks)
            }
            day += 1
            if day.isMultiple(of: Self.monthDays) { note() }
        }
        town.audit()
        return town.breaches
    }

    /// A day: everybody's habits once a month, fees every day, now and then an offence.
    private func live() {
        let turn = Int(day % Self.monthDays)
        for place in stride(from: turn, to: people.count, by: Int(Self.monthDays)) {
            people[place].isValidator ? mind(place) : settle(place)
        }
        if turn == 0 { handOut() }
        payFees()
        govern()
        for place in 0..<EconomyPlan.validators
        where random.happens(perMillion: Self.offencesPerMillionDays) { offend(place) }
    }

    /// What was sold, paid out or earned by work goes from the desk to people by rank.
    private func handOut() {
        for grant in plan.grants {
            _ = town.took(TreasuryMessage.claimGrant(grant).message, from: EconomyPlan.desk)
        }
        let weights = people.indices.map { UInt128(1_000_000 / ($0 + 3)) }
        let whole = town.balance(of: EconomyPlan.desk)
        guard whole > Amount(whole: 1), let parts = whole.split(by: weights) else { return }
        for (citizen, part) in zip(people, parts) where part > .zero {
            pay(part, to: citizen.account, from: EconomyPlan.desk)
        }
    }

    func pay(_ amount: Amount, to account: AccountID, from payer: AccountID) {
        let transfer = Transfer([Transfer.Part(to: account, amount)])
        _ = town.took(AccountsMessage.transfer(transfer).message, from: payer)
    }

    /// Ten people pay a ten thousandth of what they have, to who receives a block's fees.
    private func payFees() {
        for _ in 0..<10 {
            let payer = people[random.below(people.count)].account
            let fee = Self.share(town.balance(of: payer), 100)
            guard
                (try? town.house.accounts.charge(
                    fee, to: payer,
                    for: town.house.fees.receiver(
                        of: people[random.below(EconomyPlan.validators)].account,
                        in: town.context), in: town.context)) != nil
            else { continue }
            fees = fees.adding(fee) ?? fees
        }
    }

    private func offend(_ place: Int) {
        guard let next = ValidatorsQueries(town.context).nextSet,
            let message = town.evidence(against: people[place].account, in: next.epoch)
        else { return }
        let reporter = people[EconomyPlan.validators + random.below(20)].account
        offences += town.took(message, from: reporter) ? 1 : 0
    }

    // MARK: Figures

    private func note() {
        let budget = Self.held(.budget, in: town)
        let spent = budgetBefore.subtracting(budget) ?? .zero
        let staked = staked
        budgetBefore = budget
        yield =
            staked == .zero
            ? 0
            : UInt64(
                clamping: spent.units / 1_000_000_000_000 * 365 * 1_000_000
                    / UInt128(Self.monthDays) / max(staked.units / 1_000_000_000_000, 1))
        let treasury = treasury
        let promised = plan.grants.reduce(Amount.zero) { sum, grant in
            sum.adding(chest(.grant(grant))) ?? sum
        }
        let supply = town.supply()
        let apart = [budget, treasury, promised].reduce(Amount.zero) { $0.adding($1) ?? $0 }
        rows.append(
            EconomyRow(
                day: day, supply: Self.whole(supply),
                circulating: Self.whole(supply.subtracting(apart) ?? .zero),
                staked: Self.whole(staked), budget: Self.whole(budget),
                treasury: Self.whole(treasury),
                burnt: Self.whole(supplyAtStart.subtracting(supply) ?? .zero), yield: yield,
                fees: Self.whole(fees), offences: offences, payments: payments,
                haltCost: Self.whole(staked) / 2, voteCost: voteCost,
                voteGain: Self.whole(voteGain)))
        fees = .zero
    }

    /// What validators bonded and others put behind them.
    private var staked: Amount {
        ValidatorsQueries(town.context).members(limit: 1_000).reduce(.zero) { sum, member in
            sum.adding(member.bond)?.adding(member.backing) ?? sum
        }
    }

    /// What governance's pools hold.
    var treasury: Amount {
        plan.treasuries.reduce(.zero) { sum, pool in sum.adding(chest(.pool(pool))) ?? sum }
    }

    func chest(_ holder: Chest.Holder) -> Amount {
        let key = EscrowKey(module: .treasury, id: Chest(holder, .native).id)
        return town.house.accounts.escrow(key, in: town.context)?.amount ?? .zero
    }

    static func held(_ purse: Purse, in town: LawTown) -> Amount {
        let key = EscrowKey(module: .staking, id: purse.id)
        return town.house.accounts.escrow(key, in: town.context)?.amount ?? .zero
    }

    static func whole(_ amount: Amount) -> UInt64 {
        UInt64(clamping: amount.units / Amount.unitsPerWhole)
    }

    /// So many millionths of an amount, rounded down to whole units where it is more than one.
    static func share(_ amount: Amount, _ millionths: UInt64) -> Amount {
        amount.scaled(by: UInt128(millionths), over: 1_000_000) ?? .zero
    }
}
