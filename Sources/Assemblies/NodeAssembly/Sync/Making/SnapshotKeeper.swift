// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import StateTree
import Vocabulary

/// Makes a snapshot at checkpoints, beside the node's work, and offers it once a final header
/// carries its root (SYNC-1, SYNC-2).
actor SnapshotKeeper {
    private struct Carrier {
        let header: BlockHeader
        let finality: FinalityProof
    }

    /// A checkpoint whose snapshot is under way or waits for its header.
    private struct Pending {
        let height: BlockHeight
        let root: Digest
        var index: SnapshotIndex?
        var carrier: Carrier?
    }

    let shelf: SnapshotShelf
    private let effects: Effects
    private let policy: SyncPolicy
    private let log: NodeLog
    /// Called with the oldest height that a snapshot on offer needs, when there are enough.
    private let settled: @Sendable (BlockHeight) async -> Void
    private var pending: Pending?
    /// Why what lies in the store is not the state of the last checkpoint looked at, in words; kept
    /// until a later one is right (SYNC-17).
    private(set) var damage: String?
    private var making: (any SpawnedTask)?

    init(
        effects: Effects, shelf: SnapshotShelf, policy: SyncPolicy, log: NodeLog,
        settled: @escaping @Sendable (BlockHeight) async -> Void
    ) {
        self.effects = effects
        self.shelf = shelf
        self.policy = policy
        self.log = log
        self.settled = settled
    }

    /// Whether a snapshot shall be made at a checkpoint.
    ///
    /// - Parameter number: The checkpoint's number.
    func isDue(checkpoint number: UInt64) async -> Bool {
        guard making == nil else { return false }
        return policy.isDue(checkpoint: number, lastBytes: await shelf.newestBytes)
    }

    /// Begins to make a snapshot and returns at once; closes `look` in the end.
    func begin(_ height: BlockHeight, root: Digest, _ look: any StoreSnapshot) {
        guard making == nil else { return look.close() }
        pending = Pending(height: height, root: root)
        making = effects.tasks.spawn("make snapshot") { await self.make(height, root, look) }
    }

    private func make(_ height: BlockHeight, _ root: Digest, _ look: any StoreSnapshot) async {
        let begun = effects.time.now()
        let maker = SnapshotMaker(
            effects: effects, workFolder: shelf.workFolder, bytesPerSecond: policy.bytesPerSecond)
        do {
            let position = try await StateImage.position(in: look)
            guard position?.height == height, position?.root == root else {
                throw MakingFailure.disk(
                    .damaged(path: "state", reason: "it does not stand at checkpoint \(height)"))
            }
            let index = try await maker.make(look, to: shelf.chunksPath(height))
            guard (try? index.verify(root: root)) != nil else { throw damaged(height, root) }
            damage = nil
            try await shelf.prepare(height, index)
            pending?.index = index
            let keys = index.parts.reduce(0) { $0 + UInt64($1.count) }
            log(
                .info,
                "snapshot of height \(height): \(keys) keys in \(index.parts.count) chunks, made "
                    + "in \(effects.time.now().milliseconds(since: begun)) ms")
            await offerWhenVouched()
        } catch {
            look.close()
            pending = nil
            try? await shelf.remove(height)
            if error as? MakingFailure != .stopped {
                log(.warning, "no snapshot of height \(height): \(error); the next is tried again")
            }
        }
        making = nil
    }

    /// Every pair of the store has been read and hashed, and they are not those of the root.
    private func damaged(_ height: BlockHeight, _ root: Digest) -> MakingFailure {
        let text =
            "the store does not hold the state of height \(height), whose root is \(root): "
            + "rebuild this node's state"
        damage = text
        log(.error, text)
        return .disk(.damaged(path: "state", reason: "it is not that of checkpoint \(height)"))
    }

    /// Sees a final block, whose header may carry the root of a checkpoint.
    func see(_ header: BlockHeader, _ finality: FinalityProof) async {
        guard let pending, pending.carrier == nil, header.stateHeight == pending.height,
            header.stateRoot == pending.root
        else { return }
        self.pending?.carrier = Carrier(header: header, finality: finality)
        await offerWhenVouched()
    }

    private func offerWhenVouched() async {
        guard let done = pending, let index = done.index, let carrier = done.carrier else { return }
        pending = nil
        let manifest = SnapshotManifest(
            height: done.height, root: done.root, index: index, header: carrier.header,
            finality: carrier.finality)
        do throws(DiskFailure) {
            try await shelf.offer(manifest)
        } catch {
            log(.warning, "the snapshot of height \(done.height) is not offered: \(error)")
            return
        }
        let heights = await shelf.heights
        if heights.count >= SnapshotShelf.keptMax, let oldest = heights.last {
            await settled(oldest)
        }
    }

    /// Ends what is under way.
    func stop() async {
        making?.cancel()
        await making?.finished()
        await shelf.close()
    }
}
