// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import SimulatedEffects

/// Swarms in a world made of one seed. Not for several threads.
final class SimulatedSwarms {
    struct Member {
        let name: String
        let effects: Effects
        let swarm: Swarm
    }

    let world: SimulatedWorld
    private(set) var members: [Member] = []

    /// Starts so many swarms on port 4001 of hosts named by number.
    init(_ count: Int, seed: UInt64, configure: (inout SwarmConfiguration) -> Void = { _ in }) {
        world = SimulatedWorld(seed: seed)
        for index in 0..<count {
            let name = "node\(index)"
            let effects = world.makeNode(name)
            var configuration = SwarmConfiguration(
                identity: Persons.key(UInt8(index + 1)),
                listen: [Endpoint(host: "0.0.0.0", port: 4_001)])
            configure(&configuration)
            let swarm = Swarm(effects: effects, configuration)
            members.append(Member(name: name, effects: effects, swarm: swarm))
            let isStarted = run(on: index) { swarm in (try? await swarm.start()) != nil }
            precondition(isStarted == true, "a simulated swarm did not start")
        }
    }

    subscript(index: Int) -> Swarm { members[index].swarm }

    func address(_ index: Int) -> Multiaddr {
        Multiaddr(Endpoint(host: members[index].name, port: 4_001), peer: members[index].swarm.peer)
    }

    /// Runs `body` as a task of a member and gives its value.
    func run<Value: Sendable>(
        on index: Int, _ body: @escaping @Sendable (Swarm) async -> Value
    ) -> Value? {
        let swarm = members[index].swarm
        return world.run(on: members[index].name, members[index].effects) { _ in await body(swarm) }
    }

    /// Lets time pass until `condition`.
    func wait(
        _ milliseconds: UInt64 = 20_000, until condition: (SimulatedSwarms) -> Bool
    ) -> Bool {
        world.run(forAtMostMilliseconds: milliseconds) { condition(self) }
    }
}
