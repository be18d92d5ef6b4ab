// SPDX-License-Identifier: Apache-2.0

/// A scenario in the words of its file, which reads as the same scenario again.
enum ScenarioText {
    /// All lines.
    static func text(_ scenario: Scenario) -> String {
        let lines =
            ["validators \(scenario.validators)", "observers \(scenario.observers)"]
            + scenario.regions.map { "region \($0.name) \($0.nodes.joined(separator: " "))" }
            + scenario.twins.map { "twin \($0)" }
            + scenario.villains.keys.sorted().compactMap { name in
                scenario.villains[name].map { "villain \(name) \($0.rawValue)" }
            }
            + scenario.links.flatMap(lines)
            + scenario.payments.map { "load \(load($0))" }
            + scenario.floods.map { "flood \(load($0))" }
            + scenario.silences.map { "silent \(stretch($0))" }
            + scenario.expectations.map { "expect \($0.rawValue)" }
            + times(scenario)
            + ["run \(time(scenario.duration))", "settle \(time(scenario.settle))"]
            + scenario.timeline.map { "at \(moment($0.time)) \($0.words)" }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func times(_ scenario: Scenario) -> [String] {
        [
            scenario.checkpointBlocks.map { "checkpoints every \($0) blocks" },
            scenario.epochCheckpoints.map { "epochs of \($0) checkpoints" },
            scenario.pace.map { "pace \(time($0))" },
        ].compactMap { $0 }
    }

    /// Links between two lists of nodes are as many lines as there are pairs.
    private static func lines(_ links: Scenario.Links) -> [String] {
        let conditions =
            "\(small(links.latencyMicroseconds)) jitter \(small(links.jitterMicroseconds))"
        guard !links.one.isEmpty else { return ["links \(conditions)"] }
        return links.one.flatMap { one in
            links.other.map { "links between \(one) \($0) \(conditions)" }
        }
    }

    private static func load(_ load: Scenario.Load) -> String {
        "\(load.perSecond) a second \(stretch(load.during))\(load.isTwice ? " twice" : "")"
    }

    private static func stretch(_ stretch: Range<UInt64>) -> String {
        "from \(time(stretch.lowerBound)) to \(time(stretch.upperBound))"
    }

    private static func moment(_ moment: ClosedRange<UInt64>) -> String {
        let first = time(moment.lowerBound)
        return moment.lowerBound == moment.upperBound
            ? first : "\(first)..\(time(moment.upperBound))"
    }

    /// Milliseconds in the shortest words.
    private static func time(_ milliseconds: UInt64) -> String {
        milliseconds.isMultiple(of: 1_000) ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }

    private static func small(_ microseconds: UInt64) -> String {
        microseconds.isMultiple(of: 1_000) ? "\(microseconds / 1_000)ms" : "\(microseconds)us"
    }
}
