// SPDX-License-Identifier: Apache-2.0
import Governance
import Identities
import JSONText
import Ledger
import Treasury
import Vocabulary

/// Which version of the rules holds, as the state says (UPGRADES-1).
struct RulesOfGovernance: RulesClock {
    func version(in state: any StateReader) -> UInt32 { GovernanceQueries(state).version }
}

/// A room that came with a version of the rules: before it, the chain answers as programs did that
/// did not know the room, so that old blocks are replayed to the same roots (UPGRADES-2).
struct ModuleSince<Inner: AdjustableModule>: AdjustableModule {
    let first: UInt32
    let inner: Inner
    let rules = RulesOfGovernance()

    var id: ModuleID { inner.id }
    var name: String { inner.name }

    private func isKnown(in state: any StateReader) -> Bool {
        rules.version(in: state) >= first
    }

    func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard isKnown(in: context) else {
            throw .ledger(.unknownModule, "no module \(id.value) on this chain")
        }
        try inner.execute(payload, from: sender, in: context)
    }

    func resources(of payload: [UInt8]) -> [Bytes32]? { inner.resources(of: payload) }
    func parties(to event: Event) -> [Bytes32] { inner.parties(to: event) }

    func endBlock(in context: ExecutionContext) {
        guard isKnown(in: context) else { return }
        inner.endBlock(in: context)
    }

    /// A genesis of old rules that does not name the room leaves no trace of it.
    func initialise(from genesis: JSON, in context: ExecutionContext) throws(GenesisFailure) {
        guard isKnown(in: context) || genesis.members?.isEmpty == false else { return }
        try inner.initialise(from: genesis, in: context)
    }

    func figures(in state: any StateReader) -> JSON {
        isKnown(in: state) ? inner.figures(in: state) : .null
    }

    func adjust(to figures: JSON, in context: ExecutionContext) throws(GenesisFailure) {
        try inner.adjust(to: figures, in: context)
    }

    func breaches(after block: ExecutionContext) -> [String] {
        isKnown(in: block) ? inner.breaches(after: block) : []
    }
    func breaches(in state: any StateReader) -> [String] {
        isKnown(in: state) ? inner.breaches(in: state) : []
    }
}

/// Persons as issuers vouch for them (IDENTITIES-14).
struct PersonsOfIssuers: PersonBook {
    func person(of account: AccountID, in state: any StateReader) -> Bytes32? {
        IdentitiesQueries(state).person(of: account)?.person.raw
    }
}

/// Votes follow persons: who begins or ceases to be one is noted at once.
struct VotesFollowPersons: PersonWatcher {
    let governance: GovernanceModule

    func personChanged(_ account: AccountID, in context: ExecutionContext) {
        governance.refresh(account, in: context)
    }
}
