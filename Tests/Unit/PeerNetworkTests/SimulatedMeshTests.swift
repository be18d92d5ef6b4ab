// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing
import Vocabulary

@testable import PeerNetwork

private let votes = Channel(1, priority: .consensus)
private let blobs = Channel(2, priority: .bulk)

@Suite("Meshes in the simulated world (TRANSPORT-14 to TRANSPORT-17)")
struct SimulatedMeshTests {
    @Test(
        "four meshes started together are whole within a second",
        arguments: UInt64(1)...10)
    func whole(seed: UInt64) {
        let cluster = SimulatedCluster(4, seed: seed)
        #expect(cluster.wait(1_000) { $0.isWhole })
        cluster.world.run(forMilliseconds: 10_000)
        #expect(cluster.isWhole)
        for index in 0..<4 {
            // The side with the smaller key dials first, so nobody is connected twice.
            #expect(cluster.pages(index).disconnections.isEmpty)
            #expect(cluster.pages(index).connected.count == 3)
        }
    }

    @Test(
        "dialling at once leaves each pair one connection, whoever was first",
        arguments: UInt64(1)...10)
    func simultaneousDials(seed: UInt64) {
        let cluster = SimulatedCluster(4, seed: seed) { $0.courtesyMilliseconds = 0 }
        #expect(cluster.wait { $0.isWhole })
        cluster.world.run(forMilliseconds: 5_000)
        #expect(cluster.isWhole)
        for index in 0..<4 {
            #expect(cluster.pages(index).connected.count == 3)
            cluster.members[index].mesh.broadcast([UInt8(index)], on: votes)
        }
        #expect(
            cluster.wait { cluster in
                (0..<4).allSatisfy { cluster.pages($0).messages.count == 3 }
            })
    }

    @Test(
        "a crashed mesh is back within a second of its restart, and is heard again",
        arguments: UInt64(1)...6)
    func restart(seed: UInt64) {
        let cluster = SimulatedCluster(4, seed: seed)
        #expect(cluster.wait { $0.isWhole })
        cluster.crash(2)
        cluster.world.run(forMilliseconds: 30_000)
        for index in [0, 1, 3] {
            #expect(!cluster.pages(index).connected.contains(cluster.key(2)))
        }
        cluster.restart(2)
        #expect(cluster.wait(1_000) { $0.isWhole })
        #expect(cluster.members[2].mesh.broadcast([9], on: votes).queued == 3)
        #expect(
            cluster.wait { cluster in
                [0, 1, 3].allSatisfy { cluster.pages($0).messages.last?.bytes == [9] }
            })
    }

    @Test(
        "a restart too quick to be noticed replaces the old connections",
        arguments: UInt64(1)...6)
    func quickRestart(seed: UInt64) {
        let cluster = SimulatedCluster(4, seed: seed)
        #expect(cluster.wait { $0.isWhole })
        cluster.crash(0)
        cluster.restart(0)
        #expect(cluster.wait(1_500) { $0.isWhole && $0.pages(0).connected.count == 3 })
        cluster.world.run(forMilliseconds: 10_000)
        #expect(cluster.isWhole)
        #expect(cluster.members[0].mesh.broadcast([1], on: votes).queued == 3)
        #expect(
            cluster.wait { cluster in
                (1...3).allSatisfy { cluster.pages($0).messages.map(\.bytes) == [[1]] }
            })
    }

    @Test(
        "a parted pair is noticed as silent, and healed it meets again",
        arguments: UInt64(1)...6)
    func partition(seed: UInt64) {
        let cluster = SimulatedCluster(4, seed: seed)
        #expect(cluster.wait { $0.isWhole })
        cluster.world.partition([["node0", "node1"], ["node2", "node3"]])
        cluster.world.run(forMilliseconds: 9_000)
        for index in 0..<4 {
            #expect(cluster.members[index].mesh.connectedPeers().count == 1)
            #expect(cluster.pages(index).disconnections == [.silent, .silent])
        }
        cluster.world.heal()
        #expect(cluster.wait { $0.isWhole })
        cluster.world.run(forMilliseconds: 10_000)
        #expect(cluster.isWhole)
    }

    @Test("two machines with one key take turns, and ever more slowly (TRANSPORT-14)")
    func twins() {
        let cluster = SimulatedCluster(3, seed: 1)
        #expect(cluster.wait { $0.isWhole })
        cluster.startTwin(of: 0)
        let key = cluster.key(0)
        cluster.world.run(forMilliseconds: 120_000)
        for index in 1...2 {
            let turns = cluster.pages(index).events.count { event in
                if case .connected(let peer) = event { peer.publicKey == key } else { false }
            }
            #expect((3...120).contains(turns), "\(turns) connections in two minutes")
        }
    }

    @Test("a mesh that pings stays, and the way there and back is measured")
    func pings() throws {
        let cluster = SimulatedCluster(2, seed: 1)
        #expect(cluster.wait { $0.isWhole })
        cluster.world.run(forMilliseconds: 60_000)
        #expect(cluster.pages(0).disconnections.isEmpty)
        let status = try #require(cluster.members[0].mesh.peers().first)
        let roundTrip = try #require(status.roundTripMicroseconds)
        #expect((1_000...2_100).contains(roundTrip))
        #expect(status.connections == 1)
    }

    @Test(
        "streams that break often never leave two meshes apart for long",
        arguments: UInt64(1)...4)
    func resets(seed: UInt64) {
        let cluster = SimulatedCluster(3, seed: seed)
        #expect(cluster.wait { $0.isWhole })
        for round in 0..<20 {
            let pair = [("node0", "node1"), ("node1", "node2"), ("node0", "node2")][round % 3]
            cluster.world.resetStreams(between: pair.0, and: pair.1)
            cluster.world.run(forMilliseconds: 1 + cluster.world.choose(below: 300))
        }
        #expect(cluster.wait(6_000) { $0.isWhole })
    }

    @Test("requests are answered, refused, run out of time, or are turned away")
    func requests() {
        let cluster = SimulatedCluster(2, seed: 3, configure: { $0.requestsInboundMax = 2 }) {
            effects, request in
            switch request.channel {
            case 1: return .answer(request.bytes.reversed())
            case 2: return .refused(code: 9)
            case 3: return .refused(code: 240)
            default:
                await effects.time.sleep(milliseconds: 1_000)
                return .answer([])
            }
        }
        #expect(cluster.wait { $0.isWhole })
        let key = cluster.key(1)
        func ask(_ channel: UInt8, within milliseconds: UInt64) -> Result<[UInt8], RequestFailure>?
        {
            cluster.run(on: 0) { mesh in
                do throws(RequestFailure) {
                    let channel = Channel(channel, priority: .bulk)
                    return .success(
                        try await mesh.request(
                            [1, 2, 3], on: channel, to: key, timeoutMilliseconds: milliseconds))
                } catch {
                    return .failure(error)
                }
            }
        }
        #expect(ask(1, within: 100) == .success([3, 2, 1]))
        #expect(ask(2, within: 100) == .failure(.refused(code: 9)))
        #expect(ask(3, within: 100) == .failure(.refused(code: RequestFailure.badCode)))
        #expect(ask(4, within: 100) == .failure(.timedOut))
        #expect(ask(4, within: 100) == .failure(.timedOut))
        #expect(ask(4, within: 100) == .failure(.refused(code: RequestFailure.busyCode)))
        cluster.world.run(forMilliseconds: 1_000)
        #expect(ask(4, within: 2_000) == .success([]))
        cluster.crash(1)
        cluster.world.run(forMilliseconds: 100)
        #expect(ask(1, within: 100) == .failure(.notConnected))
    }

    @Test("a request to a peer that crashes ends with the connection")
    func crashedResponder() {
        let cluster = SimulatedCluster(
            2, seed: 4,
            responder: { effects, _ in
                await effects.time.sleep(milliseconds: 60_000)
                return .answer([])
            })
        #expect(cluster.wait { $0.isWhole })
        let outcome = Journal()
        let mesh = cluster.members[0].mesh
        let key = cluster.key(1)
        cluster.members[0].effects.tasks.spawn("asks") {
            do throws(RequestFailure) {
                _ = try await mesh.request([], on: votes, to: key, timeoutMilliseconds: 50_000)
            } catch {
                outcome.write { $0.batches = error == .notConnected ? 1 : 2 }
            }
        }
        #expect(cluster.wait { !$0.pages(1).requests.isEmpty })
        cluster.crash(1)
        #expect(cluster.wait(1_000) { _ in outcome.pages.batches > 0 })
        #expect(outcome.pages.batches == 1)
    }

    @Test("behind a full bulk queue votes still pass, and drops are counted by class")
    func classes() throws {
        let door = Door()
        let cluster = SimulatedCluster(2, seed: 5, door: door) {
            $0.queues.bulkBytesMax = 300_000
            $0.inboxBytesMax = 200_000
        }
        #expect(cluster.wait { $0.isWhole })
        let mesh = cluster.members[0].mesh
        let key = cluster.key(1)
        var queued = 0
        for _ in 0..<200 {
            if mesh.trySend([UInt8](repeating: 1, count: 100_000), on: blobs, to: key) {
                queued += 1
            }
            cluster.world.run(forMilliseconds: 5)
        }
        var status = try #require(mesh.peers().first)
        #expect(queued < 200)
        #expect(status.traffic.drops[.bulk] == UInt64(200 - queued))
        #expect(status.queuedBytes <= 300_000)
        #expect(mesh.trySend([7], on: votes, to: key))
        // The receiver is slow, not gone: far beyond the silence limit both stay connected.
        cluster.world.run(forMilliseconds: 30_000)
        #expect(cluster.isWhole)
        door.open()
        #expect(cluster.wait { $0.pages(1).messages.count == queued + 1 })
        status = try #require(mesh.peers().first)
        #expect(status.traffic.drops[.consensus] == 0)
        #expect(status.queuedBytes == 0)
    }

    @Test("a vote sent after eight mebibytes of blob arrives long before the blob")
    func priority() throws {
        let cluster = SimulatedCluster(2, seed: 6)
        #expect(cluster.wait { $0.isWhole })
        let mesh = cluster.members[0].mesh
        let key = cluster.key(1)
        #expect(mesh.trySend([UInt8](repeating: 1, count: 8 << 20), on: blobs, to: key))
        cluster.world.run(forMilliseconds: 2)
        #expect(mesh.trySend([7], on: votes, to: key))
        #expect(cluster.wait { $0.pages(1).messages.count == 2 })
        #expect(cluster.pages(1).messages.map(\.channel) == [votes.number, blobs.number])
    }

    @Test("a stopped mesh ends all its tasks and tells its peers")
    func stop() {
        let cluster = SimulatedCluster(3, seed: 7)
        #expect(cluster.wait { $0.isWhole })
        #expect(cluster.run(on: 0) { await $0.stop() } != nil)
        #expect(cluster.pages(0).disconnections == [.stopping, .stopping])
        cluster.world.run(forMilliseconds: 100)
        let goodbye = DisconnectReason.goodbye(code: DisconnectReason.stopping.code)
        #expect(cluster.pages(1).disconnections == [goodbye])
        let count = cluster.pages(0).events.count
        cluster.world.run(forMilliseconds: 20_000)
        #expect(cluster.pages(0).events.count == count)
        #expect(cluster.members[0].mesh.connectedPeers().isEmpty)
    }

    @Test("a stop does not wait for strangers in the middle of a handshake")
    func stopAmidHandshake() {
        let cluster = SimulatedCluster(2, seed: 10)
        #expect(cluster.wait { $0.isWhole })
        let effects = cluster.members[1].effects
        effects.tasks.spawn("stranger") {
            let endpoint = Endpoint(host: "node0", port: 7_400)
            guard
                let stream = try? await effects.network.dial(endpoint, timeoutMilliseconds: 1_000)
            else { return }
            try? await stream.write([0])
            _ = try? await stream.read(limit: 1)
        }
        #expect(cluster.wait { $0.members[0].mesh.status().pendingHandshakes == 1 })
        let before = cluster.world.now
        #expect(cluster.run(on: 0) { await $0.stop() } != nil)
        #expect(cluster.world.now.milliseconds(since: before) < 1_000)
        #expect(cluster.members[0].mesh.status().pendingHandshakes == 0)
    }

    @Test("one seed gives one history")
    func determinism() {
        func history(_ seed: UInt64) -> UInt64 {
            let cluster = SimulatedCluster(4, seed: seed)
            cluster.world.run(forMilliseconds: 3_000)
            cluster.crash(1)
            cluster.world.run(forMilliseconds: 3_000)
            cluster.restart(1)
            cluster.world.run(forMilliseconds: 3_000)
            return cluster.world.traceDigest
        }
        #expect(history(8) == history(8))
        #expect(history(8) != history(9))
    }
}
