// SPDX-License-Identifier: Apache-2.0

/// Makes a failing scenario as small as it gets in the time there is: it runs smaller ones from the
/// same seed and keeps what breaks the same promise.
struct Shrinker {
    /// What is left of a failure.
    struct Outcome {
        /// The smallest scenario found that fails, as its file would be read.
        let scenario: Scenario
        let report: ScenarioRun.Report
        /// How many runs it took.
        let runs: Int
        /// Whether nothing smaller of one step fails.
        let isMinimal: Bool
    }

    /// Whether there is time for one run more.
    let hasTime: () -> Bool
    /// The most runs; a scenario of the longest timeline is done with in that many.
    static let runsMax = 2_000

    /// Shrinks a scenario that failed; one that did not has nothing to be shrunk to.
    ///
    /// - Throws: What running a scenario throws.
    func shrink(_ scenario: Scenario, _ report: ScenarioRun.Report) throws -> Outcome? {
        guard let broken = report.failure?.checker else { return nil }
        let fairness = Fairness(original: scenario, broken: broken)
        var best = scenario
        var bestReport = report
        var runs = 0
        func smaller() throws -> Bool {
            for candidate in [pinned(best, bestReport)] + Reductions.of(best) {
                guard hasTime(), runs < Self.runsMax else { return false }
                guard candidate != best, fairness.accepts(candidate),
                    let legal = reread(candidate)
                else { continue }
                runs += 1
                let report = try ScenarioRun.run(legal, seed: report.seed)
                guard report.failure?.checker == broken else { continue }
                best = legal
                bestReport = report
                return true
            }
            return false
        }
        while try smaller() {}
        return Outcome(
            scenario: best, report: bestReport, runs: runs,
            isMinimal: hasTime() && runs < Self.runsMax)
    }

    /// The moments that the seed chose, said outright.
    private func pinned(_ scenario: Scenario, _ report: ScenarioRun.Report) -> Scenario {
        var pinned = scenario
        guard report.moments.count == scenario.timeline.count else { return scenario }
        for (index, moment) in report.moments.enumerated() {
            pinned.timeline[index].time = moment...moment
        }
        return pinned
    }

    /// What is written and read again is what will be saved.
    private func reread(_ scenario: Scenario) -> Scenario? {
        try? ScenarioReader.read(Array(ScenarioText.text(scenario).utf8))
    }
}
