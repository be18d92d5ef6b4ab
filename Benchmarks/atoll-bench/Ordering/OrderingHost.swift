// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import PeerNetwork
import Vocabulary

/// A validator that orders bytes and does not read them: the real machines of consensus and lanes,
/// the real mesh and real logs, round a host that counts.
///
/// It carries out what each machine says in order, and sends nothing before the records under it
/// are durable. The two machines have a log and a turn each, so that no vote waits for a batch to
/// be synced. Its own load is handed in whenever its lane has room.
actor OrderingHost {
    /// Everything that waits for the machines.
    enum Input: Sendable {
        case consensus(ConsensusInput)
        case lanes(LaneInput)
    }

    private enum Machine: Sendable { case consensus, lanes }

    /// What a host has seen executed.
    struct Count: Sendable {
        var transactions: UInt64 = 0
        var blocks: UInt64 = 0
        /// From handing in a batch to its execution here, in milliseconds, own batches only.
        var waits: [Double] = []
    }

    let effects: Effects
    let mesh: PeerMesh
    private let votes: any RecordLog
    private let batches: any RecordLog
    private let blocks: any RecordLog
    var consensus: ConsensusMachine
    var lanes: LaneMachine
    private let ownLane: UInt16

    private var toConsensus: [ConsensusInput] = []
    private var toLanes: [LaneInput] = []
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var isStopping = false
    private var timers: [OrderingTimer: any SpawnedTask] = [:]
    /// What the leader was asked and has not answered.
    var request: PayloadRequest?
    var stateHeight = BlockHeight(0)
    var stateRoot = Digest.zero

    private var load: OpaqueLoad
    private var isLoading = false
    /// When each own batch that is not executed was handed in, oldest first.
    private var handedIn: [Instant] = []
    private var count = Count()

    private init(
        effects: Effects, mesh: PeerMesh, votes: any RecordLog, batches: any RecordLog,
        blocks: any RecordLog, consensus: ConsensusMachine, lanes: LaneMachine, lane: Int
    ) {
        self.effects = effects
        self.mesh = mesh
        self.votes = votes
        self.batches = batches
        self.blocks = blocks
        self.consensus = consensus
        self.lanes = lanes
        ownLane = UInt16(lane)
        load = OpaqueLoad(seed: UInt64(lane) + 1)
    }

    /// The whole measurement lies in one epoch.
    private static let oneEpoch = EpochLengths(
        checkpointBlocks: .max, epochCheckpoints: .max)

    /// Opens the logs, joins the mesh and begins.
    static func start(
        _ seat: OrderingSeat, effects: Effects
    ) async throws -> OrderingHost {
        let mesh = PeerMesh(
            effects: effects, identity: seat.key, chain: seat.chain, roles: .validator,
            listen: seat.listen, peers: seat.peers)
        let host = OrderingHost(
            effects: effects, mesh: mesh, votes: try await effects.disk.openLog("votes"),
            batches: try await effects.disk.openLog("batches"),
            blocks: try await effects.disk.openLog("blocks"),
            consensus: ConsensusMachine(
                configuration: ConsensusConfiguration(
                    chain: seat.chain, validators: seat.validators, lengths: oneEpoch),
                identity: seat.key),
            lanes: LaneMachine(
                configuration: LaneConfiguration(
                    chain: seat.chain, epoch: Epoch(0), validators: seat.validators),
                identity: seat.key,
                recovered: .fresh(lanes: seat.validators.count, after: BlockHeight(0))),
            lane: seat.number)
        await host.enqueue([
            .consensus(.started), .lanes(.started),
            .consensus(.executed(height: BlockHeight(0), stateRoot: .zero)),
        ])
        effects.tasks.spawn("consensus") { await host.run(.consensus) }
        effects.tasks.spawn("lanes") { await host.run(.lanes) }
        try await mesh.start(host.handlers)
        return host
    }

    /// Hands in load from now on, or no longer.
    func load(_ isOn: Bool) {
        isLoading = isOn
        fillLane()
        wake()
    }

    /// What was executed since the last call.
    func takeCount() -> Count {
        defer { count = Count() }
        return count
    }

    /// The height of the last executed block.
    var height: BlockHeight { stateHeight }

    /// Ends everything.
    func stop() async {
        isStopping = true
        wake()
        for timer in timers.values { timer.cancel() }
        await mesh.stop()
        await votes.close()
        await batches.close()
        await blocks.close()
    }

    // MARK: The loop

    func enqueue(_ inputs: [Input]) {
        for input in inputs {
            switch input {
            case .consensus(let input): toConsensus.append(input)
            case .lanes(let input): toLanes.append(input)
            }
        }
        wake()
    }

    private func wake() {
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.resume() }
    }

    /// Takes turns until the host stops; a turn without an input says so and waits for one.
    private func run(_ machine: Machine) async {
        while !isStopping {
            do {
                let isBusy =
                    switch machine {
                    case .consensus: try await turnOfConsensus()
                    case .lanes: try await turnOfLanes()
                    }
                if isBusy { continue }
                await withCheckedContinuation { waiters.append($0) }
            } catch {
                StandardError.write("bench: a validator stops: \(error)\n")
                return
            }
        }
    }

    /// Gives consensus what waits for it; false when nothing does.
    private func turnOfConsensus() async throws -> Bool {
        guard !toConsensus.isEmpty else { return false }
        var inputs: [ConsensusInput] = []
        swap(&inputs, &toConsensus)
        var said: [ConsensusEffect] = []
        for input in inputs { said += consensus.receive(input) }
        var kept: [[UInt8]] = []
        for case .persist(let record) in said { kept.append(record.canonicalBytes) }
        if !kept.isEmpty { try await votes.append(kept) }
        for effect in said { try await perform(effect) }
        answerRequest()
        return true
    }

    /// Gives the lanes what waits for them; false when nothing does.
    private func turnOfLanes() async throws -> Bool {
        guard !toLanes.isEmpty else { return false }
        var inputs: [LaneInput] = []
        swap(&inputs, &toLanes)
        var done: [LaneEffect] = []
        for input in inputs { done += lanes.receive(input) }
        var kept: [[UInt8]] = []
        for case .persist(let record) in done { kept.append(record.canonicalBytes) }
        if !kept.isEmpty { try await batches.append(kept) }
        for effect in done { perform(effect) }
        answerRequest()
        fillLane()
        return true
    }

    private func perform(_ effect: LaneEffect) {
        switch effect {
        case .send(let peer, let message):
            mesh.trySend(message.canonicalBytes, on: message.channel, to: peer)
        case .broadcast(let message):
            mesh.broadcast(message.canonicalBytes, on: message.channel)
        case .setTimer(let timer, let milliseconds):
            set(OrderingTimer(timer), milliseconds, .lanes(.timer(timer)))
        case .verdict(let block, let accepted):
            enqueue([.consensus(.verdict(block: block, accepted: accepted))])
        case .execute(let execution): execute(execution)
        case .evidence(let evidence): StandardError.write("bench: evidence \(evidence)\n")
        case .returned: if !handedIn.isEmpty { handedIn.removeLast() }
        case .persist, .room, .serveBatches, .prunable, .note: break
        }
    }

    private func perform(_ effect: ConsensusEffect) async throws {
        switch effect {
        case .send(let peer, let message):
            mesh.trySend(message.canonicalBytes, on: .ordering, to: peer)
        case .broadcast(let message):
            mesh.broadcast(message.canonicalBytes, on: .ordering)
        case .setTimer(let timer, let milliseconds):
            set(OrderingTimer(timer), milliseconds, .consensus(.timer(timer)))
        case .wantPayload(let asked): want(asked)
        case .check(let block, let ancestors): check(block, ancestors)
        case .finalized(let final):
            try await blocks.append(final.map(\.canonicalBytes))
            enqueue(
                final.compactMap { block in
                    guard let cut = try? Cut(payload: block.block.payload) else { return nil }
                    let header = block.block.header
                    return .lanes(
                        .ordered(
                            OrderedCut(height: header.height, slot: header.slot, cut: cut)))
                })
        case .divergence(let divergence): throw BenchFailure("states differ: \(divergence)")
        default: break
        }
    }

    /// Counts what a block executes; its batches are in the log of records already.
    private func execute(_ execution: LaneExecution) {
        let now = effects.time.now().value
        for batch in execution.batches {
            count.transactions += UInt64(batch.header.transactionCount)
            guard batch.header.lane == ownLane, !handedIn.isEmpty else { continue }
            count.waits.append(Double(now - handedIn.removeFirst().value) / 1e6)
        }
        count.blocks += 1
        stateHeight = execution.height
        stateRoot = SHA256.hash(execution.order.canonicalBytes)
        enqueue([
            .lanes(.executed(execution.height)),
            .consensus(.executed(height: execution.height, stateRoot: stateRoot)),
        ])
    }

    /// Hands in the next batch while the lane takes full ones.
    private func fillLane() {
        guard isLoading, lanes.room != .none else { return }
        handedIn.append(effects.time.now())
        enqueue([.lanes(.payload(load.next()))])
    }

    private func set(_ timer: OrderingTimer, _ milliseconds: UInt64, _ input: Input) {
        timers[timer]?.cancel()
        timers[timer] = effects.tasks.spawn("timer") { [effects] in
            await effects.time.sleep(milliseconds: milliseconds)
            guard !Task.isCancelled else { return }
            await self.enqueue([input])
        }
    }
}
