// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

extension GovernanceModule {
    /// Submits a draft with a deposit that grows with what is open (GOVERNANCE-5).
    func propose(
        _ draft: Draft, _ deposit: Amount, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let queries = GovernanceQueries(context)
        let parameters = queries.parameters
        try checkProposer(sender, of: draft, in: context)
        try check(draft, in: context)
        var counts = queries.counts
        let least = parameters.deposit(open: counts.open)
        guard deposit >= least, deposit > .zero else {
            throw .governance(.depositTooSmall, "the deposit is \(deposit); the least is \(least)")
        }
        let number = counts.next
        counts.next += 1
        counts.open += 1
        context.set(.governance, GovernanceKeys.counts, counts.canonicalBytes)
        try bank.hold(deposit, from: sender, in: .deposit(number), context)
        let now = context.block.time
        let ends = now.advanced(by: queries.rules(of: draft.kind).discussion)
        let proposal = Proposal(draft, by: sender, deposit: deposit, from: now, to: ends)
        write(proposal, number, in: context)
        context.set(.governance, GovernanceKeys.due(ends, number), [1])
        context.emit(.proposed, GovernanceNote(number, sender, detail: draft.title))
    }

    private func checkProposer(
        _ sender: AccountID, of draft: Draft, in context: ExecutionContext
    ) throws(Refusal) {
        let queries = GovernanceQueries(context)
        if draft.kind == .emergency {
            guard queries.seats(of: .emergency).weight(of: sender) > 0 else {
                throw .governance(.notAllowed, "emergencies are the emergency council's")
            }
            return
        }
        let power = queries.power(of: sender, at: context.block.height)
        let least = queries.parameters.proposerMin
        guard power.own >= least else {
            throw .governance(.stakeTooSmall, "\(power.own) is at stake; the least is \(least)")
        }
    }

    /// Checks that a draft does what its kind may, and that each figure is known, within its range
    /// and not protected (GOVERNANCE-6, GOVERNANCE-12).
    func check(_ draft: Draft, in context: ExecutionContext) throws(Refusal) {
        let hasControls = draft.title.unicodeScalars.contains { $0.value < 0x20 }
        guard (1...Draft.titleBytesMax).contains(draft.title.utf8.count), !hasControls else {
            throw .governance(.badDraft, "a title has 1 to \(Draft.titleBytesMax) plain bytes")
        }
        let version = GovernanceQueries(context).version
        guard Self.allows(draft, version) else {
            throw .governance(.badDraft, "a proposal of kind \(draft.kind) does not do that")
        }
        if let upgrade = draft.upgrade {
            guard upgrade.version == GovernanceQueries(context).version + 1 else {
                throw .governance(.badVersion, "version \(upgrade.version) is not the next one")
            }
        }
        for change in draft.changes { try checkProtection(of: change, draft.kind, in: context) }
        // Tried, and undone: a figure out of its range is found before anybody votes.
        try context.attempt { () throws(Refusal) in _ = try apply(draft.changes, in: context) }
    }

    /// Whether a kind may do what a draft does.
    private static func allows(_ draft: Draft, _ version: UInt32) -> Bool {
        // The exchange, persons and the board came with version 2 of the rules (UPGRADES-1).
        let isNew = version >= 2
        let modules = Set(draft.messages.map(\.module))
        let elects = draft.messages.contains(where: electsBoard)
        let isUpgrade = draft.upgrade != nil
        switch draft.kind {
        case .text: return draft.changes.isEmpty && modules.isEmpty && !isUpgrade
        case .parameter, .emergency:
            return !draft.changes.isEmpty && modules.isEmpty && !isUpgrade
        case .treasury:
            return draft.changes.isEmpty && !modules.isEmpty && !isUpgrade
                && modules.isSubset(
                    of: isNew
                        ? [.treasury, .accounts, .staking, .exchange]
                        : [.treasury, .accounts, .staking])
        case .upgrade: return draft.changes.isEmpty && modules.isEmpty && isUpgrade
        case .validators:
            return !isUpgrade && modules.isEmpty && !draft.changes.isEmpty
                && draft.changes.allSatisfy { $0.module == .validators }
        case .role:
            return !isUpgrade && draft.changes.isEmpty && !modules.isEmpty && !elects
                && modules.isSubset(
                    of: isNew ? [.governance, .exchange, .identities] : [.governance])
        case .board:
            return isNew && !isUpgrade && draft.changes.isEmpty && !draft.messages.isEmpty
                && draft.messages.allSatisfy(electsBoard)
        case .constitutional:
            return !isUpgrade && !elects && !(draft.changes.isEmpty && modules.isEmpty)
                && modules.isSubset(of: [.governance])
        }
    }

    /// Whether a message fills the seats of the board, which its own kind alone does.
    private static func electsBoard(_ message: Message) -> Bool {
        guard message.module == .governance,
            case .setSeats(.board, _)? = try? GovernanceMessage(canonicalBytes: message.payload)
        else { return false }
        return true
    }

    private func checkProtection(
        of change: FigureChange, _ kind: ProposalKind, in context: ExecutionContext
    ) throws(Refusal) {
        let guardian = GovernanceQueries(context).guardian(of: change.module, change.name)
        guard !guardian.never else {
            throw .governance(.unamendable, "\(change.name) can never be changed")
        }
        if let wanted = guardian.kind, wanted != kind {
            throw .governance(
                .badChange, "only a proposal of kind \(wanted) changes \(change.name)")
        }
    }

    /// Sets figures, those of a module at once: shares that add up change together. Before the
    /// second version of the rules each was set alone (UPGRADES-2).
    ///
    /// - Returns: The changes that undo them, in their order.
    func apply(
        _ changes: [FigureChange], in context: ExecutionContext
    ) throws(Refusal) -> [FigureChange] {
        guard GovernanceQueries(context).version >= 2 else {
            var undoing: [FigureChange] = []
            for change in changes { undoing += try apply([change], of: change.module, in: context) }
            return undoing
        }
        var modules: [ModuleID] = []
        for change in changes where !modules.contains(change.module) {
            modules.append(change.module)
        }
        var undoing: [FigureChange] = []
        for module in modules {
            undoing += try apply(
                changes.filter { $0.module == module }, of: module, in: context)
        }
        return undoing
    }

    private func apply(
        _ changes: [FigureChange], of module: ModuleID, in context: ExecutionContext
    ) throws(Refusal) -> [FigureChange] {
        var members = desk.figures(of: module, in: context)?.members ?? []
        var undoing: [FigureChange] = []
        for change in changes {
            guard let place = members.firstIndex(where: { $0.name == change.name }) else {
                throw .governance(.badChange, "there is no figure \(change.name) to change")
            }
            guard let value = try? JSON(parsing: Array(change.value.utf8)) else {
                throw .governance(.badChange, "the value of \(change.name) is not JSON")
            }
            undoing.append(
                FigureChange(
                    module: module, name: change.name, value: members[place].value.compact))
            members[place] = JSON.Member(change.name, value)
        }
        try desk.adjust(module, to: .object(members), in: context)
        return undoing
    }

    /// Takes a proposal back before people vote; its deposit comes back (GOVERNANCE-5).
    func withdraw(
        _ number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let proposal = try known(number, in: context)
        guard proposal.proposer == sender else {
            throw .governance(.notAllowed, "proposal \(number) is not account \(sender)'s")
        }
        guard proposal.stage == .discussion else {
            throw .governance(.wrongStage, "proposal \(number) is beyond discussion")
        }
        context.set(.governance, GovernanceKeys.due(proposal.ends, number), nil)
        close(proposal, number, as: .withdrawn, keepsDeposit: true, in: context)
        context.emit(.withdrawn, GovernanceNote(number, sender))
    }

    func known(_ number: UInt64, in context: ExecutionContext) throws(Refusal) -> Proposal {
        guard let proposal = GovernanceQueries(context).proposal(number) else {
            throw .governance(.unknownProposal, "there is no proposal \(number)")
        }
        return proposal
    }

    func write(_ proposal: Proposal, _ number: UInt64, in context: ExecutionContext) {
        context.set(.governance, GovernanceKeys.proposal(number), proposal.canonicalBytes)
    }
}

extension ExecutionContext {
    /// Runs `body` and undoes it, whatever comes of it.
    ///
    /// - Throws: What `body` throws.
    func attempt(_ body: () throws(Refusal) -> Void) throws(Refusal) {
        let undone = Refusal(module: .governance, code: 0, name: "undone", detail: "")
        do {
            try atomically { () throws(Refusal) in
                try body()
                throw undone
            }
        } catch {
            guard error != undone else { return }
            throw error
        }
    }
}
