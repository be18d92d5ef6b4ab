// SPDX-License-Identifier: Apache-2.0
import Effects
import NodeAssembly

/// What happened last, for whoever reads a failure.
struct Chronicle {
    /// So many events are kept: what fits on a screen.
    static let eventsMax = 30

    private(set) var events: [String] = []
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
        if events.count == Self.eventsMax { events.removeFirst() }
        // A line holds what a terminal shows; the rest is in the code that is to blame.
        events.append("\(Self.seconds(now)) \(name): \(text.prefix(Self.textMax))")
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
