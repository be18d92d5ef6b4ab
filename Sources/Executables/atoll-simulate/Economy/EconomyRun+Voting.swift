// SPDX-License-Identifier: Apache-2.0
import Governance
import Ledger
import Treasury
import Vocabulary

/// How people govern: every quarter somebody asks for a payment, and those who vote do.
extension EconomyRun {
    /// Days between two wishes.
    private static let quarterDays: UInt64 = 90
    /// What a payment asks for, of a pool, in millionths.
    private static let paymentShare: UInt64 = 8_000

    /// A day of it.
    func govern() {
        if day % Self.quarterDays == 45 { propose() }
        for number in open.sorted() {
            guard let proposal = GovernanceQueries(town.context).proposal(number) else { continue }
            switch proposal.stage {
            case .discussion, .queued: continue
            case .voting: if voted.insert(number).inserted { vote(on: number) }
            case .executed:
                payments += 1
                close(proposal, number)
            case .rejected, .vetoed, .failed, .withdrawn: close(proposal, number)
            }
        }
    }

    private func close(_ proposal: Proposal, _ number: UInt64) {
        open.remove(number)
        guard let tally = proposal.tallies.first, tally.total > 0 else { return }
        let cast = UInt64(clamping: tally.cast / max(tally.total / 1_000_000, 1))
        turnout = max(turnout, min(cast, 1_000_000))
    }

    /// Who has most to vote with asks for a payment to somebody.
    private func propose() {
        let height = town.context.block.height
        let queries = GovernanceQueries(town.context)
        let largest = people.indices.max { left, right in
            queries.power(of: people[left].account, at: height).own
                < queries.power(of: people[right].account, at: height).own
        }
        guard let largest, let pool = plan.treasuries.first else { return }
        // No more than the limit lets out in one period.
        let limit = TreasuryQueries(town.context).limit(of: pool, .native)?.amount ?? treasury
        let payment = Payment(
            to: people[random.below(people.count)].account,
            Self.floor(min(limit, Self.share(treasury, Self.paymentShare))))
        let draft = Draft(
            kind: .treasury, title: "a payment",
            messages: [TreasuryMessage.spend(pool: pool, payments: [payment]).message])
        let number = queries.proposals(limit: 1_000).last.map { $0.number + 1 } ?? 0
        let deposit = queries.parameters.depositMin
        let message = GovernanceMessage.propose(draft, deposit: deposit).message
        if town.took(message, from: people[largest].account) { open.insert(number) }
    }

    private func vote(on number: UInt64) {
        for citizen in people where citizen.votes {
            let choice: Choice = citizen.agrees ? .yes : .no
            _ = town.took(
                GovernanceMessage.vote(number, choice).message, from: citizen.account)
        }
    }

    /// What decides a payment against everybody who usually votes: more than they have, and the
    /// quorum of all there is then. Nothing where stake does not decide.
    var voteCost: UInt64? {
        let queries = GovernanceQueries(town.context)
        let rules = queries.rules(of: .treasury)
        guard rules.houses.count == 1, let house = rules.houses.first,
            house.electorate == .stake
        else { return nil }
        let total = queries.total(at: town.context.block.height).stake / Amount.unitsPerWhole
        // x yes against n no is approved from a share a on when x >= a / (1 - a) n.
        let against = total * UInt128(turnout) / 1_000_000
        let outvote =
            against * UInt128(house.approval) / UInt128(max(1_000_000 - house.approval, 1)) + 1
        // x of total + x is the quorum q when x >= q / (1 - q) total.
        let quorum = total * UInt128(house.quorum) / UInt128(max(1_000_000 - house.quorum, 1))
        return UInt64(clamping: max(outvote, quorum))
    }

    /// What one decision can take out of the treasuries.
    var voteGain: Amount {
        plan.treasuries.reduce(.zero) { sum, pool in
            let held = chest(.pool(pool))
            let limit = TreasuryQueries(town.context).limit(of: pool, .native)
            return sum.adding(min(held, limit?.amount ?? held)) ?? sum
        }
    }
}
