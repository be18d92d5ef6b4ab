// SPDX-License-Identifier: Apache-2.0
public import Ledger
import Vocabulary

extension GovernanceModule {
    /// Does what a proposal wants, wholly or not at all; nobody has to ask (GOVERNANCE-10).
    func carryOut(_ proposal: Proposal, _ number: UInt64, in context: ExecutionContext) {
        let queries = GovernanceQueries(context)
        let latest = proposal.ends.advanced(by: queries.parameters.expiryMilliseconds)
        do {
            guard context.block.time <= latest else {
                throw Refusal.governance(.wrongStage, "it expired at \(latest)")
            }
            let undoing = try context.atomically { () throws(Refusal) in
                try perform(proposal.draft, number, in: context)
            }
            close(proposal, number, as: .executed, keepsDeposit: true, in: context)
            if proposal.draft.kind == .emergency { remember(undoing, number, in: context) }
            context.emit(.executed, GovernanceNote(number, proposal.proposer))
        } catch {
            close(proposal, number, as: .failed, keepsDeposit: true, in: context)
            context.emit(
                .failed, GovernanceNote(number, proposal.proposer, detail: "\(error)"))
        }
    }

    /// What a draft does.
    ///
    /// - Returns: The changes that undo its changes of figures, the last first.
    private func perform(
        _ draft: Draft, _ number: UInt64, in context: ExecutionContext
    ) throws(Refusal) -> [FigureChange] {
        // The constitution may have changed since it was submitted.
        try check(draft, in: context)
        let undoing = try apply(draft.changes, in: context)
        for before in undoing { note(before, in: context) }
        for change in draft.changes {
            context.emit(
                .figureChanged,
                GovernanceNote(
                    number, GovernanceKeys.account, detail: "\(change.name): \(change.value)"))
        }
        for message in draft.messages {
            try desk.execute(message, as: GovernanceKeys.account, in: context)
        }
        if let upgrade = draft.upgrade { wait(for: upgrade, in: context) }
        if let emergency = draft.ratifies {
            context.set(.governance, GovernanceKeys.lapse(emergency), nil)
            context.emit(.ratified, GovernanceNote(emergency, GovernanceKeys.account))
        }
        return undoing.reversed()
    }

    /// Keeps an earlier value of a figure (GOVERNANCE-11).
    private func note(_ before: FigureChange, in context: ExecutionContext) {
        let key =
            GovernanceKeys.history(before.module, before.name)
            + GovernanceKeys.bigEndian(context.block.height.value)
        context.set(.governance, key, Array(before.value.utf8))
    }

    /// An emergency's changes are undone after a while, unless they are ratified (GOVERNANCE-13).
    private func remember(
        _ undoing: [FigureChange], _ number: UInt64, in context: ExecutionContext
    ) {
        context.set(
            .governance, GovernanceKeys.lapse(number), Lapse(changes: undoing).canonicalBytes)
        let due = context.block.time.advanced(
            by: GovernanceQueries(context).parameters.lapseMilliseconds)
        context.set(.governance, GovernanceKeys.due(due, number), [1])
    }

    func lapse(_ proposal: Proposal, _ number: UInt64, in context: ExecutionContext) {
        let key = GovernanceKeys.lapse(number)
        guard let lapse: Lapse = GovernanceQueries.decoded(context.value(.governance, key)) else {
            return
        }
        context.set(.governance, key, nil)
        undo(lapse.changes, in: context)
        context.emit(.lapsed, GovernanceNote(number, proposal.proposer))
    }

    /// Undoes changes: all at once or, where a figure was changed lawfully since then and refuses,
    /// each that does not; those that do stay as they are.
    private func undo(_ changes: [FigureChange], in context: ExecutionContext) {
        func set(_ changes: [FigureChange]) throws(Refusal) {
            try context.atomically { () throws(Refusal) in
                for before in try apply(changes, in: context) { note(before, in: context) }
            }
        }
        if GovernanceQueries(context).version >= 2, (try? set(changes)) != nil { return }
        for change in changes { try? set([change]) }
    }

    /// What a draft would change if it were carried out over a state, for people to see before
    /// they vote (GOVERNANCE-10).
    ///
    /// - Throws: What it would be refused with.
    public func simulate(
        _ draft: Draft, in block: BlockContext, over state: any StateReader
    ) throws(Refusal) -> [StateChange] {
        let context = ExecutionContext(block: block, base: state)
        _ = try perform(draft, .max, in: context)
        return (0...UInt8.max).flatMap { context.changes(of: ModuleID($0)) }
    }
}
