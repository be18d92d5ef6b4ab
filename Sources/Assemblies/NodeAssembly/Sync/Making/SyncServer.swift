// SPDX-License-Identifier: Apache-2.0
import Effects
import PeerNetwork
import Vocabulary

/// Answers what joining nodes ask, a few requests at a time for each (SYNC-9).
actor SyncServer {
    /// Requests of one peer that are answered at a time: with chunks of 256 KiB that is 1 MiB.
    static let perPeerMax = 4
    /// Requests of all peers that are answered at a time: 8 MiB of chunks.
    static let allMax = 32

    private let shelf: SnapshotShelf
    private let storage: NodeStorage
    private let epochs: EpochBook
    private var answering: [PublicKey: Int] = [:]
    private var all = 0
    private(set) var answers: UInt64 = 0
    private(set) var refusals: UInt64 = 0

    init(shelf: SnapshotShelf, storage: NodeStorage, epochs: EpochBook) {
        self.epochs = epochs
        self.shelf = shelf
        self.storage = storage
    }

    /// Answers one request of a peer.
    func answer(_ bytes: [UInt8], from peer: PublicKey) async -> RequestAnswer {
        guard bytes.count <= SyncRequest.bytesMax,
            let request = try? SyncRequest(canonicalBytes: bytes)
        else { return refuse(.malformed) }
        guard all < Self.allMax, answering[peer, default: 0] < Self.perPeerMax else {
            return refuse(.busy)
        }
        all += 1
        answering[peer, default: 0] += 1
        let answer = await answer(request)
        all -= 1
        let left = answering[peer, default: 1] - 1
        answering[peer] = left == 0 ? nil : left
        answers += 1
        return answer
    }

    private func refuse(_ refusal: SyncRefusal) -> RequestAnswer {
        refusals += 1
        return .refused(code: refusal.rawValue)
    }

    private func answer(_ request: SyncRequest) async -> RequestAnswer {
        do {
            switch request {
            case .standing: return .answer(await standing().canonicalBytes)
            case .manifest(let height):
                guard let manifest = await shelf.manifest(height) else { break }
                return .answer(manifest.canonicalBytes)
            case .index(let height, let page):
                guard let page = await shelf.page(height, page) else { break }
                return .answer(page.canonicalBytes)
            case .chunk(let height, let part):
                guard let bytes = try await shelf.chunk(height, part) else { break }
                return .answer(bytes)
            case .block(let height): return try await block(height)
            case .epoch(let epoch):
                guard let record = try await epochs.records(from: epoch, count: 1).first
                else { break }
                return .answer(record.canonicalBytes)
            }
            return refuse(.notOffered)
        } catch {
            return refuse(.failed)
        }
    }

    private func standing() async -> SyncStanding {
        SyncStanding(
            height: await storage.height, oldest: await storage.oldest,
            offers: await shelf.offers)
    }

    private func block(_ height: BlockHeight) async throws -> RequestAnswer {
        guard await height >= storage.oldest else { return refuse(.pruned) }
        guard let block = try await storage.block(at: height) else { return refuse(.notOffered) }
        return .answer(block.canonicalBytes)
    }
}

extension NodeStorage {
    /// The oldest block that is kept; above ``height`` when there is none.
    var oldest: BlockHeight { get async { await BlockHeight(blocks.first + 1) } }

    /// Forgets blocks below a height, as far as whole segments of the log allow.
    func forgetBlocks(below height: BlockHeight) async throws(DiskFailure) {
        guard height.value > 1 else { return }
        try await blocks.prune(before: height.value - 1)
    }
}
