// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing

@Suite("determinism")
struct DeterminismTests {
    /// Three nodes that talk, store, crash and are cut off.
    static func history(seed: UInt64) -> (digest: UInt64, events: UInt64) {
        let world = SimulatedWorld(seed: seed)
        world.setLinks(LinkConditions(resetsPerMillion: 2000, dialsLostPerMillion: 10_000))
        let names = ["north", "east", "west"]
        for name in names { run(world.makeNode(name), name, names) }
        for _ in 0..<4 {
            world.run(forMilliseconds: 1000 + world.choose(below: 1000))
            let victim = names[Int(world.choose(below: 3))]
            world.crash(victim)
            world.partition([[names[Int(world.choose(below: 3))]]])
            world.run(forMilliseconds: world.choose(below: 2000))
            world.heal()
            run(world.restart(victim), victim, names)
        }
        world.run(forMilliseconds: 1000)
        return (world.traceDigest, world.eventCount)
    }

    private static func run(_ effects: Effects, _ name: String, _ names: [String]) {
        effects.tasks.spawn("main") {
            guard let log = try? await effects.disk.openLog("log"),
                let listener = try? await effects.network.listen(
                    on: Endpoint(host: name, port: 1))
            else { return }
            let counter = Counter()
            effects.tasks.spawn("accept") {
                while let stream = try? await listener.accept() {
                    effects.tasks.spawn("serve") {
                        while let bytes = try? await stream.read(limit: 100), !bytes.isEmpty {
                            _ = await counter.add(bytes.count)
                            try? await log.append([bytes])
                            try? await stream.write(effects.chance.bytes(3))
                        }
                        stream.close()
                    }
                }
            }
            for peer in names where peer != name {
                effects.tasks.spawn("talk to \(peer)") {
                    while !Task.isCancelled { await talk(effects, to: peer) }
                }
            }
        }
    }

    private static func talk(_ effects: Effects, to peer: String) async {
        await effects.time.sleep(milliseconds: 50)
        let stream = try? await effects.network.dial(
            Endpoint(host: peer, port: 1), timeoutMilliseconds: 500)
        guard let stream else { return }
        for _ in 0..<effects.chance.below(20) {
            guard (try? await stream.write(effects.chance.bytes(5))) != nil,
                (try? await stream.read(limit: 3)) != nil
            else { break }
        }
        stream.close()
    }

    @Test("the same seed gives the same history", arguments: [1, 2] as [UInt64])
    func sameSeed(seed: UInt64) {
        let first = Self.history(seed: seed)
        let second = Self.history(seed: seed)
        #expect(first == second)
        #expect(first.events > 1000)
    }

    @Test("another seed gives another history")
    func otherSeed() {
        #expect(Self.history(seed: 1).digest != Self.history(seed: 2).digest)
    }
}

extension DeterminismTests {
    @Test("another process sees the same history")
    func otherProcess() async throws {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            print("digest \(DeterminismTests.history(seed: 4).digest)")
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains("digest \(Self.history(seed: 4).digest)"))
    }
}
