// SPDX-License-Identifier: Apache-2.0
import Staking
import Validators
import Vocabulary

/// How people stake.
extension EconomyRun {
    /// What people who are content with the yield have at stake, and what those who are not.
    private static let contentShare: UInt64 = 800_000
    private static let discontentShare: UInt64 = 200_000
    /// How far from what they want their stake may be before they do something.
    private static let patienceShare: UInt64 = 50_000

    /// Stands for election with half of what one has; a founder adds to its seat.
    func stand(_ place: Int) {
        let citizen = people[place]
        let stake = Self.floor(Self.share(town.balance(of: citizen.account), 500_000))
        guard stake > .zero else { return }
        if place < EconomyPlan.founders {
            _ = town.took(ValidatorsMessage.addStake(stake).message, from: citizen.account)
        } else {
            let claim = KeyClaim(citizen.key, for: citizen.account, on: LawTown.chain)
            let join = JoinValidators(
                claim: claim, name: "validator \(place)", stake: stake, fees: citizen.account)
            _ = town.took(ValidatorsMessage.join(join).message, from: citizen.account)
        }
        _ = town.took(
            StakingMessage.setCommission(citizen.commission).message, from: citizen.account)
    }

    /// A validator's month: it claims what it earned, adds half of what it has to its stake, and
    /// stands again after a jail, or for the first time.
    func mind(_ place: Int) {
        let account = people[place].account
        _ = town.took(StakingMessage.claim(account).message, from: account)
        guard ValidatorsQueries(town.context).member(of: account) != nil else {
            stand(place)
            return
        }
        let more = Self.floor(Self.share(town.balance(of: account), 500_000))
        if more > .zero {
            _ = town.took(ValidatorsMessage.addStake(more).message, from: account)
        }
        _ = town.took(ValidatorsMessage.resume.message, from: account)
    }

    /// Anybody else's month: it claims, moves its stake towards what it wants, and spends a
    /// fiftieth.
    func settle(_ place: Int) {
        let citizen = people[place]
        let operators = StakingQueries(town.context).delegations(of: citizen.account)
        var staked = Amount.zero
        for entry in operators {
            _ = town.took(StakingMessage.claim(entry.operator).message, from: citizen.account)
            let worth = StakingQueries(town.context).worth(
                of: citizen.account, behind: entry.operator)
            staked = staked.adding(worth) ?? staked
        }
        adjust(place, staked: staked)
        let spent = Self.share(town.balance(of: citizen.account), 20_000)
        guard spent > .zero else { return }
        pay(spent, to: people[random.below(people.count)].account, from: citizen.account)
    }

    private func adjust(_ place: Int, staked: Amount) {
        let citizen = people[place]
        let wealth = town.balance(of: citizen.account).adding(staked) ?? staked
        let isContent = yield >= citizen.wantedYield
        guard isContent || yield * 10 < citizen.wantedYield * 7 else { return }
        let wanted = Self.share(
            wealth, isContent ? Self.contentShare : Self.discontentShare)
        let patience = Self.share(wealth, Self.patienceShare)
        if let more = wanted.subtracting(staked), more > patience {
            delegate(Self.floor(more), place)
        } else if let less = staked.subtracting(wanted), less > patience {
            leave(Self.floor(less), place)
        }
    }

    /// Puts stake behind its validator; when that one takes none, it chooses the cheaper of two.
    private func delegate(_ amount: Amount, _ place: Int) {
        func order() -> Bool {
            let citizen = people[place]
            let order = StakeOrder(
                operator: people[citizen.validator].account, amount: amount,
                compounds: citizen.compounds)
            return town.took(StakingMessage.delegate(order).message, from: citizen.account)
        }
        guard !order() else { return }
        let pair = [
            random.below(EconomyPlan.validators), random.below(EconomyPlan.validators),
        ]
        people[place].validator =
            people[pair[0]].commission <= people[pair[1]].commission ? pair[0] : pair[1]
        _ = order()
    }

    private func leave(_ amount: Amount, _ place: Int) {
        let citizen = people[place]
        for entry in StakingQueries(town.context).delegations(of: citizen.account) {
            let order = StakeOrder(
                operator: entry.operator, amount: amount, compounds: citizen.compounds)
            if town.took(StakingMessage.undelegate(order).message, from: citizen.account) {
                return
            }
        }
    }

    /// Whole units, rounded down.
    static func floor(_ amount: Amount) -> Amount { Amount(whole: whole(amount)) }
}
