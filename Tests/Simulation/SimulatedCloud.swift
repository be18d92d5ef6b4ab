// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import JSONText
import Ledger
import NodeAssembly
import NodeInterface
import PeerNetwork
import SimulatedEffects
import Testing
import Vocabulary

/// A whole network in one seeded world: validators, observers, one client with money.
final class SimulatedCloud {
    struct Member {
        let name: String
        let key: SigningKey
        let roles: PeerRoles
    }

    let world: SimulatedWorld
    let genesis: Genesis
    let members: [Member]
    let client: SigningKey
    private(set) var nodes: [String: Node] = [:]
    private var worlds: [String: Effects] = [:]
    private var nonce: UInt64 = 0

    /// Draws a network from a seed; nothing runs yet.
    init(seed: UInt64, validators: Int = 4, observers: Int = 1) throws {
        world = SimulatedWorld(seed: seed)
        var members: [Member] = []
        for index in 1...validators {
            members.append(
                Member(name: "validator-\(index)", key: try Self.key(index), roles: []))
        }
        for index in 0..<observers {
            members.append(
                Member(
                    name: "observer-\(index + 1)", key: try Self.key(100 + index), roles: .gateway))
        }
        self.members = members
        client = try Self.key(200)
        let set = members.filter { $0.roles.isEmpty }.map { member in
            GenesisValidator(
                name: member.name, publicKey: member.key.publicKey, stake: 1_000,
                account: AccountID(of: member.key.publicKey)
            ).json
        }
        let balances = AccountsGenesis(balances: [
            AccountsGenesis.Balance(AccountID(of: client.publicKey), Amount(whole: 1_000))
        ])
        genesis = try Genesis(
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

    var validators: [Member] { members.filter { $0.roles.isEmpty } }

    /// Starts every node.
    func startAll() throws {
        for member in members { try start(member.name, on: world.makeNode(member.name)) }
    }

    /// Starts or restarts one node in its world.
    func start(_ name: String, on effects: Effects) throws {
        let member = try #require(members.first { $0.name == name })
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
        nodes[name] = try started.get()
    }

    /// Runs something on a node's own executor and lets time pass until it ends.
    private func on<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () async -> Value
    ) throws -> Value {
        let effects = try #require(worlds[name])
        return try #require(world.run(on: name, effects) { _ in await body() }, "\(name) answers")
    }

    /// Stops a node as a power failure would.
    func crash(_ name: String) {
        world.crash(name)
        nodes[name] = nil
    }

    /// Brings a crashed node back with what its disk kept.
    func restart(_ name: String) throws { try start(name, on: world.restart(name)) }

    /// The head of a running node.
    func head(of name: String) throws -> StateHead {
        let node = try #require(nodes[name])
        return try on(name) { await node.read { _, head in head } }
    }

    /// The lowest height of all running nodes.
    func lowestHeight() throws -> UInt64 {
        try nodes.keys.sorted().map { try head(of: $0).height.value }.min() ?? 0
    }

    /// Sends a payment of the client through one node.
    func pay(_ amount: Amount, to account: AccountID, through name: String) throws {
        let node = try #require(nodes[name])
        let transaction = Transaction(
            chain: genesis.chain, sender: client.publicKey, nonce: nonce,
            feeMax: Amount(whole: 1), validUntil: BlockHeight(10_000),
            messages: [
                AccountsMessage.transfer(Transfer([Transfer.Part(to: account, amount)])).message
            ]
        ).signed(by: client)
        nonce += 1
        let refusal = try on(name) { () -> Refusal? in
            do throws(Refusal) {
                try await node.submit(transaction)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal == nil)
    }

    /// The balance of an account as one node has it.
    func balance(of account: AccountID, at name: String) throws -> Amount {
        let node = try #require(nodes[name])
        return try on(name) {
            await node.read { state, _ in AccountsModule().balance(of: account, in: state) }
        }
    }

    /// Checks that all running nodes have one history, as far as they have come.
    func expectOneHistory() throws {
        let height = try lowestHeight()
        var hashes: Set<Digest> = []
        var roots: Set<Digest> = []
        for name in nodes.keys.sorted() {
            let node = try #require(nodes[name])
            let blocks = try on(name) {
                await node.finalBlocks(from: BlockHeight(height), count: 1)
            }
            let block = try #require(blocks.first).block
            hashes.insert(block.hash)
            roots.insert(block.header.stateRoot)
        }
        #expect(hashes.count == 1, "one block at height \(height)")
        #expect(roots.count == 1)
    }
}
