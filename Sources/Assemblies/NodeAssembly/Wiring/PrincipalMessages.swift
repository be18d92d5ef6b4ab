// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Mandates
import Vocabulary

/// Messages of principals, carried out by the modules they are for, and what they cost.
struct PrincipalMessages: PrincipalDesk {
    let accounts: AccountsModule
    /// The modules whose messages a mandate can cover: all but that of mandates.
    let modules: [any LedgerModule]

    func carryOut(
        _ message: Message, for principal: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> [Spending] {
        guard let module = module(of: message) else {
            throw .ledger(.unknownModule, "no module \(message.module.value) for a principal")
        }
        let spent = try accounts.spending(of: principal, in: context) { () throws(Refusal) in
            try module.execute(message.payload, from: principal, in: context)
        }
        return spent.map { Spending(asset: $0.asset, amount: $0.amount) }
    }

    func resources(of message: Message) -> [Bytes32]? {
        module(of: message)?.resources(of: message.payload)
    }

    private func module(of message: Message) -> (any LedgerModule)? {
        modules.first { $0.id == message.module }
    }
}
