// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Treasury

@Suite("Grants over time")
struct GrantTests {
    /// A month of a vesting table: a twelfth of 365.25 days.
    static let month: UInt64 = 31_557_600_000 / 12

    private func given(_ schedule: Schedule, _ whole: UInt64, at months: UInt64) -> Amount {
        schedule.given(of: Amount(whole: whole), at: Timestamp(months * Self.month), reached: 0)
    }

    private func curve(
        atStart: UInt64 = 0, cliff: UInt64 = 0, months: UInt64, period: UInt64 = 0,
        lock: UInt64 = 0, accrues: Bool = false
    ) -> Schedule {
        .curve(
            Schedule.Curve(
                start: Timestamp(0), atStart: atStart, cliff: cliff * Self.month,
                duration: months * Self.month, period: period * Self.month,
                lock: lock * Self.month, accrues: accrues))
    }

    @Test("the ecosystem of CipherOcto: a year's cliff, then 875 M a year for four (CO-02)")
    func ecosystem() {
        let schedule = curve(cliff: 12, months: 48)
        #expect(given(schedule, 3_500_000_000, at: 12) == .zero)
        #expect(given(schedule, 3_500_000_000, at: 24) == Amount(whole: 875_000_000))
        #expect(given(schedule, 3_500_000_000, at: 60) == Amount(whole: 3_500_000_000))
    }

    @Test("its team: a year's cliff, 48 months by quarters, each locked half a year (CO-02)")
    func team() {
        let schedule = curve(cliff: 12, months: 48, period: 3, lock: 6)
        #expect(given(schedule, 1_600, at: 20) == .zero)
        #expect(given(schedule, 1_600, at: 21) == Amount(whole: 100))
        #expect(given(schedule, 1_600, at: 23) == Amount(whole: 100))
        #expect(given(schedule, 1_600, at: 24) == Amount(whole: 200))
        #expect(given(schedule, 1_600, at: 66) == Amount(whole: 1_600))
    }

    @Test("its treasury: a tenth at launch, three years' cliff, five years (CO-02)")
    func launch() {
        let schedule = curve(atStart: 100_000, cliff: 36, months: 60)
        #expect(given(schedule, 2_000, at: 0) == Amount(whole: 200))
        #expect(given(schedule, 2_000, at: 36) == Amount(whole: 200))
        #expect(given(schedule, 2_000, at: 66) == Amount(whole: 1_100))
    }

    @Test("a cliff that accrues gives its part at its end: half a year of two (R9, OP-12)")
    func accruing() {
        let schedule = curve(cliff: 6, months: 24, accrues: true)
        #expect(given(schedule, 2_400, at: 5) == .zero)
        #expect(given(schedule, 2_400, at: 6) == Amount(whole: 600))
        #expect(given(schedule, 2_400, at: 12) == Amount(whole: 1_200))
        #expect(given(schedule, 2_400, at: 24) == Amount(whole: 2_400))
    }

    @Test("an emission's stretches: 400, 200, 40 million of 640 in four years each (CO-03)")
    func stretches() {
        let years = 48 * Self.month
        let schedule = Schedule.stretches(
            start: Timestamp(0),
            [
                Schedule.Stretch(duration: years, share: 625_000),
                Schedule.Stretch(duration: years, share: 312_500),
                Schedule.Stretch(duration: years, share: 62_500),
            ])
        #expect(schedule.isValid)
        #expect(given(schedule, 640_000_000, at: 12) == Amount(whole: 100_000_000))
        #expect(given(schedule, 640_000_000, at: 60) == Amount(whole: 450_000_000))
        #expect(given(schedule, 640_000_000, at: 108) == Amount(whole: 610_000_000))
        #expect(given(schedule, 640_000_000, at: 1_000) == Amount(whole: 640_000_000))
    }

    @Test(
        "what is given never falls, and reaches the whole, whatever the schedule", arguments: 1...9)
    func monotone(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func draw(_ bound: UInt64) -> UInt64 { random.next(upperBound: bound) }
        let total = Amount(UInt128(draw(.max)) << UInt128(draw(60)))
        let duration = 1 + draw(1_000)
        let schedule = Schedule.curve(
            Schedule.Curve(
                start: Timestamp(draw(100)), atStart: draw(1_000_001), cliff: draw(duration),
                duration: duration, period: draw(50), lock: draw(100), accrues: draw(2) == 0))
        var before = Amount.zero
        for time in stride(from: UInt64(0), to: 3_000, by: 7) {
            let now = schedule.given(of: total, at: Timestamp(time), reached: 0)
            #expect(now >= before && now <= total)
            before = now
        }
        #expect(before == total)
    }

    // MARK: On the ledger

    private func order(
        _ schedule: Schedule, revocable: Bool = false, to receiver: Source? = nil
    ) -> CreateGrant {
        CreateGrant(
            source: .account(Hall.account(1)), receiver: receiver ?? .account(Hall.account(2)),
            amount: Amount(whole: 1_200), schedule: schedule, isRevocable: revocable)
    }

    @Test("what was earned is paid to its receiver, whoever asks, and no more (TREASURY-6)")
    func claim() throws {
        let hall = try Hall()
        try hall.send(.createGrant(order(curve(months: 12))), from: 1)
        #expect(refusal { try hall.send(.claimGrant(0), from: 9) } == "nothingToClaim")
        hall.wait(3 * Self.month)
        try hall.send(.claimGrant(0), from: 9)
        #expect(hall.gained(2) == Amount(whole: 300) && hall.gained(9) == .zero)
        #expect(refusal { try hall.send(.claimGrant(0), from: 2) } == "nothingToClaim")
        hall.wait(100 * Self.month)
        try hall.send(.claimGrant(0), from: 2)
        #expect(hall.gained(2) == Amount(whole: 1_200))
        #expect(refusal { try hall.send(.revokeGrant(0), from: 1) } == "notRevocable")
    }

    @Test("a grant into a pool is an emission under a hard cap (TREASURY-6)")
    func emission() throws {
        let hall = try Hall()
        try hall.send(.createPool(name: "rewards", owner: Hall.account(3)), from: 1)
        try hall.send(.createGrant(order(curve(months: 12), to: .pool(0))), from: 1)
        hall.wait(6 * Self.month)
        try hall.send(.claimGrant(0), from: 9)
        #expect(hall.held(.pool(0)) == Amount(whole: 600))
        hall.wait(60 * Self.month)
        try hall.send(.claimGrant(0), from: 9)
        #expect(hall.held(.pool(0)) == Amount(whole: 1_200))
    }

    @Test("what was not earned comes back; what was stays (TREASURY-7)")
    func clawback() throws {
        let hall = try Hall()
        try hall.send(.createGrant(order(curve(months: 12), revocable: true)), from: 1)
        hall.wait(3 * Self.month)
        #expect(refusal { try hall.send(.revokeGrant(0), from: 2) } == "notAllowed")
        try hall.send(.revokeGrant(0), from: 1)
        #expect(hall.spent(1) == Amount(whole: 300))
        hall.wait(30 * Self.month)
        try hall.send(.claimGrant(0), from: 2)
        #expect(hall.gained(2) == Amount(whole: 300))
        #expect(refusal { try hall.send(.revokeGrant(0), from: 1) } == "notRevocable")
    }

    @Test("milestones are paid when their grantor finds them reached, each once (CO-02)")
    func milestones() throws {
        let hall = try Hall()
        let schedule = Schedule.milestones([100_000, 300_000, 300_000, 300_000])
        try hall.send(.createGrant(order(schedule, revocable: true)), from: 1)
        #expect(
            refusal { try hall.send(.reachMilestone(grant: 0, milestone: 0), from: 2) }
                == "notAllowed")
        try hall.send(.reachMilestone(grant: 0, milestone: 2), from: 1)
        for milestone in [2, 4] as [UInt8] {
            #expect(
                refusal { try hall.send(.reachMilestone(grant: 0, milestone: milestone), from: 1) }
                    == "badMilestone")
        }
        try hall.send(.claimGrant(0), from: 2)
        #expect(hall.gained(2) == Amount(whole: 360))
        try hall.send(.revokeGrant(0), from: 1)
        #expect(hall.spent(1) == Amount(whole: 360))
    }

    @Test("schedules that make no sense, and money that is another's, are refused")
    func refused() throws {
        let hall = try Hall()
        for wrong in [
            curve(atStart: 1_000_001, months: 1), .milestones([]), .milestones([999_999]),
            .stretches(start: Timestamp(0), [Schedule.Stretch(duration: 1, share: 1)]),
            curve(cliff: 13, months: 12, accrues: true),
        ] {
            #expect(
                refusal { try hall.send(.createGrant(order(wrong)), from: 1) } == "badSchedule")
        }
        #expect(
            refusal { try hall.send(.createGrant(order(curve(months: 1))), from: 2) }
                == "notAllowed")
        #expect(
            refusal {
                try hall.send(.createGrant(order(curve(months: 1), to: .pool(7))), from: 1)
            } == "unknown")
    }
}
