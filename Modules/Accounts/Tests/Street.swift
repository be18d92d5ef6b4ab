// SPDX-License-Identifier: Apache-2.0
import Accounts
import JSONText
import Ledger
import Testing
import Vocabulary

/// A state with two accounts and two assets, and the module over it.
struct Street {
    let accounts = AccountsModule()
    let context = ExecutionContext(
        block: BlockContext(
            chain: ChainID(.zero), height: BlockHeight(1), time: Timestamp(1),
            proposer: Street.account(9)),
        base: EmptyState())
    let alice = Street.account(1)
    let bob = Street.account(2)
    let coral = AssetID(7)

    init() throws {
        let genesis = AccountsGenesis(
            assets: [AccountsGenesis.NamedAsset(id: coral, symbol: "CRL")],
            balances: [
                AccountsGenesis.Balance(alice, Amount(1_000)),
                AccountsGenesis.Balance(alice, Amount(50), of: coral),
                AccountsGenesis.Balance(bob, Amount(10)),
            ])
        try accounts.initialise(from: genesis.json, in: context)
    }

    static func account(_ number: UInt8) -> AccountID { AccountID(Bytes32 { $0[0] = number }) }

    /// Sends as a transaction would: all parts or none.
    func transfer(_ parts: Transfer.Part..., from sender: AccountID) throws(Refusal) {
        let payload = AccountsMessage.transfer(Transfer(parts)).message.payload
        try context.atomically { () throws(Refusal) in
            try accounts.execute(payload, from: sender, in: context)
        }
    }

    func balance(_ account: AccountID, _ asset: AssetID = .native) -> UInt128 {
        accounts.balance(of: account, asset, in: context).units
    }

    func supply(_ asset: AssetID = .native) -> UInt128? {
        accounts.asset(asset, in: context)?.supply.units
    }

    /// Every invariant holds, judged from the changes and from the whole.
    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(accounts.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(accounts.breaches(in: context) == [], sourceLocation: sourceLocation)
    }
}
