// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Staking
import Vocabulary

/// The purses of the module Staking as escrows of the accounts module, and its shares as assets.
struct StakesInPurses: StakingBank {
    let accounts: AccountsModule

    func deposit(
        _ amount: Amount, of asset: AssetID, from account: AccountID, into purse: Purse,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: asset, from: account, as: Self.key(purse), in: context)
    }

    func pay(
        _ amount: Amount, from purse: Purse, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: Self.key(purse), to: account, in: context)
    }

    func move(
        _ amount: Amount, from purse: Purse, into other: Purse, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.move(amount, from: Self.key(purse), into: Self.key(other), in: context)
    }

    func burn(
        _ amount: Amount, from purse: Purse, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.burn(amount, from: Self.key(purse), in: context)
    }

    func balance(of purse: Purse, in state: any StateReader) -> Amount {
        accounts.escrow(Self.key(purse), in: state)?.amount ?? .zero
    }

    func issue(
        _ shares: Amount, of asset: AssetID, symbol: String, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.issue(
            shares, of: asset, symbol: symbol, by: .staking, to: account, in: context)
    }

    func redeem(
        _ shares: Amount, of asset: AssetID, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.redeem(shares, of: asset, by: .staking, from: account, in: context)
    }

    static func key(_ purse: Purse) -> EscrowKey { EscrowKey(module: .staking, id: purse.id) }
}
