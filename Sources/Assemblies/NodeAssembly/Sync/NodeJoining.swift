// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import PeerNetwork
import Vocabulary

/// Joins a node with an empty folder from a snapshot before it starts (SYNC-10).
struct NodeJoining {
    let configuration: NodeConfiguration
    let effects: Effects

    /// How many slots beyond the newest decided one a validator is silent that comes back without a
    /// record of its words: none can have been spoken in further ahead (RECOVERY-9).
    static let silentSlots: UInt64 = PromiseKeeper.stepSlots

    /// Puts a state in place that was made by an earlier run, or makes one.
    ///
    /// - Throws: ``NodeFailure/disk(_:)``, ``NodeFailure/sync(_:)``.
    func run() async throws(NodeFailure) {
        let place = JoinFolder(effects: effects, data: configuration.folder)
        let need: Need
        do throws(DiskFailure) {
            if try await place.install() { return await mark.remove() }
            need = try await self.need()
        } catch {
            throw .disk(error)
        }
        switch need {
        case .nothing: return
        case .beginning: try await join(configuration.sync)
        case .rest(let height): try await rejoin(above: height)
        }
    }

    private var mark: FallenBehind {
        FallenBehind(disk: effects.disk, folder: configuration.folder)
    }

    /// Joins a node without blocks.
    private func join(_ policy: SyncPolicy) async throws(NodeFailure) {
        switch try await outcome(policy) {
        case .notNeeded(let reason): configuration.log(.info, reason)
        case .joined(_, let slot):
            await mark.remove()
            try await promise(after: slot)
        }
    }

    /// Takes a snapshot above the blocks that a node has; without one it starts as it is.
    private func rejoin(above height: BlockHeight) async throws(NodeFailure) {
        configuration.log(
            .warning,
            "no peer kept the blocks after \(height), the newest here: joining from a snapshot; "
                + "what is here is put aside")
        var policy = configuration.sync
        policy.behindBlocksMin = height.value + 1
        do throws(NodeFailure) {
            try await join(policy)
        } catch .sync(.nothingOffered) {
            configuration.log(.warning, "no peer offers a newer snapshot: starting as it is")
        }
    }

    /// What a node wants of its peers before it starts.
    private enum Need {
        case nothing, beginning
        /// The state above its own blocks, for nobody keeps those that follow them (SYNC-16).
        case rest(BlockHeight)
    }

    /// Whether the node has no block yet, or has fallen behind, and someone to ask.
    private func need() async throws(DiskFailure) -> Need {
        let policy = configuration.sync
        guard policy.mode == .snapshot, !configuration.peers.isEmpty else { return .nothing }
        let isBehind = try await mark.isSet()
        let old = configuration.genesis.time.advanced(by: policy.youngMilliseconds)
        guard isBehind || effects.time.wallClock() >= old else { return .nothing }
        try await effects.disk.createFolder(configuration.folder)
        guard try await effects.disk.list(configuration.folder).contains("blocks") else {
            return .beginning
        }
        let log = try await effects.disk.openLog("\(configuration.folder)/blocks")
        let end = await log.end
        await log.close()
        guard end > 0 else { return .beginning }
        return isBehind ? .rest(BlockHeight(end)) : .nothing
    }

    /// Joins over connections of its own, which listen to nobody and answer nothing.
    private func outcome(
        _ policy: SyncPolicy
    ) async throws(NodeFailure) -> SnapshotJoin.Outcome {
        let genesis = configuration.genesis
        let book = try await EpochBook(
            disk: effects.disk, folder: configuration.folder, genesis: genesis)
        let mesh = PeerMesh(
            effects: effects, identity: configuration.identity, chain: genesis.chain,
            roles: Node.roles(of: configuration), listen: nil, peers: configuration.peers)
        let links = MeshLinks(mesh: mesh, discovery: configuration.discovery(mesh, effects))
        do throws(NodeFailure) {
            try await links.start(MeshHandlers(messages: { _ in }))
        } catch {
            await book.close()
            throw error
        }
        let joining = SnapshotJoin(
            chain: genesis.chain, effects: effects, data: configuration.folder,
            storeBytesMax: configuration.storeBytesMax, policy: policy, peers: links,
            judge: EpochJudge(book: book), log: configuration.log)
        do throws(SyncFailure) {
            let outcome = try await joining.run()
            await links.stop()
            await book.close()
            return outcome
        } catch {
            await links.stop()
            await book.close()
            throw .sync(error)
        }
    }

    /// A validator that comes back with nothing but its key may have spoken up to now; one that is
    /// new promises all the same, for nobody can tell the two apart.
    private func promise(after slot: Slot) async throws(NodeFailure) {
        let genesis = configuration.genesis
        let key = configuration.identity.publicKey
        let path = VotingPromise.path(besides: configuration.folder)
        do throws(DiskFailure) {
            guard try await PromiseKeeper.read(effects.disk, path) == nil else { return }
            var promise = VotingPromise(chain: genesis.chain, key: key)
            promise.ceiling = slot.advanced(by: Self.silentSlots)
            promise.silentThrough = promise.ceiling
            try await effects.disk.replace(path, with: promise.bytes)
        } catch {
            throw .disk(error)
        }
    }
}
