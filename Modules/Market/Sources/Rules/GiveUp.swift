// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MarketDesk {
    /// Takes a lease back from a provider that says it cannot do the work (MARKET-10).
    func giveUp(_ message: GiveUp, from sender: AccountID) throws(Refusal) {
        var order = try liveOrder(message.job)
        let index = try lease(of: sender, in: order)
        guard order.leases[index].progress == .running else {
            throw MarketRefusal.alreadyCommitted.refusal(
                "a lease with a commitment cannot be handed back")
        }
        try expect(by: order.leases[index].dueBy, "the lease")
        try expect(by: order.terms.deadline, "the order")
        endLease(at: index, of: &order, because: .gaveUp(message.reason))
        book.save(order)
        book.touch(order.job)
    }

    /// Takes a lease off an order; its provider may not bid on it again.
    func endLease(at index: Int, of order: inout Order, because reason: LeaseEndReason) {
        let provider = order.leases.remove(at: index).provider
        order.failed.append(provider)
        book.free(provider, from: order.job)
        let kind: ProviderEvidence =
            switch reason {
            case .gaveUp: .abandoned
            case .commitTimedOut, .revealTimedOut: .timedOut
            }
        evidence.record(kind, provider: provider, job: order.job, in: context)
        emit(.leaseEnded(provider: provider, reason: reason), about: order.job)
    }
}
