// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MarketDesk {
    /// Ends leases and orders whose time has passed, the earliest first (MARKET-15, MARKET-16).
    func handleDueOrders() {
        for job in book.due(before: now, limit: parameters.duePerBlockMax) {
            guard let order = book.order(job) else { continue }
            do {
                try context.atomically { () throws(Refusal) in try handleDue(order) }
            } catch {
                postpone(order)
            }
        }
    }

    /// Leaves an order whose money cannot move now as it is, for a while: one account that cannot
    /// be paid must hold up neither the chain nor other orders (MARKET-18).
    private func postpone(_ refused: Order) {
        var order = refused
        let until = now.advanced(by: Order.postponedMilliseconds)
        order.postponedUntil = until
        book.save(order)
        emit(.endingPostponed(until: until), about: order.job)
    }

    private func handleDue(_ due: Order) throws(Refusal) {
        var order = due
        order.postponedUntil = nil
        for lease in due.leases {
            guard let reason = overdue(lease, of: due) else { continue }
            guard let index = order.leaseIndex(of: lease.provider) else { continue }
            endLease(at: index, of: &order, because: reason)
            try slashForTimeout(lease.provider, in: order.job)
        }
        guard now <= order.terms.deadline else { return try expire(order) }
        if order.phase != .open { order.phase = .running }
        book.save(order)
        book.touch(order.job)
    }

    private func overdue(_ lease: Lease, of order: Order) -> LeaseEndReason? {
        switch (lease.progress, order.phase) {
        case (.running, _): lease.dueBy < now ? .commitTimedOut : nil
        case (.committed, .revealing(let revealBy)): revealBy < now ? .revealTimedOut : nil
        case (.committed, _), (.revealed, _): nil
        }
    }

    private func slashForTimeout(_ provider: AccountID, in job: JobID) throws(Refusal) {
        let escrow = Self.bondEscrow(of: job)
        _ = slash(
            provider, parameters.timeoutSlashPartsPerMillion, for: .timedOut, in: job,
            into: escrow)
        try disposeOfBonds(in: escrow)
    }

    private func expire(_ order: Order) throws(Refusal) {
        let executions = order.leases.map { ReceiptExecution(of: $0, finding: .undecided) }
        try end(order, as: .expired, executions: executions)
    }
}
