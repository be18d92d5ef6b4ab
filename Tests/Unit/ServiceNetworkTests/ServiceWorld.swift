// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LibP2P
import ServiceDiscovery
import ServiceNetwork
import SimulatedEffects
import Synchronization
import Vocabulary

/// A value that must be there for a test to make sense.
func must<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a test's own value is missing") }
    return value
}

/// What a ledger would say of providers.
final class ScoreBook: Sendable {
    private let scores = Mutex<[PublicKey: UInt32]>([:])

    subscript(key: PublicKey) -> UInt32? {
        get { scores.withLock { $0[key] } }
        set { scores.withLock { $0[key] = newValue } }
    }
}

/// Nodes with bulletins and exchanges in a world made of one seed. Not for several threads.
final class ServiceWorld {
    struct Member {
        let name: String
        let key: SigningKey
        let effects: Effects
        let swarm: Swarm
        let gossip: GossipService
        let table: KademliaService
        let bulletin: ServiceBulletin
        let exchange: TaskExchange
    }

    static let chain = ChainID(must(Bytes32([UInt8](repeating: 9, count: 32))))
    static let wasm = must(Capability("wasm/1"))
    static let prove = must(Capability("prove/1"))

    let world: SimulatedWorld
    private(set) var members: [Member] = []
    /// Whom the ledger knows, with its score.
    let scores = ScoreBook()

    /// Starts so many nodes; none knows another.
    init(_ count: Int, seed: UInt64, hearing capabilities: [Capability] = [wasm]) {
        world = SimulatedWorld(seed: seed)
        for index in 0..<count {
            members.append(make(index, world.makeNode("node\(index)"), capabilities))
        }
    }

    static func key(_ number: Int) -> SigningKey {
        must(SigningKey(seed: [UInt8](repeating: UInt8(number + 1), count: 32)))
    }

    private func make(
        _ index: Int, _ effects: Effects, _ capabilities: [Capability]
    ) -> Member {
        let key = Self.key(index)
        let swarm = Swarm(
            effects: effects,
            SwarmConfiguration(
                identity: key, listen: [Endpoint(host: "0.0.0.0", port: 4_001)]))
        let gossip = GossipService(swarm, effects: effects)
        var validators = KadValidators()
        validators.set(
            ServiceTopics.namespace,
            ServiceTopics.validator(chain: Self.chain) { effects.time.wallClock() })
        let table = KademliaService(swarm, effects: effects, validators: validators)
        let bulletin = ServiceBulletin(
            swarm, gossip: gossip, table: table, effects: effects, chain: Self.chain
        ) { [scores] signer, account in
            guard AccountID(of: signer) == account else { return nil }
            return scores[signer].map { ProviderStanding(score: $0, isActive: true) }
        }
        let exchange = TaskExchange(gossip: gossip, effects: effects, chain: Self.chain)
        let member = Member(
            name: "node\(index)", key: key, effects: effects, swarm: swarm, gossip: gossip,
            table: table, bulletin: bulletin, exchange: exchange)
        let isStarted = world.run(on: member.name, effects) { _ in
            gossip.start()
            table.start()
            bulletin.start(hearing: capabilities)
            exchange.start(hearing: capabilities)
            return (try? await swarm.start()) != nil
        }
        precondition(isStarted == true, "a simulated node did not start")
        return member
    }

    subscript(index: Int) -> Member { members[index] }

    /// Kills a node and starts it again with nothing in memory.
    func replace(_ index: Int, hearing capabilities: [Capability] = [wasm]) {
        world.crash("node\(index)")
        members[index] = make(index, world.restart("node\(index)"), capabilities)
    }

    func address(_ index: Int) -> Multiaddr {
        Multiaddr(
            Endpoint(host: members[index].name, port: 4_001), peer: members[index].swarm.peer)
    }

    /// Runs `body` as a task of a node and gives its value.
    func run<Value: Sendable>(
        on index: Int, _ body: @escaping @Sendable (Member) async -> Value
    ) -> Value? {
        let member = members[index]
        return world.run(on: member.name, member.effects) { _ in await body(member) }
    }

    @discardableResult
    func connect(_ index: Int, to other: Int) -> Bool {
        let address = address(other)
        for _ in 0..<10 {
            if run(on: index, { (try? await $0.swarm.connect(to: address)) != nil }) == true {
                return true
            }
        }
        return false
    }

    /// A ring in which each node also knows the one three further on.
    func connectRing() {
        for index in members.indices {
            connect(index, to: (index + 1) % members.count)
            connect(index, to: (index + 3) % members.count)
        }
    }

    /// Lets time pass until `condition`.
    func wait(_ milliseconds: UInt64 = 60_000, until condition: () -> Bool) -> Bool {
        world.run(forAtMostMilliseconds: milliseconds) { condition() }
    }

    /// Waits until a node's mesh of a topic has a peer.
    func waitForMeshes(_ topic: String) -> Bool {
        wait { members.allSatisfy { !$0.gossip.meshPeers(of: topic).isEmpty } }
    }

    var topics: ServiceTopics { ServiceTopics(chain: Self.chain) }

    /// An announcement of a node, signed now.
    func announcement(
        of index: Int, sequence: UInt64 = 1, price: UInt128 = 100,
        capability: Capability = wasm, status: ServiceStatus = .available,
        chain: ChainID = chain
    ) -> SignedAnnouncement {
        let (key, now) = (Self.key(index), members[0].effects.time.wallClock())
        let tariff = Tariff(base: Amount(price), perMillionUnits: .zero)
        return SignedAnnouncement(
            ServiceAnnouncement(
                chain: chain, id: ServiceID(signer: key.publicKey, instance: 0),
                sequence: sequence, issued: now, status: status,
                region: must(Region("eu-central-1")), offers: [ServiceOffer(capability, tariff)],
                slots: 2, freeSlots: 2,
                reputation: ReputationReference(
                    account: AccountID(of: key.publicKey), height: BlockHeight(1))),
            signedBy: key)
    }

    /// A task of a client that is no node, open from now on.
    func manifest(client: Int = 100, salt: UInt8 = 0) -> TaskManifest {
        let now = members[0].effects.time.wallClock()
        return TaskManifest(
            chain: Self.chain, client: Self.key(client).publicKey, kind: Self.wasm,
            specification: [1],
            requirements: TaskRequirements(
                capabilities: [Self.wasm], deadline: now.advanced(by: 300_000),
                budgetMax: Amount(1_000)),
            units: 1_000_000, opened: now, bidsBy: now.advanced(by: 40_000),
            awardBy: now.advanced(by: 80_000),
            salt: must(Bytes32([UInt8](repeating: salt, count: 32))))
    }

    func bid(
        _ index: Int, on manifest: TaskManifest, price: UInt128, revision: UInt32 = 1
    ) -> SignedTaskMessage {
        let key = Self.key(index)
        return SignedTaskMessage(
            .bid(
                TaskBid(
                    task: manifest.task, revision: revision,
                    tariff: Tariff(base: Amount(price), perMillionUnits: .zero),
                    finishesInMilliseconds: 1_000,
                    reputation: ReputationReference(
                        account: AccountID(of: key.publicKey), height: BlockHeight(1)),
                    validUntil: manifest.awardBy)), signedBy: key)
    }
}
