// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension Transfer {
    /// Moves every part (ACCOUNTS-3); the caller undoes all when one refuses.
    func apply(from sender: AccountID, in context: ExecutionContext) throws(Refusal) {
        guard !parts.isEmpty else {
            throw .accounts(.noParts, "a transfer has 1 to \(Self.partsMax) parts")
        }
        for part in parts { try Self.move(part, from: sender, in: context) }
    }

    private static func move(
        _ part: Part, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard part.amount > .zero else {
            throw .zeroAmount(for: part.account)
        }
        guard Balances.asset(part.asset, in: context) != nil else {
            throw .unknownAsset(part.asset)
        }
        try Balances.debit(part.amount, of: part.asset, from: sender, in: context)
        try Balances.credit(part.amount, of: part.asset, to: part.account, in: context)
        context.emit(
            .transferred, about: part.account.raw,
            Movement(from: sender, to: part.account, asset: part.asset, amount: part.amount))
    }
}
