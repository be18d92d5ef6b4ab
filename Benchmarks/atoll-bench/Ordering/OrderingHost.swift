// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import PeerNetwork
import Vocabulary

/// A validator that orders bytes and does not read them: the real machines of consensus and lanes,
/// the real mesh and real logs, round a host that counts.
///
/// As a node does, it carries out what the machines say in order, and sends nothing before the
/// records under it are durable. Its own load is handed in whenever its lane has room.
actor OrderingHost {
    /// Everything that waits for the machines.
    enum Input: Sendable {
        case consensus(ConsensusInput)
        case lanes(LaneInput)
    }

    /// What a host has seen executed.
    struct Count: Sendable {
        var transactions: UInt64 = 0
        var blocks: UInt64 = 0
        /// From handing in a batch to its execution here, in milliseconds, own batches only.
        var waits: [Double] = []
    }

    let effects: Effects
    let mesh: PeerMesh
    private let records: any RecordLog
    private let blocks: any RecordLog
    var consensus: ConsensusMachine
    var lanes: LaneMachine
    private let ownLane: UInt16

    private var inbox: [Input] = []
    private var waiter: CheckedContinuation<Void, Never>?
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
        effects: Effects, mesh: PeerMesh, records: any RecordLog, blocks: any RecordLog,
        consensus: ConsensusMachine, lanes: LaneMachine, lane: Int
    ) {
        self.effects = effects
        self.mesh = mesh
        self.records = records
        self.blocks = blocks
        self.consensus = consensus
        self.lanes = lanes
        ownLane = UInt16(lane)
        load = OpaqueLoad(seed: UInt64(lane) + 1)
    }

    /// Opens the logs, joins the mesh and begins.
    static func start(
        _ seat: OrderingSeat, effects: Effects
    ) async throws -> OrderingHost {
        let mesh = PeerMesh(
            effects: effects, identity: seat.key, chain: seat.chain, roles: .validator,
            listen: seat.listen, peers: seat.peers)
        let host = OrderingHost(
            effects: effects, mesh: mesh, records: try await effects.disk.openLog("records"),
            blocks: try await effects.disk.openLog("blocks"),
            consensus: ConsensusMachine(
                configuration: ConsensusConfiguration(
                    chain: seat.chain, validators: seat.validators), identity: seat.key),
            lanes: LaneMachine(
                configuration: LaneConfiguration(
                    chain: seat.chain, epoch: 0, validators: seat.validators),
                identity: seat.key,
                recovered: .fresh(lanes: seat.validators.count, after: BlockHeight(0))),
            lane: seat.number)
        await host.enqueue([
            .consensus(.started), .lanes(.started),
            .consensus(.executed(height: BlockHeight(0), stateRoot: .zero)),
        ])
        effects.tasks.spawn("ordering") { await host.run() }
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
        await records.close()
        await blocks.close()
    }

    // MARK: The loop

    func enqueue(_ inputs: [Input]) {
        inbox += inputs
        wake()
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }

    private func run() async {
        while !isStopping {
            guard !inbox.isEmpty else {
                await withCheckedContinuation { waiter = $0 }
                continue
            }
            var batch: [Input] = []
            swap(&batch, &inbox)
            do {
                try await take(batch)
            } catch {
                StandardError.write("bench: a validator stops: \(error)\n")
                return
            }
        }
    }

    /// Takes inputs, makes what they say durable in one write, then carries it out.
    private func take(_ inputs: [Input]) async throws {
        var said: [ConsensusEffect] = []
        var done: [LaneEffect] = []
        for input in inputs {
            switch input {
            case .consensus(let input): said += consensus.receive(input)
            case .lanes(let input): done += lanes.receive(input)
            }
        }
        var kept: [[UInt8]] = []
        for case .persist(let record) in said { kept.append(record.canonicalBytes) }
        for case .persist(let record) in done { kept.append(record.canonicalBytes) }
        if !kept.isEmpty { try await records.append(kept) }
        for effect in done { perform(effect) }
        for effect in said { try await perform(effect) }
        answerRequest()
        fillLane()
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
