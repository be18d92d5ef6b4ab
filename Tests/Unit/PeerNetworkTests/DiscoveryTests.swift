// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import SimulatedEffects
import Testing
import Vocabulary

@testable import PeerNetwork

/// Nodes that begin with one address, in a world made of one seed. Not for several threads.
private final class Cloud {
    struct Member {
        let name: String
        let effects: Effects
        let mesh: PeerMesh
        let discovery: CloudDiscovery
        let doors: Doors
        let journal = Journal()
    }

    let world: SimulatedWorld
    private(set) var members: [Member] = []
    private let validators: Int
    private let hidden: Int

    /// - Parameters:
    ///   - validators: How many of the members are validators, whose keys all know.
    ///   - hidden: How many, the last ones, nobody can dial.
    init(_ count: Int, validators: Int, hidden: Int = 0, seed: UInt64) {
        world = SimulatedWorld(seed: seed)
        self.validators = validators
        self.hidden = count - hidden
        for index in 0..<count { begin(index, world.makeNode("node\(index)")) }
    }

    func key(_ index: Int) -> PublicKey { Persons.signingKey(UInt8(index + 1)).publicKey }

    func wait(_ milliseconds: UInt64, until condition: (Cloud) -> Bool) -> Bool {
        world.run(forAtMostMilliseconds: milliseconds) { condition(self) }
    }

    /// Whether every member is connected with all validators but itself.
    var isWhole: Bool {
        members.indices.allSatisfy { index in
            let met = Set(members[index].mesh.connectedPeers().map(\.publicKey))
            return (0..<validators).allSatisfy { $0 == index || met.contains(key($0)) }
        }
    }

    func crash(_ index: Int) { world.crash(members[index].name) }

    func restart(_ index: Int, knowing first: Int? = nil) {
        begin(index, world.restart(members[index].name), knowing: first)
    }

    private func begin(_ index: Int, _ effects: Effects, knowing first: Int? = 0) {
        let peers = [first].compactMap(\.self).map {
            PeerAddress(publicKey: key($0), endpoint: Endpoint(host: "node\($0)", port: 7_400))
        }
        let mesh = PeerMesh(
            effects: effects, identity: Persons.signingKey(UInt8(index + 1)),
            chain: Persons.chain, roles: index < validators ? .validator : .provider,
            listen: index < hidden ? Endpoint(host: "0.0.0.0", port: 7_400) : nil, peers: peers)
        mesh.setMembers(Set((0..<validators).map(key)))
        let discovery = CloudDiscovery(
            mesh, effects: effects, chain: Persons.chain, path: "peers")
        let doors = Doors(mesh, effects: effects, isRelay: index < validators)
        let member = Member(
            name: "node\(index)", effects: effects, mesh: mesh, discovery: discovery,
            doors: doors)
        if index < members.count { members[index] = member } else { members.append(member) }
        let journal = member.journal
        let isStarted = world.run(on: member.name, effects) { _ in
            do {
                try await mesh.start(
                    MeshHandlers(
                        messages: { _ in },
                        events: { event in journal.write { $0.events.append(event) } }))
                try await discovery.start()
                doors.start()
                return true
            } catch {
                return false
            }
        }
        precondition(isStarted == true, "a simulated node did not start")
    }

    /// Stops a member in order, so that it writes its file.
    func stop(_ index: Int) {
        let member = members[index]
        _ = world.run(on: member.name, member.effects) { _ in
            member.doors.stop()
            try? await member.discovery.stop()
            await member.mesh.stop()
        }
    }
}

@Suite("The nodes of a cloud find each other (TRANSPORT-24 to TRANSPORT-26)")
struct DiscoveryTests {
    @Test(
        "nodes that know one address are connected with every validator within two seconds",
        arguments: UInt64(1)...2)
    func fromOneAddress(seed: UInt64) {
        let cloud = Cloud(7, validators: 4, seed: seed)
        #expect(cloud.wait(2_000) { $0.isWhole })
        cloud.world.run(forMilliseconds: 10_000)
        #expect(cloud.isWhole)
        // Others are connected by choice: in a cloud so small, all with all.
        #expect(
            cloud.wait(20_000) { cloud in
                cloud.members.allSatisfy { $0.mesh.connectedPeers().count == 6 }
            })
    }

    @Test("a node that comes later finds all, and is found")
    func later() {
        let cloud = Cloud(5, validators: 5, seed: 5)
        #expect(cloud.wait(2_000) { $0.isWhole })
        cloud.world.run(forMilliseconds: 40_000)
        cloud.crash(4)
        cloud.world.run(forMilliseconds: 20_000)
        cloud.restart(4, knowing: 2)
        #expect(cloud.wait(2_000) { $0.isWhole })
    }

    @Test("the file of known peers is enough when the one first address is gone")
    func fromTheFile() {
        let cloud = Cloud(5, validators: 4, seed: 7)
        #expect(cloud.wait(2_000) { $0.isWhole })
        cloud.stop(4)
        cloud.crash(4)
        cloud.crash(0)
        cloud.world.run(forMilliseconds: 10_000)
        cloud.restart(4, knowing: 0)
        #expect(
            cloud.wait(5_000) { cloud in
                let met = Set(cloud.members[4].mesh.connectedPeers().map(\.publicKey))
                return (1...3).allSatisfy { met.contains(cloud.key($0)) }
            })
    }

    @Test("who has been told where a node is, is not told again while nothing changes")
    func toldOnce() {
        let cloud = Cloud(7, validators: 4, seed: 3)
        func streams() -> UInt64 {
            cloud.members.reduce(0) { sum, member in
                let traffic = member.mesh.swarm.protocolTraffic[RendezvousService.protocolName]
                return sum + (traffic?.outboundStreams ?? 0)
            }
        }
        #expect(cloud.wait(2_000) { $0.isWhole })
        cloud.world.run(forMilliseconds: 60_000)
        let before = streams()
        cloud.world.run(forMilliseconds: 600_000)
        // Each asks six others every 30 s, with one stream each.
        #expect(streams() - before <= 7 * 6 * 21)
    }

    @Test("nodes that nobody can dial meet through validators, and tell where (TRANSPORT-28)")
    func hidden() throws {
        let cloud = Cloud(6, validators: 4, hidden: 2, seed: 4)
        #expect(
            cloud.wait(60_000) { cloud in
                cloud.members[4].mesh.connectedPeers().contains { $0.publicKey == cloud.key(5) }
            })
        for index in 4...5 {
            let (doors, swarm) = (
                cloud.members[index].doors.status, cloud.members[index].mesh.swarm
            )
            #expect(doors.reachability == .closed)
            #expect(Set(doors.places.compactMap { $0.relay?.peer }).count == 2)
            let told = cloud.members[0].mesh.swarm.description(of: swarm.peer)?.addresses ?? []
            #expect(!told.isEmpty && told.allSatisfy { $0.relay != nil })
        }
        let places = cloud.members.prefix(4).reduce(0) { $0 + $1.doors.status.placesHeld }
        #expect(places == 4)
    }

    @Test("a node of another chain is found by nobody")
    func otherChain() {
        let cloud = Cloud(3, validators: 3, seed: 8)
        #expect(cloud.wait(2_000) { $0.isWhole })
        let effects = cloud.world.makeNode("stranger")
        let mesh = PeerMesh(
            effects: effects, identity: Persons.signingKey(99),
            chain: ChainID(Persons.signingKey(98).publicKey.raw), roles: .validator,
            listen: Endpoint(host: "0.0.0.0", port: 7_400),
            peers: [
                PeerAddress(
                    publicKey: cloud.key(0), endpoint: Endpoint(host: "node0", port: 7_400))
            ])
        let discovery = CloudDiscovery(
            mesh, effects: effects, chain: ChainID(Persons.signingKey(98).publicKey.raw))
        _ = cloud.world.run(on: "stranger", effects) { _ in
            try? await mesh.start(MeshHandlers(messages: { _ in }))
            try? await discovery.start()
        }
        cloud.world.run(forMilliseconds: 20_000)
        #expect(mesh.connectedPeers().isEmpty)
        #expect(cloud.members.allSatisfy { $0.mesh.connectedPeers().count == 2 })
    }
}
