// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension TreasuryModule {
    /// Promises to pay for findings out of a pool (TREASURY-12).
    func openBounty(
        _ bounty: Bounty, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        _ = try own(bounty.pool, by: sender, in: context)
        guard bounty.isValid else {
            throw .treasury(.badBounty, "1 to \(Bounty.rowsMax) severities, each with a range")
        }
        let number = next(.bounties, in: context)
        // What the sender says of payments so far does not count.
        let opened = Bounty(
            pool: bounty.pool, asset: bounty.asset, subject: bounty.subject, rows: bounty.rows)
        write(opened, number, in: context)
        context.emit(.bountyChanged, TreasuryNote(number, sender))
    }

    /// Pays for a finding within its severity's range (TREASURY-12).
    func award(
        _ amount: Amount, for severity: String, to account: AccountID, of number: UInt64,
        by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var bounty = try known(bounty: number, in: context)
        _ = try own(bounty.pool, by: sender, in: context)
        guard bounty.isOpen, let row = bounty.rows.first(where: { $0.severity == severity }),
            (row.least...row.most).contains(amount), amount > .zero
        else {
            throw .treasury(.badBounty, "\(amount) is no payment for \(severity)")
        }
        try count(amount, of: bounty.asset, out: bounty.pool, in: context)
        try bank.pay(
            amount, from: Chest(.pool(bounty.pool), bounty.asset), to: account, in: context)
        bounty.paid = bounty.paid.adding(amount) ?? bounty.paid
        write(bounty, number, in: context)
        context.emit(.awarded, TreasuryNote(number, account, amount, of: bounty.asset))
    }

    /// Pays for no more findings.
    func closeBounty(
        _ number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var bounty = try known(bounty: number, in: context)
        _ = try own(bounty.pool, by: sender, in: context)
        bounty.isOpen = false
        write(bounty, number, in: context)
        context.emit(.bountyChanged, TreasuryNote(number, sender))
    }

    private func known(
        bounty number: UInt64, in context: ExecutionContext
    ) throws(Refusal) -> Bounty {
        guard let bounty = TreasuryQueries(context).bounty(number) else {
            throw .treasury(.unknown, "there is no bounty \(number)")
        }
        return bounty
    }

    private func write(_ bounty: Bounty, _ number: UInt64, in context: ExecutionContext) {
        context.set(.treasury, TreasuryKeys.bounty(number), bounty.canonicalBytes)
    }

    /// Gives a mark, which its holder cannot give away (TREASURY-13).
    func giveBadge(
        _ name: String, to holder: AccountID, _ evidence: Digest, by sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        let hasControls = name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
        guard (1...Badge.nameBytesMax).contains(name.utf8.count), !hasControls else {
            throw .treasury(.badName, "a mark's name has 1 to \(Badge.nameBytesMax) plain bytes")
        }
        let key = TreasuryKeys.badge(holder, sender, name)
        guard context.value(.treasury, key) == nil else {
            throw .treasury(.alreadyGiven, "account \(holder) has this mark")
        }
        let badge = Badge(
            giver: sender, holder: holder, name: name, evidence: evidence,
            since: context.block.height)
        context.set(.treasury, key, badge.canonicalBytes)
        context.emit(.badgeGiven, TreasuryNote(0, holder))
    }

    /// Takes back a mark that the sender gave.
    func revokeBadge(
        _ name: String, of holder: AccountID, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let key = TreasuryKeys.badge(holder, sender, name)
        guard context.value(.treasury, key) != nil else {
            throw .treasury(.unknown, "account \(sender) gave no such mark")
        }
        context.set(.treasury, key, nil)
        context.emit(.badgeRevoked, TreasuryNote(0, holder))
    }
}
