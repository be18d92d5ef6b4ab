// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension GovernanceModule {
    /// The most stages that end in one block: eight, each at most one execution.
    static let stagesPerBlockMax = 8

    /// Ends the stages whose time has come, the earliest first (GOVERNANCE-9).
    func advance(in context: ExecutionContext) {
        let due = context.scan(
            .governance, prefix: [GovernanceKeys.duePrefix], after: nil,
            limit: Self.stagesPerBlockMax)
        for entry in due {
            guard GovernanceKeys.number(in: entry.key, at: 1) <= context.block.time.value else {
                return
            }
            context.set(.governance, entry.key, nil)
            let number = GovernanceKeys.number(in: entry.key, at: 9)
            guard let proposal = GovernanceQueries(context).proposal(number) else { continue }
            switch proposal.stage {
            case .discussion: beginVoting(proposal, number, in: context)
            case .voting: decide(proposal, number, in: context)
            case .queued: carryOut(proposal, number, in: context)
            case .executed: lapse(proposal, number, in: context)
            case .rejected, .vetoed, .failed, .withdrawn: continue
            }
        }
    }

    /// From here on people vote, with what they have now.
    private func beginVoting(
        _ proposal: Proposal, _ number: UInt64, in context: ExecutionContext
    ) {
        let queries = GovernanceQueries(context)
        let rules = queries.rules(of: proposal.draft.kind)
        let now = context.block.time
        let power = queries.total(at: context.block.height)
        var voting = proposal
        voting.stage = .voting
        voting.since = now
        voting.snapshot = context.block.height
        voting.ends = now.advanced(by: rules.voting)
        voting.tallies = rules.houses.map { house in
            var tally = Tally()
            tally.total =
                switch house.electorate {
                case .stake: power.stake
                case .roots: power.roots
                case .council, .emergency, .board: queries.seats(of: house.electorate).total
                }
            return tally
        }
        write(voting, number, in: context)
        context.set(.governance, GovernanceKeys.due(voting.ends, number), [1])
        context.emit(
            .votingBegan, GovernanceNote(number, proposal.proposer, weight: power.stake))
    }

    /// Finds what was decided: a veto, a rejection, or that it passed (GOVERNANCE-9).
    private func decide(_ proposal: Proposal, _ number: UInt64, in context: ExecutionContext) {
        let queries = GovernanceQueries(context)
        let rules = queries.rules(of: proposal.draft.kind)
        let hasQuorum = Self.hasQuorum(proposal, rules)
        let veto = queries.parameters.vetoPartsPerMillion
        let isVetoed = proposal.tallies.contains { tally in
            tally.veto > 0 && !HouseRule.isBelow(tally.veto, veto, of: tally.cast)
        }
        if hasQuorum, isVetoed {
            close(proposal, number, as: .vetoed, keepsDeposit: false, in: context)
            context.emit(.vetoed, GovernanceNote(number, proposal.proposer))
            return
        }
        guard hasQuorum, zip(rules.houses, proposal.tallies).allSatisfy({ $0.approves($1) }) else {
            // What nobody cared for costs its deposit: spam does not come back (GOVERNANCE-5).
            close(proposal, number, as: .rejected, keepsDeposit: hasQuorum, in: context)
            context.emit(.rejected, GovernanceNote(number, proposal.proposer))
            return
        }
        var passed = proposal
        passed.stage = .queued
        passed.since = context.block.time
        passed.ends = context.block.time.advanced(by: rules.timeLock)
        write(passed, number, in: context)
        context.set(.governance, GovernanceKeys.due(passed.ends, number), [1])
        context.emit(.passed, GovernanceNote(number, proposal.proposer))
    }

    /// Ends a proposal; its deposit comes back or is burnt.
    func close(
        _ proposal: Proposal, _ number: UInt64, as stage: ProposalStage, keepsDeposit: Bool,
        in context: ExecutionContext
    ) {
        do {
            if keepsDeposit {
                try bank.release(
                    proposal.deposit, from: .deposit(number), to: proposal.proposer, in: context)
            } else {
                try bank.burn(proposal.deposit, from: .deposit(number), in: context)
            }
        } catch {
            preconditionFailure("a deposit is there until its proposal ends: \(error)")
        }
        var closed = proposal
        closed.deposit = .zero
        closed.stage = stage
        closed.since = context.block.time
        write(closed, number, in: context)
        var counts = GovernanceQueries(context).counts
        counts.open -= min(counts.open, 1)
        context.set(.governance, GovernanceKeys.counts, counts.canonicalBytes)
    }
}
