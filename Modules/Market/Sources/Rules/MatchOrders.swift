// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

extension MarketDesk {
    /// Grants leases on the orders whose bids or leases changed (MARKET-5, MARKET-6).
    func matchTouchedOrders() {
        for job in book.takeTouched(limit: parameters.matchesPerBlockMax) {
            guard let order = book.order(job), now <= order.terms.deadline else { continue }
            book.save(matched(order))
        }
    }

    /// The order with every lease that its waiting bids allow.
    private func matched(_ order: Order) -> Order {
        guard order.wantsBids else { return order }
        var order = withoutInactiveBids(order)
        let vacancies = Int(order.executionsWanted) - order.leases.count
        // A new order starts all its replicas together; a vacancy is filled as soon as one can be.
        guard order.bids.count >= (order.phase == .open ? vacancies : 1) else {
            if order.phase == .running { wantBids(order) }
            return order
        }
        let chosen = ranked(order).prefix(vacancies)
        let leases = chosen.map { lease(for: $0, of: order) }
        order.bids.removeAll { bid in chosen.contains { $0.provider == bid.provider } }
        order.leases += leases
        order.phase = .running
        emit(.leasesGranted(leases), about: order.job)
        if order.wantsBids { wantBids(order) }
        return order
    }

    private func wantBids(_ order: Order) {
        emit(.bidsWanted(executionsWanted: order.executionsWanted), about: order.job)
    }

    private func lease(for bid: Bid, of order: Order) -> Lease {
        let time = order.terms.limits.wallMilliseconds
        let dueBy = now.advanced(by: time).advanced(by: parameters.graceMilliseconds)
        return Lease(provider: bid.provider, price: bid.price, assignedAt: now, dueBy: dueBy)
    }

    /// Drops the bids of providers that have become inactive and frees their slots.
    private func withoutInactiveBids(_ order: Order) -> Order {
        var order = order
        order.bids.removeAll { bid in
            let isActive = providers.offer(of: bid.provider, in: context)?.isActive ?? false
            guard !isActive else { return false }
            book.free(bid.provider, from: order.job)
            emit(.bidDropped(provider: bid.provider), about: order.job)
            return true
        }
        return order
    }

    /// The cheapest worst case first; equal ones in an order nobody chooses.
    private func ranked(_ order: Order) -> [Bid] {
        let fuel = order.terms.limits.fuelMax
        return order.bids
            .map { bid in
                (
                    bid: bid, cost: bid.price.bill(for: fuel) ?? Amount(.max),
                    lot: MarketDesk.lot(of: bid.provider, in: order.job)
                )
            }
            .sorted { ($0.cost, $0.lot) < ($1.cost, $1.lot) }
            .map(\.bid)
    }

    /// What ranks equal prices: H(job ‖ provider).
    static func lot(of provider: AccountID, in job: JobID) -> Digest {
        SHA256.hash(Array("atoll/market/lot/1".utf8) + [0] + job.raw.bytes + provider.raw.bytes)
    }
}
