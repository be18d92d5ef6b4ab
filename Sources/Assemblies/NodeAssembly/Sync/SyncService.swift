// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import PeerNetwork
import Vocabulary

/// A running node's part in state sync: snapshots of its own, answers to those who join, blocks
/// forgotten.
struct SyncService: Sendable {
    let policy: SyncPolicy
    let lengths: EpochLengths
    let keeper: SnapshotKeeper
    let server: SyncServer

    /// Looks at the snapshots that are there; a shelf that cannot be read keeps no node from
    /// starting.
    static func open(
        _ configuration: NodeConfiguration, _ effects: Effects, _ storage: NodeStorage,
        _ epochs: EpochBook
    ) async -> SyncService {
        let shelf = SnapshotShelf(
            disk: effects.disk, folder: "\(configuration.folder)/snapshots")
        do throws(DiskFailure) {
            try await shelf.open()
        } catch {
            configuration.log(.warning, "earlier snapshots cannot be offered: \(error)")
        }
        let (policy, log) = (configuration.sync, configuration.log)
        let keeper = SnapshotKeeper(effects: effects, shelf: shelf, policy: policy, log: log) {
            oldest in
            let height = await storage.height
            guard let limit = policy.forgettable(below: oldest, height: height) else { return }
            do throws(DiskFailure) {
                try await storage.forgetBlocks(below: limit)
            } catch {
                log(.warning, "old blocks cannot be removed: \(error)")
            }
        }
        return SyncService(
            policy: policy, lengths: configuration.genesis.parameters.epochs, keeper: keeper,
            server: SyncServer(shelf: shelf, storage: storage, epochs: epochs))
    }
}

extension Node {
    /// After a checkpoint: commits exactly this state, looks at it, and lets it be written beside
    /// the work (SYNC-1).
    func snapshotWhenDue(at height: BlockHeight) async {
        guard sync.lengths.isCheckpoint(height),
            await sync.keeper.isDue(checkpoint: height.value / sync.lengths.checkpointBlocks)
        else { return }
        // The look must see this height and no later one: the next block waits for the commit.
        await commit?.finished()
        do {
            try await ledger.commit()
            await sync.keeper.begin(
                height, root: ledger.stateRoot, try storage.state.snapshot())
        } catch {
            configuration.log(.warning, "no snapshot of height \(height): \(error)")
        }
    }

    /// Answers a request about snapshots and blocks.
    nonisolated func answerSync(_ request: InboundRequest) async -> RequestAnswer {
        await sync.server.answer(request.bytes, from: request.from)
    }

    /// How often a node that gets no blocks asks why.
    private static let prunedMilliseconds: UInt64 = 30_000

    /// Asks a peer that gives no blocks whether it still has them, then all others; says so when
    /// nobody does (SYNC-16).
    func askWhetherPruned(from height: BlockHeight, _ peer: PublicKey) {
        let now = effects.time.now()
        if let asked = askedPrunedAt, now.milliseconds(since: asked) < Self.prunedMilliseconds {
            return
        }
        askedPrunedAt = now
        effects.tasks.spawn("ask for oldest block") { [links] in
            guard var oldest = await links.oldestBlock(of: peer) else { return }
            for other in await links.everyone() where other != peer && oldest > height {
                if let kept = await links.oldestBlock(of: other) { oldest = min(oldest, kept) }
            }
            await self.take(oldest: oldest, from: height)
        }
    }

    private func take(oldest: BlockHeight, from height: BlockHeight) async {
        let mark = FallenBehind(disk: effects.disk, folder: configuration.folder)
        guard ledger.height < height.advanced(by: 1), oldest > height else {
            trouble("history", nil)
            return await mark.remove()
        }
        let joins = configuration.sync.mode == .snapshot
        if joins { await mark.set() }
        trouble(
            "history",
            "peers keep no block below \(oldest) and this node needs \(height): "
                + (joins
                    ? "at its next start it joins from a snapshot"
                    : "start it with an empty folder and sync from a snapshot, or name a peer that "
                        + "keeps all"))
    }
}

extension MeshLinks: SyncPeers {
    /// How long an answer may take: 256 KiB at 30 KiB/s.
    static let syncMilliseconds: UInt64 = 8_000

    func everyone() async -> [PublicKey] { connectedPeers().map(\.publicKey) }

    /// The oldest block a peer keeps, as it says.
    func oldestBlock(of peer: PublicKey) async -> BlockHeight? {
        guard case .answer(let bytes) = await ask(.standing, of: peer) else { return nil }
        return (try? SyncStanding(canonicalBytes: bytes))?.oldest
    }

    func ask(_ request: SyncRequest, of peer: PublicKey) async -> SyncReply {
        do throws(RequestFailure) {
            return .answer(
                try await self.answer(
                    request.canonicalBytes, on: MeshChannels.sync, from: peer,
                    milliseconds: Self.syncMilliseconds))
        } catch {
            switch error {
            case .refused(let code): return .refused(SyncRefusal(rawValue: code))
            case .queueFull, .tooManyInFlight: return .refused(.busy)
            case .notConnected, .tooLong, .timedOut, .cancelled: return .silent
            }
        }
    }
}
