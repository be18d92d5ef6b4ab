// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What anybody may ask of the state of leases.
public struct LeasesQueries {
    private let state: any StateReader

    /// The most items of one page.
    public static let pageItemsMax = 100

    /// Asks a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// The figures of the law.
    public var parameters: LeasesParameters { state.leasesParameters }

    /// A lease that has not ended.
    public func lease(_ lease: LeaseID) -> LeaseRecord? {
        state.leases(LeaseRecord.self, at: LeasesKeys.record(lease))
    }

    /// What the tenant of a lease that has not ended asked for.
    public func terms(_ lease: LeaseID) -> LeaseTerms? {
        state.leases(LeaseTerms.self, at: LeasesKeys.terms(lease))
    }

    /// What became of a lease.
    public func closed(_ lease: LeaseID) -> ClosedLease? {
        state.leases(ClosedLease.self, at: LeasesKeys.closed(lease))
    }

    /// What a provider declared and holds.
    public func capacity(of provider: AccountID) -> ProviderCapacity? {
        state.leases(ProviderCapacity.self, at: LeasesKeys.capacity(provider))
    }

    /// A tenant's leases, live and ended, the newest first.
    ///
    /// - Parameters:
    ///   - after: Where the last page ended.
    ///   - limit: Items wanted, held to 1...``pageItemsMax``.
    public func leases(
        of tenant: AccountID, after: [UInt8]? = nil, limit: Int = pageItemsMax
    ) -> LeasesPage {
        page(LeasesKeys.leases(of: tenant), after, limit)
    }

    /// The live leases of one of a tenant's deployments, in order of their ids.
    public func leases(
        of deployment: Bytes32, by tenant: AccountID, after: [UInt8]? = nil,
        limit: Int = pageItemsMax
    ) -> LeasesPage {
        page(LeasesKeys.deployment(deployment, of: tenant), after, limit)
    }

    /// What a provider has bid for, runs or stands by, in order of ids.
    public func holdings(
        of provider: AccountID, after: [UInt8]? = nil, limit: Int = pageItemsMax
    ) -> LeasesPage {
        page(LeasesKeys.holdings(of: provider), after, limit)
    }

    /// Leases that want bids, the oldest first.
    public func wanting(after: [UInt8]? = nil, limit: Int = pageItemsMax) -> LeasesPage {
        page(LeasesKeys.wanting, after, limit)
    }

    /// Every live lease, in order of ids.
    public func live(after: [UInt8]? = nil, limit: Int = pageItemsMax) -> LeasesPage {
        page(LeasesKeys.records, after, limit)
    }

    private func page(_ prefix: [UInt8], _ after: [UInt8]?, _ limit: Int) -> LeasesPage {
        let count = min(max(limit, 1), Self.pageItemsMax)
        // A cursor comes from outside: one that belongs to another list is no cursor.
        let start = after.flatMap { $0.starts(with: prefix) ? $0 : nil }
        let pairs = state.scan(.leases, prefix: prefix, after: start, limit: count + 1)
        let shown = pairs.prefix(count)
        return LeasesPage(
            items: shown.map { LeasesKeys.lease(endOf: $0.key) },
            next: pairs.count > count ? shown.last?.key : nil)
    }
}

/// Some leases of a list, and where the next page starts.
public struct LeasesPage: Hashable, Sendable {
    /// The leases.
    public let items: [LeaseID]
    /// What to pass as `after` for the next page; nothing when this is the last.
    public let next: [UInt8]?
}
