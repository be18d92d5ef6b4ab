// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Leases
import Ledger
import LedgerSupport
import Registry
import Testing
import Vocabulary

@Suite("Leases, between the real rooms")
struct LeasesInHouseTests {
    private static let cell = ResourceAmounts(milliCores: 1_000, memoryBytes: 1 << 30)
    private static let tenant = 11

    private func reef(version: UInt64 = 3) throws -> Reef {
        let reef = try Reef([
            "governance": ["version": JSON(version)],
            "revenue": ["payProvider": 750_000, "payBurn": 250_000],
        ])
        for place in 12...13 {
            let terms = ProviderTerms(
                endpoint: "127.0.0.1:90\(place)", capabilities: ["oci/1"], basePrice: Amount(1),
                pricePerMillionFuel: Amount(1), slots: 1)
            let register = RegisterProvider(
                peer: Reef.key(place).publicKey, terms: terms, bond: Amount(whole: 1_000))
            try reef.send(RegistryMessage.register(register).message, from: place)
        }
        return reef
    }

    /// A lease that 12 runs and 13 stands by, with a whole unit a period of half an hour.
    private func run(_ reef: Reef) throws -> LeaseID {
        var terms = LeaseTerms(
            deployment: .zero, manifest: .zero,
            groups: [ResourceGroup(name: "web", count: 1, each: Self.cell)],
            periodMilliseconds: 1_800_000, ceiling: Amount(whole: 1),
            receiptKey: Reef.key(Self.tenant).publicKey, decideMilliseconds: 60_000)
        terms.standbys = 1
        let order = OpenLease(terms: terms, deposit: Amount(whole: 100))
        try send(reef, .openLease(order), from: Self.tenant)
        let lease = order.lease(
            of: Reef.account(Self.tenant), transaction: reef.context.transaction)
        for place in 12...13 {
            try send(
                reef,
                .declareCapacity(
                    DeclareCapacity(capacity: Self.cell, region: "north", attributes: [])),
                from: place)
            try send(
                reef,
                .bidForLease(
                    BidForLease(
                        lease: lease, prices: LeasePrices(base: Amount(whole: 1)),
                        standbyRate: .zero, receiptKey: Reef.key(place).publicKey,
                        holdMilliseconds: 60_000)), from: place)
        }
        try send(
            reef,
            .acceptBids(
                AcceptBids(lease: lease, providers: [Reef.account(12), Reef.account(13)])),
            from: Self.tenant)
        try send(
            reef, .startLease(StartLease(lease: lease, token: FencingToken(1))), from: 12)
        return lease
    }

    private func send(
        _ reef: Reef, _ message: LeasesMessage, from place: Int
    ) throws(Refusal) { try reef.send(message.message, from: place) }

    @Test("a chain of older rules does not know leases (UPGRADES-2)")
    func oldRules() throws {
        let reef = try reef(version: 2)
        #expect(refusal { _ = try run(reef) } == "unknownModule")
        reef.end()
        #expect(reef.context.scan(.leases, prefix: [], after: nil, limit: 1).isEmpty)
    }

    @Test("usage is paid as payments for work are divided (LEASES-9, REVENUE-3)")
    func divided() throws {
        let reef = try reef()
        let lease = try run(reef)
        reef.end()
        let record = try #require(LeasesQueries(reef.context).lease(lease))
        let receipt = UsageReceipt(
            chain: Reef.chain, lease: lease, provider: Reef.account(12), token: record.token,
            sequence: 1, previous: .zero, from: record.settledUntil,
            until: reef.context.block.time, usage: .zero)
        let signed = CosignedReceipt(
            receipt, byProvider: Reef.key(12).sign(receipt.signedBytes),
            byTenant: Reef.key(Self.tenant).sign(receipt.signedBytes))
        let (balance, supply) = (reef.balance(12), reef.supply)
        try send(
            reef, .settleUsage(SettleUsage(lease: lease, receipts: [signed])), from: 12)
        let quarter = Amount(whole: 1).units / 4
        #expect(reef.balance(12).units - balance.units == 3 * quarter)
        #expect(supply.units - reef.supply.units == quarter)
        reef.end()
    }

    @Test("a silent provider loses of its bond and its name when a standby takes over (LEASES-15)")
    func takeover() throws {
        let reef = try reef()
        let lease = try run(reef)
        reef.end()
        try send(
            reef,
            .takeOverLease(TakeOverLease(lease: lease, token: FencingToken(1), statement: nil)),
            from: 13)
        reef.end()
        let bond = reef.house.registry.provider(Reef.account(12), in: reef.context)?.bond
        #expect(bond == Amount(whole: 990))
        let standing = reef.house.reputation.standing(of: Reef.account(12), in: reef.context)
        #expect(standing.score < 500)
        #expect(LeasesQueries(reef.context).lease(lease)?.token == FencingToken(2))
    }
}
