// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Treasury

@Suite("Pools and their limits")
struct PoolTests {
    let hall: Hall

    init() throws {
        hall = try Hall()
        try hall.send(.createPool(name: "common", owner: Hall.account(1)), from: 9)
        try hall.send(
            .deposit(pool: 0, asset: .native, amount: Amount(whole: 1_000)), from: 4)
        try hall.send(
            .deposit(pool: 0, asset: Hall.coral, amount: Amount(whole: 7)), from: 4)
    }

    private func spend(_ whole: UInt64, _ asset: AssetID = .native) throws(Refusal) {
        try hall.send(
            .spend(
                pool: 0, payments: [Payment(to: Hall.account(5), Amount(whole: whole), of: asset)]),
            from: 1)
    }

    private func limit(_ whole: UInt64, days: UInt64 = 1) throws(Refusal) {
        try hall.send(
            .setLimit(
                pool: 0, asset: .native, amount: Amount(whole: whole), period: days * Hall.day),
            from: 1)
    }

    @Test("a pool holds several assets, and its owner pays from it (TREASURY-3)")
    func assets() throws {
        try spend(100)
        try spend(7, Hall.coral)
        #expect(hall.gained(5) == Amount(whole: 100))
        #expect(hall.gained(5, Hall.coral) == Amount(whole: 7))
        #expect(refusal { try spend(1, Hall.coral) } == "poor")
        #expect(refusal { try spend(0) } == "zeroAmount")
        #expect(
            refusal {
                try hall.send(.deposit(pool: 1, asset: .native, amount: Amount(1)), from: 4)
            } == "unknown")
    }

    @Test("treasury drain over epochs fails: a period lets so much out (TREASURY-4)")
    func treasuryDrain() throws {
        try limit(100)
        try spend(60)
        #expect(refusal { try spend(41) } == "outflowExceeded")
        try spend(40)
        hall.wait(Hall.day - 1)
        #expect(refusal { try spend(1) } == "outflowExceeded")
        hall.wait(1)
        try spend(100)
        // A grant and a bounty count as well.
        let grant = CreateGrant(
            source: .pool(0), receiver: .account(Hall.account(5)), amount: Amount(whole: 1),
            schedule: .milestones([1_000_000]))
        #expect(refusal { try hall.send(.createGrant(grant), from: 1) } == "outflowExceeded")
    }

    @Test("a higher limit holds only after a whole period; a lower one at once (TREASURY-4)")
    func raising() throws {
        try limit(100)
        try limit(1_000)
        #expect(refusal { try spend(101) } == "outflowExceeded")
        #expect(
            refusal {
                try hall.send(
                    .setLimit(
                        pool: 0, asset: .native, amount: Amount(whole: 1_000),
                        period: Hall.day / 2),
                    from: 1)
            } == "badPeriod")
        hall.wait(Hall.day)
        try spend(500)
        try limit(10)
        #expect(refusal { try spend(1) } == "outflowExceeded")
    }

    @Test("a pool may change hands, by its owner alone (TREASURY-3)")
    func owner() throws {
        #expect(
            refusal { try hall.send(.setOwner(pool: 0, owner: Hall.account(2)), from: 2) }
                == "notAllowed")
        try hall.send(.setOwner(pool: 0, owner: Hall.account(2)), from: 1)
        #expect(refusal { try spend(1) } == "notAllowed")
        #expect(
            refusal { try hall.send(.createPool(name: "", owner: Hall.account(2)), from: 2) }
                == "badName")
    }

    /// Optimus' severities (OP-22).
    private func bounty() -> Bounty {
        Bounty(
            pool: 0, asset: .native, subject: .zero,
            rows: [
                Bounty.Row(
                    severity: "high", least: Amount(whole: 100), most: Amount(whole: 500)),
                Bounty.Row(severity: "low", least: Amount(whole: 10), most: Amount(whole: 100)),
            ])
    }

    @Test("a bounty pays within its severity's range, out of its pool (TREASURY-12)")
    func bounties() throws {
        #expect(refusal { try hall.send(.openBounty(bounty()), from: 2) } == "notAllowed")
        try hall.send(.openBounty(bounty()), from: 1)
        func award(_ whole: UInt64, _ severity: String, from number: Int = 1) throws(Refusal) {
            try hall.send(
                .award(
                    bounty: 0, to: Hall.account(5), severity: severity,
                    amount: Amount(whole: whole)), from: number)
        }
        #expect(refusal { try award(99, "high") } == "badBounty")
        #expect(refusal { try award(501, "high") } == "badBounty")
        #expect(refusal { try award(10, "medium") } == "badBounty")
        #expect(refusal { try award(10, "low", from: 5) } == "notAllowed")
        try award(500, "high")
        #expect(hall.gained(5) == Amount(whole: 500))
        try hall.send(.closeBounty(0), from: 1)
        #expect(refusal { try award(10, "low") } == "badBounty")
        let twice = Bounty(
            pool: 0, asset: .native, subject: .zero, rows: bounty().rows + bounty().rows)
        #expect(refusal { try hall.send(.openBounty(twice), from: 1) } == "badBounty")
    }

    @Test("a mark is given once, cannot be given on, and its giver takes it back (TREASURY-13)")
    func badges() throws {
        try hall.send(
            .giveBadge(to: Hall.account(5), name: "milestone/mainnet", evidence: .zero), from: 1)
        #expect(hall.queries.badges(of: Hall.account(5)).map(\.name) == ["milestone/mainnet"])
        #expect(
            refusal {
                try hall.send(
                    .giveBadge(to: Hall.account(5), name: "milestone/mainnet", evidence: .zero),
                    from: 1)
            } == "alreadyGiven")
        #expect(
            refusal {
                try hall.send(
                    .revokeBadge(from: Hall.account(5), name: "milestone/mainnet"), from: 5)
            } == "unknown")
        try hall.send(
            .revokeBadge(from: Hall.account(5), name: "milestone/mainnet"), from: 1)
        #expect(hall.queries.badges(of: Hall.account(5)).isEmpty)
    }
}
