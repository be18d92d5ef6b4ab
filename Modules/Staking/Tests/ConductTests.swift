// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Staking

@Suite("What conduct makes of rewards")
struct ConductTests {
    private static let plain: JSON = ["rateStart": 40_000, "rateEnd": 40_000]

    /// What each of three equal operators has earned by the cut after conducts were said.
    private func earned(
        _ figures: [JSON.Member] = [], _ say: (Town) -> Void
    ) throws -> (parts: [UInt128], budget: Amount) {
        let town = try Town(.object((Self.plain.members ?? []) + figures))
        town.cut()
        say(town)
        let before = try (0..<3).map { try town.pool($0).earned.units }
        town.cut()
        let after = try (0..<3).map { try town.pool($0).earned.units }
        return (
            zip(after, before).map { $0 - $1 }, town.bank.balance(of: .budget, in: town.context)
        )
    }

    private func ratio(_ part: UInt128, _ other: UInt128) -> UInt128 { part * 1_000 / other }

    @Test(
        "uptime, votes and being new weigh more, and nothing more is released (OP-16, STAKING-26)")
    func bonuses() throws {
        let (plain, budget) = try earned { _ in }
        #expect(plain[0] == plain[1] || plain[0].distance(to: plain[1]).magnitude <= 1)
        let (parts, left) = try earned { town in
            town.conduct.set(Town.account(0), uptime: 999_000, hasVoted: true, in: town.context)
            town.conduct.set(Town.account(1), uptime: 998_999, since: 1, in: town.context)
        }
        // 1.15, 1.15 and 1 of a weight.
        #expect(ratio(parts[0], parts[2]) == 1_150 || ratio(parts[0], parts[2]) == 1_149)
        #expect(ratio(parts[1], parts[2]) == 1_150 || ratio(parts[1], parts[2]) == 1_149)
        #expect(parts.reduce(0, +) == plain.reduce(0, +) && left == budget)
    }

    @Test("who is there since the genesis, or for long, is not new (STAKING-26)")
    func notNew() throws {
        let (parts, _) = try earned([JSON.Member("onboardingEpochs", 1)]) { town in
            town.conduct.set(Town.account(0), since: 0, in: town.context)
            town.conduct.set(Town.account(1), since: 2, in: town.context)
        }
        #expect(parts[0].distance(to: parts[2]).magnitude <= 1)
        #expect(parts[1].distance(to: parts[2]).magnitude <= 1)
    }

    @Test(
        "tiers of uptime pay all, three quarters, a half, nothing (CO-40, STAKING-27)"
    )
    func tiers() throws {
        let tiers = [
            ("uptimeFull", 999_000), ("uptimeHigh", 990_000), ("uptimeHighPays", 750_000),
            ("uptimeLow", 950_000), ("uptimeLowPays", 500_000), ("uptimeBonus", 0),
        ].map { JSON.Member($0.0, JSON($0.1)) }
        let (plain, budget) = try earned { _ in }
        let (parts, left) = try earned(tiers) { town in
            for (place, uptime) in [UInt64(998_999), 989_999, 949_999].enumerated() {
                town.conduct.set(Town.account(place), uptime: uptime, in: town.context)
            }
        }
        #expect(ratio(parts[0], plain[0]) == 750 || ratio(parts[0], plain[0]) == 749)
        #expect(ratio(parts[1], plain[1]) == 500 || ratio(parts[1], plain[1]) == 499)
        #expect(parts[2] == 0)
        let kept = plain.reduce(0, +) - parts.reduce(0, +)
        #expect(left == Amount(budget.units + kept))
    }

    @Test("tiers that do not rise are no figures")
    func order() {
        #expect(
            refusal { _ = try Town(["uptimeHigh": 990_000, "uptimeFull": 980_000]) } != nil)
    }
}
