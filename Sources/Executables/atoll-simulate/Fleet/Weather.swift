// SPDX-License-Identifier: Apache-2.0
import SimulatedEffects

/// How every link behaves now: what the scenario set at the beginning, and what loss and jitter
/// the timeline has laid on nodes since.
struct Weather {
    private struct Way: Hashable {
        let from: String
        let to: String
    }

    private let names: [String]
    private var calm: [Way: LinkConditions] = [:]
    private var loss: [String: UInt64] = [:]
    private var jitter: [String: UInt64] = [:]

    /// The weather of a scenario at its beginning; later lines about links win.
    init(_ scenario: Scenario, members: [Member]) {
        names = members.map(\.name)
        for links in scenario.links {
            let conditions = LinkConditions(
                latencyMicroseconds: links.latencyMicroseconds,
                jitterMicroseconds: links.jitterMicroseconds)
            let one = links.one.isEmpty ? names : links.one
            let other = links.other.isEmpty ? names : links.other
            for from in one {
                for to in other where from != to {
                    calm[Way(from: from, to: to)] = conditions
                    calm[Way(from: to, to: from)] = conditions
                }
            }
        }
    }

    /// Of a million messages from and to the nodes, so many break their stream from now on.
    mutating func setLoss(_ perMillion: UInt64, of nodes: [String]) {
        for node in nodes { loss[node] = perMillion }
    }

    /// Messages from and to the nodes take up to so much longer from now on.
    mutating func setJitter(_ microseconds: UInt64, of nodes: [String]) {
        for node in nodes { jitter[node] = microseconds }
    }

    /// Makes it so.
    func lie(on world: SimulatedWorld) {
        for from in names {
            for to in names where from != to {
                var conditions = calm[Way(from: from, to: to)] ?? LinkConditions()
                conditions.resetsPerMillion = max(loss[from] ?? 0, loss[to] ?? 0)
                conditions.dialsLostPerMillion = conditions.resetsPerMillion
                conditions.jitterMicroseconds = max(
                    conditions.jitterMicroseconds, jitter[from] ?? 0, jitter[to] ?? 0)
                world.setLink(from: from, to: to, conditions)
            }
        }
    }
}
