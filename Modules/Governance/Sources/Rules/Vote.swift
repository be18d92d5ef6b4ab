// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension GovernanceModule {
    /// Says what an account wants, in every electorate it belongs to, with what it had when voting
    /// began (GOVERNANCE-7).
    func vote(
        _ choice: Choice, on number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var proposal = try known(number, in: context)
        guard proposal.stage == .voting, context.block.time < proposal.ends else {
            throw .governance(.wrongStage, "nobody votes on proposal \(number) now")
        }
        let queries = GovernanceQueries(context)
        let rules = queries.rules(of: proposal.draft.kind)
        let hadQuorum = Self.hasQuorum(proposal, rules)
        var weight: UInt128 = 0
        for (place, house) in rules.houses.enumerated() where place < proposal.tallies.count {
            weight += try cast(
                choice, in: house.electorate, &proposal.tallies[place], number, sender,
                since: proposal.snapshot, in: context)
        }
        guard weight > 0 else {
            throw .governance(.noVote, "account \(sender) had nothing to vote with")
        }
        keepLock(of: sender, until: proposal.ends, in: context)
        let late = queries.parameters.lateMilliseconds
        if !hadQuorum, Self.hasQuorum(proposal, rules), !proposal.isExtended,
            context.block.time.advanced(by: late) > proposal.ends
        {
            extend(&proposal, number, by: late, in: context)
            keepLock(of: sender, until: proposal.ends, in: context)
        }
        write(proposal, number, in: context)
        context.emit(.voted, GovernanceNote(number, sender, weight: weight, detail: "\(choice)"))
    }

    static func hasQuorum(_ proposal: Proposal, _ rules: KindRules) -> Bool {
        zip(rules.houses, proposal.tallies).allSatisfy { $0.hasQuorum($1) }
    }

    /// Makes voting longer, once, when the quorum was reached late (GOVERNANCE-8).
    private func extend(
        _ proposal: inout Proposal, _ number: UInt64, by late: UInt64, in context: ExecutionContext
    ) {
        context.set(.governance, GovernanceKeys.due(proposal.ends, number), nil)
        proposal.ends = context.block.time.advanced(by: late)
        proposal.isExtended = true
        context.set(.governance, GovernanceKeys.due(proposal.ends, number), [1])
        context.emit(.extended, GovernanceNote(number, proposal.proposer))
    }

    /// Locked units stay as long as a vote of theirs goes on.
    private func keepLock(
        of account: AccountID, until end: Timestamp, in context: ExecutionContext
    ) {
        guard var lock = GovernanceQueries(context).lock(of: account), lock.busy < end else {
            return
        }
        lock.busy = end
        context.set(.governance, GovernanceKeys.lock(account), lock.canonicalBytes)
    }

    /// Counts one account in one electorate.
    ///
    /// - Returns: With how much.
    private func cast(
        _ choice: Choice, in electorate: Electorate, _ tally: inout Tally, _ number: UInt64,
        _ sender: AccountID, since: BlockHeight, in context: ExecutionContext
    ) throws(Refusal) -> UInt128 {
        let queries = GovernanceQueries(context)
        let former = queries.ballot(of: sender, on: number, in: electorate)
        if former?.choice == choice {
            throw .governance(.sameVote, "account \(sender) has said so")
        }
        let weight: UInt128
        if let former {
            weight = former.weight
        } else {
            weight = weigh(sender, electorate, &tally, number, since: since, in: context)
        }
        guard weight > 0 else { return 0 }
        if let former { tally[former.choice] -= former.weight }
        tally[choice] += weight
        context.set(
            .governance, GovernanceKeys.ballot(number, electorate, sender),
            Ballot(choice: choice, weight: weight).canonicalBytes)
        return weight
    }

    /// What an account's first vote weighs; what a delegate has voted with is taken from it.
    private func weigh(
        _ sender: AccountID, _ electorate: Electorate, _ tally: inout Tally, _ number: UInt64,
        since: BlockHeight, in context: ExecutionContext
    ) -> UInt128 {
        let queries = GovernanceQueries(context)
        let power = queries.power(of: sender, at: since)
        switch electorate {
        // Who is no person any longer has no vote, whatever it had when voting began.
        case .roots: return stakes.person(of: sender, in: context) == nil ? 0 : power.root
        case .council, .emergency, .board: return queries.seats(of: electorate).weight(of: sender)
        case .stake: break
        }
        if let delegate = power.delegate {
            takeBack(power.own, from: delegate, &tally, number, in: context)
        }
        let taken: Amount =
            GovernanceQueries.decoded(
                context.value(.governance, GovernanceKeys.overridden(number, sender))) ?? .zero
        let received = power.received.subtracting(taken) ?? .zero
        return power.own.adding(received)?.units ?? .max
    }

    /// Who votes itself takes its stake out of its delegate's vote (GOVERNANCE-4).
    private func takeBack(
        _ amount: Amount, from delegate: AccountID, _ tally: inout Tally, _ number: UInt64,
        in context: ExecutionContext
    ) {
        let key = GovernanceKeys.ballot(number, .stake, delegate)
        if var ballot: Ballot = GovernanceQueries.decoded(context.value(.governance, key)) {
            let taken = min(ballot.weight, amount.units)
            ballot.weight -= taken
            tally[ballot.choice] -= taken
            context.set(.governance, key, ballot.canonicalBytes)
            return
        }
        let note = GovernanceKeys.overridden(number, delegate)
        let before: Amount =
            GovernanceQueries.decoded(context.value(.governance, note)) ?? .zero
        context.set(.governance, note, (before.adding(amount) ?? before).canonicalBytes)
    }
}
