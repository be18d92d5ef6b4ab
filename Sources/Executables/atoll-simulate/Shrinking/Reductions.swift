// SPDX-License-Identifier: Apache-2.0

/// Smaller scenarios than one that failed, the boldest first: fewer faults, fewer loads, fewer
/// nodes, less time. Which of them are fair is for others to say.
struct Reductions {
    private let scenario: Scenario
    private var found: [Scenario] = []

    /// All reductions of one step; some may not be legal.
    static func of(_ scenario: Scenario) -> [Scenario] {
        var reductions = Reductions(scenario: scenario)
        reductions.dropFaults()
        reductions.dropLines()
        reductions.dropNodes()
        reductions.saveTime()
        reductions.calmDown()
        return reductions.found
    }

    private init(scenario: Scenario) { self.scenario = scenario }

    private mutating func offer(_ change: (inout Scenario) -> Void) {
        var smaller = scenario
        change(&smaller)
        if smaller != scenario { found.append(smaller) }
    }

    /// Without halves of the timeline, then quarters, down to single lines.
    private mutating func dropFaults() {
        var size = scenario.timeline.count
        while size > 0 {
            for start in stride(from: 0, to: scenario.timeline.count, by: size) {
                let end = min(start + size, scenario.timeline.count)
                offer { $0.timeline.removeSubrange(start..<end) }
            }
            size /= 2
        }
    }

    private mutating func dropLines() {
        for name in scenario.villains.keys.sorted() { offer { $0.villains[name] = nil } }
        for index in scenario.twins.indices { offer { $0.twins.remove(at: index) } }
        offer { $0.expectations = [] }
        offer { $0.floods = [] }
        offer { $0.payments = [] }
        for index in scenario.payments.indices { offer { $0.payments.remove(at: index) } }
        for index in scenario.floods.indices { offer { $0.floods.remove(at: index) } }
        for index in scenario.silences.indices { offer { $0.silences.remove(at: index) } }
        offer { ($0.checkpointBlocks, $0.epochCheckpoints) = (nil, nil) }
        offer { $0.links = [] }
        for index in scenario.links.indices { offer { $0.links.remove(at: index) } }
        offer { $0.regions = [] }
        for index in scenario.regions.indices { offer { $0.regions.remove(at: index) } }
    }

    /// Those that no other line names can go; the reader tells.
    private mutating func dropNodes() {
        offer { $0.observers = 0 }
        offer { $0.observers -= min(1, $0.observers) }
        for count in [4, scenario.validators / 2, scenario.validators - 1]
        where count > 0 && count < scenario.validators {
            offer { $0.validators = count }
        }
    }

    private mutating func saveTime() {
        for (part, whole) in [(1 as UInt64, 4 as UInt64), (1, 2), (3, 4), (9, 10)] {
            offer { $0.cut(to: max($0.duration * part / whole, 100)) }
        }
        offer { $0.settle = max($0.settle / 2, 1_000) }
    }

    private mutating func calmDown() {
        for index in scenario.payments.indices {
            offer { $0.payments[index] = $0.payments[index].halved }
        }
        for index in scenario.floods.indices {
            offer { $0.floods[index] = $0.floods[index].halved }
        }
        for (index, step) in scenario.timeline.enumerated() {
            let first = step.time.lowerBound
            offer { $0.timeline[index].time = first...first }
        }
    }
}

extension Scenario {
    /// Ends the timeline sooner, and with it all that would come later.
    mutating func cut(to end: UInt64) {
        duration = end
        timeline.removeAll { $0.time.upperBound > end }
        payments = payments.compactMap { $0.clipped(to: end) }
        floods = floods.compactMap { $0.clipped(to: end) }
        silences = silences.compactMap {
            $0.lowerBound < end ? $0.lowerBound..<min($0.upperBound, end) : nil
        }
    }
}

extension Scenario.Load {
    fileprivate func clipped(to end: UInt64) -> Scenario.Load? {
        guard during.lowerBound < end else { return nil }
        return Scenario.Load(
            perSecond: perSecond, during: during.lowerBound..<min(during.upperBound, end),
            isTwice: isTwice)
    }

    fileprivate var halved: Scenario.Load {
        Scenario.Load(perSecond: max(perSecond / 2, 1), during: during, isTwice: isTwice)
    }
}
