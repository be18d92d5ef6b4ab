// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension ExchangeModule {
    /// Pays into the fund of conversions.
    func fund(
        _ amount: Amount, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { throw .exchange(.amountTooSmall, "nothing is paid in") }
        try bank.deposit(amount, of: .native, from: sender, into: .fund, in: context)
        context.emit(.funded, ExchangeNote(0, sender, .native, amount))
    }

    /// Burns a role's asset and pays native units out of the fund, at the period's rate and within
    /// what the year pays (EXCHANGE-9, EXCHANGE-10).
    func convert(
        _ amount: Amount, of asset: AssetID, least: Amount, from sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        let queries = ExchangeQueries(context)
        let supply = bank.supply(of: asset, in: context) ?? .zero
        guard var window = queries.window(asset, at: context.block.time, supply: supply) else {
            throw .exchange(.unknown, "asset \(asset) is not converted")
        }
        guard amount >= queries.parameters.conversionMin else {
            throw .exchange(
                .amountTooSmall, "at least \(queries.parameters.conversionMin) are converted")
        }
        guard let paid = window.worth(of: amount), let now = window.now.adding(amount) else {
            throw .exchange(.amountTooLarge, "so much does not fit")
        }
        guard paid >= least, paid > .zero else {
            throw .exchange(.slippage, "it would give \(paid), less than \(least)")
        }
        try count(paid, in: context)
        try bank.deposit(amount, of: asset, from: sender, into: .furnace(asset), in: context)
        try bank.burn(amount, from: .furnace(asset), in: context)
        try bank.pay(paid, from: .fund, to: sender, in: context)
        window.now = now
        context.set(.exchange, ExchangeKeys.window(asset), window.canonicalBytes)
        context.emit(.converted, ExchangeNote(0, sender, asset, amount, .native, paid))
    }

    /// Counts what conversions pay against the fund and the year (EXCHANGE-10).
    private func count(_ paid: Amount, in context: ExecutionContext) throws(Refusal) {
        let held = bank.balance(of: .fund, in: context)
        guard paid <= held else {
            throw .exchange(.fundEmpty, "the fund holds \(held), not \(paid)")
        }
        guard var emission = ExchangeQueries(context).emission(at: context.block.time) else {
            return
        }
        guard paid <= emission.left, let sum = emission.paid.adding(paid) else {
            throw .exchange(.fundEmpty, "this year pays \(emission.left) more")
        }
        emission.paid = sum
        context.set(.exchange, ExchangeKeys.emission, emission.canonicalBytes)
    }

    /// Opens, changes or closes a role's window; only what was decided does (EXCHANGE-11).
    func setWindow(
        _ asset: AssetID, _ terms: WindowTerms?, by sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard sender == law else {
            throw .exchange(.notAllowed, "only a proposal that passed does this")
        }
        try write(terms, of: asset, by: sender, in: context)
    }

    func write(
        _ terms: WindowTerms?, of asset: AssetID, by account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard asset != .native, let supply = bank.supply(of: asset, in: context),
            terms?.isValid ?? true
        else { throw .exchange(.badTerms, "a window has an asset of its own, target, reference") }
        var window = terms.map { RoleWindow($0, at: context.block.time, supply: supply) }
        if let terms,
            var known = ExchangeQueries(context).window(
                asset, at: context.block.time, supply: supply)
        {
            known.terms = terms
            window = known
        }
        context.set(.exchange, ExchangeKeys.window(asset), window?.canonicalBytes)
        context.emit(
            .windowChanged, ExchangeNote(0, account, asset, terms?.target ?? .zero))
    }
}
