// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Exchange

/// Balances, vaults and supplies, kept in the same state as everything else.
struct Coffers: ExchangeBank, CellBank {
    static let module = ModuleID(99)

    private static func balanceKey(_ account: AccountID, _ asset: AssetID) -> [UInt8] {
        [1] + asset.canonicalBytes + account.raw.bytes
    }
    private static func vaultKey(_ vault: Vault) -> [UInt8] {
        switch vault {
        case .reserve(let pool, let asset):
            [2, 0] + asset.canonicalBytes + ExchangeKeys.bigEndian(pool)
        case .lock(let pool, let account): [2, 1] + ExchangeKeys.lock(pool, account)
        case .fund: [2, 2]
        case .furnace(let asset): [2, 3] + asset.canonicalBytes
        }
    }
    private static func supplyKey(_ asset: AssetID) -> [UInt8] { [3] + asset.canonicalBytes }

    private func add(
        _ amount: Amount, to key: [UInt8], in context: ExecutionContext
    ) throws(Refusal) {
        guard let sum = self.amount(key, in: context).adding(amount) else { throw Self.poor }
        context.set(Self.module, key, sum.canonicalBytes)
    }

    func give(
        _ amount: Amount, _ asset: AssetID, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try add(amount, to: Self.supplyKey(asset), in: context)
        try add(amount, to: Self.balanceKey(account, asset), in: context)
    }

    func balance(
        of account: AccountID, _ asset: AssetID, in state: any StateReader
    ) -> Amount { amount(Self.balanceKey(account, asset), in: state) }

    func deposit(
        _ amount: Amount, of asset: AssetID, from account: AccountID, into vault: Vault,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { throw Self.poor }
        try take(amount, from: Self.balanceKey(account, asset), in: context)
        try add(amount, to: Self.vaultKey(vault), in: context)
    }

    func pay(
        _ amount: Amount, from vault: Vault, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let asset: AssetID =
            switch vault {
            case .reserve(_, let asset), .furnace(let asset): asset
            case .lock(let pool, _): LiquidityPool.shareAsset(of: pool)
            case .fund: .native
            }
        try take(amount, from: Self.vaultKey(vault), in: context)
        try add(amount, to: Self.balanceKey(account, asset), in: context)
    }

    func burn(_ amount: Amount, from vault: Vault, in context: ExecutionContext) throws(Refusal) {
        guard case .furnace(let asset) = vault else { throw Self.poor }
        try take(amount, from: Self.vaultKey(vault), in: context)
        try take(amount, from: Self.supplyKey(asset), in: context)
    }

    func issue(
        _ shares: Amount, of asset: AssetID, symbol: String, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) { try give(shares, asset, to: account, in: context) }

    func redeem(
        _ shares: Amount, of asset: AssetID, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(shares, from: Self.balanceKey(account, asset), in: context)
        try take(shares, from: Self.supplyKey(asset), in: context)
    }

    func balance(of vault: Vault, in state: any StateReader) -> Amount {
        amount(Self.vaultKey(vault), in: state)
    }

    func supply(of asset: AssetID, in state: any StateReader) -> Amount? {
        state.value(Self.module, Self.supplyKey(asset)).flatMap { try? Amount(canonicalBytes: $0) }
    }

    /// Everything of an asset: balances and vaults.
    func everything(_ asset: AssetID, in state: any StateReader) -> UInt128 {
        func sum(_ prefix: [UInt8]) -> UInt128 {
            state.scan(Self.module, prefix: prefix, after: nil, limit: 10_000)
                .reduce(0) { $0 + ((try? Amount(canonicalBytes: $1.value))?.units ?? 0) }
        }
        let held =
            sum([1] + asset.canonicalBytes) + sum([2, 0] + asset.canonicalBytes)
            + sum([2, 3] + asset.canonicalBytes)
        return asset == .native ? held + sum([2, 2]) : held
    }
}

/// A chain that begins at time zero; accounts 0 to 9 have a million units of three assets each.
final class Bazaar {
    static let bank = Coffers()
    static let law = AccountID(Bytes32 { $0[31] = 1 })
    static let module = ExchangeModule(bank: bank, law: law)
    static let coral = AssetID(5)
    static let pearl = AssetID(6)
    static let assets = [AssetID.native, coral, pearl]
    static let plenty = Amount(whole: 1_000_000)

    private(set) var context: ExecutionContext

    init(_ genesis: JSON = [:], plenty: Amount = Bazaar.plenty, accounts: Int = 10) throws {
        context = .block(
            1, at: 0, over: EmptyState())
        for number in 0..<accounts {
            for asset in Self.assets {
                try Self.bank.give(plenty, asset, to: Self.account(number), in: context)
            }
        }
        try Self.module.initialise(from: genesis, in: context)
    }

    static func account(_ number: Int) -> AccountID {
        AccountID(Bytes32 { $0[0] = UInt8(number) })
    }

    /// Ends the block and starts the next, so much later.
    func wait(_ milliseconds: UInt64) {
        expectSound()
        context = .block(
            context.block.height.value + 1, at: context.block.time.value + milliseconds,
            over: context)
    }

    func send(_ message: ExchangeMessage, from number: Int) throws(Refusal) {
        try send(message, from: Self.account(number))
    }

    func send(_ message: ExchangeMessage, from account: AccountID) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try Self.module.execute(message.message.payload, from: account, in: context)
        }
    }

    /// Makes the pool 0 of native units and coral.
    func openPool(_ native: Amount, _ coral: Amount, fee: UInt64 = 3_000) throws(Refusal) {
        try send(
            .createPool(
                CreatePool(
                    AssetAmount(coral, of: Self.coral), AssetAmount(native, of: .native),
                    fee: fee)), from: 0)
    }

    func sell(
        _ amount: Amount, of asset: AssetID, least: Amount = .zero, from number: Int
    ) throws(Refusal) {
        try send(
            .swap(
                Swap(
                    pool: 0, selling: AssetAmount(amount, of: asset), least: least,
                    expires: context.block.time)), from: number)
    }

    var queries: ExchangeQueries { ExchangeQueries(context) }

    func balance(_ number: Int, _ asset: AssetID = .native) -> Amount {
        Self.bank.balance(of: Self.account(number), asset, in: context)
    }

    func shares(_ number: Int, pool: UInt64 = 0) -> Amount {
        balance(number, LiquidityPool.shareAsset(of: pool))
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Self.module.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(Self.module.breaches(in: context) == [], sourceLocation: sourceLocation)
        for asset in Self.assets {
            #expect(
                Self.bank.everything(asset, in: context)
                    == Self.bank.supply(of: asset, in: context)?.units,
                "nothing is made or lost", sourceLocation: sourceLocation)
        }
    }
}
