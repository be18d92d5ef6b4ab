// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import Effects
import JSONText
import Ledger
import NodeInterface
import PeerNetwork
import SimulatedEffects
import Synchronization
import Testing
import Validators
import Vocabulary

@testable import NodeAssembly

/// A small network in a seeded world, whose chain has checkpoints every few blocks.
final class SyncCloud {
    static let checkpointBlocks: UInt64 = 10
    static let validatorNames = ["v1", "v2", "v3", "v4"]

    let world: SimulatedWorld
    let genesis: Genesis
    private(set) var nodes: [String: Node] = [:]
    private var worlds: [String: Effects] = [:]
    private let keys: [String: SigningKey]
    /// How each member syncs; validators make snapshots and prune.
    var policies: [String: SyncPolicy] = [:]
    private let said = Said()

    /// What nodes have said.
    private final class Said: Sendable {
        let lines = Mutex<[String]>([])
    }

    /// - Parameters:
    ///   - accounts: So many accounts have money: 2,500 fill a chunk.
    ///   - lengths: Where checkpoints lie and epochs end; the first epoch never does unless given.
    init(
        seed: UInt64, accounts: Int = 20,
        lengths: EpochLengths = EpochLengths(
            checkpointBlocks: SyncCloud.checkpointBlocks, epochCheckpoints: 10_000)
    ) throws {
        world = SimulatedWorld(seed: seed)
        var keys: [String: SigningKey] = [:]
        for (place, name) in (Self.validatorNames + ["joiner", "other"]).enumerated() {
            keys[name] = try Self.key(place + 1)
        }
        let seats = try Self.validatorNames.map { name in
            let key = try #require(keys[name]).publicKey
            return GenesisValidator(
                name: name, publicKey: key, stake: 10, account: AccountID(of: key)
            ).json
        }
        var balances = (0..<accounts).map {
            AccountsGenesis.Balance(
                AccountID(SHA256.hash(Array("account \($0)".utf8)).raw),
                Amount(whole: UInt64($0) + 1))
        }
        // One who pays for messages.
        let leaver = AccountID(of: try #require(keys["v4"]).publicKey)
        balances.append(AccountsGenesis.Balance(leaver, Amount(whole: 10)))
        var parameters = LedgerParameters.standard
        parameters.checkpointBlocks = lengths.checkpointBlocks
        parameters.epochCheckpoints = lengths.epochCheckpoints
        genesis = try Genesis(json: [
            "name": "sync", "time": 1_700_000_000_000, "ledger": parameters.json,
            "validators": .array(seats),
            "modules": ["accounts": AccountsGenesis(balances: balances).json],
        ])
        self.keys = keys
    }

    static func key(_ number: Int) throws -> SigningKey {
        try #require(SigningKey(seed: SHA256.hash([UInt8(number)]).raw.bytes))
    }

    /// What nodes make and keep.
    static var keeping: SyncPolicy {
        var policy = SyncPolicy.pruning
        policy.mode = .full
        policy.keepBlocks = 6
        policy.bytesPerSecond = 1 << 40
        return policy
    }

    /// How a joiner joins.
    static var joining: SyncPolicy {
        var policy = keeping
        policy.mode = .snapshot
        policy.behindBlocksMin = 8
        policy.youngMilliseconds = 0
        return policy
    }

    /// What all nodes said since this was last asked.
    func lines() -> [String] {
        said.lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    // MARK: Life

    func configuration(of name: String, peers: [String]? = nil) throws -> NodeConfiguration {
        let others = (peers ?? Self.validatorNames).filter { $0 != name }
        var configuration = NodeConfiguration(
            genesis: genesis, identity: try #require(keys[name]), roles: [],
            listen: Endpoint(host: name, port: 7_000),
            peers: try others.map {
                PeerAddress(
                    publicKey: try #require(keys[$0]).publicKey,
                    endpoint: Endpoint(host: $0, port: 7_000))
            },
            log: NodeLog { [said] _, text in
                said.lines.withLock { $0.append("\(name): \(text)") }
            })
        configuration.sync = policies[name] ?? Self.keeping
        configuration.timing.idleMilliseconds = 100
        return configuration
    }

    func startValidators() throws {
        for name in Self.validatorNames { try start(name) }
    }

    /// Starts a member on a new disk, or on the one it had.
    @discardableResult
    func start(_ name: String, peers: [String]? = nil) throws -> NodeFailure? {
        let effects = worlds[name] == nil ? world.makeNode(name) : world.restart(name)
        worlds[name] = effects
        let settings = try configuration(of: name, peers: peers)
        let started = try on(name) { () -> Result<Node, NodeFailure> in
            do throws(NodeFailure) {
                return .success(try await Node.start(settings, effects: effects))
            } catch {
                return .failure(error)
            }
        }
        switch started {
        case .success(let node): nodes[name] = node
        case .failure(let failure): return failure
        }
        return nil
    }

    /// Begins to start a member and does not wait for it.
    func begin(_ name: String) throws {
        let effects = worlds[name] == nil ? world.makeNode(name) : world.restart(name)
        worlds[name] = effects
        let settings = try configuration(of: name)
        effects.tasks.spawn(name) { _ = try? await Node.start(settings, effects: effects) }
    }

    func crash(_ name: String) {
        world.crash(name)
        nodes[name] = nil
    }

    /// The world of a member.
    func effects(of name: String) throws -> Effects { try #require(worlds[name]) }

    func on<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () async -> Value
    ) throws -> Value {
        let effects = try #require(worlds[name])
        return try #require(
            world.run(on: name, effects, withinMilliseconds: 300_000) { _ in await body() },
            "\(name) answers")
    }

    /// Lets the last validator leave; a later epoch is decided by the other three.
    func leave() throws {
        let (key, chain) = (try #require(keys["v4"]), genesis.chain)
        let node = try #require(nodes["v1"])
        let refusal = try on("v1") { () -> Refusal? in
            let transaction = Transaction(
                chain: chain, sender: key.publicKey, nonce: 0, feeMax: Amount(whole: 1),
                validUntil: BlockHeight(1_000), messages: [ValidatorsMessage.leave.message])
            do throws(Refusal) {
                try await node.submit(transaction.signed(by: key))
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal == nil)
    }

    // MARK: Looking

    func head(of name: String) throws -> StateHead {
        let node = try #require(nodes[name])
        return try on(name) { await node.read { _, head in head } }
    }

    /// Lets time pass until a member has reached a height.
    func run(_ name: String, to height: UInt64) throws {
        for _ in 0..<2_000 {
            if try head(of: name).height.value >= height { return }
            world.run(forMilliseconds: 200)
        }
        Issue.record("\(name) does not reach height \(height): \(lines())")
    }

    /// The oldest block a member has.
    func oldest(of name: String) throws -> UInt64 {
        let node = try #require(nodes[name])
        return try on(name) { await node.storage.oldest.value }
    }

    /// The heights of the snapshots a member offers.
    func offers(of name: String) throws -> [UInt64] {
        let node = try #require(nodes[name])
        return try on(name) { await node.sync.keeper.shelf.heights.map(\.value) }
    }

    /// Checks that a member has the roots and blocks that the first validator has, and goes on.
    func expectFollows(_ name: String) throws {
        let height = try head(of: name).height.value
        try run(name, to: height + 6)
        let newest = BlockHeight(height + 5)
        var hashes: Set<Digest> = []
        for member in [name, "v1", "v2"] where nodes[member] != nil {
            try run(member, to: height + 6)
            let node = try #require(nodes[member])
            let blocks = try on(member) { await node.finalBlocks(from: newest, count: 1) }
            hashes.insert(try #require(blocks.first).block.hash)
        }
        #expect(hashes.count == 1, "one history")
        let node = try #require(nodes[name])
        let troubles = try on(name) { await node.status().troubles }
        #expect(troubles.filter { $0.contains("state") || $0.contains("history") } == [])
    }
}
