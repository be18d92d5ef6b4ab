// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import Ledger
import NodeInterface
import PeerNetwork
import Synchronization
import Testing
import Vocabulary

@testable import NodeAssembly

/// A node without peers over real files: it replays, answers, and can decide nothing.
final class LoneNode: Sendable {
    let press: PressedChain
    let effects: Effects
    let identity: SigningKey
    private let said = Mutex<[String]>([])

    /// - Parameter validator: Whose key it has; nothing for one that only follows.
    convenience init(_ press: ChainPress, _ effects: Effects, validator: Int? = nil) throws {
        try self.init(press.chain, effects, validator: validator)
    }

    init(_ chain: PressedChain, _ effects: Effects, validator: Int? = nil) throws {
        press = chain
        self.effects = effects
        identity = try validator.map { chain.validators[$0] } ?? ChainPress.key(99)
    }

    /// What it said since it was last asked.
    func lines() -> [String] {
        said.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    var configuration: NodeConfiguration {
        var configuration = NodeConfiguration(
            genesis: press.genesis, identity: identity, roles: [], listen: nil, peers: [],
            log: NodeLog { _, text in self.said.withLock { $0.append(text) } })
        configuration.storeBytesMax = 1 << 26
        return configuration
    }

    /// Starts it, looks where it stands, and stops it.
    func life() async throws -> (head: StateHead, troubles: [String]) {
        let node = try await Node.start(configuration, effects: effects)
        let head = await node.read { _, head in head }
        let troubles = await node.status().troubles
        await node.stop()
        return (head, troubles)
    }

    /// Why it does not start; nothing when it does.
    func refusal() async -> NodeFailure? {
        do throws(NodeFailure) {
            let node = try await Node.start(configuration, effects: effects)
            await node.stop()
            return nil
        } catch {
            return error
        }
    }

    /// Checks that it stands at the end of the chain with the chain's root.
    func expectWhole(height: UInt64, root: Digest) async throws {
        let (head, _) = try await life()
        #expect(head.height == BlockHeight(height))
        #expect(head.root == root)
    }

    /// Writes votes as a validator that took part would have, in these slots.
    func vote(_ slots: ClosedRange<UInt64>) async throws {
        let log = try await effects.disk.openLog("data/votes")
        let place = press.validators.firstIndex { $0.publicKey == identity.publicKey } ?? 0
        let votes = slots.map { slot in
            ConsensusRecord.vote(
                Vote(
                    .skip(Slot(slot)), by: identity, validator: UInt16(place),
                    chain: press.genesis.chain, epoch: Epoch(0)))
        }
        try await log.append(votes.map(\.canonicalBytes))
        await log.close()
    }

    /// The promise beside the folder.
    func promise() async throws -> VotingPromise {
        let found = try await PromiseKeeper.read(effects.disk, "data.promise")
        return try #require(found ?? nil)
    }

    func write(_ promise: VotingPromise) async throws {
        try await effects.disk.replace("data.promise", with: promise.bytes)
    }
}
