// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LibP2P
import SimulatedEffects
import Testing

@Suite("Against being surrounded (LIBP-20, LIBP-22)")
struct EclipseTests {
    /// Machines named by public addresses, each with as many swarms as it likes.
    private final class Internet {
        let world = SimulatedWorld(seed: 71)
        private var keys: UInt16 = 0
        private(set) var swarms: [(host: String, effects: Effects, swarm: Swarm)] = []

        /// A machine with so many names, on ports from 4001 on.
        func addMachine(_ host: String, names: Int = 1) {
            let effects = world.makeNode(host)
            for number in 0..<names {
                keys += 1
                let seed = [UInt8(keys >> 8), UInt8(truncatingIfNeeded: keys)]
                let key = must(SigningKey(seed: seed + [UInt8](repeating: 5, count: 30)))
                let swarm = Swarm(
                    effects: effects,
                    SwarmConfiguration(
                        identity: key,
                        listen: [Endpoint(host: host, port: 4_001 + UInt16(number))]))
                let isStarted = world.run(on: host, effects) { _ in
                    (try? await swarm.start()) != nil
                }
                precondition(isStarted == true, "a simulated swarm did not start")
                swarms.append((host, effects, swarm))
            }
        }

        func address(_ index: Int) -> Multiaddr {
            must(swarms[index].swarm.addresses.first).with(peer: swarms[index].swarm.peer)
        }

        /// Has a swarm dial an address, and waits for what comes of it.
        func dial(_ index: Int, _ address: Multiaddr) {
            let (host, effects, swarm) = swarms[index]
            _ = world.run(on: host, effects) { _ in (try? await swarm.connect(to: address)) != nil }
            // The other end is ready a moment later.
            world.run(forMilliseconds: 20)
        }

        func pass(milliseconds: UInt64) { world.run(forMilliseconds: milliseconds) }
    }

    private static func subnet(of address: Multiaddr) -> String {
        String(describing: address).split(separator: "/")[1].split(separator: ".").prefix(3)
            .joined(separator: ".")
    }

    @Test("whoever has many names at few subnets gets a share, and none of the node's own choice")
    func eclipse() throws {
        let internet = Internet()
        internet.addMachine("20.0.0.1")
        let victim = internet.swarms[0].swarm
        for number in 1...12 { internet.addMachine("20.\(number).0.1") }
        let honest = Set(internet.swarms[1...12].map(\.swarm.peer))
        for subnet in 1...2 {
            for machine in 1...6 { internet.addMachine("8.8.\(subnet).\(machine)", names: 10) }
        }
        let hostile = 13..<internet.swarms.count
        // It has heard of ten times as many hostile peers as of others, and they all dial it.
        for index in 1..<internet.swarms.count {
            victim.remember([internet.address(index)], of: internet.swarms[index].swarm.peer)
        }
        for index in hostile { internet.dial(index, internet.address(0)) }
        let inbound = victim.connections.filter(\.isInbound)
        let perSubnet = Dictionary(grouping: inbound) { Self.subnet(of: $0.address) }
        #expect(perSubnet.values.allSatisfy { $0.count <= 32 })
        let perAddress = Dictionary(grouping: inbound) { $0.address.ip ?? [] }
        #expect(perAddress.values.allSatisfy { $0.count <= 8 })
        #expect(inbound.count == 64)

        let effects = internet.swarms[0].effects
        let keeper = PeerKeeper(victim, effects: effects)
        let isKept = internet.world.run(on: "20.0.0.1", effects) { _ in
            (try? await keeper.start()) != nil
        }
        #expect(isKept == true)
        internet.pass(milliseconds: 60_000)
        // What it dials is its own choice: all the honest, and at most two of each owner's subnet.
        let outbound = victim.connections.filter { !$0.isInbound }
        #expect(honest.isSubset(of: outbound.map(\.peer)))
        let ways = Dictionary(grouping: outbound) { Self.subnet(of: $0.address) }
        #expect(ways.values.allSatisfy { $0.count <= 2 })
        for index in hostile { internet.dial(index, internet.address(0)) }
        internet.pass(milliseconds: 60_000)
        #expect(honest.isSubset(of: victim.connections.filter { !$0.isInbound }.map(\.peer)))
    }

    @Test("a ban says why, reaches the peer at every address, and ends")
    func bans() throws {
        let internet = Internet()
        internet.addMachine("20.0.0.1")
        internet.addMachine("20.1.0.1")
        let (own, other) = (internet.swarms[0].swarm, internet.swarms[1].swarm)
        internet.dial(1, internet.address(0))
        #expect(own.isConnected(other.peer))
        own.ban(other.peer, reason: "signed two votes", milliseconds: 3_600_000)
        internet.pass(milliseconds: 1_000)
        #expect(!own.isConnected(other.peer))
        #expect(own.bans[.peer(other.peer)]?.reason == "signed two votes")
        internet.dial(1, internet.address(0))
        internet.pass(milliseconds: 1_000)
        #expect(!own.isConnected(other.peer))
        internet.pass(milliseconds: 3_600_000)
        internet.dial(1, internet.address(0))
        #expect(own.isConnected(other.peer))
    }

    @Test("a peer that does not answer is dialled less and less, and answers are noticed")
    func backoff() {
        let internet = Internet()
        internet.addMachine("20.0.0.1")
        let victim = internet.swarms[0].swarm
        let effects = internet.swarms[0].effects
        let dead = internet.world.makeNode("20.9.0.1")
        // Written by a task of the world, read between its runs.
        final class Knocks: @unchecked Sendable { var count = 0 }
        let knocks = Knocks()
        dead.tasks.spawn("hangs up") {
            let here = Endpoint(host: "20.9.0.1", port: 4_001)
            guard let listener = try? await dead.network.listen(on: here) else { return }
            while let stream = try? await listener.accept() {
                knocks.count += 1
                stream.close()
            }
        }
        victim.remember([must(try? Multiaddr("/ip4/20.9.0.1/tcp/4001"))], of: Persons.peer(200))
        let keeper = PeerKeeper(victim, effects: effects)
        let isKept = internet.world.run(on: "20.0.0.1", effects) { _ in
            (try? await keeper.start()) != nil
        }
        #expect(isKept == true)
        internet.pass(milliseconds: 3_600_000)
        // 5 s, 10 s, 20 s, ...: ten times in an hour, and once a minute would be sixty.
        #expect((8...11).contains(knocks.count))
    }
}
