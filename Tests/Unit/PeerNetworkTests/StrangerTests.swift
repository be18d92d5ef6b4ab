// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Testing
import Vocabulary

@testable import PeerNetwork

private let votes = Channel(1, priority: .consensus)

@Suite(
    "Strangers, liars and noise on the port (TRANSPORT-19, TRANSPORT-20)", .timeLimit(.minutes(10)))
struct StrangerTests {
    private func node(
        configure: (inout MeshConfiguration) -> Void = { _ in }
    ) async throws -> LoopbackNode {
        let node = try LoopbackNode(1, configure: configure)
        try await node.start()
        return node
    }

    private func count(_ node: LoopbackNode, _ name: String) -> UInt64 {
        node.mesh.status().ends.first { $0.name == name }?.count ?? 0
    }

    /// Sends bytes to the port and reads until the node closes the stream.
    private func send(_ bytes: [UInt8], to node: LoopbackNode) async throws {
        let stream = try await LoopbackNode.effects().network.dial(
            node.endpoint, timeoutMilliseconds: 2_000)
        try await stream.write(bytes)
        while let read = try? await stream.read(limit: 4_096), !read.isEmpty {}
        stream.close()
    }

    @Test("what speaks no libp2p is closed and counted, and peers are still served")
    func garbage() async throws {
        let node = try await node()
        try await send(Array("GET / HTTP/1.1\r\n\r\n".utf8), to: node)
        try await send([UInt8](repeating: 0xff, count: 40), to: node)
        try await send([0, 0], to: node)
        while node.mesh.swarm.connectionEnds["negotiation"] != 3 { await Task.yield() }
        let guest = try await HandmadeGuest(9, to: node.endpoint)
        try await guest.write(
            Frame(kind: .message, channel: 1, priority: .consensus, bytes: [5]))
        await node.journal.wait { $0.messages.map(\.bytes) == [[5]] }
        await guest.leave()
        await node.mesh.stop()
    }

    @Test("who opens a stream and says nothing is closed when its time is over")
    func silentStranger() async throws {
        let node = try await node { $0.handshakeTimeoutMilliseconds = 300 }
        let guest = try await HandmadeGuest(silent: 9, to: node.endpoint)
        await node.journal.wait { $0.refusals == [.handshakeTimedOut] }
        await guest.leave()
        await node.mesh.stop()
    }

    @Test("a peer of another program is served what it asks for, and is none of the mesh")
    func otherProgram() async throws {
        let node = try await node()
        let other = try Swarm(
            effects: LoopbackNode.effects(),
            SwarmConfiguration(identity: Persons.signingKey(9), listen: []))
        let peer = try await other.connect(to: Multiaddr(node.endpoint))
        #expect(peer == PeerID(of: node.key))
        _ = try await other.ping(peer)
        #expect(node.mesh.connectedPeers().isEmpty)
        await other.stop()
        await node.mesh.stop()
    }

    @Test("a dial to another program ends, and is named")
    func noMesh() async throws {
        let other = try Swarm(
            effects: LoopbackNode.effects(),
            SwarmConfiguration(
                identity: Persons.signingKey(9),
                listen: [Endpoint(host: "127.0.0.1", port: 0)]))
        try await other.start()
        let address = PeerAddress(
            publicKey: Persons.signingKey(9).publicKey,
            endpoint: try #require(other.listeningEndpoints.first))
        let dialler = try LoopbackNode(2, listen: nil, peers: [address])
        try await dialler.start()
        await dialler.journal.wait { $0.refusals.contains(.notThisProtocol) }
        await dialler.mesh.stop()
        await other.stop()
    }

    @Test("a peer of another chain is refused by name, on both sides")
    func wrongChain() async throws {
        let node = try await node()
        let other = ChainID(Persons.signingKey(1).publicKey.raw)
        let stranger = try LoopbackNode(2, chain: other, listen: nil, peers: [node.address])
        try await stranger.start()
        await node.journal.wait { $0.refusals.contains(.wrongChain(other)) }
        await stranger.journal.wait { $0.refusals.contains(.wrongChain(Persons.chain)) }
        await stranger.mesh.stop()
        await node.mesh.stop()
    }

    @Test("an introduction that cannot be read is refused by name, and told")
    func lies() async throws {
        let node = try await node()
        var odd = PeerIntroduction(chain: Persons.chain, life: Persons.life(9), roles: []).bytes
        odd[48] = 0x80
        let reason = DisconnectReason.malformedIntroduction
        await #expect(throws: DisconnectReason.goodbye(code: reason.code)) {
            _ = try await HandmadeGuest(9, to: node.endpoint, introduction: odd)
        }
        await node.journal.wait { $0.refusals == [reason] }
        #expect(node.mesh.connectedPeers().isEmpty)
        await node.mesh.stop()
    }

    @Test("who speaks before its introduction is refused")
    func impatience() async throws {
        let node = try await node()
        let guest = try await HandmadeGuest(silent: 9, to: node.endpoint)
        try await guest.write(.control(.ping, UInt64(1).eightBytes))
        await node.journal.wait { $0.refusals == [.malformedRecord] }
        await guest.leave()
        await node.mesh.stop()
    }

    @Test("a dial that reaches another key is refused")
    func unexpectedPeer() async throws {
        let node = try await node()
        let wrong = PeerAddress(
            publicKey: Persons.signingKey(8).publicKey, endpoint: node.endpoint)
        let dialler = try LoopbackNode(2, listen: nil, peers: [wrong])
        try await dialler.start()
        await dialler.journal.wait { $0.refusals.contains(.unexpectedPeer(node.key)) }
        #expect(dialler.mesh.connectedPeers().isEmpty)
        await dialler.mesh.stop()
        await node.mesh.stop()
    }

    @Test("guests are welcome up to a number, or not at all")
    func guests() async throws {
        let closed = try await node { $0.allowGuests = false }
        await #expect(
            throws: DisconnectReason.goodbye(code: DisconnectReason.guestsNotAllowed.code)
        ) { _ = try await HandmadeGuest(9, to: closed.endpoint) }
        await closed.mesh.stop()
        let narrow = try await node { $0.guestsMax = 1 }
        let guest = try await HandmadeGuest(9, to: narrow.endpoint)
        await #expect(throws: DisconnectReason.goodbye(code: DisconnectReason.tooManyGuests.code)) {
            _ = try await HandmadeGuest(10, to: narrow.endpoint)
        }
        await guest.leave()
        await narrow.mesh.stop()
    }

    @Test("a guest's message above its limit ends the connection before it has arrived")
    func oversized() async throws {
        let node = try await node { $0.guestMessageBytesMax = 1_000 }
        var guest = try await HandmadeGuest(9, to: node.endpoint)
        var chunk: [UInt8] = []
        ChunkHeader(
            kind: .message, priority: .bulk, isFirst: true, isLast: false, channel: 0, count: 1,
            total: 1_001
        ).write(to: &chunk)
        try await guest.stream.write(chunk)
        #expect(
            await guest.readGoodbye() == DisconnectReason.messageTooLong(length: 0, limit: 0).code)
        await node.journal.wait {
            $0.disconnections == [.messageTooLong(length: 1_001, limit: 1_000)]
        }
        await node.mesh.stop()
    }

    @Test("seeded noise on honest streams ends connections and nothing else")
    func noiseInRecords() async throws {
        let node = try await node()
        var numbers = SeededNumbers(12)
        for round in 0..<40 {
            let guest = try await HandmadeGuest(UInt8(20 + round), to: node.endpoint)
            let noise = numbers.bytes(Int.random(in: 8...400, using: &numbers))
            try? await guest.stream.write(noise)
            await guest.leave()
        }
        await node.journal.wait { $0.disconnections.count == 40 }
        #expect(node.mesh.connectedPeers().isEmpty)
        await node.mesh.stop()
    }
}
