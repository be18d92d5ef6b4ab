// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension TreasuryModule {
    /// Sets money aside that becomes somebody's over time (TREASURY-6).
    @discardableResult
    func createGrant(
        _ order: CreateGrant, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> UInt64 {
        guard order.schedule.isValid else {
            throw .treasury(.badSchedule, "times or shares of the schedule make no sense")
        }
        if case .pool(let pool) = order.receiver, TreasuryQueries(context).pool(pool) == nil {
            throw .treasury(.unknown, "there is no pool \(pool)")
        }
        let number = next(.grants, in: context)
        try take(
            order.amount, of: order.asset, from: order.source, by: sender,
            into: Chest(.grant(number), order.asset), in: context)
        write(Grant(order, grantor: sender), number, in: context)
        context.emit(
            .grantCreated, TreasuryNote(number, sender, order.amount, of: order.asset))
        return number
    }

    /// Pays what has been earned and not paid; anybody may ask (TREASURY-6).
    func claimGrant(_ number: UInt64, in context: ExecutionContext) throws(Refusal) {
        var grant = try known(grant: number, in: context)
        let earned = grant.earned(at: context.block.time)
        guard let due = earned.subtracting(grant.claimed), due > .zero else {
            throw .treasury(.nothingToClaim, "\(grant.claimed) of \(earned) have been paid")
        }
        grant.claimed = earned
        write(grant, number, in: context)
        give(due, from: Chest(.grant(number), grant.asset), to: grant.receiver, in: context)
        context.emit(
            .grantClaimed, TreasuryNote(number, grant.receiverAccount, due, of: grant.asset))
    }

    /// Takes back what has not been earned; what has been stays the receiver's (TREASURY-7).
    func revokeGrant(
        _ number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var grant = try known(grant: number, in: context)
        guard grant.grantor == sender else {
            throw .treasury(.notAllowed, "grant \(number) is not account \(sender)'s")
        }
        guard grant.isRevocable, grant.revoked == nil else {
            throw .treasury(.notRevocable, "grant \(number) cannot be revoked, or was")
        }
        let earned = grant.earned(at: context.block.time)
        let back = grant.total.subtracting(earned) ?? .zero
        grant.total = earned
        grant.revoked = context.block.time
        write(grant, number, in: context)
        if back > .zero {
            give(back, from: Chest(.grant(number), grant.asset), to: grant.source, in: context)
        }
        context.emit(
            .grantRevoked, TreasuryNote(number, grant.receiverAccount, back, of: grant.asset))
    }

    /// Finds that a milestone was reached; only the grantor does (TREASURY-7).
    func reach(
        _ milestone: UInt8, of number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var grant = try known(grant: number, in: context)
        guard grant.grantor == sender else {
            throw .treasury(.notAllowed, "grant \(number) is not account \(sender)'s")
        }
        guard case .milestones(let shares) = grant.schedule, Int(milestone) < shares.count,
            grant.revoked == nil, grant.reached & (1 << UInt32(milestone)) == 0
        else { throw .treasury(.badMilestone, "there is no such milestone to reach") }
        grant.reached |= 1 << UInt32(milestone)
        write(grant, number, in: context)
        context.emit(.milestoneReached, TreasuryNote(number, grant.receiverAccount))
    }

    private func known(
        grant number: UInt64, in context: ExecutionContext
    ) throws(Refusal) -> Grant {
        guard let grant = TreasuryQueries(context).grant(number) else {
            throw .treasury(.unknown, "there is no grant \(number)")
        }
        return grant
    }

    private func write(_ grant: Grant, _ number: UInt64, in context: ExecutionContext) {
        context.set(.treasury, TreasuryKeys.grant(number), grant.canonicalBytes)
    }
}

extension Grant {
    /// The account that an event about it names: the receiver's, or the grantor's for a pool.
    fileprivate var receiverAccount: AccountID {
        switch receiver {
        case .account(let account): account
        case .pool: grantor
        }
    }
}
