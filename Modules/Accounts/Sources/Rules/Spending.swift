// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension AccountsModule {
    /// Runs `body` and tells what left an account's balances meanwhile: amounts sent and amounts
    /// set aside, by ascending asset (ACCOUNTS-12). What came in of an asset counts against what
    /// went out of it within `body` alone.
    ///
    /// Cost: what `body` wrote.
    ///
    /// - Throws: What `body` throws.
    public func spending(
        of account: AccountID, in context: ExecutionContext, during body: () throws(Refusal) -> Void
    ) throws(Refusal) -> [(asset: AssetID, amount: Amount)] {
        let written = try context.writes(
            to: .accounts, below: AccountsKeys.balances(of: account), during: body)
        return written.compactMap { write in
            let asset = AssetID(Self.number(write.key.suffix(8)))
            let before: Amount = Balances.decoded(write.before) ?? .zero
            let after = Balances.read(account, asset, in: context)
            guard after < before, let amount = before.subtracting(after) else { return nil }
            return (asset, amount)
        }
    }
}
