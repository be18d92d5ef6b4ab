// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

@testable import Consensus

/// How the simulated network treats messages.
struct Weather {
    var delayMilliseconds: ClosedRange<UInt64> = 2...40
    var lossPerMille = 0
    var duplicatePerMille = 0
    /// How many of a thousand payload requests find nothing to propose.
    var idlePerMille = 300
}

/// A whole network in one thread with virtual time: what happens follows from the seed.
struct Cluster {
    enum Event {
        case deliver(from: Int, to: Int, ConsensusMessage)
        case input(Int, life: Int, ConsensusInput)
        case executed(Int, life: Int, height: Int)
        case start(Int)
        case crash(Int, afterEffects: Int?)
        case split([Int])
        case calm(Weather)
    }

    let fixture: Fixture
    var dice: Dice
    var weather: Weather
    var nodes: [ClusterNode] = []
    var queue = EventQueue<Event>()
    var now: UInt64 = 0
    /// Nodes of different groups do not hear each other.
    var groups: [Int]
    var judge = Judge()
    var genesisRoot: Digest { fixture.genesisRoot }
    /// Nodes that do not start again.
    var away: Set<Int> = []
    /// Encode and decode every message on its way.
    var throughBytes = false
    /// The stakes of the fixture's validators in each epoch; the last of them holds on.
    var stakes: [[UInt128]]
    private(set) var delivered = 0

    init(
        seed: UInt64, stakes: [UInt128] = [1, 1, 1, 1], conducts: [Int: Conduct] = [:],
        twinsOf twins: [Int] = [], observers: Int = 1, weather: Weather = Weather(),
        lengths: EpochLengths = .standard, later: [[UInt128]] = []
    ) {
        var fixture = Fixture(stakes: stakes, chain: UInt8(seed % 200))
        fixture.configuration = ConsensusConfiguration(
            schedule: LeaderSchedule(
                chain: fixture.chain, epoch: Epoch(0), firstSlot: Slot(1),
                validators: fixture.set(stakes)), lengths: lengths)
        self.stakes = [stakes] + later
        fixture.configuration.timing.skipMilliseconds = 400
        fixture.configuration.timing.idleMilliseconds = 100
        fixture.configuration.timing.skipMillisecondsMax = 4_000
        fixture.configuration.timing.stallMilliseconds = 200
        fixture.configuration.timing.stallMillisecondsMax = 1_000
        fixture.configuration.timing.fetchMilliseconds = 80
        fixture.configuration.timing.catchUpMilliseconds = 400
        self.fixture = fixture
        self.weather = weather
        dice = Dice(seed: seed)
        for (index, key) in fixture.keys.enumerated() {
            let conduct: Conduct =
                twins.contains(index) ? .twin : conducts[index] ?? .honest
            nodes.append(ClusterNode(key: key, votes: true, conduct: conduct))
        }
        for index in twins {
            nodes.append(ClusterNode(key: fixture.keys[index], votes: true, conduct: .twin))
        }
        for index in 0..<observers {
            let key = Fixture.key(UInt8(200 + index))
            nodes.append(ClusterNode(key: key, votes: false, conduct: .honest))
        }
        groups = [Int](repeating: 0, count: nodes.count)
        for index in nodes.indices where nodes[index].conduct != .silent {
            queue.add(.start(index), at: dice.within(0...100))
        }
    }

    /// Nodes whose behaviour is the machine's own.
    var honest: [Int] {
        nodes.indices.filter { nodes[$0].conduct == .honest && !away.contains($0) }
    }

    /// Validators against whom evidence is just.
    var guilty: Set<PublicKey> {
        Set(nodes.filter { !$0.conduct.keepsTheRules }.map(\.key.publicKey))
    }

    /// Who decides in an epoch.
    func set(of epoch: Epoch) -> ValidatorSet {
        fixture.set(stakes[min(stakes.count - 1, Int(epoch.value))])
    }

    var heights: [Int] { nodes.map(\.log.count) }

    mutating func run(until end: UInt64) {
        while let time = queue.nextTime, time <= end, let event = queue.removeFirst() {
            now = time
            happen(event)
        }
        now = end
    }

    private mutating func happen(_ event: Event) {
        switch event {
        case .deliver(let from, let to, let message):
            guard groups[from] == groups[to] else { return }
            delivered += 1
            feed(to, .message(from: nodes[from].key.publicKey, message))
        case .input(let node, let life, let input):
            guard nodes[node].life == life else { return }
            feed(node, input)
        case .executed(let node, let life, let height):
            guard nodes[node].life == life else { return }
            executed(node, height)
        case .start(let node): start(node)
        case .crash(let node, let effects):
            if let effects { nodes[node].dieAfterEffects = effects } else { crash(node) }
        case .split(let groups): self.groups = groups
        case .calm(let weather): self.weather = weather
        }
    }

    // MARK: - Life and death

    private mutating func start(_ node: Int) {
        guard !nodes[node].isUp, !away.contains(node) else { return }
        nodes[node].life += 1
        // The state store stands at an older height than the log, up to three blocks behind.
        let height = max(0, nodes[node].log.count - dice.below(4))
        nodes[node].replay(to: height, genesis: genesisRoot)
        nodes[node].executorFreeAt = now
        nodes[node].machine = ConsensusMachine(
            configuration: configuration(after: nodes[node].log), identity: nodes[node].key,
            recovered: RecoveredState(
                lastFinal: nodes[node].log.last, records: nodes[node].records))
        let carried = nodes[node].log.last?.block.header.stateHeight ?? BlockHeight(0)
        let kept = (0..<height).filter {
            let known = BlockHeight(UInt64($0))
            return known > carried && fixture.configuration.lengths.isCheckpoint(known)
        }
        for known in kept + [height] {
            feed(
                node,
                .executed(height: BlockHeight(UInt64(known)), stateRoot: nodes[node].roots[known]))
        }
        for other in nodes.indices where other != node && nodes[other].isUp {
            feed(node, .connected(nodes[other].key.publicKey))
            feed(other, .connected(nodes[node].key.publicKey))
        }
        feed(node, .started)
        scheduleExecution(node)
    }

    /// The epoch that a node with these final blocks is in.
    private func configuration(after log: [FinalizedBlock]) -> ConsensusConfiguration {
        let lengths = fixture.configuration.lengths
        let end = log.last { lengths.isAtEnd($0.block.header) }?.block.header
        let epoch = end.map { $0.epoch.advanced(by: 1) } ?? Epoch(0)
        return ConsensusConfiguration(
            schedule: LeaderSchedule(
                chain: fixture.chain, epoch: epoch,
                firstSlot: (end?.slot ?? Slot(0)).advanced(by: 1), validators: set(of: epoch)),
            lengths: lengths, timing: fixture.configuration.timing)
    }

    /// Goes over to the next epoch as soon as the state at the cut is known.
    private mutating func succeed(_ node: Int) {
        guard let machine = nodes[node].machine, machine.hasEnded,
            let end = nodes[node].log.last?.block.header,
            nodes[node].roots.count > Int(end.stateHeight.value)
        else { return }
        let validators = set(of: end.epoch.advanced(by: 1))
        nodes[node].machine = machine.successor(
            validators: validators, identity: nodes[node].key)
        feed(node, .started)
    }

    private mutating func crash(_ node: Int) {
        guard nodes[node].isUp else { return }
        nodes[node].machine = nil
        nodes[node].life += 1
        nodes[node].dieAfterEffects = nil
        for other in nodes.indices where nodes[other].isUp {
            feed(other, .disconnected(nodes[node].key.publicKey))
        }
    }

    private mutating func feed(_ node: Int, _ input: ConsensusInput) {
        guard let effects = nodes[node].machine?.receive(input) else { return }
        var persisted: Set<Vote> = []
        let life = nodes[node].life
        for (count, effect) in effects.enumerated() where nodes[node].life == life {
            if let limit = nodes[node].dieAfterEffects, count >= limit {
                queue.add(.start(node), at: now + dice.within(50...3_000))
                return crash(node)
            }
            if case .persist(.vote(let vote)) = effect { persisted.insert(vote) }
            if case .broadcast(.vote(let vote)) = effect { watch(vote, by: node, persisted) }
            carryOut(effect, of: node)
        }
    }

    private mutating func watch(_ vote: Vote, by node: Int, _ persisted: Set<Vote>) {
        guard nodes[node].conduct.keepsTheRules else { return }
        let isDurable =
            persisted.contains(vote)
            || nodes[node].records.contains(.vote(vote))
        judge.voted(vote, by: node, persisted: isDurable)
    }

    // MARK: - The host

    private mutating func carryOut(_ effect: ConsensusEffect, of node: Int) {
        let life = nodes[node].life
        switch effect {
        case .persist(let record): nodes[node].records.append(record)
        case .send(let peer, let message):
            for to in nodes.indices where nodes[to].key.publicKey == peer && to != node {
                transmit(message, from: node, to: to)
            }
        case .broadcast(let message): broadcast(message, from: node)
        case .setTimer(let timer, let wait):
            queue.add(.input(node, life: life, .timer(timer)), at: now + wait)
        case .wantPayload(let request): answer(request, at: node)
        case .check(let block, _):
            let verdict = ConsensusInput.verdict(block: block.hash, accepted: true)
            queue.add(.input(node, life: life, verdict), at: now + dice.within(0...3))
        case .finalized(let blocks): finalize(blocks, at: node)
        case .epochEnded: succeed(node)
        case .prunable(let slot): nodes[node].records.removeAll { $0.slot <= slot }
        case .serveBlocks(let peer, let from, let count):
            let blocks = nodes[node].log.dropFirst(Int(from.value) - 1).prefix(count)
            for to in nodes.indices where nodes[to].key.publicKey == peer && to != node {
                transmit(.response(blocks), from: node, to: to)
            }
        case .evidence(let evidence):
            judge.accused(
                evidence, guilty: guilty, validators: set(of: evidence.epoch),
                chain: fixture.chain)
        case .divergence(let divergence): diverge(divergence, at: node)
        case .stateCompared(let comparison):
            judge.accuse("node \(node) has another state than a peer: \(comparison)")
        case .note: break
        }
    }

    private mutating func answer(_ request: PayloadRequest, at node: Int) {
        let isIdle = dice.happens(perMille: weather.idlePerMille) || request.bytesMax == 0
        let wait = isIdle ? 100 : dice.within(0...10)
        let height = nodes[node].roots.count - 1
        var root = nodes[node].roots[height]
        if nodes[node].conduct == .liar { root = Fixture.digest(99) }
        let offer = ProposedPayload(
            slot: request.slot, parent: request.parent,
            bytes: isIdle ? [] : (0..<8).map { _ in UInt8(dice.below(256)) },
            timestamp: Timestamp(now), stateHeight: BlockHeight(UInt64(height)), stateRoot: root)
        queue.add(
            .input(node, life: nodes[node].life, .payload(offer)),
            at: now + min(wait, request.deadlineMilliseconds))
    }

    private mutating func finalize(_ blocks: [FinalizedBlock], at node: Int) {
        for block in blocks {
            judge.finalized(
                block, by: node, after: nodes[node].log,
                validators: set(of: block.block.header.epoch))
            nodes[node].log.append(block)
        }
        scheduleExecution(node)
    }

    private mutating func scheduleExecution(_ node: Int) {
        while nodes[node].executing < nodes[node].log.count {
            nodes[node].executing += 1
            let time = max(now, nodes[node].executorFreeAt) + dice.within(1...8)
            nodes[node].executorFreeAt = time
            let height = nodes[node].executing
            queue.add(.executed(node, life: nodes[node].life, height: height), at: time)
        }
    }

    private mutating func executed(_ node: Int, _ height: Int) {
        let block = nodes[node].log[height - 1].block
        let root = ClusterNode.root(after: nodes[node].roots[height - 1], block)
        nodes[node].roots.append(root)
        feed(node, .executed(height: BlockHeight(UInt64(height)), stateRoot: root))
        succeed(node)
    }

    private mutating func diverge(_ divergence: Divergence, at node: Int) {
        guard !divergence.isFinal, divergence.theirs == Fixture.digest(99) else {
            return judge.accuse("node \(node) reports a divergence that is none")
        }
    }

    // MARK: - The network

    private mutating func broadcast(_ message: ConsensusMessage, from node: Int) {
        let others = nodes.indices.filter { $0 != node }
        switch nodes[node].conduct {
        case .equivocator: equivocate(message, from: node, to: others)
        case .withholder:
            for to in others where dice.happens(perMille: 500) {
                transmit(message, from: node, to: to)
            }
        case .honest, .silent, .liar, .twin:
            for to in others { transmit(message, from: node, to: to) }
        }
    }

    mutating func transmit(_ message: ConsensusMessage, from: Int, to: Int) {
        guard groups[from] == groups[to] else { return }
        let copies = dice.happens(perMille: weather.duplicatePerMille) ? 2 : 1
        for _ in 0..<copies where !dice.happens(perMille: weather.lossPerMille) {
            let time = now + dice.within(weather.delayMilliseconds)
            queue.add(.deliver(from: from, to: to, carried(message)), at: time)
        }
    }

    private mutating func carried(_ message: ConsensusMessage) -> ConsensusMessage {
        guard throughBytes else { return message }
        do {
            return try ConsensusMessage(canonicalBytes: message.canonicalBytes)
        } catch {
            judge.accuse("a message does not survive its own encoding: \(error)")
            return message
        }
    }

    /// Everything that happened, in one number.
    var trace: Digest {
        var bytes: [UInt8] = []
        for node in nodes {
            for record in node.log { bytes += record.canonicalBytes }
            for record in node.records { bytes += record.canonicalBytes }
        }
        return SHA256.hash(bytes + "\(delivered)".utf8)
    }
}
