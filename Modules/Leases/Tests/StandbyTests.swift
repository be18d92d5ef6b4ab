// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Leases

@Suite("Standbys, notices and ends")
struct StandbyTests {
    @Test("a standby is paid for the time its snapshots cover (LEASES-14)")
    func snapshots() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 1))
        yard.wait(5 * Yard.minute)
        func report(_ statement: AcknowledgedSnapshot, from number: Int = 11) -> String? {
            yard.refuses(.reportSnapshot(ReportSnapshot(statement: statement)), from: number)
        }
        #expect(report(yard.snapshot(lease, of: 12), from: 12) == "notStandby")
        #expect(report(yard.snapshot(lease, of: 12)) == "foreignStatement")
        #expect(report(yard.snapshot(lease, of: 11, agreedBy: 11)) == "badSignature")
        #expect(report(yard.snapshot(lease, of: 11, token: 2)) == "staleToken")
        #expect(report(yard.snapshot(lease, of: 11, age: Yard.minute)) == nil)
        #expect(yard.balance(11) == Amount(24))
        #expect(report(yard.snapshot(lease, of: 11, age: Yard.minute)) == "staleSnapshot")
        #expect(report(yard.snapshot(lease, of: 11, sequence: 2)) == nil)
        #expect(yard.balance(11) == Amount(30))
        // A snapshot is good for ten minutes; what lies beyond is not paid.
        yard.wait(20 * Yard.minute)
        #expect(report(yard.snapshot(lease, of: 11, sequence: 3)) == nil)
        #expect(yard.balance(11) == Amount(90))
    }

    @Test("a standby takes over from a silent provider with its data (LEASES-15)")
    func takeover() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 1))
        yard.wait(30_000)
        try yard.renew(lease)
        #expect(refusal { try yard.takeOver(lease, by: 11) } == "notSilent")
        let statement = yard.snapshot(lease, of: 11)
        yard.wait(60_000)
        #expect(refusal { try yard.takeOver(lease, by: 11) } == "notSilent")
        yard.wait(1)
        try yard.takeOver(lease, by: 11, with: statement)
        let record = try #require(yard.queries.lease(lease))
        #expect(record.primary?.provider == Yard.account(11) && record.token == FencingToken(2))
        #expect(record.standbys.isEmpty && record.wantsBids)
        #expect(yard.evidence(10, lease) == .failed)
        #expect(yard.queries.capacity(of: Yard.account(10))?.held == .zero)
        let event = try #require(
            yard.context.events.compactMap { try? LeasesEvent($0) }.last { $0.kind == .takenOver })
        // The data is as old as the last moment at which the old one may have run: within 60 s.
        #expect(event.note.code == 0 && event.note.other == Yard.account(10))
        #expect(event.note.time == statement.snapshot.takenAt && event.note.number == 2)
        yard.wait(Yard.minute)
        try yard.settle(lease, by: 11)
        #expect(yard.balance(11) == Amount(3 + 6) && yard.balance(10) == .zero)
    }

    @Test("data older than was agreed is said at the takeover (LEASES-15)")
    func oldData() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 1))
        yard.wait(60_000)
        try yard.renew(lease)
        yard.wait(60_001)
        try yard.takeOver(lease, by: 11, with: yard.snapshot(lease, of: 11, age: 60_002))
        let event = try #require(
            yard.context.events.compactMap { try? LeasesEvent($0) }.last { $0.kind == .takenOver })
        #expect(event.note.code == 1)
    }

    @Test("the second standby waits for the first (LEASES-15)")
    func stagger() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 2))
        yard.wait(60_001)
        #expect(refusal { try yard.takeOver(lease, by: 12) } == "notSilent")
        yard.wait(5_000)
        try yard.takeOver(lease, by: 12)
        #expect(yard.queries.lease(lease)?.standbys.map(\.provider) == [Yard.account(11)])
    }

    @Test("a vacant place is bid for while the lease runs (LEASES-4, LEASES-5)")
    func vacancy() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 1))
        try yard.send(
            .endStandby(EndStandby(lease: lease, standby: Yard.account(11))), from: 11)
        #expect(yard.queries.wanting().items == [lease])
        try yard.declare(13)
        try yard.bid(on: lease, 13)
        #expect(yard.queries.lease(lease)?.standbys.map(\.provider) == [Yard.account(13)])
        #expect(yard.queries.wanting().items.isEmpty)
        #expect(refusal { try yard.bid(on: lease, 11) } == "wrongPhase")
        #expect(
            yard.refuses(
                .endStandby(EndStandby(lease: lease, standby: Yard.account(13))), from: 10)
                == "notTenant")
    }

    @Test("a reserved lease is taken back after its notice, for nothing (LEASES-16)")
    func notice() throws {
        let yard = try Yard(["silenceMilliseconds": 31_536_000_000])
        var terms = Yard.terms()
        terms.noticeMilliseconds = 600_000
        let lease = try yard.run(terms)
        let notice = { (reason: CloseReason) in
            LeasesMessage.noticeReclaim(
                NoticeReclaim(lease: lease, token: FencingToken(1), reason: reason))
        }
        #expect(yard.refuses(notice(.finished), from: 10) == "badReason")
        try yard.send(notice(.maintenance), from: 10)
        #expect(yard.refuses(notice(.maintenance), from: 10) == "wrongPhase")
        yard.pass(600_000)
        #expect(yard.queries.lease(lease)?.phase == .active)
        yard.pass(1)
        #expect(yard.past.map(\.kind) == [.closing])
        yard.pass(3_600_001)
        let closed = try #require(yard.queries.closed(lease))
        #expect(closed.reason == .maintenance && closed.by == Yard.account(10))
        #expect(yard.evidence(10, lease) == .reclaimed)
        #expect(
            Yard.purse.backing(of: Yard.account(10), in: yard.context)?.bond
                == Amount(whole: 1_000))
    }

    @Test("leaving a reserved lease without notice costs a part of the bond (LEASES-17)")
    func breach() throws {
        let yard = try Yard()
        let lease = try yard.run()
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .overloaded)), from: 10)
        #expect(
            Yard.purse.backing(of: Yard.account(10), in: yard.context)?.bond
                == Amount(whole: 950))
        yard.pass(3_600_001)
        #expect(yard.evidence(10, lease) == .abandoned)
        #expect(yard.balance(0) == Yard.plenty)
    }

    @Test("a spot lease is taken back at once, for nothing (LEASES-16)")
    func spot() throws {
        let yard = try Yard()
        var terms = Yard.terms()
        terms.kind = .spot
        let lease = try yard.run(terms)
        yard.wait(Yard.minute)
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .reclaimed)), from: 10)
        try yard.settle(lease)
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .reclaimed)), from: 10)
        #expect(yard.queries.closed(lease)?.paid == Amount(6))
        #expect(yard.evidence(10, lease) == .reclaimed)
    }

    @Test("when a provider leaves, its standby follows at once (LEASES-17)")
    func leaving() throws {
        let yard = try Yard()
        var terms = Yard.terms(standbys: 1)
        terms.kind = .spot
        let lease = try yard.run(terms)
        yard.wait(1_000)
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .reclaimed)), from: 10)
        #expect(refusal { try yard.renew(lease) } == "notPrimary")
        try yard.takeOver(lease, by: 11)
        #expect(yard.queries.lease(lease)?.phase == .active)
        #expect(yard.evidence(10, lease) == .reclaimed)
    }

    @Test("when nobody follows, the lease ends (LEASES-17)")
    func nobodyFollows() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 1))
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .hardwareFailed)), from: 10)
        yard.pass(3_600_001)
        #expect(yard.queries.lease(lease)?.phase.name == "closing")
        #expect(yard.queries.capacity(of: Yard.account(11))?.held == .zero)
        yard.pass(3_600_001)
        #expect(yard.queries.closed(lease)?.reason == .hardwareFailed)
        #expect(yard.queries.capacity(of: Yard.account(10))?.held == .zero)
    }

    @Test("whoever left without notice is judged by that, whoever ends the lease (LEASES-22)")
    func judged() throws {
        let yard = try Yard()
        let lease = try yard.run(Yard.terms(standbys: 1))
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .overloaded)), from: 10)
        try yard.send(.closeLease(CloseLease(lease: lease, reason: .unsatisfied)), from: 0)
        yard.pass(3_600_001)
        #expect(yard.queries.closed(lease)?.reason == .unsatisfied)
        #expect(yard.evidence(10, lease) == .abandoned)
    }

    @Test("a tenant ends with a silent provider and keeps its last receipt (LEASES-17)")
    func silentProvider() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.wait(Yard.minute)
        let close = LeasesMessage.closeLease(CloseLease(lease: lease, reason: .providerSilent))
        #expect(yard.refuses(close, from: 0) == "notSilent")
        let receipt = try yard.receipt(lease)
        yard.wait(1)
        try yard.send(.settleUsage(SettleUsage(lease: lease, receipts: [receipt])), from: 0)
        try yard.send(close, from: 0)
        yard.pass(3_600_001)
        let closed = try #require(yard.queries.closed(lease))
        #expect(closed.reason == .providerSilent && closed.paid == Amount(6))
        #expect(closed.by == Yard.account(0) && yard.evidence(10, lease) == .failed)
        #expect(
            Yard.purse.backing(of: Yard.account(10), in: yard.context)?.bond
                == Amount(whole: 990))
    }

    @Test("a provider that nobody hears of does not end a lease for a day (LEASES-7)")
    func failStatic() throws {
        let yard = try Yard()
        let lease = try yard.run()
        yard.pass(86_400_000 + 60_000)
        #expect(yard.queries.lease(lease)?.phase == .active)
        yard.pass(1)
        #expect(yard.queries.lease(lease)?.phase.name == "closing")
        yard.pass(3_600_001)
        #expect(yard.queries.closed(lease)?.reason == .silenceEnded)
    }

    @Test("the manifest is changed without another lease (LEASES-8)")
    func manifest() throws {
        let yard = try Yard()
        let lease = try yard.run()
        let update = LeasesMessage.updateManifest(
            UpdateManifest(lease: lease, manifest: Digest(Bytes32 { $0[0] = 9 })))
        #expect(yard.refuses(update, from: 10) == "notTenant")
        try yard.send(update, from: 0)
        #expect(yard.queries.lease(lease)?.manifest == Digest(Bytes32 { $0[0] = 9 }))
    }

    @Test("one message renews many leases, and a lost one does not cost the others (LEASES-7)")
    func renewals() throws {
        let yard = try Yard()
        let leases = [try yard.run(), try yard.run()]
        yard.wait(30_000)
        let stale = LeaseRenewal(lease: leases[0], token: FencingToken(0))
        try yard.send(
            .renewLeases(
                RenewLeases(leases: [
                    stale, LeaseRenewal(lease: leases[1], token: FencingToken(1)),
                ])), from: 10)
        #expect(yard.queries.lease(leases[0])?.aliveUntil == Timestamp(Yard.start + 60_000))
        #expect(yard.queries.lease(leases[1])?.aliveUntil == Timestamp(Yard.start + 90_000))
        #expect(
            yard.refuses(.renewLeases(RenewLeases(leases: [stale])), from: 10) == "notPrimary")
    }
}
