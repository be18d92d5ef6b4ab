// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LibP2P
import SystemEffects
import Vocabulary

@testable import PeerNetwork

/// One mesh on this machine's loopback, with a journal of all it tells.
struct LoopbackNode: Sendable {
    /// One loop for all nodes of all tests: they share a process anyway.
    private static let loop = EventLoop.start(name: "peers")

    let mesh: PeerMesh
    let journal = Journal()

    var key: PublicKey { mesh.publicKey }

    var endpoint: Endpoint { must(mesh.listeningEndpoint) }

    var address: PeerAddress { PeerAddress(publicKey: key, endpoint: endpoint) }

    private static let world = Result {
        try SystemWorld.make(root: "/tmp/atoll-peer-network-tests", loop: loop)
    }

    static func effects() throws -> Effects { try world.get() }

    /// A mesh that is not started yet.
    init(
        _ number: UInt8, roles: PeerRoles = .validator, chain: ChainID = Persons.chain,
        listen: Endpoint? = Endpoint(host: "127.0.0.1", port: 0), peers: [PeerAddress] = [],
        configure: (inout MeshConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = MeshConfiguration()
        configuration.courtesyMilliseconds = 20
        configure(&configuration)
        mesh = try PeerMesh(
            effects: Self.effects(), identity: Persons.signingKey(number), chain: chain,
            roles: roles, listen: listen, peers: peers, configuration: configuration)
    }

    /// Starts it; messages and requests wait before `door`, if there is one.
    func start(
        door: Door? = nil,
        responder: @escaping @Sendable (InboundRequest) async -> RequestAnswer = {
            .answer($0.bytes)
        }
    ) async throws {
        let journal = journal
        try await mesh.start(
            MeshHandlers(
                messages: { batch in
                    journal.write { pages in
                        pages.messages += batch
                        pages.batches += 1
                    }
                    await door?.pass()
                },
                requests: { request in
                    journal.write { $0.requests.append(request) }
                    return await responder(request)
                },
                events: { event in journal.write { $0.events.append(event) } }))
    }

    /// Waits until all of `nodes` are connected.
    func meet(_ nodes: LoopbackNode...) async {
        let keys = nodes.map(\.key)
        await journal.wait { pages in keys.allSatisfy(pages.connected.contains) }
    }

    /// An endpoint that was free a moment ago, for nodes that must know each other beforehand.
    static func freeEndpoint() async throws -> Endpoint {
        let listener = try await effects().network.listen(
            on: Endpoint(host: "127.0.0.1", port: 0))
        defer { listener.close() }
        return listener.endpoint
    }
}

/// A guest whose every byte on the stream of the mesh the test chooses.
struct HandmadeGuest {
    let swarm: Swarm
    let stream: PeerStream
    var assembler = FrameAssembler(messageBytesMax: 1 << 20)
    private var frames: [Frame] = []

    /// Dials, and opens a stream of the mesh without a word.
    init(silent number: UInt8, to endpoint: Endpoint) async throws {
        swarm = try Swarm(
            effects: LoopbackNode.effects(),
            SwarmConfiguration(identity: Persons.signingKey(number), listen: []))
        let peer = try await swarm.connect(to: Multiaddr(endpoint))
        stream = try await swarm.open([PeerMesh.protocolName], with: peer)
    }

    /// Dials, introduces itself, and hears that it is welcome.
    ///
    /// - Parameter introduction: What it says of itself instead of the truth.
    init(_ number: UInt8, to endpoint: Endpoint, introduction: [UInt8]? = nil) async throws {
        try await self.init(silent: number, to: endpoint)
        let honest = PeerIntroduction(
            chain: Persons.chain, life: Persons.life(number), roles: [])
        try await write(.control(.introduction, introduction ?? honest.bytes))
        guard let first = await readFrame(), first.kind == .introduction else {
            throw DisconnectReason.closedByPeer
        }
        let answer = try PeerIntroduction(first.bytes)
        guard answer.verdict == 0 else { throw DisconnectReason.goodbye(code: answer.verdict) }
    }

    func write(_ frame: Frame) async throws {
        try await stream.write(SendQueue.record(of: frame))
    }

    /// Ends the connection.
    func leave() async { await swarm.stop() }

    /// The next frame, or nothing at the end.
    mutating func readFrame() async -> Frame? {
        while frames.isEmpty {
            guard let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty else {
                return nil
            }
            guard (try? assembler.receive(bytes, into: &frames)) != nil else { return nil }
        }
        return frames.removeFirst()
    }

    /// Reads to the end and returns the code of the goodbye, if one came.
    mutating func readGoodbye() async -> UInt8? {
        while let frame = await readFrame() {
            if frame.kind == .goodbye { return frame.bytes.first }
        }
        return nil
    }
}
