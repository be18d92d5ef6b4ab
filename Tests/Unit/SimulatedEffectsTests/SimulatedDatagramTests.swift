// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing

@Suite("simulated datagrams (EFFECTS-26)")
struct SimulatedDatagramTests {
    private static let group = "224.0.0.251"

    private static func open(
        _ effects: Effects, port: UInt16 = 5_353, groups: [String] = []
    ) async throws(NetworkFailure) -> any DatagramPort {
        var request = DatagramRequest(Endpoint(host: "0.0.0.0", port: port))
        request.groups = groups
        request.isShared = !groups.isEmpty
        return try await effects.network.bind(request)
    }

    /// Written by tasks of the world, read between its runs.
    private final class Heard: @unchecked Sendable {
        var datagrams: [Datagram] = []
    }

    private static func listen(_ effects: Effects, groups: [String] = []) -> Heard {
        let heard = Heard()
        effects.tasks.spawn("hears") {
            guard let port = try? await open(effects, groups: groups) else { return }
            while let more = try? await port.receive(limit: 8) { heard.datagrams += more }
        }
        return heard
    }

    private static func say(_ effects: Effects, _ count: Int, to host: String) {
        effects.tasks.spawn("says") {
            guard let port = try? await open(effects, port: 0) else { return }
            for number in 0..<count {
                let target = Endpoint(host: host, port: 5_353)
                _ = try? await port.send([Datagram(target, [UInt8(truncatingIfNeeded: number)])])
            }
        }
    }

    @Test("one is heard by whom it is sent to, with where to answer")
    func unicast() {
        let world = SimulatedWorld(seed: 1)
        let (here, there) = (Self.listen(world.makeNode("a")), Self.listen(world.makeNode("b")))
        let speaker = world.makeNode("c")
        world.run(forMilliseconds: 10)
        Self.say(speaker, 1, to: "b")
        world.run(forMilliseconds: 100)
        #expect(here.datagrams.isEmpty)
        #expect(there.datagrams.map(\.bytes) == [[0]])
        #expect(there.datagrams.map(\.endpoint.host) == ["c"])
    }

    @Test("a group is heard by all who have joined it and by nobody else")
    func multicast() {
        let world = SimulatedWorld(seed: 2)
        let joined = ["a", "b"].map { Self.listen(world.makeNode($0), groups: [Self.group]) }
        let other = Self.listen(world.makeNode("d"))
        let speaker = world.makeNode("c")
        world.run(forMilliseconds: 10)
        Self.say(speaker, 3, to: Self.group)
        world.run(forMilliseconds: 100)
        for heard in joined { #expect(Set(heard.datagrams.map(\.bytes)) == [[0], [1], [2]]) }
        #expect(other.datagrams.isEmpty)
    }

    @Test("some are lost and some come twice, and the same seed loses the same")
    func lossy() {
        func run(_ seed: UInt64) -> [[UInt8]] {
            let world = SimulatedWorld(seed: seed)
            world.setLinks(
                LinkConditions(
                    datagramsLostPerMillion: 300_000, datagramsDoubledPerMillion: 100_000))
            let heard = Self.listen(world.makeNode("a"))
            let speaker = world.makeNode("b")
            world.run(forMilliseconds: 10)
            Self.say(speaker, 200, to: "a")
            world.run(forMilliseconds: 1_000)
            return heard.datagrams.map(\.bytes)
        }
        let first = run(3)
        #expect((120...160).contains(Set(first).count))
        #expect(first.count > Set(first).count)
        #expect(first == run(3))
        #expect(first != run(4))
    }

    @Test("a port is had once, unless all share it, and a crash frees it")
    func ports() {
        let world = SimulatedWorld(seed: 5)
        let node = world.makeNode("a")
        let outcome = world.run(on: "a", node) { effects -> [Bool] in
            let first = try? await Self.open(effects, port: 9)
            let second = try? await Self.open(effects, port: 9)
            first?.close()
            let third = try? await Self.open(effects, port: 9)
            return [first != nil, second != nil, third != nil]
        }
        #expect(outcome == [true, false, true])
        world.crash("a")
        let again = world.restart("a")
        let isFree = world.run(on: "a", again) { (try? await Self.open($0, port: 9)) != nil }
        #expect(isFree == true)
    }
}
