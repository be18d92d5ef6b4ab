// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Exchange
import Ledger
import Vocabulary

/// The vaults of the module Exchange as escrows of the accounts module, and its shares as assets.
struct VaultsInEscrow: ExchangeBank {
    let accounts: AccountsModule

    func deposit(
        _ amount: Amount, of asset: AssetID, from account: AccountID, into vault: Vault,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: asset, from: account, as: key(vault), in: context)
    }

    func pay(
        _ amount: Amount, from vault: Vault, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: key(vault), to: account, in: context)
    }

    func burn(_ amount: Amount, from vault: Vault, in context: ExecutionContext) throws(Refusal) {
        try accounts.burn(amount, from: key(vault), in: context)
    }

    func issue(
        _ shares: Amount, of asset: AssetID, symbol: String, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.issue(
            shares, of: asset, symbol: symbol, by: .exchange, to: account, in: context)
    }

    func redeem(
        _ shares: Amount, of asset: AssetID, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.redeem(shares, of: asset, by: .exchange, from: account, in: context)
    }

    func balance(of vault: Vault, in state: any StateReader) -> Amount {
        accounts.escrow(key(vault), in: state)?.amount ?? .zero
    }

    func supply(of asset: AssetID, in state: any StateReader) -> Amount? {
        accounts.asset(asset, in: state)?.supply
    }

    private func key(_ vault: Vault) -> EscrowKey {
        var encoder = CanonicalEncoder(capacity: 80)
        encoder.writeFixed(Array("atoll/exchange-vault/1".utf8) + [0])
        switch vault {
        case .reserve(let pool, let asset):
            encoder.writeTag(0)
            encoder.write(pool)
            encoder.write(asset)
        case .lock(let pool, let account):
            encoder.writeTag(1)
            encoder.write(pool)
            encoder.write(account)
        case .fund: encoder.writeTag(2)
        case .furnace(let asset):
            encoder.writeTag(3)
            encoder.write(asset)
        }
        return EscrowKey(module: .exchange, id: SHA256.hash(encoder.bytes).raw)
    }
}
