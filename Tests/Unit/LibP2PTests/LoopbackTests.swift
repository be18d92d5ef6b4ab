// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import TestSupport
import Testing

@Suite("Swarms on real sockets")
struct LoopbackSwarmTests {
    private static func swarm(
        _ number: UInt8, _ effects: Effects, host: String = "127.0.0.1",
        dialsFromListeningPort: Bool = false
    ) async throws -> Swarm {
        var configuration = SwarmConfiguration(
            identity: Persons.key(number), listen: [Endpoint(host: host, port: 0)])
        configuration.dialsFromListeningPort = dialsFromListeningPort
        let swarm = Swarm(effects: effects, configuration)
        try await swarm.start()
        return swarm
    }

    private static func wait(
        _ effects: Effects, until condition: @Sendable () -> Bool
    ) async -> Bool {
        for _ in 0..<1_000 where !condition() { await effects.time.sleep(milliseconds: 5) }
        return condition()
    }

    @Test("a node that others can dial learns it from four of them")
    func open() async throws {
        try await LoopWorld().run { effects in
            let node = try await Self.swarm(1, effects)
            let service = AutoNATService(node, effects: effects)
            var services: [AutoNATService] = []
            for number in 2...5 {
                let helper = try await Self.swarm(UInt8(number), effects)
                let service = AutoNATService(helper, effects: effects)
                service.start()
                services.append(service)
                try await node.connect(to: helper.addresses[0])
                let isKnown = await Self.wait(effects) {
                    node.description(of: helper.peer)?.protocols.isEmpty == false
                }
                #expect(isKnown)
            }
            #expect(service.reachability == .unknown)
            await service.check()
            #expect(service.reachability == .open)
        }
    }

    @Test("echoes of a megabyte each cross eight streams at once")
    func streams() async throws {
        try await LoopWorld().run { effects in
            let (one, other) = (try await Self.swarm(1, effects), try await Self.swarm(2, effects))
            other.serve("/echo/1") { stream in
                while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
                    guard (try? await stream.write(bytes)) != nil else { return }
                }
            }
            let peer = try await one.connect(to: other.addresses[0])
            let bytes = effects.chance.bytes(1 << 20)
            let tasks = (0..<8).map { _ in
                effects.tasks.spawn("echo") {
                    guard let stream = try? await one.open(["/echo/1"], with: peer) else {
                        Issue.record("no stream")
                        return
                    }
                    effects.tasks.spawn("writes") {
                        try? await stream.write(bytes)
                        stream.finish()
                    }
                    let back = try? await stream.read(exactly: bytes.count)
                    #expect(back == bytes)
                    stream.close()
                }
            }
            for task in tasks { await task.finished() }
            #expect(one.protocolTraffic["/echo/1"]?.bytesIn == 8 << 20)
            await one.stop()
            await other.stop()
        }
    }

    @Test(
        "who listens on all addresses says those that can be dialled", arguments: ["0.0.0.0", "::"])
    func allAddresses(host: String) async throws {
        try await LoopWorld().run { effects in
            let (one, other) = (
                try await Self.swarm(1, effects, host: host), try await Self.swarm(2, effects)
            )
            let said = one.addresses
            #expect(!said.isEmpty)
            for address in said {
                #expect(address.ip?.allSatisfy { $0 == 0 } == false)
                #expect(try await other.connect(to: address) == one.peer)
                other.disconnect(one.peer)
                #expect(await Self.wait(effects) { !other.isConnected(one.peer) })
            }
            await one.stop()
            await other.stop()
        }
    }

    @Test("dials begin where this node listens, and elsewhere when that way is taken (LIBP-54)")
    func listeningPort() async throws {
        try await LoopWorld().run { effects in
            let one = try await Self.swarm(1, effects, dialsFromListeningPort: true)
            let other = try await Self.swarm(2, effects)
            try await one.connect(to: other.addresses[0])
            #expect(await Self.wait(effects) { other.isConnected(one.peer) })
            #expect(other.connections.map(\.address) == one.addresses)
            one.disconnect(other.peer)
            #expect(await Self.wait(effects) { !other.isConnected(one.peer) })
            // That way is kept by the system for a minute.
            try await one.connect(to: other.addresses[0])
            #expect(await Self.wait(effects) { other.isConnected(one.peer) })
            await one.stop()
            await other.stop()
        }
    }
}
