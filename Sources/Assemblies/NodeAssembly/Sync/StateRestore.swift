// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Vocabulary

/// Builds a state anew from the node's own snapshots, for a block log that no longer begins with
/// the first block (SYNC-15).
struct StateRestore: Sendable {
    let configuration: NodeConfiguration
    let effects: Effects

    /// Puts a state in place that the block log can go on from; does nothing when the log holds
    /// every block.
    ///
    /// - Throws: ``NodeFailure/pruned(_:)`` when no snapshot can be used.
    func run() async throws(NodeFailure) {
        let log: any RecordLog
        do throws(DiskFailure) {
            log = try await effects.disk.openLog("\(configuration.folder)/blocks")
        } catch {
            throw .disk(error)
        }
        do throws(NodeFailure) {
            try await run(log)
        } catch {
            await log.close()
            throw error
        }
        await log.close()
    }

    private func run(_ log: any RecordLog) async throws(NodeFailure) {
        let (first, end) = (await log.first, await log.end)
        guard first > 0 else { return }
        let shelf = SnapshotShelf(
            disk: effects.disk, folder: "\(configuration.folder)/snapshots")
        do throws(DiskFailure) { try await shelf.open() } catch { throw .disk(error) }
        for height in await shelf.heights where height.value > first && height.value <= end {
            guard try await restore(height, shelf, log) else { continue }
            await shelf.close()
            return
        }
        await shelf.close()
        throw .pruned("blocks 1 to \(first) are pruned and no own snapshot above them can be used")
    }

    private func restore(
        _ height: BlockHeight, _ shelf: SnapshotShelf, _ log: any RecordLog
    ) async throws(NodeFailure) -> Bool {
        let genesis = configuration.genesis
        let book = try await EpochBook(
            disk: effects.disk, folder: configuration.folder, genesis: genesis)
        var policy = configuration.sync
        policy.behindBlocksMin = 0
        policy.patienceMilliseconds = 0
        let joining = SnapshotJoin(
            chain: genesis.chain, effects: effects, data: configuration.folder,
            storeBytesMax: configuration.storeBytesMax, policy: policy,
            peers: OwnShelf(
                key: configuration.identity.publicKey, shelf: shelf, log: log, height: height),
            judge: EpochJudge(book: book), log: configuration.log, keepsBlocks: true)
        do throws(SyncFailure) {
            let outcome = try await joining.run()
            await book.close()
            guard case .joined = outcome else { return false }
            return true
        } catch .disk(let failure) {
            await book.close()
            throw .disk(failure)
        } catch {
            await book.close()
            configuration.log(
                .warning, "the snapshot of height \(height) cannot be used: \(error)")
            return false
        }
    }
}

/// The node's own snapshot of one height as if a peer offered it.
private struct OwnShelf: SyncPeers {
    let key: PublicKey
    let shelf: SnapshotShelf
    let log: any RecordLog
    let height: BlockHeight

    func everyone() async -> [PublicKey] { [key] }

    func ask(_ request: SyncRequest, of peer: PublicKey) async -> SyncReply {
        let bytes: [UInt8]?
        switch request {
        case .standing:
            let offers = await shelf.offers.filter { $0.height == height }
            bytes =
                SyncStanding(
                    height: await BlockHeight(log.end), oldest: await BlockHeight(log.first + 1),
                    offers: offers
                ).canonicalBytes
        case .manifest(let height): bytes = await shelf.manifest(height)?.canonicalBytes
        case .index(let height, let page):
            bytes = await shelf.page(height, page)?.canonicalBytes
        case .chunk(let height, let part): bytes = try? await shelf.chunk(height, part)
        case .block(let height):
            bytes = try? await log.read(
                from: max(height.value, 1) - 1, count: 1, bytesMax: 1
            ).first
        // The judge reads the node's own book first: nobody else is here to ask.
        case .epoch: bytes = nil
        }
        return bytes.map(SyncReply.answer) ?? .refused(.notOffered)
    }
}
