// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import JSONText
import Ledger
import NodeAssembly
import NodeInterface
import PeerNetwork
import ProviderAgent
import SimulatedEffects
import Testing
import Vocabulary

/// A whole network in one seeded world: validators, gateways, providers, one client with money.
final class SimulatedCloud {
    /// What a member does in the network.
    enum Part: Equatable {
        case validator, gateway
        case provider(lies: Bool)
    }

    struct Member {
        let name: String
        let key: SigningKey
        let part: Part

        var account: AccountID { AccountID(of: key.publicKey) }

        var roles: PeerRoles {
            switch part {
            case .validator: []
            case .gateway: .gateway
            case .provider: .provider
            }
        }
    }

    let world: SimulatedWorld
    let genesis: Genesis
    let members: [Member]
    let client: SigningKey
    /// What the client and every provider have at the beginning.
    static let funds = Amount(whole: 1_000)
    /// What providers bond.
    static let bond = Amount(whole: 200)
    static let slots: UInt32 = 4

    private(set) var nodes: [String: Node] = [:]
    private(set) var agents: [String: ProviderService] = [:]
    private var worlds: [String: Effects] = [:]
    /// What owners let providers do, by their names; set before they start.
    var authorities: [String: MachineAuthority] = [:]
    var nonce: UInt64 = 0

    /// Draws a network from a seed; nothing runs yet.
    init(
        seed: UInt64, validators: Int = 4, gateways: Int = 1, providers: Int = 0,
        liars: Set<Int> = []
    ) throws {
        world = SimulatedWorld(seed: seed)
        var members = try (1...validators).map {
            Member(name: "validator-\($0)", key: try Self.key($0), part: .validator)
        }
        members += try (0..<gateways).map {
            Member(name: "gateway-\($0 + 1)", key: try Self.key(100 + $0), part: .gateway)
        }
        members += try (0..<providers).map {
            let part = Part.provider(lies: liars.contains($0 + 1))
            return Member(name: "provider-\($0 + 1)", key: try Self.key(150 + $0), part: part)
        }
        self.members = members
        client = try Self.key(200)
        genesis = try Self.genesis(members, client)
    }

    private static func genesis(_ members: [Member], _ client: SigningKey) throws -> Genesis {
        let set = members.filter { $0.part == .validator }.map { member in
            GenesisValidator(
                name: member.name, publicKey: member.key.publicKey, stake: 1_000,
                account: member.account
            ).json
        }
        let rich = members.filter { $0.roles == .provider }.map(\.account)
        let balances = AccountsGenesis(
            balances: ([AccountID(of: client.publicKey)] + rich).map {
                AccountsGenesis.Balance($0, funds)
            })
        return try Genesis(
            json: [
                "name": "simulated", "time": JSON(1_700_000_000_000 as UInt64),
                "validators": .array(set),
                "modules": ["accounts": balances.json],
            ])
    }

    private static func key(_ number: Int) throws -> SigningKey {
        try #require(
            SigningKey(seed: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32)))
    }

    var clientAccount: AccountID { AccountID(of: client.publicKey) }
    var validators: [Member] { members.filter { $0.part == .validator } }
    var providers: [Member] { members.filter { $0.roles == .provider } }

    func member(_ name: String) throws -> Member {
        try #require(members.first { $0.name == name })
    }

    // MARK: Life

    /// Starts every node and agent.
    func startAll() throws {
        for member in members { try start(member.name, on: world.makeNode(member.name)) }
    }

    /// Starts or restarts one node in its world.
    func start(_ name: String, on effects: Effects) throws {
        let member = try member(name)
        let peers = members.filter { $0.name != name }.map {
            PeerAddress(publicKey: $0.key.publicKey, endpoint: Endpoint(host: $0.name, port: 7_000))
        }
        var configuration = NodeConfiguration(
            genesis: genesis, identity: member.key, roles: member.roles,
            listen: Endpoint(host: name, port: 7_000), peers: peers, log: .silent)
        configuration.checksWholeState = true
        let settings = configuration
        worlds[name] = effects
        let started = try on(name) { () -> Result<Node, NodeFailure> in
            do throws(NodeFailure) {
                return .success(try await Node.start(settings, effects: effects))
            } catch {
                return .failure(error)
            }
        }
        let node = try started.get()
        nodes[name] = node
        try startAgent(member, node, effects)
    }

    private func startAgent(_ member: Member, _ node: Node, _ effects: Effects) throws {
        guard case .provider(let lies) = member.part else { return }
        let agent = ProviderService(
            node: node, effects: effects,
            configuration: ProviderConfiguration(
                key: member.key, endpoint: "\(member.name):7000", slots: Self.slots,
                basePrice: Amount(10_000_000_000_000_000),
                pricePerMillionFuel: Amount(1_000_000_000_000_000), bond: Self.bond,
                authority: authorities[member.name], liesAboutResults: lies, log: { _ in }))
        agents[member.name] = agent
        try on(member.name) { await agent.start() }
    }

    /// Runs something on a node's own executor and lets time pass until it ends.
    @discardableResult
    func on<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () async -> Value
    ) throws -> Value {
        let effects = try #require(worlds[name])
        return try #require(world.run(on: name, effects) { _ in await body() }, "\(name) answers")
    }

    /// Puts a file into a node's folder.
    func write(_ bytes: [UInt8], to path: String, at name: String) throws {
        let effects = try #require(worlds[name])
        let isWritten = try on(name) { (try? await effects.disk.replace(path, with: bytes)) != nil }
        #expect(isWritten)
    }

    /// The calendar clock of a node, in seconds since 1970.
    func seconds(at name: String) throws -> Int64 {
        let effects = try #require(worlds[name])
        return Int64(effects.time.wallClock().value / 1_000)
    }

    /// Stops a node as a power failure would.
    func crash(_ name: String) {
        world.crash(name)
        nodes[name] = nil
        agents[name] = nil
    }

    /// Brings a crashed node back with what its disk kept.
    func restart(_ name: String) throws { try start(name, on: world.restart(name)) }

    /// Lets time pass until something holds, looked at four times a second.
    func run(
        forAtMostMilliseconds milliseconds: UInt64, until isDone: () throws -> Bool
    ) throws -> Bool {
        let end = world.now.advanced(by: milliseconds * 1_000_000)
        while world.now < end {
            if try isDone() { return true }
            world.run(forMilliseconds: 250)
        }
        return try isDone()
    }

    // MARK: Looking

    /// A running node.
    func node(_ name: String) throws -> Node { try #require(nodes[name], "\(name) runs") }

    /// Reads the executed state of one node.
    func read<Value: Sendable>(
        at name: String, _ body: @escaping @Sendable (any StateReader, StateHead) -> Value
    ) throws -> Value {
        let node = try node(name)
        return try on(name) { await node.read(body) }
    }

    /// The head of a running node.
    func head(of name: String) throws -> StateHead { try read(at: name) { _, head in head } }

    func status(of name: String) throws -> NodeStatus {
        let node = try node(name)
        return try on(name) { await node.status() }
    }

    /// The lowest height of all running nodes.
    func lowestHeight() throws -> UInt64 {
        try nodes.keys.sorted().map { try head(of: $0).height.value }.min() ?? 0
    }

    /// The balance of an account as one node has it.
    func balance(of account: AccountID, at name: String = "gateway-1") throws -> Amount {
        try read(at: name) { state, _ in AccountsModule().balance(of: account, in: state) }
    }

    /// Checks that all running nodes have one history, as far as they have come.
    func expectOneHistory() throws {
        let height = try lowestHeight()
        var hashes: Set<Digest> = []
        for name in nodes.keys.sorted() {
            let node = try node(name)
            let blocks = try on(name) {
                await node.finalBlocks(from: BlockHeight(height), count: 1)
            }
            hashes.insert(try #require(blocks.first).block.hash)
        }
        #expect(hashes.count == 1, "one block at height \(height)")
        for name in nodes.keys.sorted() {
            let troubles = try status(of: name).troubles.filter { !$0.hasPrefix("no quorum") }
            #expect(troubles == [], "\(name)")
        }
    }
}
