// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import JSONText
import Ledger
import NodeInterface
import PeerNetwork
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

/// A small network in a simulated world whose validators change as planned.
///
/// Touched only by the world's tasks and, between its runs, by who drives it: one at a time.
final class EpochNetwork: @unchecked Sendable {
    static let lengths = EpochLengths(checkpointBlocks: 4, epochCheckpoints: 2)

    let world: SimulatedWorld
    let keys: [SigningKey]
    let genesis: Genesis
    let module: PlannedValidators
    private(set) var nodes: [Int: Node] = [:]
    private var worlds: [Int: Effects] = [:]
    private var lives: [Int: Int] = [:]
    /// Why nodes did not start.
    private(set) var failures: [String] = []
    /// Second keys, by member.
    var nextKeys: [Int: SigningKey] = [:]

    /// - Parameter stakes: For each epoch, the stake of each member; who has none is no validator.
    init(seed: UInt64, stakes: [[UInt64]], spareKeys: [SigningKey] = []) throws {
        world = SimulatedWorld(seed: seed)
        let members = try (0..<stakes[0].count).map { try Senders.key(10 + $0) }
        keys = members
        let sets = try stakes.map { row in
            try ValidatorSet(
                zip(members + spareKeys, row).filter { $0.1 > 0 }.map {
                    Validator(key: $0.publicKey, stake: UInt128($1))
                })
        }
        module = PlannedValidators(lengths: Self.lengths, sets: Array(sets.dropFirst()))
        let founders = zip(members, stakes[0]).enumerated().filter { $0.element.1 > 0 }.map {
            GenesisValidator(
                name: Self.name($0.offset), publicKey: $0.element.0.publicKey,
                stake: $0.element.1, account: AccountID(of: $0.element.0.publicKey)
            ).json
        }
        genesis = try Genesis(
            json: [
                "name": "epochs", "time": JSON(1_700_000_000_000 as UInt64),
                "validators": .array(founders),
                "ledger": ["checkpointBlocks": 4, "epochCheckpoints": 2],
            ])
    }

    static func name(_ index: Int) -> String { "node-\(index)" }

    func start(_ index: Int) {
        let effects = world.makeNode(Self.name(index))
        run(index, on: effects)
    }

    func crash(_ index: Int) {
        nodes[index] = nil
        lives[index, default: 0] += 1
        world.crash(Self.name(index))
    }

    func restart(_ index: Int) { run(index, on: world.restart(Self.name(index))) }

    /// Moves a part of a crashed node's folder away, then starts the node.
    func lose(_ path: String, of index: Int) throws {
        let effects = world.restart(Self.name(index))
        let isMoved = world.run(on: Self.name(index), effects) { effects in
            (try? await effects.disk.move(path, to: "\(path).lost")) != nil
        }
        #expect(isMoved == true)
        run(index, on: effects)
    }

    private func run(_ index: Int, on effects: Effects) {
        worlds[index] = effects
        var configuration = NodeConfiguration(
            genesis: genesis, identity: keys[index], roles: [],
            listen: Endpoint(host: Self.name(index), port: 7_000),
            peers: keys.indices.filter { $0 != index }.map {
                PeerAddress(
                    publicKey: keys[$0].publicKey,
                    endpoint: Endpoint(host: Self.name($0), port: 7_000))
            }, log: .silent)
        configuration.checksWholeState = true
        configuration.nextIdentity = nextKeys[index]
        configuration.timing.idleMilliseconds = 50
        let (settings, house) = (configuration, House(with: [module]))
        let life = lives[index]
        effects.tasks.spawn("node") { [self] in
            do throws(NodeFailure) {
                let node = try await Node.start(settings, effects: effects, house: house)
                if lives[index] == life { nodes[index] = node }
            } catch {
                guard lives[index] == life else { return }
                failures.append("\(Self.name(index)): \(error)")
            }
        }
    }

    /// Asks a node in its own world.
    func ask<Answer: Sendable>(
        _ index: Int, _ body: @escaping @Sendable (isolated Node) async -> Answer
    ) throws -> Answer {
        let node = try #require(nodes[index])
        let effects = try #require(worlds[index])
        let answer = world.run(on: Self.name(index), effects) { _ in await body(node) }
        return try #require(answer)
    }

    /// Runs until all these nodes are in an epoch.
    func run(_ members: [Int], to epoch: UInt64, milliseconds: UInt64 = 120_000) throws {
        var reached: [UInt64] = []
        let end = world.now.advanced(by: milliseconds * 1_000_000)
        repeat {
            world.run(forMilliseconds: 500)
            reached = try members.map { index in
                guard nodes[index] != nil else { return 0 }
                return try ask(index) { $0.machine.configuration.epoch.value }
            }
        } while (reached.min() ?? 0) < epoch && world.now < end
        #expect((reached.min() ?? 0) >= epoch, "epochs \(reached), failures \(failures)")
    }

    /// Holds the logs of all these nodes to one history, and returns its headers.
    @discardableResult
    func history(of members: [Int]) throws -> [BlockHeader] {
        var longest: [BlockHeader] = []
        for index in members {
            let blocks = try ask(index) { node in
                var all: [FinalizedBlock] = []
                while true {
                    let page = await node.finalBlocks(
                        from: BlockHeight(UInt64(all.count + 1)), count: 64)
                    guard !page.isEmpty else { return all }
                    all += page
                }
            }
            let headers = blocks.map(\.block.header)
            let common = min(headers.count, longest.count)
            #expect(headers.prefix(common).elementsEqual(longest.prefix(common)))
            if headers.count > longest.count { longest = headers }
        }
        return longest
    }
}
