// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import StateTree
import Vocabulary

/// Finds the newest snapshot that peers offer and a final header vouches for (SYNC-6).
struct OfferSearch: Sendable {
    let chain: ChainID
    let book: PeerBook
    let peers: any SyncPeers
    let judge: any FinalityJudge

    /// What peers say of themselves.
    struct Survey: Sendable {
        var standings: [(peer: PublicKey, standing: SyncStanding)] = []

        /// The highest block anybody has.
        var height: BlockHeight { standings.map(\.standing.height).max() ?? BlockHeight(0) }
        /// Whether somebody can give the chain from its first block.
        var hasBeginning: Bool {
            standings.contains { $0.standing.oldest <= BlockHeight(1) }
        }
        /// Who offers a snapshot.
        func sources(of offer: SnapshotOffer) -> [PublicKey] {
            standings.filter { $0.standing.offers.contains(offer) }.map(\.peer)
        }
        /// All offers, the newest first; of one height those that more peers make.
        var offers: [SnapshotOffer] {
            Set(standings.flatMap(\.standing.offers)).map { ($0, sources(of: $0).count) }
                .sorted { left, right in
                    if left.0.height != right.0.height { return left.0.height > right.0.height }
                    if left.1 != right.1 { return left.1 > right.1 }
                    return left.0.index.raw < right.0.index.raw
                }
                .map(\.0)
        }
    }

    /// Asks everybody where they stand.
    func survey() async -> Survey {
        var survey = Survey()
        for peer in await book.honest() {
            guard case .answer(let bytes) = await book.ask(.standing, of: peer) else { continue }
            guard let standing = try? SyncStanding(canonicalBytes: bytes) else {
                await book.ban(peer, .malformed("standing"))
                continue
            }
            survey.standings.append((peer, standing))
        }
        return survey
    }

    /// The manifest of an offer from whoever makes it, once it holds; nothing when none does.
    func manifest(of offer: SnapshotOffer, in survey: Survey) async -> SnapshotManifest? {
        for peer in survey.sources(of: offer) {
            guard case .answer(let bytes) = await book.ask(.manifest(offer.height), of: peer)
            else { continue }
            do throws(SyncFault) {
                return try await manifest(bytes, of: offer)
            } catch {
                await book.ban(peer, error)
            }
        }
        return nil
    }

    private func manifest(
        _ bytes: [UInt8], of offer: SnapshotOffer
    ) async throws(SyncFault) -> SnapshotManifest {
        guard bytes.count <= SnapshotManifest.bytesMax,
            let manifest = try? SnapshotManifest(canonicalBytes: bytes)
        else { throw .malformed("manifest") }
        guard manifest.offer == offer else { throw .manifestContradicts(offer.height) }
        try await check(manifest)
        return manifest
    }

    /// Checks that a final header of the chain carries the root of the manifest's height.
    func check(_ manifest: SnapshotManifest) async throws(SyncFault) {
        let header = manifest.header
        guard header.chain == chain, header.stateHeight == manifest.height,
            header.stateRoot == manifest.root, header.height > manifest.height
        else { throw .manifestContradicts(manifest.height) }
        try await judge.verify(header, manifest.finality, asking: peers)
    }

    /// The index a manifest names, from one of its sources, with the nodes of its parts.
    func index(
        of manifest: SnapshotManifest, from sources: [PublicKey]
    ) async -> (index: SnapshotIndex, nodes: [TreeNode])? {
        for peer in sources {
            do throws(SyncFault) {
                guard let parts = try await parts(of: manifest, from: peer) else { continue }
                return try await index(parts, of: manifest)
            } catch {
                await book.ban(peer, error)
            }
        }
        return nil
    }

    private func parts(
        of manifest: SnapshotManifest, from peer: PublicKey
    ) async throws(SyncFault) -> [SnapshotPart]? {
        var parts: [SnapshotPart] = []
        var number: UInt32 = 0
        while parts.count < Int(manifest.parts) {
            let request = SyncRequest.index(manifest.height, page: number)
            guard case .answer(let bytes) = await book.ask(request, of: peer) else { return nil }
            guard let page = try? IndexPage(canonicalBytes: bytes), !page.parts.isEmpty else {
                throw .malformed("index")
            }
            parts += page.parts
            number += 1
        }
        return parts
    }

    private func index(
        _ parts: [SnapshotPart], of manifest: SnapshotManifest
    ) async throws(SyncFault) -> (index: SnapshotIndex, nodes: [TreeNode]) {
        let index = SnapshotIndex(parts: parts)
        guard index.digest == manifest.index else { throw .otherIndex }
        do throws(SnapshotFailure) {
            return (index, try index.verify(root: manifest.root))
        } catch {
            throw .falseIndex("\(error)")
        }
    }

    /// A final block of a height, checked; nothing when nobody has it.
    func block(_ height: BlockHeight) async -> FinalizedBlock? {
        for peer in await book.honest() {
            guard case .answer(let bytes) = await book.ask(.block(height), of: peer) else {
                continue
            }
            do throws(SyncFault) {
                guard let block = try? FinalizedBlock(canonicalBytes: bytes) else {
                    throw .malformed("block \(height)")
                }
                guard block.block.header.height == height, block.block.header.chain == chain else {
                    throw .otherBlock(height)
                }
                try await judge.verify(block.block.header, block.proof, asking: peers)
                return block
            } catch {
                await book.ban(peer, error)
            }
        }
        return nil
    }
}
