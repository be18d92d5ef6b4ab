// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing
import Vocabulary

@testable import PeerNetwork

private let votes = Channel(1, priority: .consensus)
private let blobs = Channel(2, priority: .bulk)

@Suite("Two meshes over loopback", .timeLimit(.minutes(10)))
struct LoopbackTests {
    /// Two connected nodes; the second dials the first.
    private func pair(
        door: Door? = nil, configure: (inout MeshConfiguration) -> Void = { _ in },
        responder: @escaping @Sendable (InboundRequest) async -> RequestAnswer = {
            .answer($0.bytes)
        }
    ) async throws -> (first: LoopbackNode, second: LoopbackNode) {
        let first = try LoopbackNode(1, configure: configure)
        try await first.start(door: door, responder: responder)
        let second = try LoopbackNode(
            2, roles: .provider, listen: nil, peers: [first.address], configure: configure)
        try await second.start()
        await first.meet(second)
        await second.meet(first)
        return (first, second)
    }

    private func stop(_ nodes: LoopbackNode...) async {
        for node in nodes { await node.mesh.stop() }
    }

    @Test("messages arrive whole, in order, from the key that sent them")
    func messages() async throws {
        let (first, second) = try await pair()
        let sent = (0..<200).map { [UInt8](repeating: UInt8($0), count: $0 * 50) }
        for bytes in sent { #expect(second.mesh.trySend(bytes, on: votes, to: first.key)) }
        #expect(first.mesh.trySend([7], on: blobs, to: second.key))
        await first.journal.wait { $0.messages.count == sent.count }
        await second.journal.wait { $0.messages.count == 1 }
        #expect(first.journal.pages.messages.map(\.bytes) == sent)
        #expect(first.journal.pages.messages.allSatisfy { $0.from == second.key })
        #expect(first.journal.pages.messages.allSatisfy { $0.channel == votes.number })
        let answer = InboundMessage(from: first.key, channel: 2, bytes: [7])
        #expect(second.journal.pages.messages == [answer])
        await stop(first, second)
    }

    @Test("a peer's roles, direction and counters are known")
    func status() async throws {
        let (first, second) = try await pair()
        let info = try #require(first.mesh.connectedPeers().first)
        #expect(info.roles == .provider)
        #expect(info.isGuest)
        #expect(!info.isOutbound)
        #expect(second.mesh.connectedPeers().first?.isOutbound == true)
        #expect(second.mesh.connectedPeers().first?.isGuest == false)
        second.mesh.trySend([1, 2], on: votes, to: first.key)
        await first.journal.wait { $0.messages.count == 1 }
        let status = first.mesh.status()
        #expect(status.traffic.messagesIn == 1)
        #expect(status.traffic.bytesIn > 0)
        #expect(status.peers.first?.state == .connected)
        #expect(status.peers.first?.connections == 1)
        await stop(first, second)
        #expect(second.mesh.status().traffic.messagesOut == 1)
        #expect(second.mesh.status().peers.first?.state == .waiting)
        #expect(first.mesh.status().traffic.messagesIn == 1)
        #expect(first.mesh.status().peers.isEmpty)
    }

    @Test("a message of eight mebibytes arrives, one byte more is refused here")
    func longest() async throws {
        let (first, second) = try await pair()
        let limit = MeshConfiguration().messageBytesMax
        var longest = [UInt8](repeating: 3, count: limit)
        longest[limit - 1] = 9
        // The second is a guest of the first, which takes less from it.
        #expect(first.mesh.trySend(longest, on: blobs, to: second.key))
        await second.journal.wait { !$0.messages.isEmpty }
        #expect(second.journal.pages.messages.first?.bytes == longest)
        longest.append(1)
        #expect(!first.mesh.trySend(longest, on: blobs, to: second.key))
        await #expect(throws: SendFailure.tooLong(length: limit + 1, limit: limit)) {
            try await first.mesh.send(longest, on: blobs, to: second.key)
        }
        #expect(first.mesh.broadcast(longest, on: blobs) == BroadcastOutcome())
        await stop(first, second)
    }

    @Test("a broadcast reaches those the filter includes")
    func filters() async throws {
        let (first, second) = try await pair()
        let third = try LoopbackNode(3, roles: .gateway, listen: nil, peers: [first.address])
        try await third.start()
        await first.meet(second, third)
        #expect(first.mesh.broadcast([1], on: votes).queued == 2)
        #expect(first.mesh.broadcast([2], on: votes, to: .roles(.gateway)).queued == 1)
        #expect(first.mesh.broadcast([3], on: votes, to: .roles(.validator)).queued == 0)
        #expect(first.mesh.broadcast([4], on: votes, to: .except(third.key)).queued == 1)
        #expect(first.mesh.broadcast([5], on: votes, to: .keys([third.key])).queued == 1)
        await third.journal.wait { $0.messages.count == 3 }
        await second.journal.wait { $0.messages.count == 2 }
        #expect(third.journal.pages.messages.map(\.bytes) == [[1], [2], [5]])
        #expect(second.journal.pages.messages.map(\.bytes) == [[1], [4]])
        await stop(first, second, third)
    }

    @Test("a slow handler slows the sender, and nothing is lost or reordered")
    func backPressure() async throws {
        let door = Door()
        let (first, second) = try await pair(door: door) { configuration in
            configuration.inboxBytesMax = 100_000
            configuration.queues.bulkBytesMax = 100_000
            configuration.guestMessageBytesMax = 1 << 20
        }
        let count = 64
        let progress = Journal()
        let sending = try LoopbackNode.effects().tasks.spawn("sends") {
            for index in 0..<count {
                var bytes = [UInt8](repeating: 0, count: 500_000)
                bytes[0] = UInt8(index)
                try? await second.mesh.send(bytes, on: blobs, to: first.key)
                progress.write { $0.batches += 1 }
            }
        }
        // Once the queue has no room for one byte, the sender waits although much is left.
        while second.mesh.trySend([255], on: blobs, to: first.key) { await Task.yield() }
        #expect(progress.pages.batches < count)
        let drops = try #require(second.mesh.peers().first).traffic.drops
        #expect(drops[.bulk] == 1)
        #expect(drops[.consensus] == 0)
        #expect(second.mesh.trySend([1], on: votes, to: first.key))
        door.open()
        await sending.finished()
        await first.journal.wait { pages in
            pages.messages.count { $0.bytes.count == 500_000 } == count
        }
        let long = first.journal.pages.messages.filter { $0.bytes.count == 500_000 }
        #expect(long.map { $0.bytes[0] } == (0..<UInt8(count)).map { $0 })
        await stop(first, second)
    }

    @Test("a request under way fails at once when the connection ends or its task is cancelled")
    func interruptedRequests() async throws {
        let door = Door()
        let (first, second) = try await pair(responder: { _ in
            await door.pass()
            return .answer([])
        })
        let outcome = Journal()
        let effects = try LoopbackNode.effects()
        let tasks = (0..<2).map { index in
            effects.tasks.spawn("asks") {
                do throws(RequestFailure) {
                    _ = try await second.mesh.request(
                        [UInt8(index)], on: blobs, to: first.key, timeoutMilliseconds: 60_000)
                } catch {
                    let code: UInt8 = error == .cancelled ? 1 : error == .notConnected ? 2 : 3
                    outcome.write {
                        $0.messages.append(
                            InboundMessage(
                                from: second.key, channel: UInt8(index), bytes: [code]))
                    }
                }
            }
        }
        await first.journal.wait { $0.requests.count == 2 }
        tasks[0].cancel()
        await tasks[0].finished()
        await second.mesh.stop()
        await tasks[1].finished()
        #expect(outcome.pages.messages.map(\.bytes) == [[1], [2]])
        door.open()
        await first.mesh.stop()
    }

    @Test("a stopped mesh says why, and its peer comes back to a new one in its place")
    func restart() async throws {
        let (first, second) = try await pair()
        let endpoint = first.endpoint
        await first.mesh.stop()
        let goodbye = DisconnectReason.goodbye(code: DisconnectReason.stopping.code)
        await second.journal.wait { $0.disconnections == [goodbye] }
        #expect(!second.mesh.trySend([1], on: votes, to: first.key))
        let again = try LoopbackNode(1, listen: endpoint)
        try await again.start()
        await again.meet(second)
        await second.journal.wait { $0.connected == [again.key] }
        #expect(second.mesh.trySend([2], on: votes, to: again.key))
        await again.journal.wait { $0.messages.map(\.bytes) == [[2]] }
        await stop(again, second)
    }

    @Test("two that dial each other at once end with one connection")
    func simultaneousDials() async throws {
        let places = [
            try await LoopbackNode.freeEndpoint(), try await LoopbackNode.freeEndpoint(),
        ]
        let keys = [Persons.signingKey(1).publicKey, Persons.signingKey(2).publicKey]
        let addresses = zip(keys, places).map { PeerAddress(publicKey: $0, endpoint: $1) }
        let nodes = try [UInt8(1), 2].map { number in
            try LoopbackNode(number, listen: places[Int(number) - 1], peers: addresses) {
                $0.courtesyMilliseconds = 0
            }
        }
        for node in nodes { try await node.start() }
        await nodes[0].meet(nodes[1])
        await nodes[1].meet(nodes[0])
        // What one sends now arrives over whichever connection stays, or is sent again.
        while nodes[1].journal.pages.messages.isEmpty {
            nodes[0].mesh.trySend([1], on: votes, to: keys[1])
            _ = try? await nodes[0].mesh.request(
                [], on: votes, to: keys[1], timeoutMilliseconds: 100)
        }
        for node in nodes { #expect(node.mesh.connectedPeers().count == 1) }
        await stop(nodes[0], nodes[1])
    }

    @Test("no handler runs after stop has returned")
    func stopping() async throws {
        let (first, second) = try await pair()
        for _ in 0..<50 { second.mesh.trySend([1], on: votes, to: first.key) }
        await first.mesh.stop()
        let count = first.journal.pages.messages.count
        let events = first.journal.pages.events.count
        await second.journal.wait { !$0.disconnections.isEmpty }
        #expect(first.journal.pages.messages.count == count)
        #expect(first.journal.pages.events.count == events)
        #expect(first.journal.pages.connected.isEmpty)
        await second.mesh.stop()
    }

    @Test("two meshes cannot listen in one place")
    func portInUse() async throws {
        let (first, second) = try await pair()
        let other = try LoopbackNode(4, listen: first.endpoint)
        await #expect(throws: NetworkFailure.portInUse(first.endpoint)) {
            try await other.mesh.start(MeshHandlers(messages: { _ in }))
        }
        await stop(first, second)
    }
}
