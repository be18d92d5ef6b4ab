// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Treasury
import Vocabulary

/// Balances and chests, kept in the same state as everything else.
struct Vaults: TreasuryBank, CellBank {
    static let module = ModuleID(99)

    private static func balanceKey(_ account: AccountID, _ asset: AssetID) -> [UInt8] {
        [1] + asset.canonicalBytes + account.raw.bytes
    }
    private static func chestKey(_ chest: Chest) -> [UInt8] {
        [2] + chest.asset.canonicalBytes + chest.id.bytes
    }

    func give(
        _ amount: Amount, _ asset: AssetID, to account: AccountID, in context: ExecutionContext
    ) { add(amount, to: Self.balanceKey(account, asset), in: context) }

    func balance(
        of account: AccountID, _ asset: AssetID = .native, in state: any StateReader
    ) -> Amount { amount(Self.balanceKey(account, asset), in: state) }

    /// Everything of an asset: balances and chests.
    func everything(_ asset: AssetID, in state: any StateReader) -> UInt128 {
        [1, 2].flatMap { kind in
            state.scan(
                Self.module, prefix: [kind] + asset.canonicalBytes, after: nil, limit: 10_000)
        }.reduce(0) { $0 + ((try? Amount(canonicalBytes: $1.value))?.units ?? 0) }
    }

    func deposit(
        _ amount: Amount, from account: AccountID, into chest: Chest, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.balanceKey(account, chest.asset), in: context)
        add(amount, to: Self.chestKey(chest), in: context)
    }

    func pay(
        _ amount: Amount, from chest: Chest, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.chestKey(chest), in: context)
        add(amount, to: Self.balanceKey(account, chest.asset), in: context)
    }

    func move(
        _ amount: Amount, from chest: Chest, into other: Chest, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.chestKey(chest), in: context)
        add(amount, to: Self.chestKey(other), in: context)
    }

    func balance(of chest: Chest, in state: any StateReader) -> Amount {
        amount(Self.chestKey(chest), in: state)
    }
}

/// Executes messages of the treasury itself.
struct TownClerk: Dispatcher {
    func execute(
        _ message: Message, as account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard message.module == .treasury else {
            throw Refusal(module: nil, code: 1, name: "unknownModule", detail: "none here")
        }
        try Hall.module.execute(message.payload, from: account, in: context)
    }
}

/// Accounts 10 to 19 are persons 10 to 14, two accounts each.
struct Register: PersonBook {
    func person(of account: AccountID, in state: any StateReader) -> Bytes32? {
        let number = account.raw.bytes[0]
        guard (10..<20).contains(number) else { return nil }
        return Bytes32 { $0[0] = 10 + number % 5 }
    }
}
