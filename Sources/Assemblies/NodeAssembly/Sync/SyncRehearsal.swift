// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
public import Effects
import Ledger
import StateTree
public import Vocabulary

/// State sync of one store's state into another on one machine, without a network: what making a
/// snapshot and joining from it cost there.
public struct SyncRehearsal: Sendable {
    /// What was found.
    public struct Report: Sendable {
        /// The pairs of the state.
        public let keys: UInt64
        /// The bytes of its chunks.
        public let bytes: UInt64
        /// How many chunks they are.
        public let chunks: Int
        /// Milliseconds to make the snapshot, with no limit to its rate.
        public let making: UInt64
        /// Milliseconds to fetch, check and sort all chunks.
        public let checking: UInt64
        /// Milliseconds to build the store.
        public let building: UInt64
    }

    private let effects: Effects
    private let folder: String

    /// - Parameter folder: Where everything is kept; the caller removes it.
    public init(effects: Effects, folder: String) {
        self.effects = effects
        self.folder = folder
    }

    /// Fills a store, makes a snapshot of it, and joins from that.
    ///
    /// - Parameters:
    ///   - pages: Pages of state keys and values, all keys ascending; nothing at the end.
    ///   - storeBytesMax: The most bytes of each of the two stores.
    /// - Throws: ``SyncFailure``.
    public func run(
        storeBytesMax: Int, pages: @Sendable () async -> PairList?
    ) async throws(SyncFailure) -> Report {
        let store = try await orFail { () async throws(DiskFailure) in
            try await effects.disk.openStore("\(folder)/from", bytesMax: storeBytesMax)
        }
        while let page = await pages() {
            try await orFail { () async throws(DiskFailure) in
                try await store.load(Self.stored(page))
            }
        }
        let shelf = SnapshotShelf(disk: effects.disk, folder: "\(folder)/snapshots")
        var watch = effects.time.now()
        let manifest = try await make(store, shelf)
        let making = lap(&watch)
        await store.close()
        let (checking, building) = try await join(manifest, shelf, storeBytesMax, &watch)
        await shelf.close()
        return Report(
            keys: manifest.keys, bytes: manifest.bytes, chunks: Int(manifest.parts),
            making: making, checking: checking, building: building)
    }

    private static func stored(_ page: PairList) -> PairList {
        var stored = PairList(capacity: page.bytes.count + page.count)
        page.forEach { key, value in
            let full = StateImage.statePrefix + key
            full.withUnsafeBytes { stored.append($0, value) }
        }
        return stored
    }

    private func lap(_ watch: inout Instant) -> UInt64 {
        let now = effects.time.now()
        defer { watch = now }
        return now.milliseconds(since: watch)
    }

    private func make(
        _ store: any KeyValueStore, _ shelf: SnapshotShelf
    ) async throws(SyncFailure) -> SnapshotManifest {
        try await orFail { () async throws(DiskFailure) in try await shelf.open() }
        let height = BlockHeight(1)
        do throws(MakingFailure) {
            let look = try await orMakingFails { () async throws(DiskFailure) in
                try store.snapshot()
            }
            let index = try await SnapshotMaker(
                effects: effects, workFolder: shelf.workFolder, bytesPerSecond: .max
            ).make(look, to: shelf.chunksPath(height))
            let manifest = Self.manifest(height, index)
            try await orMakingFails { () async throws(DiskFailure) in
                try await shelf.prepare(height, index)
                try await shelf.offer(manifest)
            }
            return manifest
        } catch {
            throw .wrongState("\(error)")
        }
    }

    /// A manifest that nobody signed: a rehearsal trusts itself.
    private static func manifest(_ height: BlockHeight, _ index: SnapshotIndex) -> SnapshotManifest
    {
        let root = index.root
        let header = BlockHeader(
            chain: ChainID(.zero), epoch: Epoch(0), slot: Slot(2), height: height.advanced(by: 1),
            parentSlot: Slot(1), parent: .zero, timestamp: Timestamp(1), payloadDigest: .zero,
            stateHeight: height, stateRoot: root, proposer: PublicKey(.zero))
        let certificate = Certificate(
            .final(header.slot, header.hash), epoch: Epoch(0), votes: [])
        return SnapshotManifest(
            height: height, root: root, index: index, header: header,
            finality: FinalityProof(certificate: certificate))
    }

    private func join(
        _ manifest: SnapshotManifest, _ shelf: SnapshotShelf, _ storeBytesMax: Int,
        _ watch: inout Instant
    ) async throws(SyncFailure) -> (checking: UInt64, building: UInt64) {
        let peers = ShelfPeers(shelf: shelf)
        let search = OfferSearch(
            chain: ChainID(.zero), book: PeerBook(peers: peers, log: .silent), peers: peers,
            judge: TrustingJudge())
        guard let found = await search.index(of: manifest, from: [ShelfPeers.key]) else {
            throw .sourcesLost(manifest.height)
        }
        let place = JoinFolder(effects: effects, data: folder)
        try await orFail { () async throws(DiskFailure) in
            try await place.begin(manifest, IndexFile(index: found.index))
        }
        let runs = try await ChunkDownload(
            effects: effects, manifest: manifest, index: found.index, nodes: found.nodes,
            sources: [ShelfPeers.key], search: search, runs: place.runs, written: [],
            log: .silent, abandonedMilliseconds: 0
        ).run()
        let checking = lap(&watch)
        try await StoreBuild(
            effects: effects, runs: place.runs, path: place.statePath, bytesMax: storeBytesMax
        ).run(
            runs,
            at: StateImage.Position(
                chain: ChainID(.zero), height: manifest.height, time: Timestamp(1),
                root: manifest.root))
        return (checking, lap(&watch))
    }

    private func orFail<Value>(
        _ body: () async throws(DiskFailure) -> Value
    ) async throws(SyncFailure) -> Value {
        do throws(DiskFailure) { return try await body() } catch { throw .disk(error) }
    }

    private func orMakingFails<Value>(
        _ body: () async throws(DiskFailure) -> Value
    ) async throws(MakingFailure) -> Value {
        do throws(DiskFailure) { return try await body() } catch { throw .disk(error) }
    }
}

/// Takes every header as final.
private struct TrustingJudge: FinalityJudge {
    func verify(
        _ header: BlockHeader, _ finality: FinalityProof, asking peers: any SyncPeers
    ) async throws(SyncFault) {}
}

/// A shelf as the only peer.
private struct ShelfPeers: SyncPeers {
    static let key = PublicKey(.zero)
    let shelf: SnapshotShelf

    func everyone() async -> [PublicKey] { [Self.key] }

    func ask(_ request: SyncRequest, of peer: PublicKey) async -> SyncReply {
        let bytes: [UInt8]?
        switch request {
        case .index(let height, let page):
            bytes = await shelf.page(height, page)?.canonicalBytes
        case .chunk(let height, let part): bytes = try? await shelf.chunk(height, part)
        case .manifest(let height): bytes = await shelf.manifest(height)?.canonicalBytes
        case .standing:
            bytes =
                SyncStanding(
                    height: BlockHeight(2), oldest: BlockHeight(1), offers: await shelf.offers
                ).canonicalBytes
        case .block, .epoch: bytes = nil
        }
        return bytes.map(SyncReply.answer) ?? .refused(.notOffered)
    }
}
