// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import NodeInterface
import Registry
import Vocabulary

/// What the state says about one provider.
struct ProviderView: Sendable {
    let head: StateHead
    let provider: Provider?
    /// Jobs for which the market holds one of its slots.
    let reserved: Set<JobID>
    let held: [HeldLease]
}

extension ProviderService {
    /// After how many blocks a bid that is neither in the state nor refused is taken for lost.
    static let bidBlocksMax: UInt64 = TransactionDesk.validityBlocks
    /// For how many blocks an order that refused a bid is left alone.
    static let declinedBlocks: UInt64 = 64
    /// The most pages of open orders of one look: 1,000 orders.
    static let pagesMax = 10

    /// Compares the state with what is being done and closes every difference (PROVIDER-1).
    func look() async {
        let view = await view()
        await register(view)
        for lease in view.held { await take(up: lease) }
        let held = Set(view.held.map(\.job))
        for job in leases.keys.sorted() where !held.contains(job) { await drop(job) }
        forget(view)
        guard view.provider?.isActive == true else { return }
        await bid(view)
    }

    /// Reads what concerns this provider.
    func view() async -> ProviderView {
        let account = account
        return await node.read { state, head in
            let market = MarketQueries(state)
            var reserved: Set<JobID> = []
            var held: [HeldLease] = []
            var after: [UInt8]?
            for _ in 0..<Self.pagesMax {
                let jobs = market.reservations(of: account, after: after)
                reserved.formUnion(jobs.items)
                held += market.leases(of: account, after: after).items
                guard let next = jobs.next else { break }
                after = next
            }
            return ProviderView(
                head: head, provider: RegistryQueries(state).provider(account), reserved: reserved,
                held: held)
        }
    }

    private func forget(_ view: ProviderView) {
        let height = view.head.height
        bidding = bidding.filter { job, sent in
            !view.reserved.contains(job) && sent.advanced(by: Self.bidBlocksMax) >= height
        }
        declined = declined.filter { $0.value.advanced(by: Self.declinedBlocks) >= height }
    }

    // MARK: Bidding

    /// Bids on the oldest orders first while slots are free (PROVIDER-4): when every provider
    /// serves the oldest order first, orders do not hold each other's bidders.
    private func bid(_ view: ProviderView) async {
        var free = Int(configuration.slots) - view.reserved.count - bidding.count
        let authority = await authorityView()
        var after: [UInt8]?
        for _ in 0..<Self.pagesMax where free > 0 {
            let page = await node.read { [after] state, _ in
                MarketQueries(state).openOrders(after: after)
            }
            for order in page.items where free > slotsKept(from: order) {
                guard let price = offer(for: order, view),
                    allows(order.terms, of: order.job, authority)
                else { continue }
                free -= 1
                bidding[order.job] = view.head.height
                let bid = PlaceBid(job: order.job, price: price)
                await desk.add(MarketMessage.placeBid(bid).message)
            }
            guard let next = page.next else { return }
            after = next
        }
    }

    /// Slots that new orders may not take (PROVIDER-5): a job with a vacancy or a dispute holds up
    /// the providers that have done their part, so there is always a slot for one.
    /// Slots promised in negotiations are kept as well, for the orders they were promised to.
    private func slotsKept(from order: Order) -> Int {
        guard order.phase == .open, !negotiator.isAwarded(order) else { return 0 }
        return max(configuration.slots > 1 ? 1 : 0, negotiator.promised)
    }

    /// A bid beyond those that can be leased waits for a dispute or a lost lease: one is enough.
    static let standbysMax = 1

    /// The price to bid on an order, or nothing when it is not for this provider.
    private func offer(for order: Order, _ view: ProviderView) -> Price? {
        guard bidding[order.job] == nil, declined[order.job] == nil,
            !view.reserved.contains(order.job), order.client != account,
            !order.failed.contains(account), order.terms.deadline > view.head.time
        else { return nil }
        let taken = order.bids.count + order.leases.count
        guard taken < Int(order.executionsWanted) + Self.standbysMax,
            let price = negotiator.price(
                for: order,
                or: Price(
                    base: configuration.basePrice,
                    perMillionFuel: configuration.pricePerMillionFuel))
        else { return nil }
        guard order.terms.asset == .native,
            let most = price.bill(for: order.terms.limits.fuelMax), most <= order.terms.share
        else { return nil }
        return price
    }
}
