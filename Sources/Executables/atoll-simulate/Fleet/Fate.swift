// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects

/// Lets the timeline of a scenario happen.
struct Fate {
    private struct Due {
        let moment: Instant
        let action: Scenario.Action
        let words: String
    }

    private let fleet: Fleet
    private let petitions: Petitions
    private var weather: Weather
    /// The moments the seed chose, in the order of the lines.
    private(set) var moments: [UInt64] = []
    /// The latest first.
    private var future: [Due] = []

    /// A disk whose syncs take long enough that a crash finds writes under way.
    private static let tearing = DiskConditions(
        syncMicrosecondsMin: 5_000, syncMicrosecondsMax: 40_000, keepsTornWrites: true)

    /// Draws the moments the seed chooses.
    init(
        _ scenario: Scenario, _ fleet: Fleet, _ petitions: Petitions, weather: Weather,
        start: Instant
    ) {
        self.fleet = fleet
        self.petitions = petitions
        self.weather = weather
        for step in scenario.timeline {
            let span = step.time.upperBound - step.time.lowerBound
            let chosen = step.time.lowerBound + fleet.world.choose(below: span + 1)
            moments.append(chosen)
            add(step.action, step.words, at: start.advanced(by: chosen * 1_000_000))
        }
    }

    /// When the next step is due.
    var next: Instant? { future.last?.moment }

    /// Does what is due.
    mutating func act() {
        while let due = future.last, due.moment <= fleet.world.now {
            future.removeLast()
            fleet.judge.chronicle.note(fleet.world.now, "fate", due.words)
            act(due)
        }
    }

    /// Of two steps at one moment the one added first comes first.
    private mutating func add(
        _ action: Scenario.Action, _ words: String, at moment: Instant
    ) {
        let place = future.firstIndex { $0.moment <= moment } ?? future.count
        future.insert(Due(moment: moment, action: action, words: words), at: place)
    }

    private mutating func act(_ due: Due) {
        let world = fleet.world
        switch due.action {
        case .crash(let nodes): for node in nodes { fleet.crash(node) }
        case .restart(let nodes): for node in nodes { fleet.restart(node) }
        case .crashLoop(let times, let every, let nodes): loop(times, every, nodes, due.words)
        case .partition(let groups): world.partition(groups)
        case .heal: world.heal()
        case .cut(let from, let to):
            for (one, other) in pairs(from, to) { world.cut(from: one, to: other) }
        case .restore(let from, let to):
            for (one, other) in pairs(from, to) { world.restore(from: one, to: other) }
        case .loss(let perMillion, let nodes):
            weather.setLoss(perMillion, of: nodes)
            weather.lie(on: world)
        case .jitter(let microseconds, let nodes):
            weather.setJitter(microseconds, of: nodes)
            weather.lie(on: world)
        case .skew(let milliseconds, let nodes):
            for node in nodes { world.setClockSkew(node, milliseconds: milliseconds) }
        case .tornWrites(let nodes): for node in nodes { world.setDisk(node, Self.tearing) }
        case .lostSyncs(let perMillion, let nodes):
            let lying = DiskConditions(syncsLostPerMillion: perMillion)
            for node in nodes { world.setDisk(node, lying) }
        case .fullDisk(let nodes):
            for node in nodes {
                world.setDisk(node, DiskConditions(bytesMax: world.diskBytes(node)))
            }
        case .flipBit(let isBusy, let nodes):
            for node in nodes { fleet.flipBit(of: node, isBusy: isBusy) }
        case .goodDisk(let nodes): for node in nodes { world.setDisk(node, DiskConditions()) }
        case .join(let stake, let nodes): petitions.ask(.join(stake: stake), for: nodes)
        case .leave(let nodes): petitions.ask(.leave, for: nodes)
        case .rotateKey(let nodes): petitions.ask(.rotateKey, for: nodes)
        }
    }

    private func pairs(_ from: [String], _ to: [String]) -> [(String, String)] {
        from.flatMap { one in to.filter { $0 != one }.map { (one, $0) } }
    }

    private mutating func loop(
        _ times: UInt64, _ every: UInt64, _ nodes: [String], _ words: String
    ) {
        for node in nodes {
            fleet.crash(node)
            fleet.restart(node)
        }
        guard times > 1 else { return }
        let moment = fleet.world.now.advanced(by: every * 1_000_000)
        add(.crashLoop(times: times - 1, every: every, nodes), words, at: moment)
    }
}
