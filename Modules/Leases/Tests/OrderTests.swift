// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Leases

@Suite("Orders and held bids")
struct OrderTests {
    @Test("an order sets its deposit aside and wants bids (LEASES-1, LEASES-3)")
    func opening() throws {
        let yard = try Yard()
        let lease = try yard.open(deposit: 3_600)
        let record = try #require(yard.queries.lease(lease))
        #expect(record.funds == Amount(3_600) && record.phase.name == "open")
        #expect(yard.queries.wanting().items == [lease])
        #expect(yard.queries.leases(of: Yard.account(0)).items == [lease])
        #expect(
            yard.queries.leases(of: Bytes32 { $0[0] = 1 }, by: Yard.account(0)).items == [lease])
        #expect(yard.balance(0) == Yard.plenty.subtracting(Amount(3_600)))
        yard.expectSound()
    }

    @Test("a deposit lasts for as long as the law wants, at the highest price (LEASES-3)")
    func deposits() throws {
        let yard = try Yard()
        // An hour at 60 a minute for the provider and 6 a minute for each standby.
        #expect(refusal { _ = try yard.open(deposit: 3_599) } == "amountTooSmall")
        #expect(
            refusal { _ = try yard.open(Yard.terms(standbys: 2), deposit: 4_319) }
                == "amountTooSmall")
        _ = try yard.open(Yard.terms(standbys: 2), deposit: 4_320)
    }

    @Test("terms that cannot be are refused (LEASES-3)")
    func badTerms() throws {
        let yard = try Yard()
        let changes: [(inout LeaseTerms) -> Void] = [
            { $0.groups = [] }, { $0.groups[0] = group("web", count: 0) },
            { $0.groups[0] = group("Web") }, { $0.groups.append($0.groups[0]) },
            { $0.groups[0] = group("web", cores: .max, count: 2) },
            { $0.groups[0] = group("web", cores: 0) }, { $0.regions = ["south", "north"] },
            { $0.attributes = ["tier=2", "tier=2"] }, { $0.periodMilliseconds = 59_999 },
            { $0.decideMilliseconds = 0 }, { $0.takeoverMilliseconds = 9_999 },
            { $0.noticeMilliseconds = .max }, { $0.recoveryMilliseconds = .max },
            { $0.standbys = 3 }, { $0.ceiling = .zero },
        ]
        for (place, change) in changes.enumerated() {
            var terms = Yard.terms()
            change(&terms)
            #expect(refusal { _ = try yard.open(terms) } == "badTerms", "change \(place)")
        }
    }

    private func group(_ name: String, cores: UInt64 = 1, count: UInt32 = 1) -> ResourceGroup {
        ResourceGroup(
            name: name, count: count, each: ResourceAmounts(milliCores: cores, memoryBytes: 0))
    }

    @Test("what is declared is backed by a bond, a unit for a core (LEASES-2)")
    func capacity() throws {
        let yard = try Yard(bond: Amount(whole: 8))
        try yard.declare(10, cells: 4)
        #expect(refusal { try yard.declare(10, cells: 5) } == "bondTooSmall")
        #expect(refusal { try yard.declare(1) } == "notProvider")
        let wild = ResourceAmounts(
            milliCores: 1, memoryBytes: 1,
            devices: [NamedAmount("gpu/b", 1), NamedAmount("gpu/a", 1)])
        #expect(
            yard.refuses(
                .declareCapacity(
                    DeclareCapacity(capacity: wild, region: "north", attributes: [])), from: 10)
                == "badCapacity")
    }

    @Test("a bid holds resources, and its end frees them (LEASES-4)")
    func holding() throws {
        let yard = try Yard()
        try yard.declare(10, cells: 1)
        let lease = try yard.open()
        try yard.bid(on: lease, 10, hold: 1_000)
        #expect(yard.queries.capacity(of: Yard.account(10))?.held == Yard.cell)
        #expect(yard.queries.holdings(of: Yard.account(10)).items == [lease])
        #expect(refusal { try yard.bid(on: lease, 10) } == "alreadyBid")
        #expect(
            yard.refuses(
                .declareCapacity(
                    DeclareCapacity(capacity: .zero, region: "north", attributes: [])), from: 10)
                == "capacityInUse")
        yard.pass(1_001)
        #expect(yard.queries.capacity(of: Yard.account(10))?.held == .zero)
        #expect(yard.past.map(\.kind) == [.bidReleased])
        // It may bid again, for it holds nothing any more.
        try yard.bid(on: lease, 10)
    }

    @Test("who may bid, and at which price (LEASES-4)")
    func bidders() throws {
        let yard = try Yard()
        var terms = Yard.terms(standbys: 1)
        terms.regions = ["north"]
        terms.attributes = ["tier=2"]
        terms.expected = UsageAmounts(cpuMilliseconds: 50_000)
        let lease = try yard.open(terms)
        #expect(refusal { try yard.bid(on: lease, 10) } == "notProvider")
        try yard.declare(10)
        #expect(refusal { try yard.bid(on: lease, 10, base: 11) } == "priceTooHigh")
        #expect(refusal { try yard.bid(on: lease, 10, standby: 7) } == "priceTooHigh")
        #expect(refusal { try yard.bid(on: lease, 10, hold: 999) } == "badHold")
        #expect(refusal { try yard.bid(on: lease, 10, hold: 600_001) } == "badHold")
        try yard.bid(on: lease, 10, base: 10)
        try yard.send(
            .declareCapacity(
                DeclareCapacity(capacity: Yard.cell, region: "south", attributes: ["tier=2"])),
            from: 11)
        #expect(refusal { try yard.bid(on: lease, 11) } == "doesNotQualify")
        try yard.send(
            .declareCapacity(
                DeclareCapacity(capacity: Yard.cell, region: "north", attributes: [])), from: 11)
        #expect(refusal { try yard.bid(on: lease, 11) } == "doesNotQualify")
        yard.wait(Yard.minute + 1)
        try yard.declare(12)
        #expect(refusal { try yard.bid(on: lease, 12) } == "tooLate")
    }

    @Test("when the time is over the lowest price runs it and the cheapest stand by (LEASES-5)")
    func automatic() throws {
        let yard = try Yard()
        let lease = try yard.open(Yard.terms(standbys: 1))
        for (number, base, standby) in [(10, 9, 3), (11, 5, 6), (12, 7, 2), (13, 6, 4)] {
            try yard.declare(number)
            try yard.bid(
                on: lease, number, base: UInt128(base), standby: UInt128(standby))
        }
        yard.pass(Yard.minute + 1)
        let record = try #require(yard.queries.lease(lease))
        #expect(record.primary?.provider == Yard.account(11))
        #expect(record.standbys.map(\.provider) == [Yard.account(12)])
        #expect(record.token == FencingToken(1) && record.phase.name == "reserved")
        #expect(yard.queries.capacity(of: Yard.account(10))?.held == .zero)
        #expect(yard.queries.capacity(of: Yard.account(12))?.held == Yard.cell)
    }

    @Test("an order that nobody bids for gives everything back (LEASES-5, LEASES-9)")
    func nobody() throws {
        let yard = try Yard()
        let lease = try yard.open()
        yard.pass(Yard.minute + 1)
        let closed = try #require(yard.queries.closed(lease))
        #expect(closed.reason == .noBid && closed.refund == Amount(100_000))
        #expect(yard.balance(0) == Yard.plenty)
        #expect(refusal { try yard.bid(on: lease, 10) } == "leaseClosed")
        #expect(yard.queries.leases(of: Yard.account(0)).items == [lease])
    }

    @Test("a tenant chooses whom it wants, once and in time (LEASES-5)")
    func accepting() throws {
        let yard = try Yard()
        var terms = Yard.terms()
        terms.isAutomatic = false
        let lease = try yard.open(terms)
        for number in 10...11 {
            try yard.declare(number)
            try yard.bid(on: lease, number, base: UInt128(number), hold: 2_000)
        }
        func accept(_ providers: [Int], from number: Int = 0) -> String? {
            yard.refuses(
                .acceptBids(
                    AcceptBids(lease: lease, providers: providers.map(Yard.account))),
                from: number)
        }
        #expect(accept([10], from: 1) == "notTenant")
        #expect(accept([]) == "unknownBid")
        #expect(accept([12]) == "unknownBid")
        #expect(accept([10, 11]) == "unknownBid")
        #expect(accept([11]) == nil)
        #expect(accept([10]) == "wrongPhase")
        #expect(yard.queries.lease(lease)?.primary?.provider == Yard.account(11))
    }

    @Test("a bid that no longer holds cannot be accepted (LEASES-4)")
    func late() throws {
        let yard = try Yard()
        let lease = try yard.open()
        try yard.declare(10)
        try yard.bid(on: lease, 10, hold: 1_000)
        yard.wait(1_001)
        #expect(
            yard.refuses(
                .acceptBids(AcceptBids(lease: lease, providers: [Yard.account(10)])), from: 0)
                == "unknownBid")
    }

    @Test("a provider that does not begin in time loses the lease, not its bond (LEASES-6)")
    func neverStarted() throws {
        let yard = try Yard()
        let lease = try yard.open()
        try yard.declare(10)
        try yard.bid(on: lease, 10)
        try yard.send(
            .acceptBids(AcceptBids(lease: lease, providers: [Yard.account(10)])), from: 0)
        let start = LeasesMessage.startLease(StartLease(lease: lease, token: FencingToken(0)))
        #expect(yard.refuses(start, from: 10) == "staleToken")
        yard.pass(300_001)
        #expect(yard.queries.closed(lease)?.reason == .neverStarted)
        #expect(yard.balance(0) == Yard.plenty)
        #expect(yard.evidence(10, lease) == .undecided)
    }
}
