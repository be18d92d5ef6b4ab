// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Money that other modules hold: only they call these, each under its own module number.
extension AccountsModule {
    /// Moves an amount from an account into an escrow, new or of the same asset
    /// (ACCOUNTS-6). The first to pay in stays its owner.
    ///
    /// - Throws: `zeroAmount`, `unknownAsset`, `insufficientBalance`, `escrowMismatch`.
    public func hold(
        _ amount: Amount, of asset: AssetID, from owner: AccountID, as key: EscrowKey,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { throw .accounts(.zeroAmount, "nothing to hold") }
        guard Balances.asset(asset, in: context) != nil else {
            throw .unknownAsset(asset)
        }
        try context.atomically { () throws(Refusal) in
            try Balances.debit(amount, of: asset, from: owner, in: context)
            try put(amount, of: asset, from: owner, into: key, in: context)
            context.emit(
                .held, about: key.id,
                Movement(from: owner, to: owner, asset: asset, amount: amount))
        }
    }

    /// Moves an amount from one escrow into another, new or of the same asset (ACCOUNTS-7). Zero
    /// does nothing.
    ///
    /// - Throws: `unknownEscrow`, `insufficientEscrow`, `escrowMismatch`, `balanceTooLarge`;
    ///   nothing has moved then.
    public func move(
        _ amount: Amount, from source: EscrowKey, into target: EscrowKey,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { return }
        try context.atomically { () throws(Refusal) in
            let held = try take(amount, from: source, in: context)
            try put(amount, of: held.asset, from: held.owner, into: target, in: context)
            context.emit(
                .held, about: target.id,
                Movement(from: held.owner, to: held.owner, asset: held.asset, amount: amount))
        }
    }

    /// Pays an amount out of an escrow (ACCOUNTS-7); an emptied escrow is gone. Zero does nothing.
    ///
    /// - Throws: `unknownEscrow`, `insufficientEscrow`, `balanceTooLarge`; nothing has moved then.
    public func release(
        _ amount: Amount, from key: EscrowKey, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { return }
        try context.atomically { () throws(Refusal) in
            let held = try take(amount, from: key, in: context)
            try Balances.credit(amount, of: held.asset, to: account, in: context)
            context.emit(
                .released, about: key.id,
                Movement(from: held.owner, to: account, asset: held.asset, amount: amount))
        }
    }

    /// Ends the existence of an amount in an escrow; the supply falls (ACCOUNTS-8). Zero does
    /// nothing.
    ///
    /// - Throws: `unknownEscrow`, `insufficientEscrow`.
    public func burn(
        _ amount: Amount, from key: EscrowKey, in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { return }
        let held = try take(amount, from: key, in: context)
        guard let asset = Balances.asset(held.asset, in: context),
            let supply = asset.supply.subtracting(amount)
        else { preconditionFailure("an escrow holds more than exists") }
        Balances.writeAsset(
            Asset(symbol: asset.symbol, supply: supply), held.asset, in: context)
        context.emit(
            .burnt, about: key.id,
            Movement(from: held.owner, to: held.owner, asset: held.asset, amount: amount))
    }

    private func put(
        _ amount: Amount, of asset: AssetID, from owner: AccountID, into key: EscrowKey,
        in context: ExecutionContext
    ) throws(Refusal) {
        let held = escrow(key, in: context) ?? Escrow(owner: owner, asset: asset, amount: .zero)
        guard held.asset == asset else {
            throw .accounts(.escrowMismatch, "the escrow holds asset \(held.asset), not \(asset)")
        }
        guard let sum = held.amount.adding(amount) else {
            throw .accounts(.balanceTooLarge, "the escrow cannot hold \(amount) more")
        }
        write(Escrow(owner: held.owner, asset: asset, amount: sum), key, in: context)
    }

    /// Takes an amount out of an escrow and returns the escrow as it was.
    private func take(
        _ amount: Amount, from key: EscrowKey, in context: ExecutionContext
    ) throws(Refusal) -> Escrow {
        guard let held = escrow(key, in: context) else {
            throw .accounts(.unknownEscrow, "no escrow \(Digest(key.id)) is held")
        }
        guard let rest = held.amount.subtracting(amount) else {
            throw .accounts(
                .insufficientEscrow, "the escrow holds \(held.amount), not \(amount)")
        }
        write(Escrow(owner: held.owner, asset: held.asset, amount: rest), key, in: context)
        return held
    }

    private func write(_ escrow: Escrow, _ key: EscrowKey, in context: ExecutionContext) {
        let isNothing = escrow.amount == .zero
        context.set(
            .accounts, AccountsKeys.escrow(key), isNothing ? nil : escrow.canonicalBytes)
    }
}
