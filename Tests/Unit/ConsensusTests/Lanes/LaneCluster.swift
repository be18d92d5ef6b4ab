// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

@testable import Consensus

/// How an owner in the simulated network behaves.
enum LaneConduct: Equatable {
    case honest
    /// Gives its batches to some only, and answers nobody.
    case withholder
    /// Gives one half other batches than the other half, and says to hold both.
    case equivocator
    /// Sends what is old, forged, far ahead or too much.
    case flooder
    /// Proposes cuts that are invented, stale or forked, and accepts everything.
    case liar
}

/// A lane machine with the host around it.
struct LaneNode {
    let key: SigningKey
    var conduct: LaneConduct
    var machine: LaneMachine?
    var life = 0
    var dieAfterEffects: Int?

    // What survives a crash.
    var records: [Batch] = []
    var executed: [LaneExecution] = []
    var archive: [Digest: Batch] = [:]

    // What does not.
    var ordered = 0
    var backlog: [OwnPayload] = []

    var isUp: Bool { machine != nil }
}

/// Lane machines under a sequencer that stands for consensus: it asks a leader for a cut, asks all
/// for their verdicts, and makes a block final when a quorum accepts it and its child.
struct LaneCluster {
    enum Event {
        case deliver(from: Int, to: Int, LaneMessage)
        case input(Int, life: Int, LaneInput)
        case start(Int)
        case crash(Int, afterEffects: Int?)
        case submit(Int)
        case order(Int, life: Int)
        case slot
        case timeout(UInt64)
    }

    let fixture: Fixture
    var dice: Dice
    var weather: Weather
    var nodes: [LaneNode]
    var queue = EventQueue<Event>()
    var now: UInt64 = 0
    var faults: [String] = []
    /// Which batches honest owners ever made, by lane and height.
    var made: [LaneTip: Digest] = [:]
    var accused: Set<Int> = []
    var payloadBytes = 24
    var submitEvery: UInt64 = 15
    var heldBytesMax = 0

    // The sequencer.
    var slot: UInt64 = 0
    var proposal: (slot: UInt64, block: Digest, cut: Cut, parent: Int)?
    var accepted: Set<Int> = []
    /// Notarized cuts in order; the last may not be final.
    var chain: [OrderedCut] = []
    var finalCount = 0
    var skipped = 0

    init(
        seed: UInt64, validators: Int = 4, conducts: [Int: LaneConduct] = [:],
        weather: Weather = Weather(delayMilliseconds: 2...30)
    ) {
        fixture = Fixture(
            stakes: [UInt128](repeating: 1, count: validators), chain: UInt8(seed % 200))
        dice = Dice(seed: seed)
        self.weather = weather
        nodes = fixture.keys.enumerated().map {
            LaneNode(key: $0.element, conduct: conducts[$0.offset] ?? .honest)
        }
        for index in nodes.indices {
            queue.add(.start(index), at: 0)
            queue.add(.submit(index), at: 5 + dice.within(0...20))
        }
        queue.add(.slot, at: 60)
    }

    var honest: [Int] { nodes.indices.filter { nodes[$0].conduct == .honest } }

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
            feed(to, .messages([LaneDelivery(from: nodes[from].key.publicKey, message)]))
        case .input(let node, let life, let input):
            if nodes[node].life == life { feed(node, input) }
        case .start(let node): start(node)
        case .crash(let node, let effects):
            if let effects { nodes[node].dieAfterEffects = effects } else { crash(node) }
        case .submit(let node): submit(node)
        case .order(let node, let life):
            if nodes[node].life == life { orderNext(node) }
        case .slot: propose()
        case .timeout(let old): if proposal?.slot == old { skip() }
        }
    }

    // MARK: - Life and death

    private mutating func start(_ node: Int) {
        guard !nodes[node].isUp else { return }
        nodes[node].life += 1
        let last = nodes[node].executed.last
        nodes[node].machine = LaneMachine(
            configuration: fixture.laneConfiguration, identity: nodes[node].key,
            recovered: RecoveredLanes(
                order: last?.order ?? LaneOrder(lanes: nodes.count),
                height: last?.height ?? BlockHeight(0),
                records: nodes[node].records.map { .batch($0) }))
        nodes[node].ordered = nodes[node].executed.count
        feed(node, .started)
        for other in nodes.indices where other != node && nodes[other].isUp {
            feed(node, .connected(nodes[other].key.publicKey))
            feed(other, .connected(nodes[node].key.publicKey))
        }
        for _ in nodes[node].ordered..<max(nodes[node].ordered, finalCount) { orderLater(node) }
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

    mutating func feed(_ node: Int, _ input: LaneInput) {
        guard let effects = nodes[node].machine?.receive(input) else { return }
        for (count, effect) in effects.enumerated() {
            if let limit = nodes[node].dieAfterEffects, count >= limit {
                queue.add(.start(node), at: now + dice.within(50...1_500))
                return crash(node)
            }
            carryOut(effect, of: node)
        }
        if nodes[node].conduct == .honest, let machine = nodes[node].machine {
            heldBytesMax = max(heldBytesMax, machine.heldBytes)
        }
    }

    // MARK: - The host

    private mutating func carryOut(_ effect: LaneEffect, of node: Int) {
        let life = nodes[node].life
        switch effect {
        case .persist(.batch(let batch)): persist(batch, at: node)
        case .send(let peer, let message):
            guard let to = fixture.validators.index(of: peer) else { return }
            if nodes[node].conduct == .withholder, case .answer = message { return }
            transmit(message, from: node, to: to)
        case .broadcast(let message): broadcast(message, from: node)
        case .setTimer(let timer, let wait):
            queue.add(.input(node, life: life, .timer(timer)), at: now + wait)
        case .room: fill(node)
        case .returned(let payload): nodes[node].backlog.insert(payload, at: 0)
        case .verdict(let block, let isAccepted):
            if isAccepted, proposal?.block == block { accept(node) }
        case .execute(let execution): execute(execution, at: node)
        case .serveBatches(let peer, let request):
            guard let to = fixture.validators.index(of: peer) else { return }
            guard nodes[node].conduct != .withholder else { return }
            transmit(archived(request, at: node), from: node, to: to)
        case .prunable(let hashes):
            let gone = Set(hashes)
            nodes[node].records.removeAll { gone.contains($0.hash) }
        case .evidence(let evidence):
            let offender = evidence.offender(
                validators: fixture.validators, chain: fixture.chain, epoch: Fixture.epoch)
            guard let offender else { return faults.append("evidence that proves nothing") }
            accused.insert(offender)
        case .note: break
        }
    }

    private func archived(_ request: BatchRequest, at node: Int) -> LaneMessage {
        var batches: [Batch] = []
        var hash = request.tip.hash
        while batches.count < Int(request.count), let batch = nodes[node].archive[hash] {
            batches.append(batch)
            hash = batch.header.parent
        }
        return .answer(gathering: batches)
    }

    private mutating func persist(_ batch: Batch, at node: Int) {
        nodes[node].records.append(batch)
        guard Int(batch.header.lane) == node, nodes[node].conduct == .honest else { return }
        let place = LaneTip(lane: UInt16(node), height: batch.header.height, hash: .zero)
        if let other = made[place], other != batch.hash {
            faults.append("node \(node) made two batches of height \(batch.header.height)")
        }
        made[place] = batch.hash
    }

    private mutating func execute(_ execution: LaneExecution, at node: Int) {
        guard execution.height.value == UInt64(nodes[node].executed.count + 1) else {
            return faults.append("node \(node) executes \(execution.height) out of order")
        }
        nodes[node].executed.append(execution)
        for batch in execution.batches {
            if !batch.isIntact { faults.append("node \(node) executes a broken batch") }
            nodes[node].archive[batch.hash] = batch
        }
        let input = LaneInput.executed(execution.height)
        queue.add(
            .input(node, life: nodes[node].life, input), at: now + dice.within(1...30))
    }

    private mutating func submit(_ node: Int) {
        queue.add(.submit(node), at: now + submitEvery)
        guard nodes[node].isUp else { return }
        if nodes[node].backlog.count < 4 {
            let bytes = (0..<payloadBytes).map { _ in UInt8(dice.below(256)) }
            nodes[node].backlog.append(OwnPayload(bytes, transactionCount: 1))
        }
        fill(node)
    }

    private mutating func fill(_ node: Int) {
        guard nodes[node].machine?.room == .now, !nodes[node].backlog.isEmpty else { return }
        let payload = nodes[node].backlog.removeFirst()
        queue.add(.input(node, life: nodes[node].life, .payload(payload)), at: now)
    }

    // MARK: - The network

    private mutating func broadcast(_ message: LaneMessage, from node: Int) {
        if nodes[node].conduct == .honest { checkDurable(message, of: node) }
        for to in nodes.indices where to != node {
            switch nodes[node].conduct {
            case .honest, .liar: transmit(message, from: node, to: to)
            case .withholder: withhold(message, from: node, to: to)
            case .equivocator: transmit(forked(message, by: node, for: to), from: node, to: to)
            case .flooder: flood(message, from: node, to: to)
            }
        }
    }

    private mutating func checkDurable(_ message: LaneMessage, of node: Int) {
        switch message {
        case .batch(let batch):
            if !nodes[node].records.contains(batch) {
                faults.append("node \(node) sends a batch that is not durable")
            }
        case .vector(let vector):
            let held = Set(nodes[node].records.map(\.tip))
            if !vector.entries.allSatisfy(held.contains) {
                faults.append("node \(node) says to hold what is not durable")
            }
        case .request, .answer: break
        }
    }

    mutating func transmit(_ message: LaneMessage, from: Int, to: Int) {
        guard nodes[to].isUp else { return }
        let copies = dice.happens(perMille: weather.duplicatePerMille) ? 2 : 1
        for _ in 0..<copies where !dice.happens(perMille: weather.lossPerMille) {
            let time = now + dice.within(weather.delayMilliseconds)
            queue.add(.deliver(from: from, to: to, message), at: time)
        }
    }
}
