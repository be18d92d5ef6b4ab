// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Leases
import Ledger
import Testing
import Vocabulary

@testable import Gateway

/// Leases as people see them (GATEWAY-26).
@Suite("Gateway: leases")
struct LeaseTests {
    @Test("an order gets a bid, runs, is listed, and its record is proven (GATEWAY-26)")
    func life() async throws {
        try await GatewayWorld(modules: ["governance": ["version": 3]]).run { world in
            let (client, provider) = (world.cast.client, world.cast.providers[0])
            let cell = ResourceAmounts(
                milliCores: 500, memoryBytes: 1 << 28, storage: [NamedAmount("ssd", 1 << 30)])
            var terms = LeaseTerms(
                deployment: Bytes32 { $0[0] = 1 }, manifest: .zero,
                groups: [ResourceGroup(name: "web", count: 1, each: cell)],
                periodMilliseconds: 3_600_000, ceiling: Amount(whole: 1),
                receiptKey: client.publicKey, decideMilliseconds: 3_600_000)
            terms.isAutomatic = false
            let order = OpenLease(terms: terms, deposit: Amount(whole: 24))
            let opening = world.cast.sign(
                [LeasesMessage.openLease(order).message], by: client, nonce: 0,
                chain: world.chain)
            try await world.node.submit(opening)
            let tenant = AccountID(of: client.publicKey)
            let lease = order.lease(of: tenant, transaction: opening.hash)
            let account = AccountID(of: provider.publicKey)
            let capacity = DeclareCapacity(capacity: cell, region: "north", attributes: [])
            let bid = BidForLease(
                lease: lease, prices: LeasePrices(base: Amount(whole: 1)), standbyRate: .zero,
                receiptKey: provider.publicKey, holdMilliseconds: 600_000)
            try await world.node.submit(
                world.cast.sign(
                    [
                        world.cast.registration(0),
                        LeasesMessage.declareCapacity(capacity).message,
                        LeasesMessage.bidForLease(bid).message,
                    ], by: provider, nonce: 0, chain: world.chain))
            let open = try await world.json(.get, "/v1/leases?state=open")
            let shown = try #require(open["leases"]?.elements?.first)
            #expect(shown["lease"]?.text == "\(lease)" && shown["state"]?.text == "open")
            #expect(shown["bids"]?.elements?.first?["provider"]?.text == "\(account)")
            let held = try await world.json(.get, "/v1/capacities/\(account)")
            #expect(held["held"] == held["declared"])
            try await world.node.submit(
                world.cast.sign(
                    [
                        LeasesMessage.acceptBids(
                            AcceptBids(lease: lease, providers: [account])
                        ).message
                    ], by: client, nonce: 1, chain: world.chain))
            try await world.node.submit(
                world.cast.sign(
                    [
                        LeasesMessage.startLease(
                            StartLease(lease: lease, token: FencingToken(1))
                        ).message
                    ], by: provider, nonce: 1, chain: world.chain))
            let running = try await world.json(.get, "/v1/leases/\(lease)")
            #expect(running["state"]?.text == "active" && running["token"]?.unsigned == 1)
            #expect(running["fundsEnd"]?.unsigned != nil)
            for query in [
                "tenant=\(tenant)", "provider=\(account)",
                "tenant=\(tenant)&deployment=\(Digest(terms.deployment))", "state=live",
            ] {
                let page = try await world.json(.get, "/v1/leases?\(query)")
                #expect(page["leases"]?.elements?.count == 1, "\(query)")
            }
            let unknown = try await world.json(
                .get, "/v1/leases/\(Digest.zero)", status: .notFound)
            #expect(unknown["name"]?.text == "unknownLease")
            let nothing = try await world.json(
                .get, "/v1/capacities/\(tenant)", status: .notFound)
            #expect(nothing["name"]?.text == "unknownCapacity")
        }
    }
}
