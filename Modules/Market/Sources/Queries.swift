// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What anybody may ask of the market's state.
public struct MarketQueries {
    private let state: any StateReader

    /// The most items of one page.
    public static let pageItemsMax = 100

    /// Asks a state.
    public init(_ state: any StateReader) { self.state = state }

    /// The figures of the law.
    public var parameters: MarketParameters { state.marketParameters }

    /// A job, live or ended. Cost: two reads.
    public func job(_ id: JobID) -> JobRecord? {
        if let order = order(id) { return .live(order) }
        return receipt(id).map(JobRecord.ended)
    }

    /// A live order.
    public func order(_ id: JobID) -> Order? {
        state.market(Order.self, at: MarketKeys.order(id))
    }

    /// The receipt of an ended order.
    public func receipt(_ id: JobID) -> Receipt? {
        state.market(Receipt.self, at: MarketKeys.receipt(id))
    }

    /// A client's jobs, live and ended, the newest first.
    ///
    /// - Parameters:
    ///   - after: Where the last page ended.
    ///   - limit: Items wanted, held to 1...``pageItemsMax``.
    public func jobs(
        of client: AccountID, after: [UInt8]? = nil, limit: Int = pageItemsMax
    ) -> MarketPage<JobID> {
        page(MarketKeys.clientOrders(of: client), after, limit) { MarketKeys.job(endOf: $0) }
    }

    /// The jobs a provider has bid on or runs, in order of their ids.
    public func reservations(
        of provider: AccountID, after: [UInt8]? = nil, limit: Int = pageItemsMax
    ) -> MarketPage<JobID> {
        page(MarketKeys.reservations(of: provider), after, limit) { MarketKeys.job(endOf: $0) }
    }

    /// How many slots a provider has reserved with bids and leases.
    public func reservedSlots(of provider: AccountID) -> UInt32 {
        state.market(Count.self, at: MarketKeys.reservationCount(provider))?.value ?? 0
    }

    /// The leases a provider holds. Bids that wait count against the page but are not in it.
    public func leases(
        of provider: AccountID, after: [UInt8]? = nil, limit: Int = pageItemsMax
    ) -> MarketPage<HeldLease> {
        let jobs = reservations(of: provider, after: after, limit: limit)
        let items = jobs.items.compactMap { job -> HeldLease? in
            guard let order = order(job), let index = order.leaseIndex(of: provider) else {
                return nil
            }
            return HeldLease(job: job, lease: order.leases[index], phase: order.phase)
        }
        return MarketPage(items: items, next: jobs.next)
    }

    /// Live orders that want bids, the oldest first.
    public func openOrders(
        after: [UInt8]? = nil, limit: Int = pageItemsMax
    ) -> MarketPage<Order> {
        let jobs = page(MarketKeys.wanting, after, limit) { MarketKeys.job(endOf: $0) }
        return MarketPage(items: jobs.items.compactMap { order($0) }, next: jobs.next)
    }

    /// Every live order, in order of ids.
    public func liveOrders(
        after: [UInt8]? = nil, limit: Int = pageItemsMax
    ) -> MarketPage<Order> {
        let jobs = page(MarketKeys.orders, after, limit) { MarketKeys.job(endOf: $0) }
        return MarketPage(items: jobs.items.compactMap { order($0) }, next: jobs.next)
    }

    private func page<Item>(
        _ prefix: [UInt8], _ after: [UInt8]?, _ limit: Int, _ item: ([UInt8]) -> Item
    ) -> MarketPage<Item> {
        let count = min(max(limit, 1), Self.pageItemsMax)
        // A cursor comes from outside: one that belongs to another list is no cursor.
        let start = after.flatMap { $0.starts(with: prefix) ? $0 : nil }
        let pairs = state.scan(.market, prefix: prefix, after: start, limit: count + 1)
        let shown = pairs.prefix(count)
        return MarketPage(
            items: shown.map { item($0.key) },
            next: pairs.count > count ? shown.last?.key : nil)
    }
}

/// A job in the state.
public enum JobRecord: Hashable, Sendable {
    /// The order has not ended.
    case live(Order)
    /// The order has ended.
    case ended(Receipt)
}

/// A lease and where its job stands.
public struct HeldLease: Hashable, Sendable {
    /// The job.
    public let job: JobID
    /// The lease.
    public let lease: Lease
    /// Where the job's order stands.
    public let phase: OrderPhase
}

/// Some items of a list, and where the next page starts.
public struct MarketPage<Item: Sendable>: Sendable {
    /// The items.
    public let items: [Item]
    /// What to pass as `after` for the next page; nothing when this is the last.
    public let next: [UInt8]?
}

extension MarketPage: Equatable where Item: Equatable {}
