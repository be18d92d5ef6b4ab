// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Leases

@Suite("Attacks on leases")
struct AttackTests {
    private func settle(_ lease: LeaseID, _ receipts: CosignedReceipt...) -> LeasesMessage {
        .settleUsage(SettleUsage(lease: lease, receipts: receipts))
    }

    @Test("a receipt is paid once (LEASES-10)")
    func replay() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(Yard.minute)
        let receipt = try yard.receipt(lease)
        try yard.send(settle(lease, receipt), from: 10)
        #expect(yard.refuses(settle(lease, receipt), from: 10) == "brokenChain")
        #expect(yard.balance(10) == Amount(6))
        // Nor twice in one message, which then pays nothing at all.
        yard.wait(Yard.minute)
        let next = try yard.receipt(lease)
        #expect(yard.refuses(settle(lease, next, next), from: 10) == "brokenChain")
        #expect(yard.balance(10) == Amount(6))
    }

    @Test("a receipt of another lease, provider or chain is not paid (LEASES-10)")
    func foreign() throws {
        let yard = try Yard()
        let (mine, other) = (try yard.run(), try yard.run())
        yard.wait(Yard.minute)
        let receipt = try yard.receipt(other)
        #expect(yard.refuses(settle(mine, receipt), from: 10) == "foreignStatement")
        let elsewhere = try yard.receipt(mine) {
            UsageReceipt(
                chain: ChainID(.zero), lease: $0.lease, provider: $0.provider, token: $0.token,
                sequence: $0.sequence, previous: $0.previous, from: $0.from, until: $0.until,
                usage: $0.usage)
        }
        #expect(yard.refuses(settle(mine, elsewhere), from: 10) == "foreignStatement")
        #expect(
            yard.refuses(settle(mine, try yard.receipt(mine, by: 11)), from: 10)
                == "foreignStatement")
    }

    @Test("of two receipts after the same one only the first is paid (LEASES-10)")
    func fork() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(Yard.minute)
        let (small, large) = (
            try yard.receipt(lease, cpu: 1_000), try yard.receipt(lease, cpu: 50_000)
        )
        try yard.send(settle(lease, small), from: 0)
        #expect(yard.refuses(settle(lease, large), from: 10) == "brokenChain")
        // A later one of the other branch finds its predecessor missing.
        yard.wait(Yard.minute)
        let later = try yard.receipt(lease) {
            UsageReceipt(
                chain: $0.chain, lease: $0.lease, provider: $0.provider, token: $0.token,
                sequence: $0.sequence, previous: large.receipt.digest, from: $0.from,
                until: $0.until, usage: $0.usage)
        }
        #expect(yard.refuses(settle(lease, later), from: 10) == "brokenChain")
    }

    @Test("no receipt costs more than the ceiling for its time, however it is cut (LEASES-10)")
    func overdraw() throws {
        let yard = try Yard()
        let lease = try yard.run()
        for _ in 0..<6 {
            yard.wait(Yard.minute / 6)
            try yard.settle(lease, cpu: .max)
        }
        #expect(yard.balance(10) == Amount(60))
        // Time that has not passed, or was settled already, is no time.
        for (from, until): (UInt64, UInt64) in [(0, 1), (0, 0), (1, 0)] {
            let odd = try yard.receipt(lease) {
                UsageReceipt(
                    chain: $0.chain, lease: $0.lease, provider: $0.provider, token: $0.token,
                    sequence: $0.sequence, previous: $0.previous,
                    from: yard.now.advanced(by: from), until: yard.now.advanced(by: until),
                    usage: $0.usage)
            }
            #expect(yard.refuses(settle(lease, odd), from: 10) == "badPeriod")
        }
    }

    @Test("usage that the tenant did not sign is not paid (LEASES-10)")
    func inflated() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(Yard.minute)
        let honest = try yard.receipt(lease, cpu: 1_000)
        let inflated = try yard.receipt(lease, cpu: 50_000)
        let forged = CosignedReceipt(
            inflated.receipt, byProvider: inflated.byProvider, byTenant: honest.byTenant)
        #expect(yard.refuses(settle(lease, forged), from: 10) == "badSignature")
        let selfSigned = try yard.receipt(lease, cpu: 50_000, tenant: 10)
        #expect(yard.refuses(settle(lease, selfSigned), from: 10) == "badSignature")
        #expect(yard.refuses(settle(lease, honest), from: 11) == "notPrimary")
        #expect(yard.balance(10) == .zero)
    }

    @Test("of two standbys that take over at once one does (LEASES-15)")
    func doubleTakeover() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 2))
        yard.wait(65_001)
        try yard.takeOver(lease, by: 12)
        #expect(refusal { try yard.takeOver(lease, by: 11) } == "staleToken")
        // With the new token it finds a provider that has just begun.
        #expect(refusal { try yard.takeOver(lease, by: 11, token: 2) } == "notSilent")
        #expect(yard.queries.lease(lease)?.token == FencingToken(2))
    }

    @Test("a provider that was replaced is refused whatever it says (LEASES-15)")
    func splitBrain() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 2))
        yard.wait(Yard.minute)
        let receipt = try yard.receipt(lease)
        let statement = yard.snapshot(lease, of: 12)
        yard.wait(1)
        try yard.takeOver(lease, by: 11)
        let token = FencingToken(1)
        #expect(refusal { try yard.renew(lease) } == "notPrimary")
        #expect(yard.refuses(settle(lease, receipt), from: 10) == "notPrimary")
        #expect(yard.refuses(settle(lease, receipt), from: 0) == "foreignStatement")
        #expect(
            yard.refuses(
                .claimBase(ClaimBase(lease: lease, token: token, until: yard.now)), from: 10)
                == "staleToken")
        #expect(
            yard.refuses(
                .noticeReclaim(
                    NoticeReclaim(lease: lease, token: token, reason: .reclaimed)), from: 10)
                == "staleToken")
        #expect(
            yard.refuses(
                .closeLease(CloseLease(lease: lease, reason: .reclaimed)), from: 10)
                == "notPrimary")
        #expect(
            yard.refuses(.reportSnapshot(ReportSnapshot(statement: statement)), from: 12)
                == "staleToken")
        #expect(yard.balance(10) == .zero)
    }

    @Test("a bid holds no longer than the law lets it, and never for ever (LEASES-4)")
    func bidForEver() throws {
        let yard = try Yard()
        try yard.declare(10, cells: 1)
        let lease = try yard.open()
        #expect(refusal { try yard.bid(on: lease, 10, hold: .max) } == "badHold")
        try yard.bid(on: lease, 10, hold: 600_000)
        // The order ends first; with it whatever was held.
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .finished)), from: 0)
        #expect(yard.queries.capacity(of: Yard.account(10))?.held == .zero)
        #expect(yard.balance(0) == Yard.plenty)
    }

    @Test("what is held is not sold twice, in bids, seats or standbys (LEASES-2)")
    func soldTwice() throws {
        let yard = try Yard()
        try yard.declare(10, cells: 2)
        try yard.declare(11, cells: 1)
        _ = try yard.run(Yard.terms(standbys: 1))
        let second = try yard.open()
        try yard.bid(on: second, 10)
        #expect(refusal { try yard.bid(on: second, 11) } == "capacityMissing")
        let third = try yard.open()
        #expect(refusal { try yard.bid(on: third, 10) } == "capacityMissing")
    }

    @Test("closing does not dodge the last receipt, nor the last claim (LEASES-17)")
    func dodging() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(Yard.minute)
        let receipt = try yard.receipt(lease, cpu: 10_000)
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .finished)), from: 0)
        yard.wait(3_599_999)
        try yard.send(settle(lease, receipt), from: 10)
        #expect(yard.balance(10) == Amount(16))
        yard.pass(2)
        #expect(yard.queries.closed(lease)?.refund == Amount(100_000 - 16))
        // Who signs nothing at all pays at least the base price of the time until then.
        let silent = try yard.run()
        yard.wait(Yard.minute)
        try yard.send(.closeLease(CloseLease(lease: silent, reason: .finished)), from: 0)
        yard.wait(1_000)
        let end = Timestamp(yard.now.value - 1_000)
        try yard.send(
            .claimBase(ClaimBase(lease: silent, token: FencingToken(1), until: end)), from: 10)
        yard.pass(3_600_001)
        yard.wait(0)
        #expect(yard.balance(10) == Amount(16 + 6))
        #expect(yard.queries.closed(silent)?.paid == Amount(6))
    }

    @Test("dust neither tops up nor keeps a lease that nobody pays for (LEASES-13)")
    func dust() throws {
        let yard = try Yard(["silenceMilliseconds": 31_536_000_000])
        let lease = try yard.run(deposit: 3_600)
        // Ten minutes at the highest price.
        let topUp = { (amount: UInt128) in
            LeasesMessage.topUpLease(TopUpLease(lease: lease, amount: Amount(amount)))
        }
        #expect(yard.refuses(topUp(1), from: 0) == "amountTooSmall")
        #expect(yard.refuses(topUp(599), from: 0) == "amountTooSmall")
        yard.pass(600 * Yard.minute + 1)
        yard.pass(900_001)
        #expect(yard.refuses(topUp(599), from: 0) == "amountTooSmall")
        #expect(yard.queries.lease(lease)?.phase.name == "grace")
        try yard.send(topUp(600), from: 0)
        #expect(yard.queries.lease(lease)?.phase == .active)
    }

    @Test("numbers at their edges are refused or held, and nothing wraps (LEASES-20)")
    func edges() throws {
        let yard = try Yard()
        var terms = Yard.terms(standbys: 2)
        terms.ceiling = Amount(.max)
        terms.standbyCeiling = Amount(.max)
        #expect(refusal { _ = try yard.open(terms, deposit: .max) } == "poor")
        terms = Yard.terms()
        terms.expected = UsageAmounts(
            cpuMilliseconds: .max, memoryByteSeconds: .max, storageByteSeconds: .max,
            bytesIn: .max, bytesOut: .max, requests: .max)
        let lease = try yard.open(terms)
        try yard.declare(10)
        let prices = LeasePrices(
            base: Amount(.max), coreSecond: Amount(.max), memoryGigabyteSecond: Amount(.max),
            storageGigabyteSecond: Amount(.max), gigabyteIn: Amount(.max),
            gigabyteOut: Amount(.max), millionRequests: Amount(.max))
        #expect(prices.bill(for: terms.expected, in: .max, period: 1) == Amount(.max))
        #expect(
            yard.refuses(
                .bidForLease(
                    BidForLease(
                        lease: lease, prices: prices, standbyRate: .zero,
                        receiptKey: Yard.key(10).publicKey, holdMilliseconds: 1_000)), from: 10)
                == "priceTooHigh")
        let running = try yard.run()
        #expect(
            yard.refuses(
                .topUpLease(TopUpLease(lease: running, amount: Amount(.max))), from: 0)
                == "badTerms")
        #expect(
            ResourceAmounts(milliCores: .max, memoryBytes: 1).adding(Yard.cell) == nil)
        #expect(
            ResourceAmounts(milliCores: .max, memoryBytes: 1).multiplied(by: 2) == nil)
        yard.expectSound()
    }

    @Test("a thousand leases that end at once are handled a few in each block (LEASES-19)")
    func manyAtOnce() throws {
        let yard = try Yard(["duePerBlockMax": 64])
        for number in 0..<250 {
            for tenant in 0..<4 {
                var terms = Yard.terms()
                terms.salt = Bytes32 { $0[0] = UInt8(number) }
                try yard.send(
                    .openLease(OpenLease(terms: terms, deposit: Amount(3_600))), from: tenant)
            }
        }
        yard.wait(Yard.minute + 1)
        var left = 1_000
        while left > 0 {
            let before = yard.context.events.count
            Yard.module.endBlock(in: yard.context)
            let ended = yard.context.events.count - before
            try #require(ended == min(left, 64))
            left -= ended
        }
        #expect(yard.queries.live().items.isEmpty)
        for tenant in 0..<4 { #expect(yard.balance(tenant) == Yard.plenty) }
    }
}
