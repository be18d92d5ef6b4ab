// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import SimulatedEffects
import Vocabulary

@testable import PeerNetwork

/// Meshes that all know each other, in a world made of one seed. Not for several threads.
final class SimulatedCluster {
    struct Member {
        var name: String
        var effects: Effects
        var mesh: PeerMesh
        var journal = Journal()
    }

    typealias Responder = @Sendable (Effects, InboundRequest) async -> RequestAnswer

    let world: SimulatedWorld
    private let configuration: MeshConfiguration
    private let responder: Responder
    private let door: Door?
    private(set) var members: [Member] = []

    /// Starts so many meshes; the first messages of each wait before `door`, if there is one.
    init(
        _ count: Int, seed: UInt64, door: Door? = nil,
        configure: (inout MeshConfiguration) -> Void = { _ in },
        responder: @escaping Responder = { _, request in .answer(request.bytes) }
    ) {
        world = SimulatedWorld(seed: seed)
        var configuration = MeshConfiguration()
        configure(&configuration)
        self.configuration = configuration
        self.responder = responder
        self.door = door
        for index in 0..<count {
            let effects = world.makeNode("node\(index)")
            members.append(member(index, effects, count))
        }
        for index in 0..<count { start(index) }
    }

    func key(_ index: Int) -> PublicKey { Persons.signingKey(UInt8(index + 1)).publicKey }

    func pages(_ index: Int) -> Journal.Pages { members[index].journal.pages }

    /// Lets time pass until `condition`.
    func wait(
        _ milliseconds: UInt64 = 20_000, until condition: (SimulatedCluster) -> Bool
    ) -> Bool {
        world.run(forAtMostMilliseconds: milliseconds) { condition(self) }
    }

    /// Whether every member's mesh counts all others as connected.
    var isWhole: Bool {
        members.allSatisfy { $0.mesh.connectedPeers().count == members.count - 1 }
    }

    func crash(_ index: Int) { world.crash(members[index].name) }

    func restart(_ index: Int) {
        let effects = world.restart(members[index].name)
        members[index] = member(index, effects, members.count)
        start(index)
    }

    /// Starts a second machine with a member's key.
    func startTwin(of index: Int) {
        let name = "twin\(index)"
        let others = members.count
        var twin = member(index, world.makeNode(name), others)
        twin.name = name
        members.append(twin)
        start(others)
    }

    /// Runs `body` as a task of a member.
    func run<Value: Sendable>(
        on index: Int, _ body: @escaping @Sendable (PeerMesh) async -> Value
    ) -> Value? {
        let mesh = members[index].mesh
        return world.run(on: members[index].name, members[index].effects) { _ in
            await body(mesh)
        }
    }

    private func member(_ index: Int, _ effects: Effects, _ count: Int) -> Member {
        let addresses = (0..<count).map {
            PeerAddress(publicKey: key($0), endpoint: Endpoint(host: "node\($0)", port: 7_400))
        }
        let mesh = PeerMesh(
            effects: effects, identity: Persons.signingKey(UInt8(index + 1)), chain: Persons.chain,
            roles: .validator, listen: Endpoint(host: "0.0.0.0", port: 7_400), peers: addresses,
            configuration: configuration)
        return Member(name: "node\(index)", effects: effects, mesh: mesh)
    }

    private func start(_ index: Int) {
        let journal = members[index].journal
        let effects = members[index].effects
        let handlers = MeshHandlers(
            messages: { [door] batch in
                journal.write { $0.messages += batch }
                await door?.pass()
            },
            requests: { [responder] request in
                journal.write { $0.requests.append(request) }
                return await responder(effects, request)
            },
            events: { event in journal.write { $0.events.append(event) } })
        let isStarted = run(on: index) { mesh in (try? await mesh.start(handlers)) != nil }
        precondition(isStarted == true, "a simulated mesh did not start")
    }
}
