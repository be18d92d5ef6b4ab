// SPDX-License-Identifier: Apache-2.0
import Effects
import NodeAssembly

/// What happened last, for whoever reads a failure.
struct Chronicle {
    /// So many events are kept: what fits on a screen.
    static let eventsMax = 30

    /// So many are kept of each node besides.
    static let eventsPerNodeMax = 8

    private(set) var events: [String] = []
    private var eventsOfNodes: [String: [String]] = [:]
    /// The last events of each node, in the order of their names.
    var lives: [(name: String, events: [String])] {
        eventsOfNodes.keys.sorted().map { ($0, eventsOfNodes[$0] ?? []) }
    }
    /// What nodes call each other in their logs, and their names.
    private let names: [(key: String, name: String)]

    init(_ members: [Member]) {
        names = members.filter { !$0.isTwin }.map { ("\($0.key.publicKey)", $0.name) }
    }

    /// Notes what a node says.
    mutating func note(_ now: Instant, _ name: String, _ level: NodeLog.Level, _ text: String) {
        var text = text
        for (key, name) in names { text = text.replacing(key, with: name) }
        note(now, name, level == .info ? text : "\(level.rawValue): \(text)")
    }

    /// Notes an event of somebody.
    mutating func note(_ now: Instant, _ name: String, _ text: String) {
        // A line holds what a terminal shows; the rest is in the code that is to blame.
        let line = "\(Self.seconds(now)) \(name): \(text.prefix(Self.textMax))"
        Self.append(line, to: &events, max: Self.eventsMax)
        Self.append(line, to: &eventsOfNodes[name, default: []], max: Self.eventsPerNodeMax)
    }

    private static func append(_ line: String, to lines: inout [String], max: Int) {
        if lines.count == max { lines.removeFirst() }
        lines.append(line)
    }

    private static let textMax = 160

    /// A moment of the world as seconds since its beginning, with milliseconds.
    static func seconds(_ moment: Instant) -> String {
        let milliseconds = moment.value / 1_000_000 - min(1_000, moment.value / 1_000_000)
        let fraction = String(milliseconds % 1_000)
        let zeros = String(repeating: "0", count: 3 - fraction.count)
        return "\(milliseconds / 1_000).\(zeros)\(fraction) s"
    }
}
