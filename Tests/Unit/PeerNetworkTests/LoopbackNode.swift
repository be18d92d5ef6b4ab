// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
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

/// A guest whose every byte the test chooses.
struct HandmadeGuest {
    var stream: any ByteStream
    var reader: RecordReader
    var writer: RecordWriter

    /// Dials, shakes hands, and hears the welcome.
    ///
    /// - Parameter introduction: What it says of itself instead of the truth.
    init(_ number: UInt8, to endpoint: Endpoint, introduction: [UInt8]? = nil) async throws {
        let effects = try LoopbackNode.effects()
        stream = try await effects.network.dial(endpoint, timeoutMilliseconds: 2_000)
        let key = Persons.agreementKey(number)
        let honest = PeerIntroduction(
            identity: Persons.signingKey(number), staticKey: key.publicKey, chain: Persons.chain,
            roles: [])
        let driver = HandshakeDriver(
            chance: effects.chance, staticKey: key, introduction: introduction ?? honest.bytes,
            ownKey: honest.identity, chain: Persons.chain)
        let session = try await driver.initiate(stream).session
        reader = RecordReader(cipher: session.receiving, messageBytesMax: 1 << 20)
        writer = RecordWriter(cipher: session.sending)
        let first = try await driver.readFirstFrame(stream, &reader)
        guard first.kind == .welcome else { throw DisconnectReason.goodbye(code: first.bytes[0]) }
    }

    /// Reads to the end and returns the code of the goodbye, if one came.
    mutating func readGoodbye() async -> UInt8? {
        var code: UInt8?
        while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
            let frames = (try? reader.receive(bytes)) ?? []
            for frame in frames where frame.kind == .goodbye { code = frame.bytes.first }
        }
        return code
    }
}
