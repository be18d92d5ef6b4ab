// SPDX-License-Identifier: Apache-2.0
import Effects
import Ledger
import StateTree
import Vocabulary

/// Fetches the chunks of a snapshot from all peers that offer it, checks each, and writes them as
/// sorted runs (SYNC-7, SYNC-11).
actor ChunkDownload {
    /// Chunks asked of one peer at a time.
    static let perPeerMax = 3
    /// How often peers are looked at and progress is told.
    private static let turnMilliseconds: UInt64 = 50
    private static let reportMilliseconds: UInt64 = 5_000
    /// How often peers are asked anew what they offer.
    private static let surveyMilliseconds: UInt64 = 5_000
    /// How long nobody may offer the snapshot before it is given up.
    static let abandonedMilliseconds: UInt64 = 60_000
    /// How long to wait when a peer is busy.
    private static let busyMilliseconds: UInt64 = 100

    private let effects: Effects
    private let manifest: SnapshotManifest
    private let index: SnapshotIndex
    private let nodes: [TreeNode]
    private let search: OfferSearch
    private let runs: RunFolder
    private let log: NodeLog
    private let abandonedMilliseconds: UInt64
    private var plan: ChunkPlan
    private var sources: Set<PublicKey>
    /// How many lanes of each peer run.
    private var lanes: [PublicKey: Int] = [:]
    private var tasks: [any SpawnedTask] = []
    private var failure: SyncFailure?
    private let signal = LoopSignal()

    init(
        effects: Effects, manifest: SnapshotManifest, index: SnapshotIndex, nodes: [TreeNode],
        sources: [PublicKey], search: OfferSearch, runs: RunFolder, written: [Int], log: NodeLog,
        abandonedMilliseconds: UInt64
    ) {
        self.effects = effects
        self.manifest = manifest
        self.index = index
        self.nodes = nodes
        self.search = search
        self.runs = runs
        self.log = log
        self.abandonedMilliseconds = abandonedMilliseconds
        self.sources = Set(sources)
        plan = ChunkPlan(index, groupBytes: RunFolder.runBytes, written: Set(written))
    }

    /// Fetches everything; returns the runs.
    func run() async throws(SyncFailure) -> [Int] {
        var reported = effects.time.now()
        var surveyed = reported
        var seen = reported
        while !plan.isComplete, failure == nil {
            guard !Task.isCancelled else { failure = .stopped; break }
            await startLanes()
            await effects.time.sleep(milliseconds: Self.turnMilliseconds)
            signal.pulse()
            let now = effects.time.now()
            if !lanes.isEmpty { seen = now }
            if now.milliseconds(since: surveyed) >= Self.surveyMilliseconds {
                surveyed = now
                sources = Set(await search.survey().sources(of: manifest.offer))
            }
            if isAbandoned(since: seen, now) {
                failure = .sourcesLost(manifest.height)
            }
            guard now.milliseconds(since: reported) >= Self.reportMilliseconds else { continue }
            reported = now
            report()
        }
        signal.pulse()
        for task in tasks { task.cancel() }
        for task in tasks { await task.finished() }
        if let failure { throw failure }
        return plan.runs
    }

    /// Whether nobody has given chunks for long, and chunks are missing.
    private func isAbandoned(since seen: Instant, _ now: Instant) -> Bool {
        lanes.isEmpty && !plan.isComplete
            && now.milliseconds(since: seen) >= abandonedMilliseconds
    }

    private func report() {
        let percent = manifest.bytes == 0 ? 100 : plan.bytesDone * 100 / manifest.bytes
        log(
            .info,
            "state of height \(manifest.height): \(plan.chunksDone) of \(plan.chunks) chunks "
                + "(\(percent) %) from \(lanes.count) peers")
    }

    // MARK: Lanes

    /// Gives every source its lanes.
    private func startLanes() async {
        for peer in sources.sorted() where lanes[peer] == nil {
            guard await !search.book.isBanned(peer), !plan.isComplete else { continue }
            lanes[peer] = Self.perPeerMax
            for _ in 0..<Self.perPeerMax {
                tasks.append(effects.tasks.spawn("fetch chunks") { await self.lane(peer) })
            }
        }
    }

    private func lane(_ peer: PublicKey) async {
        while !plan.isComplete, failure == nil, !Task.isCancelled, sources.contains(peer) {
            guard let part = plan.take() else {
                await withCheckedContinuation { signal.add($0) }
                continue
            }
            guard await fetch(part, from: peer) else {
                plan.giveBack(part)
                signal.pulse()
                break
            }
        }
        lanes[peer, default: 1] -= 1
        if lanes[peer] == 0 { lanes[peer] = nil }
        signal.pulse()
    }

    /// Fetches one chunk; false when the peer shall not be asked for more now.
    private func fetch(_ part: Int, from peer: PublicKey) async -> Bool {
        while failure == nil, !Task.isCancelled {
            let request = SyncRequest.chunk(manifest.height, part: UInt32(part))
            switch await search.book.ask(request, of: peer) {
            case .answer(let bytes): return await take(bytes, part, from: peer)
            case .refused(.busy), .refused(nil):
                await effects.time.sleep(milliseconds: Self.busyMilliseconds)
            case .refused:
                sources.remove(peer)
                return false
            case .silent:
                guard await search.book.takeRest(peer) else { continue }
                sources.remove(peer)
                log(.info, "\(peer) does not answer; others are asked")
                return false
            }
        }
        return false
    }

    private func take(_ bytes: [UInt8], _ part: Int, from peer: PublicKey) async -> Bool {
        let (node, hash) = (nodes[part], index.parts[part].hash)
        let outcome = await effects.workers.run { Self.check(bytes, node, hash) }
        switch outcome {
        case .failure(let reason):
            await search.book.ban(peer, .falseChunk(part: part, "\(reason)"))
            sources.remove(peer)
            return false
        case .success(let pairs):
            guard let whole = plan.put(part, pairs) else { return true }
            do throws(DiskFailure) {
                try await runs.write(whole.lists, as: whole.group)
                plan.settle(whole.group)
                signal.pulse()
            } catch {
                failure = .disk(error)
            }
            return true
        }
    }

    /// Checks a chunk and gives its pairs under their keys in a store.
    static func check(
        _ bytes: [UInt8], _ node: TreeNode, _ hash: Digest
    ) -> Result<PairList, SnapshotFailure> {
        do throws(SnapshotFailure) {
            let chunk = try StateChunk(bytes: bytes)
            try chunk.verify(node: node, hash: hash)
            return .success(stored(chunk.pairs))
        } catch {
            return .failure(error)
        }
    }

    private static func stored(_ pairs: PairList) -> PairList {
        var stored = PairList(
            capacity: pairs.bytes.count + pairs.count * StateImage.statePrefix.count)
        var full = StateImage.statePrefix
        pairs.forEach { key, value in
            full.removeLast(full.count - StateImage.statePrefix.count)
            full.append(contentsOf: key)
            full.withUnsafeBytes { stored.append($0, value) }
        }
        return stored
    }
}
