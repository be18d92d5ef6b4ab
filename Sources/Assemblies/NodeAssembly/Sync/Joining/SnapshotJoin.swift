// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import StateTree
import Vocabulary

/// Brings a node with an empty folder to a checkpoint of its chain without executing what came
/// before (specs/sync.md): time proportional to the state, not to the history.
struct SnapshotJoin: Sendable {
    let chain: ChainID
    let effects: Effects
    /// The node's data folder.
    let data: String
    let storeBytesMax: Int
    let policy: SyncPolicy
    let peers: any SyncPeers
    let judge: any FinalityJudge
    let log: NodeLog
    /// Whether the node's own log of blocks goes on: only the state is made.
    var keepsBlocks = false

    /// How it ended.
    enum Outcome: Sendable, Equatable {
        /// The chain is short, or nobody is there to ask: the node begins at the genesis.
        case notNeeded(String)
        /// The state of this height stands; `slot` is the newest that is known to be decided.
        case joined(BlockHeight, slot: Slot)
    }

    /// What was chosen.
    private struct Choice: Sendable {
        let manifest: SnapshotManifest
        let index: SnapshotIndex
        let nodes: [TreeNode]
        let sources: [PublicKey]
    }

    private var place: JoinFolder { JoinFolder(effects: effects, data: data) }
    /// How long between two surveys while nobody answers.
    private static let againMilliseconds: UInt64 = 100

    /// Joins, or says why that is not needed.
    ///
    /// - Throws: ``SyncFailure``; the next run goes on where this one stopped.
    func run() async throws(SyncFailure) -> Outcome {
        let search = OfferSearch(
            chain: chain, book: PeerBook(peers: peers, log: log), peers: peers, judge: judge)
        let begun = effects.time.now()
        let first = await survey(search)
        guard !first.standings.isEmpty else {
            return .notNeeded("no peer answered; the node begins at the genesis")
        }
        guard let choice = try await choose(search, first) else {
            guard first.hasBeginning else {
                throw .nothingOffered(asked: first.standings.count)
            }
            return .notNeeded("the chain is at height \(first.height); its blocks are executed")
        }
        try await fetch(choice, search)
        let slot = await newestSlot(search, after: choice.manifest)
        let seconds = effects.time.now().milliseconds(since: begun) / 1_000
        log(
            .info,
            "joined at height \(choice.manifest.height): \(choice.manifest.keys) keys in "
                + "\(seconds) s; newer blocks follow")
        return .joined(choice.manifest.height, slot: slot)
    }

    // MARK: Choosing

    /// Asks until somebody answers or the patience is over.
    private func survey(_ search: OfferSearch) async -> OfferSearch.Survey {
        let begun = effects.time.now()
        while true {
            let survey = await search.survey()
            let waited = effects.time.now().milliseconds(since: begun)
            let isOver = waited >= policy.patienceMilliseconds || Task.isCancelled
            if !survey.standings.isEmpty || isOver { return survey }
            await effects.time.sleep(milliseconds: Self.againMilliseconds)
        }
    }

    /// The snapshot to take: the one that was begun when it is still offered, else the newest.
    private func choose(
        _ search: OfferSearch, _ survey: OfferSearch.Survey
    ) async throws(SyncFailure) -> Choice? {
        if let old = try await orFail({ () async throws(DiskFailure) in try await place.begun() }),
            let choice = await goOn(old.0, old.1.index, search, survey)
        {
            log(.info, "going on with the snapshot of height \(old.0.height)")
            return choice
        }
        for offer in survey.offers where offer.height.value >= policy.behindBlocksMin {
            guard let manifest = await search.manifest(of: offer, in: survey) else { continue }
            let sources = survey.sources(of: offer)
            guard let found = await search.index(of: manifest, from: sources) else { continue }
            try await orFail { () async throws(DiskFailure) in
                try await place.begin(manifest, IndexFile(index: found.index))
            }
            log(
                .info,
                "taking the snapshot of height \(manifest.height) from \(sources.count) peers: "
                    + "\(manifest.keys) keys, \(manifest.bytes >> 20) MiB")
            return Choice(
                manifest: manifest, index: found.index, nodes: found.nodes, sources: sources)
        }
        return nil
    }

    private func goOn(
        _ manifest: SnapshotManifest, _ index: SnapshotIndex, _ search: OfferSearch,
        _ survey: OfferSearch.Survey
    ) async -> Choice? {
        let sources = survey.sources(of: manifest.offer)
        guard !sources.isEmpty, (try? await search.check(manifest)) != nil,
            let nodes = try? index.verify(root: manifest.root)
        else { return nil }
        return Choice(manifest: manifest, index: index, nodes: nodes, sources: sources)
    }

    // MARK: Fetching and building

    private func fetch(_ choice: Choice, _ search: OfferSearch) async throws(SyncFailure) {
        let manifest = choice.manifest
        guard let block = await search.block(manifest.height) else {
            throw .sourcesLost(manifest.height)
        }
        let written = try await orFail { () async throws(DiskFailure) in
            try await place.runs.numbers()
        }
        let runs = try await ChunkDownload(
            effects: effects, manifest: manifest, index: choice.index, nodes: choice.nodes,
            sources: choice.sources, search: search, runs: place.runs, written: written, log: log,
            abandonedMilliseconds: keepsBlocks ? 0 : ChunkDownload.abandonedMilliseconds
        ).run()
        log(.info, "all of the state is here; its store is built")
        try await StoreBuild(
            effects: effects, runs: place.runs, path: place.statePath, bytesMax: storeBytesMax
        ).run(
            runs,
            at: StateImage.Position(
                chain: chain, height: manifest.height, time: block.block.header.timestamp,
                root: manifest.root))
        try await orFail { () async throws(DiskFailure) in
            if !keepsBlocks { try await place.writeLog(from: block) }
            try await place.markReady()
            _ = try await place.install()
        }
    }

    /// The newest slot that peers show to be decided.
    private func newestSlot(_ search: OfferSearch, after manifest: SnapshotManifest) async -> Slot {
        let height = await search.survey().height
        let newest = await search.block(height)?.block.header.slot
        return max(newest ?? Slot(0), manifest.header.slot)
    }

    private func orFail<Value>(
        _ body: () async throws(DiskFailure) -> Value
    ) async throws(SyncFailure) -> Value {
        do throws(DiskFailure) { return try await body() } catch { throw .disk(error) }
    }
}
