// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension ServiceDirectory {
    /// Answers a question (DISCOVERY-10, DISCOVERY-11).
    ///
    /// Cost: logarithmic in the number of records, and one step for each record looked at, which
    /// are at most ``ServiceQuery/examinedMax``.
    public func search(_ query: ServiceQuery, at now: Timestamp) -> ServicePage {
        var search = Search(query: query, now: now, directory: self)
        if let capability = query.capability {
            guard let index = indexes[capability] else { return search.page }
            search.run(over: index)
        } else {
            search.run(over: everything)
        }
        return search.page
    }

    /// One question under way.
    private struct Search {
        let query: ServiceQuery
        let now: Timestamp
        let directory: ServiceDirectory
        var page = ServicePage(listings: [], isComplete: true, examined: 0)
        private var candidates = 0

        init(query: ServiceQuery, now: Timestamp, directory: ServiceDirectory) {
            self.query = query
            self.now = now
            self.directory = directory
        }

        private var limit: Int { max(1, min(query.limit, ServiceQuery.limitMax)) }

        mutating func run(over index: CapabilityIndex) {
            switch query.order {
            case .latency:
                walk(index.roundTrips, from: .start()) { $0.group == "" }
            case .reputation:
                walk(index.scores, from: .start()) { $0.group == "" }
            case .price:
                guard let region = query.region else {
                    let asset = query.asset.value
                    return walk(index.prices, from: .start(asset: asset)) {
                        $0.group == "" && $0.asset == asset
                    }
                }
                runByRegion(region, over: index)
            }
        }

        /// Takes the cheapest of each region in the one that is asked for, then of all.
        private mutating func runByRegion(_ region: Region, over index: CapabilityIndex) {
            var bound = IndexPlace.start(group: region.name)
            var regions = 0
            var found: [ServiceListing] = []
            let asset = query.asset.value
            while let next = index.prices.first(from: bound), let here = Region(next.group),
                here.name.hasPrefix(region.name)
            {
                regions += 1
                guard regions <= ServiceQuery.regionsMax else {
                    page.isComplete = false
                    break
                }
                if region.contains(here) {
                    walk(index.prices, from: .start(group: here.name, asset: asset)) {
                        $0.group == here.name && $0.asset == asset
                    }
                    found += page.listings
                    page.listings = []
                }
                // No region's name has a byte below '-' in it: this is right behind `here`.
                bound = .start(group: here.name + "\u{1}")
            }
            found.sort { price(of: $0) < price(of: $1) }
            if found.count > limit { page.isComplete = false }
            page.listings = Array(found.prefix(limit))
        }

        private func price(of listing: ServiceListing) -> (Amount, ServiceID) {
            let announcement = listing.announcement
            let tariff =
                query.capability.flatMap(announcement.tariff(for:))?.listPrice
                ?? announcement.offers.map(\.tariff.listPrice).min() ?? .zero
            return (tariff, announcement.id)
        }

        private mutating func walk(
            _ index: OrderedIndex<IndexPlace>, from start: IndexPlace,
            while isInside: (IndexPlace) -> Bool
        ) {
            var listings: [ServiceListing] = []
            var isComplete = true
            var candidates = candidates
            let looked = index.walk(from: start) { place in
                guard isInside(place) else { return false }
                guard candidates < ServiceQuery.examinedMax, listings.count < limit else {
                    isComplete = false
                    return false
                }
                candidates += 1
                if let record = directory.records[place.id], fits(record) {
                    listings.append(record.listing)
                }
                return true
            }
            self.candidates = candidates
            page.listings += listings
            page.examined += looked
            page.isComplete = page.isComplete && isComplete
        }

        private func fits(_ record: DirectoryRecord) -> Bool {
            let announcement = record.announcement
            guard announcement.expires > now, announcement.freeSlots >= query.freeSlotsMin,
                query.findsUnavailable || announcement.status == .available,
                announcement.roles.isSuperset(of: query.roles),
                announcement.machine.covers(query.machine),
                query.region?.contains(announcement.region) ?? true
            else { return false }
            if let least = query.scoreMin, record.standing.map({ $0.score < least }) ?? true {
                return false
            }
            if let most = query.roundTripMicrosecondsMax,
                record.roundTripMicroseconds.map({ $0 > most }) ?? true
            {
                return false
            }
            return isAffordable(announcement)
        }

        private func isAffordable(_ announcement: ServiceAnnouncement) -> Bool {
            guard let most = query.priceMax else { return true }
            guard announcement.asset == query.asset else { return false }
            let offers =
                query.capability.map { wanted in
                    announcement.offers.filter { $0.capability == wanted }
                } ?? announcement.offers
            return offers.contains { $0.tariff.bill(for: query.units).map { $0 <= most } ?? false }
        }
    }
}

extension ServiceDirectory {
    /// Machines with a capability in the order of their names, for who wants to know all of them.
    /// Cost: one step a machine kept, and sorting.
    public func machines(
        with capability: Capability, after: ServiceID?, limit: Int, at now: Timestamp
    ) -> [ServiceListing] {
        let wanted = records.values.filter { record in
            record.announcement.expires > now && after.map { $0 < record.announcement.id } ?? true
                && record.announcement.tariff(for: capability) != nil
        }
        return wanted.sorted { $0.announcement.id < $1.announcement.id }
            .prefix(max(limit, 0)).map(\.listing)
    }
}
