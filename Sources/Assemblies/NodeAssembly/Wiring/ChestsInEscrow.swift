// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Treasury
import Vocabulary

/// The chests of the module Treasury as escrows of the accounts module.
struct ChestsInEscrow: TreasuryBank {
    let accounts: AccountsModule

    func deposit(
        _ amount: Amount, from account: AccountID, into chest: Chest, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: chest.asset, from: account, as: key(chest), in: context)
    }

    func pay(
        _ amount: Amount, from chest: Chest, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: key(chest), to: account, in: context)
    }

    func move(
        _ amount: Amount, from chest: Chest, into other: Chest, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.move(amount, from: key(chest), into: key(other), in: context)
    }

    func balance(of chest: Chest, in state: any StateReader) -> Amount {
        accounts.escrow(key(chest), in: state)?.amount ?? .zero
    }

    private func key(_ chest: Chest) -> EscrowKey {
        EscrowKey(module: .treasury, id: chest.id)
    }
}

/// What accounts of several signers decided, carried out by the modules it is for.
struct AgreedMessages: Dispatcher {
    let modules: [any LedgerModule]

    func execute(
        _ message: Message, as account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard let module = modules.first(where: { $0.id == message.module }) else {
            throw .ledger(.unknownModule, "no module \(message.module.value) for a decision")
        }
        try module.execute(message.payload, from: account, in: context)
    }
}
