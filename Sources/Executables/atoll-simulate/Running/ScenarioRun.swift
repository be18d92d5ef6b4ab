// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import SimulatedEffects

/// One scenario from one seed, from the first start to the verdict.
final class ScenarioRun {
    /// How it went.
    struct Report {
        let seed: UInt64
        let failure: Judge.Failure?
        /// The last events before the failure, or before the end.
        let events: [String]
        /// The last events of each node, by name.
        let lives: [(name: String, events: [String])]
        /// When the lines of the timeline happened, in milliseconds from the start.
        let moments: [UInt64]
        let height: UInt64
        let payments: Int
        /// Of payments, from handing in to final at the same node, in microseconds, sorted.
        let latencies: [UInt64]
        /// How long the world ran.
        let milliseconds: UInt64
        let digest: UInt64
        let eventCount: UInt64

        /// A percentile of the latencies in microseconds; nothing when nothing was paid.
        func latency(percentile: Int) -> UInt64? {
            guard !latencies.isEmpty else { return nil }
            return latencies[min(latencies.count * percentile / 100, latencies.count - 1)]
        }
    }

    private let scenario: Scenario
    private let seed: UInt64
    private let fleet: Fleet
    private let payments: Payments
    private let flood: Flood
    private let petitions: Petitions
    private let start: Instant
    private var fate: Fate
    private var payTicks: [Ticks]
    private var floodTicks: [Ticks]
    private var lookTicks: Ticks
    private var silences: [Silence]

    /// A stretch in which nothing may become final, and what was final at its beginning.
    private struct Silence {
        let begin: Instant
        let end: Instant
        var height: UInt64?
    }

    private init(_ scenario: Scenario, seed: UInt64) throws {
        self.scenario = scenario
        self.seed = seed
        fleet = try Fleet(scenario, seed: seed)
        payments = Payments(fleet)
        flood = Flood(fleet)
        let start = fleet.world.now
        self.start = start
        let weather = Weather(scenario, members: fleet.members)
        petitions = Petitions(fleet)
        fate = Fate(scenario, fleet, petitions, weather: weather, start: start)
        payTicks = scenario.payments.map { Ticks($0, start: start) }
        floodTicks = scenario.floods.map { Ticks($0, start: start) }
        let always = Scenario.Load(perSecond: 1, during: 0..<Self.millisecondsMax)
        lookTicks = Ticks(always, start: start)
        silences = scenario.silences.map {
            Silence(
                begin: start.advanced(by: $0.lowerBound * 1_000_000),
                end: start.advanced(by: $0.upperBound * 1_000_000))
        }
        fleet.judge.settled = { [payments] outcomes, name, isFirst in
            payments.settle(outcomes, at: name, isFirst: isFirst)
        }
        fleet.startAll { [fleet] in weather.lie(on: fleet.world) }
    }

    /// Two hours: the longest run and the longest settling.
    private static let millisecondsMax: UInt64 = 7_200_000
    /// How many blocks more than at the end of the timeline everybody must have.
    private static let progressMin: UInt64 = 2

    /// Runs a scenario.
    ///
    /// - Throws: When the network cannot be laid out, which no scenario file can bring about.
    static func run(_ scenario: Scenario, seed: UInt64) throws -> Report {
        // A vote is checked by every node of the world: once is enough for the verdict.
        try VerdictMemory.$current.withValue(VerdictMemory()) { try watch(scenario, seed: seed) }
    }

    private static func watch(_ scenario: Scenario, seed: UInt64) throws -> Report {
        let run = try ScenarioRun(scenario, seed: seed)
        run.passTimeline()
        run.settle()
        if !run.isOver {
            Audit(fleet: run.fleet, paid: run.payments.finished, isFair: scenario.isFair).run()
        }
        defer { run.fleet.end() }
        return run.report()
    }

    private var isOver: Bool { fleet.judge.failure != nil }

    // MARK: The timeline

    private func passTimeline() {
        let end = start.advanced(by: scenario.duration * 1_000_000)
        while !isOver {
            fate.act()
            actLoads()
            judgeSilences()
            guard fleet.world.now < end else { return }
            pass(until: min(nextMoment(), end))
        }
    }

    /// Everybody who runs comes to agree on blocks beyond the last, and everything paid is final.
    private func settle() {
        var goal = fleet.judge.height + Self.progressMin
        var isDone = false
        let end = fleet.world.now.advanced(by: scenario.settle * 1_000_000)
        while !isOver {
            if !isDone, isAllDone {
                // Whoever is audited has executed the last payment.
                isDone = true
                goal = max(goal, fleet.judge.height)
            }
            guard !hasSettled(goal) else { return }
            guard fleet.world.now < end else { return accuseOfStandstill(goal) }
            actLoads()
            pass(until: min(lookTicks.next ?? end, end))
        }
    }

    private func hasSettled(_ goal: UInt64) -> Bool {
        let isEverybodyUp = fleet.members.allSatisfy {
            fleet.lives[$0.name] == nil || isUp($0) || fleet.judge.isCareless($0.name)
                || fleet.isVillain($0.name)
        }
        return isEverybodyUp && isAllDone
            && fleet.running.allSatisfy {
                fleet.judge.heights[$0.name] ?? 0 >= goal || fleet.judge.isCareless($0.name)
            }
            && fleet.running.allSatisfy { fleet.judge.complaints[$0.name] == nil }
    }

    /// Whether nothing that was asked for is left undone.
    private var isAllDone: Bool {
        payments.pending == 0 && petitions.open.isEmpty && unmet.isEmpty
    }

    private var unmet: [Expectation] { fleet.judge.unmet(scenario.expectations) }

    private func isUp(_ member: Member) -> Bool { fleet.lives[member.name]?.node != nil }

    private func accuseOfStandstill(_ goal: UInt64) {
        if payments.pending == 0, let wish = petitions.open.first {
            return fleet.judge.accuse(
                .seats, "\(scenario.settle) ms after the timeline no set grants: \(wish)")
        }
        if payments.pending == 0, let expectation = unmet.first {
            return fleet.judge.accuse(
                .expectations, "it never came to a \(expectation.rawValue), as it was written to")
        }
        let complaints = fleet.running.compactMap { member in
            fleet.judge.complaints[member.name].map { "\(member.name): \($0)" }
        }
        if payments.pending == 0, let complaint = complaints.first {
            return fleet.judge.accuse(.troubles, complaint)
        }
        let heights = fleet.members.map { member in
            guard !fleet.isVillain(member.name) else { return "\(member.name) a villain" }
            let height = fleet.judge.heights[member.name] ?? 0
            return "\(member.name) \(isUp(member) ? "\(height)" : "down at \(height)")"
        }
        fleet.judge.accuse(
            .progress,
            "\(scenario.settle) ms after the timeline not everybody has block \(goal) "
                + "(\(heights.joined(separator: ", "))) or \(payments.pending) payments wait")
    }

    // MARK: Time

    private func nextMoment() -> Instant {
        let ticks = (payTicks + floodTicks + [lookTicks]).compactMap(\.next)
        let stretches = silences.flatMap { [$0.begin, $0.end] }.filter { $0 > fleet.world.now }
        return (ticks + stretches + [fate.next].compactMap { $0 }).min() ?? fleet.world.now
    }

    private func pass(until moment: Instant) {
        // Whole milliseconds, rounded up: the world is never asked to stand still.
        let nanoseconds = max(moment.value, fleet.world.now.value + 1) - fleet.world.now.value
        _ = fleet.world.run(forAtMostMilliseconds: (nanoseconds + 999_999) / 1_000_000) { isOver }
    }

    private func actLoads() {
        let now = fleet.world.now
        for index in payTicks.indices {
            for _ in 0..<payTicks[index].take(until: now) {
                payments.pay(twice: scenario.payments[index].isTwice)
            }
        }
        for index in floodTicks.indices {
            for _ in 0..<floodTicks[index].take(until: now) { flood.pour() }
        }
        if lookTicks.take(until: now) > 0 {
            fleet.look()
            payments.insist()
            petitions.insist()
            if let pace = scenario.pace { payments.judge(pace: pace) }
        }
    }

    private func judgeSilences() {
        let now = fleet.world.now
        for index in silences.indices {
            let silence = silences[index]
            if let height = silence.height {
                guard now <= silence.end, fleet.judge.height > height else { continue }
                fleet.judge.accuse(
                    .silence, "block \(fleet.judge.height) became final without a quorum")
            } else if now >= silence.begin {
                silences[index].height = fleet.judge.height
            }
        }
    }

    private func report() -> Report {
        Report(
            seed: seed, failure: fleet.judge.failure, events: fleet.judge.chronicle.events,
            lives: fleet.judge.chronicle.lives, moments: fate.moments, height: fleet.judge.height,
            payments: payments.finished,
            latencies: payments.latencies.sorted(),
            milliseconds: (fleet.world.now.value - start.value) / 1_000_000,
            digest: fleet.world.traceDigest, eventCount: fleet.world.eventCount)
    }
}
