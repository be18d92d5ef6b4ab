// SPDX-License-Identifier: Apache-2.0
import Consensus

/// Reads scenario files strictly: an unknown word, a node that is not there or a time after the
/// end is a fault with its line.
struct ScenarioReader {
    /// The most bytes of a file: a thousand lines of 64.
    static let bytesMax = 64_000
    /// The most nodes of a kind: what the bars of the ledger go up to.
    static let nodesMax: UInt64 = 100
    /// The most lines of a timeline.
    static let stepsMax = 1_000
    /// The most transactions a second.
    static let perSecondMax: UInt64 = 10_000
    /// The most times a node crashes in a loop.
    static let timesMax: UInt64 = 1_000
    /// The most whole units of a stake: what a node owns, less what its messages may cost.
    static let stakeMax: UInt64 = 900

    private var scenario = Scenario()
    private var said: Set<Substring> = []

    /// Reads a file.
    ///
    /// - Throws: ``ScenarioFault`` naming the first line that cannot be meant.
    static func read(_ bytes: [UInt8]) throws(ScenarioFault) -> Scenario {
        guard bytes.count <= bytesMax else {
            throw ScenarioFault(line: 0, reason: "the file has more than \(bytesMax) bytes")
        }
        var reader = ScenarioReader()
        for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false)
            .enumerated()
        {
            guard line.allSatisfy({ $0 == 9 || (32...126).contains($0) }) else {
                throw ScenarioFault(line: index + 1, reason: "only printable ASCII is read")
            }
            let text = String(decoding: line, as: UTF8.self)
            var words = LineWords(line: index + 1, text[...])
            if !words.isEmpty { try reader.read(&words) }
        }
        return try reader.finished()
    }

    private func finished() throws(ScenarioFault) -> Scenario {
        guard scenario.validators > 0 else {
            throw ScenarioFault(line: 0, reason: "'validators' is missing")
        }
        guard scenario.duration > 0 else {
            throw ScenarioFault(line: 0, reason: "'run' is missing")
        }
        for step in scenario.timeline where step.time.upperBound > scenario.duration {
            throw ScenarioFault(line: step.line, reason: "this is after the end of the run")
        }
        let stretches = (scenario.payments + scenario.floods).map(\.during) + scenario.silences
        guard stretches.allSatisfy({ $0.upperBound <= scenario.duration }) else {
            throw ScenarioFault(line: 0, reason: "a load or silence ends after the end of the run")
        }
        return scenario
    }

    private mutating func read(_ words: inout LineWords) throws(ScenarioFault) {
        let word = try words.next("a word")
        switch word {
        case "validators", "observers", "run", "settle", "checkpoints", "epochs", "pace":
            guard said.insert(word).inserted else { throw words.fault("'\(word)' is said twice") }
            try readOnce(word, &words)
        case "twin": scenario.twins.append(try twin(&words))
        case "villain": try readVillain(&words)
        case "region": try readRegion(&words)
        case "links": scenario.links.append(try links(&words))
        case "load": scenario.payments.append(try load(&words))
        case "flood": scenario.floods.append(try load(&words))
        case "silent": scenario.silences.append(try words.stretch())
        case "expect": scenario.expectations.append(try expectation(&words))
        case "at":
            guard scenario.timeline.count < Self.stepsMax else {
                throw words.fault("a timeline has at most \(Self.stepsMax) lines")
            }
            let time = try words.moment()
            let text = words.text
            let action = try action(&words)
            scenario.timeline.append(
                Scenario.Step(line: words.line, time: time, action: action, words: text))
        default: throw words.fault("'\(word)' is not a word of scenarios")
        }
        try words.end()
    }

    private mutating func readOnce(
        _ word: Substring, _ words: inout LineWords
    ) throws(ScenarioFault) {
        switch word {
        case "validators":
            scenario.validators = Int(try words.number("a count", in: 1...Self.nodesMax))
        case "observers":
            scenario.observers = Int(try words.number("a count", in: 0...Self.nodesMax))
        case "run": scenario.duration = try words.milliseconds("a time")
        case "pace": scenario.pace = try words.milliseconds("a time")
        case "checkpoints":
            try words.expect("every")
            scenario.checkpointBlocks = try words.number(
                "a count", in: EpochLengths.checkpointBlocksRange)
            try words.expect("blocks")
        case "epochs":
            try words.expect("of")
            scenario.epochCheckpoints = try words.number(
                "a count", in: EpochLengths.epochCheckpointsRange)
            try words.expect("checkpoints")
        default: scenario.settle = try words.milliseconds("a time")
        }
    }

    private mutating func readRegion(_ words: inout LineWords) throws(ScenarioFault) {
        let name = String(try words.next("a name"))
        guard (try? nodes([name[...]], words)) == nil, name != "|", name != "->" else {
            throw words.fault("'\(name)' is a name already")
        }
        scenario.regions.append(
            Scenario.Region(name: name, nodes: try nodes(words.remainder(), words)))
    }

    private func twin(_ words: inout LineWords) throws(ScenarioFault) -> String {
        let name = String(try words.next("a validator"))
        guard scenario.nodes.prefix(scenario.validators).contains(name),
            !scenario.twins.contains(name), scenario.villains[name] == nil
        else { throw words.fault("'\(name)' is not a validator without a twin") }
        return name
    }

    private mutating func readVillain(_ words: inout LineWords) throws(ScenarioFault) {
        let name = String(try words.next("a node"))
        let word = String(try words.next("a villainy"))
        guard let villainy = Villainy(rawValue: word) else {
            throw words.fault("'\(word)' is not a villainy")
        }
        let able =
            villainy.needsNoSeat
            ? scenario.nodes[...] : scenario.nodes.prefix(scenario.validators)
        guard able.contains(name), scenario.villains[name] == nil, !scenario.twins.contains(name)
        else { throw words.fault("'\(name)' cannot be a \(word), or is something else already") }
        scenario.villains[name] = villainy
    }

    private func expectation(_ words: inout LineWords) throws(ScenarioFault) -> Expectation {
        let word = try words.next("an expectation")
        guard let expectation = Expectation(rawValue: String(word)),
            !scenario.expectations.contains(expectation)
        else { throw words.fault("'\(word)' cannot be expected, or is already") }
        return expectation
    }

    private func links(_ words: inout LineWords) throws(ScenarioFault) -> Scenario.Links {
        var ends: [[String]] = []
        if words.take("between") {
            for _ in 0..<2 { ends.append(try nodes([try words.next("a place")], words)) }
        }
        let latency = try words.microseconds("a latency")
        let jitter = words.take("jitter") ? try words.microseconds("a jitter") : 0
        return Scenario.Links(
            one: ends.first ?? [], other: ends.last ?? [], latencyMicroseconds: latency,
            jitterMicroseconds: jitter)
    }

    private func load(_ words: inout LineWords) throws(ScenarioFault) -> Scenario.Load {
        let rate = try words.number("a rate", in: 1...Self.perSecondMax)
        try words.expect("a")
        try words.expect("second")
        var load = Scenario.Load(perSecond: rate, during: try words.stretch())
        load.isTwice = words.take("twice")
        return load
    }

    private func action(_ words: inout LineWords) throws(ScenarioFault) -> Scenario.Action {
        let word = try words.next("an action")
        switch word {
        case "heal": return .heal
        case "crash": return .crash(try nodes(words.remainder(), words))
        case "restart": return .restart(try nodes(words.remainder(), words))
        case "crash-loop":
            let times = try words.number("a count", in: 1...Self.timesMax)
            try words.expect("every")
            let every = try words.milliseconds("a time")
            return .crashLoop(
                times: times, every: max(every, 1), try nodes(words.remainder(), words))
        case "partition":
            let groups = words.remainder().split(separator: "|", omittingEmptySubsequences: false)
            return .partition(
                try groups.map { group throws(ScenarioFault) in try nodes(Array(group), words) })
        case "cut", "restore":
            let (from, to) = try direction(&words)
            return word == "cut" ? .cut(from: from, to: to) : .restore(from: from, to: to)
        case "join":
            let stake = try words.number("a stake", in: 1...Self.stakeMax)
            return .join(stake: stake, try nodes(words.remainder(), words))
        case "leave": return .leave(try nodes(words.remainder(), words))
        case "rotate-key": return .rotateKey(try nodes(words.remainder(), words))
        default: return try condition(word, &words)
        }
    }

    private func condition(
        _ word: Substring, _ words: inout LineWords
    ) throws(ScenarioFault) -> Scenario.Action {
        switch word {
        case "loss":
            let rate = try words.number("a rate per million", in: 0...1_000_000)
            return .loss(perMillion: rate, try nodes(words.remainder(), words))
        case "jitter":
            let jitter = try words.microseconds("a jitter")
            return .jitter(microseconds: jitter, try nodes(words.remainder(), words))
        case "skew":
            let skew = try words.signedMilliseconds("a skew")
            return .skew(milliseconds: skew, try nodes(words.remainder(), words))
        case "lost-syncs":
            let rate = try words.number("a rate per million", in: 0...1_000_000)
            return .lostSyncs(perMillion: rate, try nodes(words.remainder(), words))
        case "flip-bit":
            let isBusy = words.take("busy")
            if !isBusy { try words.expect("idle") }
            return .flipBit(isBusy: isBusy, try nodes(words.remainder(), words))
        case "torn-writes": return .tornWrites(try nodes(words.remainder(), words))
        case "full-disk": return .fullDisk(try nodes(words.remainder(), words))
        case "good-disk": return .goodDisk(try nodes(words.remainder(), words))
        default: throw words.fault("'\(word)' is not an action")
        }
    }

    private func direction(
        _ words: inout LineWords
    ) throws(ScenarioFault) -> (from: [String], to: [String]) {
        let from = try nodes([try words.next("a place")], words)
        try words.expect("->")
        return (from, try nodes([try words.next("a place")], words))
    }

    /// The nodes that names of nodes, regions and kinds stand for, each once.
    private func nodes(
        _ names: [Substring], _ words: LineWords
    ) throws(ScenarioFault) -> [String] {
        guard !names.isEmpty else { throw words.fault("nodes are missing") }
        var found: [String] = []
        for name in names {
            let meant = meaning(String(name))
            guard !meant.isEmpty else { throw words.fault("there is no node '\(name)'") }
            for node in meant where !found.contains(node) { found.append(node) }
        }
        return found
    }

    private func meaning(_ name: String) -> [String] {
        if let region = scenario.regions.first(where: { $0.name == name }) { return region.nodes }
        switch name {
        case "all": return scenario.nodes
        case "validators": return Array(scenario.nodes.prefix(scenario.validators))
        default: return scenario.nodes.filter { $0 == name }
        }
    }
}
