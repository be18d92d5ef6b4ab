// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Leases

@Suite("Usage, claims and funds")
struct UsageTests {
    @Test("what both signed is paid as used, and each receipt follows the last (LEASES-10)")
    func settling() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(Yard.minute)
        // A period's base of 6, and 20 seconds of a core at 1.
        try yard.settle(lease, cpu: 20_000)
        #expect(yard.balance(10) == Amount(26))
        yard.wait(Yard.minute / 2)
        try yard.settle(lease, cpu: 1_999)
        #expect(yard.balance(10) == Amount(26 + 3 + 1))
        let record = try #require(yard.queries.lease(lease))
        #expect(record.receipts == 2 && record.paid == Amount(30))
        #expect(record.rate == Amount(8) && record.settledUntil == yard.now)
        yard.expectSound()
    }

    @Test("many receipts go in one message, and the tenant may send them (LEASES-10)")
    func batches() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(2 * Yard.minute)
        let first = try yard.receipt(lease) { part(of: $0, until: Yard.start + Yard.minute) }
        let second = try yard.receipt(lease) {
            part(of: $0, sequence: 2, previous: first.receipt.digest, from: first.receipt.until)
        }
        try yard.send(
            .settleUsage(SettleUsage(lease: lease, receipts: [first, second])), from: 0)
        #expect(yard.queries.lease(lease)?.receipts == 2 && yard.balance(10) == Amount(12))
    }

    private func part(
        of whole: UsageReceipt, sequence: UInt64? = nil, previous: Digest? = nil,
        from: Timestamp? = nil, until: UInt64? = nil
    ) -> UsageReceipt {
        UsageReceipt(
            chain: whole.chain, lease: whole.lease, provider: whole.provider, token: whole.token,
            sequence: sequence ?? whole.sequence, previous: previous ?? whole.previous,
            from: from ?? whole.from, until: until.map(Timestamp.init) ?? whole.until,
            usage: whole.usage)
    }

    @Test("a provider whose tenant signs nothing claims its base price, and waits (LEASES-11)")
    func claims() throws {
        let yard = try Yard()
        let lease = try yard.run()
        func claim(until: Timestamp, from number: Int = 10) -> String? {
            yard.refuses(
                .claimBase(ClaimBase(lease: lease, token: FencingToken(1), until: until)),
                from: number)
        }
        for _ in 0..<59 {
            yard.wait(Yard.minute)
            try yard.renew(lease)
        }
        #expect(claim(until: yard.now) == "tooEarly")
        yard.wait(Yard.minute)
        try yard.renew(lease)
        #expect(claim(until: yard.now, from: 11) == "notPrimary")
        #expect(claim(until: yard.now.advanced(by: 1)) == "badPeriod")
        #expect(claim(until: yard.now) == nil)
        #expect(claim(until: yard.now) == "claimRefused")
        #expect(yard.balance(10) == .zero)
        yard.pass(3_600_001)
        // Sixty periods of 6.
        #expect(yard.balance(10) == Amount(360))
        #expect(yard.past.map(\.kind) == [.claimPaid])
        #expect(yard.queries.lease(lease)?.claim == nil)
    }

    @Test("nothing is owed for time that a provider did not renew (LEASES-11)")
    func silentTime() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(3_600_000)
        let claim = { (until: UInt64) in
            LeasesMessage.claimBase(
                ClaimBase(lease: lease, token: FencingToken(1), until: Timestamp(until)))
        }
        #expect(yard.refuses(claim(Yard.start + 60_001), from: 10) == "badPeriod")
        try yard.send(claim(Yard.start + 60_000), from: 10)
        #expect(yard.queries.lease(lease)?.claim?.amount == Amount(6))
    }

    @Test("a claim that is contested is not paid, and the lease ends (LEASES-11)")
    func contest() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(3_600_000)
        try yard.renew(lease)
        let claim = LeasesMessage.claimBase(
            ClaimBase(lease: lease, token: FencingToken(1), until: yard.now))
        try yard.send(claim, from: 10)
        let contest = LeasesMessage.contestClaim(ContestClaim(lease: lease))
        #expect(yard.refuses(contest, from: 10) == "notTenant")
        try yard.send(contest, from: 0)
        #expect(yard.refuses(claim, from: 10) == "claimRefused")
        #expect(yard.refuses(contest, from: 0) == "noClaim")
        yard.pass(3_600_001)
        let closed = try #require(yard.queries.closed(lease))
        #expect(closed.reason == .claimContested && closed.paid == .zero)
        #expect(yard.balance(0) == Yard.plenty && yard.evidence(10, lease) == .undecided)
    }

    @Test("what both sign settles what one claimed (LEASES-11)")
    func superseded() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(3_600_000)
        try yard.renew(lease)
        try yard.send(
            .claimBase(ClaimBase(lease: lease, token: FencingToken(1), until: yard.now)),
            from: 10)
        try yard.settle(lease, cpu: 1_000)
        #expect(yard.queries.lease(lease)?.claim == nil && yard.balance(10) == Amount(361))
        yard.wait(3_600_001)
        yard.wait(0)
        #expect(yard.balance(10) == Amount(361))
    }

    @Test("funds that end are warned of, pause, leave grace and end the lease (LEASES-12)")
    func fundsEnd() throws {
        let yard = try Yard(["warningMilliseconds": 60_000, "silenceMilliseconds": 31_536_000_000])
        // 6,000 lasts for a thousand minutes at the expected price of 6.
        let lease = try yard.run(deposit: 6_000)
        let end = Timestamp(Yard.start + 1_000 * Yard.minute)
        #expect(yard.queries.lease(lease)?.fundsEnd == end)
        yard.pass(999 * Yard.minute + 1)
        #expect(yard.past.map(\.kind) == [.fundsLow] && yard.past[0].note.time == end)
        yard.pass(Yard.minute)
        #expect(yard.past.map(\.kind) == [.paused])
        #expect(yard.queries.lease(lease)?.phase.name == "paused")
        yard.pass(900_001)
        #expect(yard.past.map(\.kind) == [.graceBegun])
        yard.pass(86_400_001)
        #expect(yard.past.map(\.kind) == [.closing])
        // The provider is paid what was signed up to the pause, and not beyond.
        try yard.settle(lease)
        #expect(yard.balance(10) == Amount(6_000))
        try yard.send(
            .closeLease(CloseLease(lease: lease, reason: .shuttingDown)), from: 10)
        let closed = try #require(yard.queries.closed(lease))
        #expect(closed.reason == .fundsEnded && closed.refund == .zero && closed.by == nil)
        #expect(yard.evidence(10, lease) == .completed)
    }

    @Test("a top-up lets a paused lease go on, and the time it stood still costs nothing")
    func toppedUp() throws {
        let yard = try Yard(["silenceMilliseconds": 31_536_000_000])
        let lease = try yard.run(deposit: 3_600)
        yard.pass(600 * Yard.minute + 1)
        yard.wait(2 * Yard.minute)
        #expect(yard.queries.lease(lease)?.phase.name == "paused")
        try yard.send(.topUpLease(TopUpLease(lease: lease, amount: Amount(600))), from: 1)
        var record = try #require(yard.queries.lease(lease))
        #expect(record.phase == .active && record.resumedAt == yard.now)
        // What was not settled before may still be, with what both sign.
        try yard.send(
            .settleUsage(
                SettleUsage(
                    lease: lease,
                    receipts: [
                        yard.receipt(lease) {
                            part(of: $0, until: Yard.start + 32 * Yard.minute)
                        }
                    ])), from: 10)
        #expect(yard.balance(10) == Amount(192))
        record = try #require(yard.queries.lease(lease))
        #expect(record.funds == Amount(4_008))
        #expect(record.fundsEnd == record.resumedAt.advanced(by: 668 * Yard.minute))
    }

    @Test("a bill above the funds is paid as far as they go, and that is said (LEASES-12)")
    func overdrawn() throws {
        let yard = try Yard()
        let lease = try yard.run(deposit: 3_600)
        for _ in 0..<2 {
            yard.wait(32 * Yard.minute)
            // Sixty a minute is the most, whatever was used.
            try yard.settle(lease, cpu: .max)
        }
        #expect(yard.balance(10) == Amount(3_600))
        let event = try #require(
            yard.context.events.compactMap { try? LeasesEvent($0) }.last {
                $0.kind == .usageSettled
            })
        #expect(event.note.amount == Amount(1_680) && event.note.rest == Amount(240))
        yard.pass(1)
        #expect(yard.queries.lease(lease)?.phase.name == "paused")
    }
}
