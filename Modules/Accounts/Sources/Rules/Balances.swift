// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// The only writer of balances and supplies: every amount that leaves one place enters another.
enum Balances {
    static func read(
        _ account: AccountID, _ asset: AssetID, in state: any StateReader
    ) -> Amount {
        decoded(state.value(.accounts, AccountsKeys.balance(of: account, asset))) ?? .zero
    }

    /// Takes an amount from an account (ACCOUNTS-2).
    static func debit(
        _ amount: Amount, of asset: AssetID, from account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        let balance = read(account, asset, in: context)
        guard let rest = balance.subtracting(amount) else {
            throw .insufficientBalance(of: account, has: balance, asset, needs: amount)
        }
        write(rest, account, asset, in: context)
    }

    /// Gives an amount to an account.
    static func credit(
        _ amount: Amount, of asset: AssetID, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard let sum = read(account, asset, in: context).adding(amount) else {
            throw .accounts(.balanceTooLarge, "account \(account) cannot hold \(amount) more")
        }
        write(sum, account, asset, in: context)
    }

    /// Changes what exists of an asset.
    static func writeAsset(_ asset: Asset, _ id: AssetID, in context: ExecutionContext) {
        context.set(.accounts, AccountsKeys.asset(id), asset.canonicalBytes)
    }

    static func asset(_ id: AssetID, in state: any StateReader) -> Asset? {
        decoded(state.value(.accounts, AccountsKeys.asset(id)))
    }

    private static func write(
        _ amount: Amount, _ account: AccountID, _ asset: AssetID, in context: ExecutionContext
    ) {
        let isNothing = amount == .zero
        context.set(
            .accounts, AccountsKeys.balance(of: account, asset),
            isNothing ? nil : amount.canonicalBytes)
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of accounts do not read as \(Value.self)")
        }
        return value
    }
}
