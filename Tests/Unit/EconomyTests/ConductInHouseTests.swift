// SPDX-License-Identifier: Apache-2.0
import Governance
import JSONText
import Ledger
import LedgerSupport
import Staking
import Testing
import Vocabulary

@Suite("What validators do, between the real rooms")
struct ConductInHouseTests {
    private func earned(_ reef: Reef, _ place: Int) -> UInt128 {
        StakingQueries(reef.context).pool(of: Reef.account(place))?.earned.units ?? 0
    }

    /// CO-40 and three turns of sixteen.
    private static let tiers: JSON = [
        "validators": ["downtimeTurnsMin": 3, "downtimePartsPerMillion": 5_000],
        "staking": [
            "budget": ["account": .string("\(Reef.account(19))"), "amount": "500000"],
            "uptimeFull": 999_000, "uptimeHigh": 990_000, "uptimeHighPays": 750_000,
            "uptimeLow": 950_000, "uptimeLowPays": 500_000, "onboardingBonus": 0,
        ],
    ]

    @Test("who was away for an epoch is paid nothing for it, who was there all (CO-40, STAKING-27)")
    func uptime() throws {
        let reef = try Reef(Self.tiers, epochBlocks: 16, proposers: [0, 1, 2])
        reef.cut(2)
        #expect(try reef.member(3).status != .active)
        let parts = (0..<4).map { earned(reef, $0) }
        #expect(parts[3] == 0 && areEven(parts[..<3]))
        // All there: everybody is paid the same. What conduct costs is nobody's gain.
        let calm = try Reef(Self.tiers, epochBlocks: 16, proposers: [0, 1, 2, 3])
        calm.cut(2)
        let all = (0..<4).map { earned(calm, $0) }
        #expect(areEven(all[...]))
    }

    /// Above zero, and the same but for the units that did not divide at two cuts.
    private func areEven(_ parts: ArraySlice<UInt128>) -> Bool {
        guard let least = parts.min(), let most = parts.max() else { return false }
        return least > 0 && most - least <= 2
    }

    @Test("a chain that looks for nobody who is away pays as if nobody counted (STAKING-27)")
    func uncounted() throws {
        let parts: JSON = ["staking": Self.tiers["staking"] ?? [:]]
        let reef = try Reef(parts, epochBlocks: 16, proposers: [0])
        reef.cut(2)
        #expect((0..<4).allSatisfy { earned(reef, $0) > 0 })
    }

    @Test("who is new, and who votes, weighs more in the sharing of rewards (OP-16, STAKING-26)")
    func bonuses() throws {
        let reef = try Reef(DelegationInHouseTests.parts)
        try reef.join(5, stake: 100)
        reef.cut()
        try reef.send(GovernanceMessage.lock(Amount(whole: 2_000)).message, from: 0)
        let draft = Draft(kind: .text, title: "an opinion")
        try reef.send(
            GovernanceMessage.propose(draft, deposit: Amount(whole: 100)).message, from: 0)
        reef.end(LawInHouseTests.day)
        reef.end()
        try reef.send(GovernanceMessage.vote(0, .yes).message, from: 0)
        reef.end(8 * LawInHouseTests.day)
        reef.cut()
        let before = [0, 1, 5].map { earned(reef, $0) }
        reef.cut()
        let parts = zip([0, 1, 5], before).map { earned(reef, $0) - $1 }
        #expect(parts[0] * 1_000 / parts[1] == 1_050 || parts[0] * 1_000 / parts[1] == 1_049)
        #expect(parts[2] * 1_000 / parts[1] == 1_150 || parts[2] * 1_000 / parts[1] == 1_149)
    }
}
