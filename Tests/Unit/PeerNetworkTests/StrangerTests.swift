// SPDX-License-Identifier: Apache-2.0
import Effects
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

    @Test("what is not this protocol is closed and counted, and peers are still served")
    func garbage() async throws {
        let node = try await node()
        try await send(Array("GET / HTTP/1.1\r\n\r\n".utf8), to: node)
        try await send([UInt8](repeating: 0xff, count: 40), to: node)
        try await send([0, 0], to: node)
        await node.journal.wait { $0.refusals.count == 3 }
        #expect(node.journal.pages.refusals.allSatisfy { $0 == .notThisProtocol })
        #expect(count(node, "not_this_protocol") == 3)
        var guest = try await HandmadeGuest(9, to: node.endpoint)
        let hello = Frame(kind: .message, channel: 1, priority: .consensus, bytes: [5])
        try await guest.stream.write(guest.writer.seal(hello))
        await node.journal.wait { $0.messages.map(\.bytes) == [[5]] }
        await node.mesh.stop()
    }

    @Test("a forged third message ends the handshake")
    func forgedHandshake() async throws {
        let node = try await node()
        let first = Persons.agreementKey(5).publicKey.bytes
        let stream = try await LoopbackNode.effects().network.dial(
            node.endpoint, timeoutMilliseconds: 2_000)
        try await stream.write([0, 32] + first)
        _ = try await stream.read(limit: 4_096)
        let third = [UInt8](repeating: 1, count: 64 + PeerIntroduction.byteCount)
        try await stream.write([0, UInt8(third.count)] + third)
        await node.journal.wait { $0.refusals == [.handshakeForged] }
        stream.close()
        await node.mesh.stop()
    }

    @Test("seeded noise in place of each handshake message is refused, in bounded time")
    func noise() async throws {
        let node = try await node { $0.pendingHandshakesPerAddressMax = 100 }
        var numbers = SeededNumbers(11)
        for _ in 0..<60 {
            var bytes = numbers.bytes(Int.random(in: 2...300, using: &numbers))
            // Half begin like a first message, so that the noise reaches the later steps.
            if Bool.random(using: &numbers), bytes.count > 40 {
                bytes[0] = 0
                bytes[1] = 32
                bytes[34] = 0
                bytes[35] = 195
            }
            let stream = try await LoopbackNode.effects().network.dial(
                node.endpoint, timeoutMilliseconds: 2_000)
            try? await stream.write(bytes)
            stream.close()
        }
        await node.journal.wait { $0.refusals.count == 60 }
        #expect(node.mesh.connectedPeers().isEmpty)
        #expect(node.mesh.status().pendingHandshakes == 0)
        await node.mesh.stop()
    }

    @Test("a stranger that says nothing is closed when its time is over")
    func silentStranger() async throws {
        let node = try await node { $0.handshakeTimeoutMilliseconds = 50 }
        try await send([0], to: node)
        await node.journal.wait { $0.refusals == [.handshakeTimedOut] }
        await node.mesh.stop()
    }

    @Test("more handshakes than may be under way from one address are shed")
    func shedding() async throws {
        let node = try await node { $0.pendingHandshakesPerAddressMax = 1 }
        let effects = try LoopbackNode.effects()
        let waiting = try await effects.network.dial(node.endpoint, timeoutMilliseconds: 2_000)
        try await waiting.write([0])
        try await send([], to: node)
        #expect(node.mesh.status().handshakesShed == 1)
        #expect(node.mesh.status().pendingHandshakes == 1)
        waiting.close()
        await node.journal.wait { !$0.refusals.isEmpty }
        await node.mesh.stop()
    }

    @Test("a peer of another chain is refused by name, on both sides")
    func wrongChain() async throws {
        let node = try await node()
        let other = ChainID(Persons.agreementKey(1).publicKey)
        let stranger = try LoopbackNode(2, chain: other, listen: nil, peers: [node.address])
        try await stranger.start()
        await node.journal.wait { $0.refusals.contains(.wrongChain(other)) }
        await stranger.journal.wait { $0.refusals.contains(.wrongChain(Persons.chain)) }
        await stranger.mesh.stop()
        await node.mesh.stop()
    }

    @Test("another version, a foreign signature and nonsense are refused by name, and told")
    func lies() async throws {
        let node = try await node()
        let foreign = PeerIntroduction(
            identity: Persons.signingKey(9), staticKey: Persons.agreementKey(10).publicKey,
            chain: Persons.chain, roles: [])
        let lies: [([UInt8], DisconnectReason)] = [
            ([2, 0, 1, 2, 3], .wrongVersion(2)),
            (foreign.bytes, .wrongSignature),
            ([1, 0, 5], .malformedIntroduction),
        ]
        for (introduction, reason) in lies {
            await #expect(throws: DisconnectReason.goodbye(code: reason.code)) {
                _ = try await HandmadeGuest(9, to: node.endpoint, introduction: introduction)
            }
            await node.journal.wait { $0.refusals.last == reason }
        }
        #expect(node.mesh.connectedPeers().isEmpty)
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
        guest.stream.close()
        await narrow.mesh.stop()
    }

    @Test("a tampered or replayed record ends the connection with its reason")
    func forgedRecords() async throws {
        let node = try await node()
        let hello = Frame(kind: .message, channel: 1, priority: .consensus, bytes: [5])
        var tampering = try await HandmadeGuest(9, to: node.endpoint)
        var record = try tampering.writer.seal(hello)
        record[10] ^= 1
        try await tampering.stream.write(record)
        #expect(await tampering.readGoodbye() == DisconnectReason.recordForged.code)
        var replaying = try await HandmadeGuest(10, to: node.endpoint)
        let once = try replaying.writer.seal(hello)
        try await replaying.stream.write(once + once)
        #expect(await replaying.readGoodbye() == DisconnectReason.recordForged.code)
        await node.journal.wait { $0.disconnections == [.recordForged, .recordForged] }
        await node.mesh.stop()
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
        try await guest.stream.write(guest.writer.seal([chunk + [0]]))
        #expect(
            await guest.readGoodbye() == DisconnectReason.messageTooLong(length: 0, limit: 0).code)
        await node.journal.wait {
            $0.disconnections == [.messageTooLong(length: 1_001, limit: 1_000)]
        }
        await node.mesh.stop()
    }

    @Test("seeded noise inside honest records ends connections and nothing else")
    func noiseInRecords() async throws {
        let node = try await node()
        var numbers = SeededNumbers(12)
        for round in 0..<40 {
            var guest = try await HandmadeGuest(UInt8(20 + round), to: node.endpoint)
            let noise = numbers.bytes(Int.random(in: 8...400, using: &numbers))
            try await guest.stream.write(guest.writer.seal([noise]))
            guest.stream.close()
        }
        await node.journal.wait { $0.disconnections.count == 40 }
        #expect(node.mesh.connectedPeers().isEmpty)
        await node.mesh.stop()
    }
}
