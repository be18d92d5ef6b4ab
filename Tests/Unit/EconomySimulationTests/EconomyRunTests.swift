// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Presets
import Testing
import Vocabulary

@testable import atoll_simulate

@Suite("Years of an economy")
struct EconomyRunTests {
    @Test(
        "every preset lives through a quarter and keeps its law", arguments: Preset.all.map(\.name))
    func lives(name: String) throws {
        let preset = try #require(Preset.named(name))
        let run = try EconomyRun(EconomyPlan(preset), seed: 1)
        #expect(run.run(days: 90) == [])
        let last = try #require(run.rows.last)
        #expect(run.rows.count == 3)
        // Somebody stakes, and rewards are paid out of what was set aside.
        #expect(last.staked > 0 && last.staked <= last.circulating)
        #expect(last.budget < run.rows[0].budget)
        let preserved = last.circulating + last.budget + last.treasury
        #expect(preserved <= last.supply)
    }

    @Test(
        "no decision takes more than it costs to decide alone (TREASURY-4, OP-24)",
        arguments: Preset.all.map(\.name))
    func attacks(name: String) throws {
        let preset = try #require(Preset.named(name))
        let run = try EconomyRun(EconomyPlan(preset), seed: 1)
        _ = run.run(days: 60)
        for row in run.rows {
            // Where stake does not decide nobody can buy a decision.
            guard let cost = row.voteCost else { continue }
            #expect(row.voteGain < cost, "day \(row.day): \(row.voteGain) for \(cost)")
        }
    }

    @Test("the same seed gives the same rows, another one others")
    func deterministic() throws {
        func rows(_ seed: UInt64) throws -> [EconomyRow] {
            let run = try EconomyRun(EconomyPlan(.optimus), seed: seed)
            _ = run.run(days: 60)
            return run.rows
        }
        #expect(try rows(4) == rows(4))
        #expect(try rows(4) != rows(5))
    }

    @Test("a chart has a line for what there is, and none for what there is not")
    func chart() {
        func row(_ day: UInt64, _ cost: UInt64?) -> EconomyRow {
            EconomyRow(
                day: day, supply: 9_000_000, circulating: 5_000_000, staked: 1_000_000,
                budget: 1, treasury: 2_000_000, burnt: 0, yield: 80_000, fees: 0, offences: 0,
                payments: 0, haltCost: 500_000, voteCost: cost, voteGain: 2_000_000)
        }
        let svg = EconomyChart(title: "t", rows: [row(30, nil), row(60, 7)]).svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains("cost: a vote"))
        #expect(EconomyRow.percent(123_456) == "12.34" && EconomyRow.percent(5) == "0.00")
        #expect(
            row(30, nil).line
                == "30,9000000,5000000,1000000,20.00,1,2000000,0,8.00,0,0,0,500000,,2000000")
    }

    @Test(
        "what cannot be is refused", arguments: [["--preset", "x"], ["--years", "0"], ["--out"]])
    func refusals(words: [String]) {
        #expect(throws: Arguments.Fault.self) { try EconomyCommand.Wish(words) }
    }
}
