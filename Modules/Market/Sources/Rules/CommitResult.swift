// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MarketDesk {
    /// Binds a provider to a result nobody else can see yet (MARKET-7).
    func commitResult(_ message: CommitResult, from sender: AccountID) throws(Refusal) {
        var order = try liveOrder(message.job)
        let index = try lease(of: sender, in: order)
        guard order.leases[index].progress == .running else {
            throw MarketRefusal.alreadyCommitted.refusal("the lease is committed to a result")
        }
        try expect(by: order.leases[index].dueBy, "the lease")
        try expect(by: order.terms.deadline, "the order")
        order.leases[index].progress = .committed(message.commitment)
        emit(.resultCommitted(provider: sender), about: order.job)
        if order.isFullyCommitted { startRevealing(&order) }
        book.save(order)
    }

    private func startRevealing(_ order: inout Order) {
        let revealBy = now.advanced(by: parameters.revealMilliseconds)
        order.phase = .revealing(by: revealBy)
        let providers = order.leases.filter { $0.revealed == nil }.map(\.provider)
        emit(.resultsCommitted(revealBy: revealBy, providers: providers), about: order.job)
    }
}

extension Order {
    /// Whether every execution that is wanted has a lease with a commitment.
    var isFullyCommitted: Bool {
        !wantsBids && leases.allSatisfy { $0.progress != .running }
    }
}
