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
        do throws(DiskFailure) {
            if try await place.install() { return }
            guard try await isWanted() else { return }
        } catch {
            throw .disk(error)
        }
        let outcome = try await join()
        switch outcome {
        case .notNeeded(let reason): configuration.log(.info, reason)
        case .joined(_, let slot): try await promise(after: slot)
        }
    }

    /// Whether the node has no block yet and someone to ask.
    private func isWanted() async throws(DiskFailure) -> Bool {
        let policy = configuration.sync
        let old = configuration.genesis.time.advanced(by: policy.youngMilliseconds)
        guard policy.mode == .snapshot, !configuration.peers.isEmpty,
            effects.time.wallClock() >= old
        else { return false }
        try await effects.disk.createFolder(configuration.folder)
        guard try await effects.disk.list(configuration.folder).contains("blocks") else {
            return true
        }
        let log = try await effects.disk.openLog("\(configuration.folder)/blocks")
        let isEmpty = await log.end == 0
        await log.close()
        return isEmpty
    }

    /// Joins over connections of its own, which listen to nobody and answer nothing.
    private func join() async throws(NodeFailure) -> SnapshotJoin.Outcome {
        let genesis = configuration.genesis
        let book = try await EpochBook(
            disk: effects.disk, folder: configuration.folder, genesis: genesis)
        let mesh = PeerMesh(
            effects: effects, identity: configuration.identity, chain: genesis.chain,
            roles: Node.roles(of: configuration), listen: nil, peers: configuration.peers)
        let links = MeshLinks(mesh: mesh)
        do {
            try await mesh.start(MeshHandlers(messages: { _ in }))
        } catch {
            await book.close()
            throw .network(error)
        }
        let joining = SnapshotJoin(
            chain: genesis.chain, effects: effects, data: configuration.folder,
            storeBytesMax: configuration.storeBytesMax, policy: configuration.sync, peers: links,
            judge: EpochJudge(book: book), log: configuration.log)
        do throws(SyncFailure) {
            let outcome = try await joining.run()
            await mesh.stop()
            await book.close()
            return outcome
        } catch {
            await mesh.stop()
            await book.close()
            throw .sync(error)
        }
    }

    /// A validator that comes back with nothing but its key may have spoken up to now.
    private func promise(after slot: Slot) async throws(NodeFailure) {
        let genesis = configuration.genesis
        let key = configuration.identity.publicKey
        guard genesis.validators.contains(where: { $0.publicKey == key }) else { return }
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
