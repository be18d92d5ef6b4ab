// SPDX-License-Identifier: Apache-2.0
import ServiceDiscovery
import Testing
import Vocabulary

@Suite("Questions to the directory (DISCOVERY-10, DISCOVERY-11)")
struct SearchTests {
    private static let regions = ["eu", "eu-central", "eu-central-1", "eu-west", "us", "us-east-1"]

    /// Few and many providers.
    private static let sizes = [directory(200), directory(4_500)]

    /// So many providers with prices, places, scores and round trips drawn from a seed.
    private static func directory(_ count: Int, seed: UInt64 = 1) -> ServiceDirectory {
        var limits = ServiceDirectory.Limits()
        limits.recordsMax = max(count, 16)
        var directory = ServiceDirectory(limits)
        var numbers = SeededNumbers(seed)
        for number in 1...count {
            let price = UInt128(UInt64.random(in: 1...1_000_000, using: &numbers))
            let signed = Sample.announcement(
                number, price: price,
                capabilities: number.isMultiple(of: 3) ? [Sample.prove] : [Sample.wasm]
            ) {
                $0.region = must(Region(Self.regions[Int.random(in: 0..<6, using: &numbers)]))
                $0.freeSlots = UInt32.random(in: 0...4, using: &numbers)
                if Int.random(in: 0..<4, using: &numbers) == 0 { $0.status = .busy }
            }
            _ = try? directory.receive(signed.sure, at: Sample.now)
            let key = signed.announcement.id.signer
            if Bool.random(using: &numbers) {
                let score = UInt32.random(in: 0...1_000, using: &numbers)
                directory.note(ProviderStanding(score: score, isActive: true), of: key)
            }
            if Bool.random(using: &numbers) {
                directory.note(
                    roundTripMicroseconds: UInt64.random(in: 100...90_000, using: &numbers),
                    of: key)
            }
        }
        return directory
    }

    /// The same answer by looking at everything.
    private func expected(_ query: ServiceQuery, _ directory: ServiceDirectory) -> [ServiceID] {
        func price(_ one: ServiceListing) -> Amount {
            query.capability.flatMap(one.announcement.tariff(for:))?.listPrice
                ?? one.announcement.offers[0].tariff.listPrice
        }
        let all = directory.signers.flatMap { directory.listings(of: $0) }.filter { one in
            let told = one.announcement
            return (query.capability.map { told.tariff(for: $0) != nil } ?? true)
                && (query.region?.contains(told.region) ?? true)
                && told.freeSlots >= query.freeSlotsMin
                && (query.findsUnavailable || told.status == .available)
                && (query.priceMax.map { price(one) <= $0 } ?? true)
                && (query.scoreMin.map { (one.standing?.score ?? 0) >= $0 && one.standing != nil }
                    ?? true)
                && (query.roundTripMicrosecondsMax.map {
                    one.roundTripMicroseconds ?? .max <= $0
                } ?? true)
                && (query.order != .latency || one.roundTripMicroseconds != nil)
                && (query.order != .reputation || one.standing != nil)
        }
        let sorted = all.sorted { left, right in
            switch query.order {
            case .price:
                (price(left), left.announcement.id) < (price(right), right.announcement.id)
            case .latency:
                (left.roundTripMicroseconds ?? 0, left.announcement.id)
                    < (right.roundTripMicroseconds ?? 0, right.announcement.id)
            case .reputation:
                (right.standing?.score ?? 0, left.announcement.id)
                    < (left.standing?.score ?? 0, right.announcement.id)
            }
        }
        return sorted.prefix(query.limit).map(\.announcement.id)
    }

    @Test("answers are those of a search through everything, in the same order")
    func model() {
        let directory = Self.directory(300)
        var numbers = SeededNumbers(9)
        for _ in 0..<200 {
            var query = ServiceQuery()
            query.capability =
                [nil, Sample.wasm, Sample.prove].randomElement(using: &numbers) ?? nil
            query.order = ServiceQuery.Order.allCases.randomElement(using: &numbers) ?? .price
            query.limit = Int.random(in: 1...40, using: &numbers)
            if Bool.random(using: &numbers) {
                query.region = Region(
                    ["eu", "eu-central", "us", "asia"].randomElement(using: &numbers) ?? "eu")
            }
            if Bool.random(using: &numbers) {
                query.priceMax = Amount(UInt128(UInt64.random(in: 1...1_000_000, using: &numbers)))
            }
            if Bool.random(using: &numbers) {
                query.scoreMin = UInt32.random(in: 0...1_000, using: &numbers)
            }
            if Bool.random(using: &numbers) { query.roundTripMicrosecondsMax = 40_000 }
            query.freeSlotsMin = UInt32.random(in: 0...2, using: &numbers)
            query.findsUnavailable = Bool.random(using: &numbers)
            let page = directory.search(query, at: Sample.now)
            #expect(page.listings.map(\.announcement.id) == expected(query, directory))
        }
    }

    @Test(
        "twenty times the records cost a few steps more, not twenty times as many",
        arguments: ServiceQuery.Order.allCases)
    func cost(order: ServiceQuery.Order) {
        var query = ServiceQuery()
        query.capability = Sample.wasm
        query.order = order
        query.limit = 10
        query.findsUnavailable = true
        let examined = Self.sizes.map {
            $0.search(query, at: Sample.now).examined
        }
        // 1.44 × log2(4,500) + 2 is 20; each answer adds its own node and few more.
        for count in examined { #expect(count <= 20 + 4 * query.limit) }
        #expect(examined[1] <= examined[0] + 12)
    }

    @Test("a question that nothing answers ends, and says that it did not see everything")
    func hopeless() {
        var query = ServiceQuery()
        query.machine = Machine(accelerators: 8)
        let directory = Self.sizes[1]
        let page = directory.search(query, at: Sample.now)
        #expect(page.listings.isEmpty)
        #expect(!page.isComplete)
        #expect(page.examined <= ServiceQuery.examinedMax + 64)
    }

    @Test("prices of another asset are not compared, and what is over is not found")
    func edges() {
        var directory = ServiceDirectory()
        let signed = Sample.announcement(1, life: 5_000) { $0.asset = AssetID(3) }
        _ = try? directory.receive(signed.sure, at: Sample.now)
        var query = ServiceQuery()
        #expect(directory.search(query, at: Sample.now).listings.isEmpty)
        query.asset = AssetID(3)
        #expect(directory.search(query, at: Sample.now).listings.count == 1)
        let later = Sample.now.advanced(by: 5_000)
        #expect(directory.search(query, at: later).listings.isEmpty)
    }
}
