// SPDX-License-Identifier: Apache-2.0

/// What a run is told as.
enum ReportText {
    /// The line of a seed, and for a failure all there is to see of it.
    static func text(_ report: ScenarioRun.Report, of name: String, showsDigest: Bool) -> String {
        var line = "\(report.failure == nil ? "ok    " : "FAILED") \(name) seed \(report.seed)"
        line += ": \(report.height) blocks, \(report.payments) payments"
        if let median = report.latency(percentile: 50), let last = report.latency(percentile: 99) {
            line += ", finality p50 \(milliseconds(median)) p99 \(milliseconds(last)) ms"
        }
        line += ", \(report.milliseconds) ms of its time"
        if showsDigest {
            line += ", digest \(hexadecimal(report.digest)) of \(report.eventCount) events"
        }
        return line + "\n" + failure(report)
    }

    private static func failure(_ report: ScenarioRun.Report) -> String {
        guard report.failure != nil else { return "" }
        let events = report.events.map { "    \($0)\n" }.joined()
        return """
              \(told(report))
              the last \(report.events.count) events:
            \(events)
            """
    }

    /// What shrinking a failure left, ready to be saved.
    static func text(_ outcome: Shrinker.Outcome, of name: String) -> String {
        let report = outcome.report
        let lives = report.lives.flatMap { life in
            ["    -- \(life.name)"] + life.events.map { "    \($0)" }
        }
        return """
              the smallest scenario \(outcome.isMinimal ? "" : "so far ")that fails too, of \
            \(outcome.runs) that were run:
            # \(name), seed \(report.seed)
            \(ScenarioText.text(outcome.scenario))\
              \(told(report))
              the last events of each node in it:
            \(lives.joined(separator: "\n"))

            """
    }

    private static func told(_ report: ScenarioRun.Report) -> String {
        guard let failure = report.failure else { return "" }
        return "checker \(failure.checker.rawValue) at \(Chronicle.seconds(failure.moment)): "
            + failure.text
    }

    private static func milliseconds(_ microseconds: UInt64) -> String {
        "\(microseconds / 1_000)"
    }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
