// SPDX-License-Identifier: Apache-2.0
import Governance
import JSONText
import Ledger
import Vocabulary

/// What passed, carried out by the modules it is for.
struct LawInHouse: LawDesk {
    let modules: [any LedgerModule]

    func execute(
        _ message: Message, as account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard let module = modules.first(where: { $0.id == message.module }) else {
            throw .ledger(.unknownModule, "no module \(message.module.value) for a proposal")
        }
        try module.execute(message.payload, from: account, in: context)
    }

    func figures(of module: ModuleID, in state: any StateReader) -> JSON? {
        adjustable(module)?.figures(in: state)
    }

    func adjust(
        _ module: ModuleID, to figures: JSON, in context: ExecutionContext
    ) throws(Refusal) {
        guard let adjustable = adjustable(module) else {
            throw .ledger(.unknownModule, "module \(module.value) has no figures to change")
        }
        do {
            try adjustable.adjust(to: figures, in: context)
        } catch {
            throw Refusal(
                module: .governance, code: GovernanceRefusal.badChange.rawValue,
                name: GovernanceRefusal.badChange.name, detail: "\(error.pointer) \(error.reason)")
        }
    }

    private func adjustable(_ module: ModuleID) -> (any AdjustableModule)? {
        modules.first { $0.id == module } as? any AdjustableModule
    }
}
