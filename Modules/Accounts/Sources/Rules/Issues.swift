// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Assets that other modules make: each may make and end only those that carry its number.
extension AccountsModule {
    /// Makes an amount of an asset of a module's own, known from then on (ACCOUNTS-11). Zero does
    /// nothing.
    ///
    /// - Parameter symbol: What people write after amounts, 1 to 16 bytes; kept from the first on.
    /// - Throws: `notIssuer`, `supplyTooLarge`, `balanceTooLarge`; nothing has changed then.
    public func issue(
        _ amount: Amount, of asset: AssetID, symbol: String, by module: ModuleID,
        to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { return }
        try checkIssuer(module, of: asset)
        precondition(
            (1...Asset.symbolBytesMax).contains(symbol.utf8.count), "a symbol has 1 to 16 bytes")
        let known = Balances.asset(asset, in: context) ?? Asset(symbol: symbol, supply: .zero)
        guard let supply = known.supply.adding(amount) else {
            throw .accounts(.supplyTooLarge, "asset \(asset) would exceed 128 bits")
        }
        try context.atomically { () throws(Refusal) in
            Balances.writeAsset(Asset(symbol: known.symbol, supply: supply), asset, in: context)
            try Balances.credit(amount, of: asset, to: account, in: context)
            emit(.issued, account, asset, amount, in: context)
        }
    }

    /// Ends the existence of an amount that an account holds of a module's asset (ACCOUNTS-11).
    /// Zero does nothing.
    ///
    /// - Throws: `notIssuer`, `unknownAsset`, `insufficientBalance`; nothing has changed then.
    public func redeem(
        _ amount: Amount, of asset: AssetID, by module: ModuleID, from account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { return }
        try checkIssuer(module, of: asset)
        guard let known = Balances.asset(asset, in: context) else { throw .unknownAsset(asset) }
        try Balances.debit(amount, of: asset, from: account, in: context)
        guard let supply = known.supply.subtracting(amount) else {
            preconditionFailure("an account holds more than exists")
        }
        Balances.writeAsset(Asset(symbol: known.symbol, supply: supply), asset, in: context)
        emit(.redeemed, account, asset, amount, in: context)
    }

    private func checkIssuer(_ module: ModuleID, of asset: AssetID) throws(Refusal) {
        guard asset.issuer == module else {
            throw .accounts(.notIssuer, "asset \(asset) is not module \(module.value)'s to make")
        }
    }

    private func emit(
        _ kind: AccountsEventKind, _ account: AccountID, _ asset: AssetID, _ amount: Amount,
        in context: ExecutionContext
    ) {
        context.emit(
            kind, about: account.raw,
            Movement(from: account, to: account, asset: asset, amount: amount))
    }
}
