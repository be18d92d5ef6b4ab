// SPDX-License-Identifier: Apache-2.0

/// A network and what befalls it, as a `.scenario` file tells it (docs/guides/simulate.md).
///
/// Times are milliseconds since the network was started, unless named otherwise.
struct Scenario: Equatable {
    /// Nodes that belong together, such as those of one continent.
    struct Region: Equatable {
        let name: String
        let nodes: [String]
    }

    /// How links behave from the beginning.
    struct Links: Equatable {
        /// The nodes at either end; every pair of nodes when both are empty.
        let one: [String]
        let other: [String]
        let latencyMicroseconds: UInt64
        let jitterMicroseconds: UInt64
    }

    /// So many transactions a second for a while.
    struct Load: Equatable {
        let perSecond: UInt64
        let during: Range<UInt64>
        /// Whether each is handed in at two nodes at once.
        var isTwice = false
    }

    /// One line of the timeline.
    struct Step: Equatable {
        /// Where it stands in the file.
        let line: Int
        /// When it happens; the seed chooses in between.
        var time: ClosedRange<UInt64>
        let action: Action
        /// The action in the words of the file.
        let words: String
    }

    enum Action: Equatable {
        case crash([String])
        case restart([String])
        /// Crashes and restarts nodes so many times, so many milliseconds after each start.
        case crashLoop(times: UInt64, every: UInt64, [String])
        case partition([[String]])
        case heal
        case cut(from: [String], to: [String])
        case restore(from: [String], to: [String])
        /// Of a million messages from and to the nodes, so many break their stream.
        case loss(perMillion: UInt64, [String])
        case jitter(microseconds: UInt64, [String])
        case skew(milliseconds: Int64, [String])
        /// Syncs take long, and a crash leaves parts of the write under way.
        case tornWrites([String])
        /// Of a million syncs so many lie: a crash takes back what they promised.
        case lostSyncs(perMillion: UInt64, [String])
        /// The disk takes nothing more than it holds.
        case fullDisk([String])
        /// A bit of the state changes, unnoticed: of a value that every payment changes, or of one
        /// that nobody touches.
        case flipBit(isBusy: Bool, [String])
        /// The disk is as it was at the beginning.
        case goodDisk([String])
        /// The owners ask for seats and pay in so many whole units.
        case join(stake: UInt64, [String])
        /// The owners ask to give their seats back.
        case leave([String])
        /// The owners ask to vote with their second keys.
        case rotateKey([String])
    }

    var validators = 0
    var observers = 0
    /// Validators that run on two machines at once with one key.
    var twins: [String] = []
    /// Who breaks the rules, and how.
    var villains: [String: Villainy] = [:]
    var regions: [Region] = []
    var links: [Links] = []
    var payments: [Load] = []
    /// Transactions that must not count.
    var floods: [Load] = []
    /// When no block may become final.
    var silences: [Range<UInt64>] = []
    /// What must come about.
    var expectations: [Expectation] = []
    /// How many blocks lie between two checkpoints; nothing for as many as usual.
    var checkpointBlocks: UInt64?
    /// How many checkpoints an epoch has; nothing for as many as usual.
    var epochCheckpoints: UInt64?
    /// How long a payment may take.
    var pace: UInt64?
    /// How long the timeline is.
    var duration: UInt64 = 0
    /// How long after it everybody may take to agree and to finish all payments.
    var settle: UInt64 = 30_000
    var timeline: [Step] = []

    /// Nodes that cannot be held to what they signed: they share a key, or their disk lies.
    var careless: Set<String> {
        var names = Set(twins + twins.map { "\($0)-twin" })
        for step in timeline {
            if case .lostSyncs(_, let nodes) = step.action { names.formUnion(nodes) }
        }
        return names
    }

    /// Nodes whose state is spoilt in the course of the run: nothing is promised to them.
    var marred: Set<String> {
        timeline.reduce(into: []) { names, step in
            if case .flipBit(_, let nodes) = step.action { names.formUnion(nodes) }
        }
    }

    /// Who asks for a seat later, and so must own what it pays in.
    var newcomers: Set<String> {
        timeline.reduce(into: []) { names, step in
            if case .join(_, let nodes) = step.action { names.formUnion(nodes) }
        }
    }

    /// Who has a second key to vote with.
    var rotating: Set<String> {
        timeline.reduce(into: []) { names, step in
            if case .rotateKey(let nodes) = step.action { names.formUnion(nodes) }
        }
    }

    /// Whether nothing befalls anybody: then every offence before all eyes is seen.
    var isFair: Bool { timeline.isEmpty && twins.isEmpty }

    /// The names of all nodes with a seat of their own, in order.
    var nodes: [String] {
        (0..<validators).map { "validator-\($0 + 1)" }
            + (0..<observers).map { "observer-\($0 + 1)" }
    }
}

/// Why a scenario file cannot be read.
struct ScenarioFault: Error, Equatable, CustomStringConvertible {
    /// The line, from 1; 0 when it is about the whole file.
    let line: Int
    let reason: String

    var description: String { line == 0 ? reason : "line \(line): \(reason)" }
}
