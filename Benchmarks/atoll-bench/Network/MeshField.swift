// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import PeerNetwork
import Synchronization
import SystemEffects
import Vocabulary

/// Nodes of a mesh on loopback, all connected with all, that send each other records.
struct MeshField {
    /// One node.
    private struct Place: Sendable {
        let mesh: PeerMesh
        let effects: Effects
        let tally = RecordTally()
    }

    /// What was measured.
    struct Finding: Sendable {
        /// Records a second that the slowest node received.
        let rate: Double
        /// Microseconds of processor time for one received record, both ends together.
        let processor: String
        /// How long records were on the way.
        let milliseconds: [Double]
        let threads: String
    }

    private static let channel = Channel(1, priority: .transactions)
    /// So much may wait for one peer: it bounds how long a record waits.
    private static let queueBytes = 262_144

    private let places: [Place]
    private let loops: [EventLoop]

    /// Connects so many nodes, on so many threads.
    init(_ bench: Bench, nodes: Int, threads: Int) async throws {
        let loops = (0..<threads).map { EventLoop.start(name: "mesh-\($0 + 1)") }
        let ports = try await PeerServer.freePorts(nodes, bench.effects)
        let keys = try (0..<nodes).map { number in
            guard let key = SigningKey(seed: Dice.bytes32(number).bytes) else {
                throw BenchFailure("no key")
            }
            return key
        }
        let peers = zip(keys, ports).map {
            PeerAddress(
                publicKey: $0.publicKey, endpoint: Endpoint(host: "127.0.0.1", port: $1))
        }
        var configuration = MeshConfiguration()
        configuration.queues.transactionsBytesMax = Self.queueBytes
        var places: [Place] = []
        for number in 0..<nodes {
            let effects = try SystemWorld.make(
                root: "\(bench.folder)/mesh-\(number + 1)", loop: loops[number % threads])
            let mesh = PeerMesh(
                effects: effects, identity: keys[number],
                chain: ChainID(SHA256.hash(Array("network.gossip".utf8)).raw), roles: .validator,
                listen: peers[number].endpoint, peers: peers, configuration: configuration)
            places.append(Place(mesh: mesh, effects: effects))
        }
        self.places = places
        self.loops = loops
        for place in places {
            let tally = place.tally
            try await place.mesh.start(MeshHandlers(messages: { tally.take($0) }))
        }
        for _ in 0..<600 where places.contains(where: { !Self.isWhole($0.mesh, nodes) }) {
            await bench.effects.time.sleep(milliseconds: 50)
        }
        guard places.allSatisfy({ Self.isWhole($0.mesh, nodes) }) else {
            throw BenchFailure("the mesh is not whole")
        }
    }

    private static func isWhole(_ mesh: PeerMesh, _ nodes: Int) -> Bool {
        mesh.connectedPeers().count == nodes - 1
    }

    /// Lets the first `senders` nodes broadcast records for some seconds.
    ///
    /// - Parameter pace: Records a second of each sender, or as many as there is room for.
    func run(
        _ bench: Bench, bytes: Int, senders: Int, seconds: Int, pace: Int? = nil
    ) async -> Finding {
        let receivers = senders == 1 ? Array(places.dropFirst()) : places
        let flag = StopFlag()
        let tasks = places.prefix(senders).map { place in
            place.effects.tasks.spawn("sends") { await Self.send(place, bytes, flag, pace) }
        }
        await bench.effects.time.sleep(milliseconds: 1_000)
        for place in receivers { _ = place.tally.read() }
        let shares = ThreadShares()
        await bench.effects.time.sleep(milliseconds: UInt64(seconds) * 1_000)
        let reading = shares.read()
        let counts = receivers.map { $0.tally.read() }
        flag.raise()
        for task in tasks { await task.finished() }
        let all = counts.reduce(0) { $0 + $1.count }
        return Finding(
            rate: Double(counts.map(\.count).min() ?? 0) / reading.wall,
            processor: reading.microseconds(per: all),
            milliseconds: counts.flatMap(\.milliseconds), threads: reading.text)
    }

    /// Ends all nodes.
    func stop() async {
        for place in places { await place.mesh.stop() }
    }

    // A burst at a time, as a node does that hands on what it has gathered.
    private static func send(_ place: Place, _ bytes: Int, _ flag: StopFlag, _ pace: Int?) async {
        let pauseMilliseconds: UInt64 = 1
        let burst = pace.map { max(1, $0 * Int(pauseMilliseconds) / 1_000) } ?? 256
        while !flag.isRaised {
            var dropped = 0
            for _ in 0..<burst where dropped == 0 {
                dropped += place.mesh.broadcast(RecordTally.record(bytes), on: channel).dropped
            }
            if pace != nil {
                await place.effects.time.sleep(milliseconds: pauseMilliseconds)
            } else if dropped > 0 {
                await waitForRoom(place, bytes)
            } else {
                await Task.yield()
            }
        }
    }

    // Whose queue is full takes one more as soon as there is room, and so tells when that is.
    private static func waitForRoom(_ place: Place, _ bytes: Int) async {
        for peer in place.mesh.connectedPeers() {
            try? await place.mesh.send(
                RecordTally.record(bytes), on: channel, to: peer.publicKey)
        }
    }
}

/// Ends loops of several threads.
final class StopFlag: Sendable {
    private let flag = Atomic(false)

    func raise() { flag.store(true, ordering: .releasing) }
    var isRaised: Bool { flag.load(ordering: .acquiring) }
}
