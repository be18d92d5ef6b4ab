// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import Effects
import Ledger
import SimulatedEffects
import StateTree
import Testing
import Vocabulary

@testable import NodeAssembly

/// A snapshot of a made-up state with what vouches for it, as a shelf offers it.
struct Offer: Sendable {
    static let height = BlockHeight(2_000)
    static let chain = ChainID(SHA256.hash([1, 2, 3]).raw)
    let root: Digest
    let manifest: SnapshotManifest
    let index: SnapshotIndex
    let chunks: [[UInt8]]
    let block: FinalizedBlock
    /// The pairs under their keys in a store.
    let stored: [[UInt8]: [UInt8]]

    /// Makes a state of so many pairs in a store, and its snapshot the way a node does.
    static func make(_ effects: Effects, pairs count: Int, salt: Int = 0) async throws -> Offer {
        let folder = "offer-\(count)-\(salt)"
        let store = try await effects.disk.openStore(folder, bytesMax: 1 << 30)
        var stored: [[UInt8]: [UInt8]] = [:]
        for number in 0..<count {
            let key = StateImage.statePrefix + [3] + SHA256.hash([UInt8](bytes(number))).raw.bytes
            stored[key] = [UInt8](repeating: UInt8(salt), count: 60 + number % 90)
        }
        try await store.commit(stored.map { (key: $0.key, value: $0.value) })
        let look = try store.snapshot()
        try await effects.disk.createFolder("\(folder)-made")
        let index = try await SnapshotMaker(
            effects: effects, workFolder: "\(folder)-work", bytesPerSecond: 1 << 40
        ).make(look, to: "\(folder)-made/chunks")
        await store.close()
        let bytes = try await effects.disk.read("\(folder)-made/chunks", limit: 1 << 30)
        var chunks: [[UInt8]] = []
        var offset = 0
        for part in index.parts {
            chunks.append(Array(bytes[offset..<offset + Int(part.bytes)]))
            offset += Int(part.bytes)
        }
        let root = root(of: stored)
        _ = try index.verify(root: root)
        let block = try final(height, state: BlockHeight(height.value - 1), root: .zero)
        let carrier = try final(height.advanced(by: 1), state: height, root: root)
        return Offer(
            root: root,
            manifest: SnapshotManifest(
                height: height, root: root, index: index, header: carrier.block.header,
                finality: carrier.proof),
            index: index, chunks: chunks, block: block, stored: stored)
    }

    private static func bytes(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0) }
    }

    static func root(of stored: [[UInt8]: [UInt8]]) -> Digest {
        var tree = SparseMerkleTree()
        tree.update(
            stored.map {
                SparseMerkleTree.Change(
                    key: SparseMerkleTree.path(of: Array($0.key.dropFirst())),
                    valueHash: SHA256.hash($0.value))
            }.sorted { $0.key < $1.key })
        return tree.root
    }

    static func validator() throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: 7, count: 32)))
    }

    static func judge() throws -> GenesisJudge {
        let key = try validator().publicKey
        return GenesisJudge(
            chain: chain, validators: try ValidatorSet([Validator(key: key, stake: 1)]))
    }

    /// A block that the one validator made final.
    static func final(
        _ height: BlockHeight, state: BlockHeight, root: Digest
    ) throws -> FinalizedBlock {
        let key = try validator()
        let header = BlockHeader(
            chain: chain, epoch: Epoch(0), slot: Slot(height.value + 5), height: height,
            parentSlot: Slot(height.value), parent: SHA256.hash([9]),
            timestamp: Timestamp(1_000 + height.value), payloadDigest: Block.digest(of: [0]),
            stateHeight: state, stateRoot: root, proposer: key.publicKey)
        let block = try #require(Block(header: header, payload: [0]))
        let statement = Statement.final(header.slot, block.hash)
        let vote = Vote(statement, by: key, validator: 0, chain: chain, epoch: Epoch(0))
        return FinalizedBlock(
            block: block,
            proof: FinalityProof(
                certificate: Certificate(statement, epoch: Epoch(0), votes: [vote])))
    }
}

/// Peers who answer from an offer, each in its own way.
actor Crowd: SyncPeers {
    /// What a peer does.
    enum Conduct: Sendable, CaseIterable {
        case honest, falseChunk, emptyChunk, hugeChunk, malformedIndex, otherIndex, endlessIndex
        case unsignedHeader, otherRoot, malformedManifest, otherBlock, noise
        case silent, busy, forgetful, offersAndLeaves
    }

    private let effects: Effects
    private let offer: Offer
    private let other: Offer
    private var conducts: [PublicKey: Conduct] = [:]
    private(set) var chunksGiven: [PublicKey: Int] = [:]

    init(_ effects: Effects, _ offer: Offer, other: Offer, _ conducts: [Conduct]) throws {
        self.effects = effects
        self.offer = offer
        self.other = other
        for (place, conduct) in conducts.enumerated() {
            self.conducts[try Self.key(place)] = conduct
        }
    }

    static func key(_ place: Int) throws -> PublicKey {
        try SyncCloud.key(100 + place).publicKey
    }

    func everyone() async -> [PublicKey] { conducts.keys.sorted() }

    func ask(_ request: SyncRequest, of peer: PublicKey) async -> SyncReply {
        await effects.time.sleep(milliseconds: 5)
        let conduct = conducts[peer] ?? .silent
        switch conduct {
        case .silent:
            await effects.time.sleep(milliseconds: 500)
            return .silent
        case .noise: return .answer(Array("noise".utf8))
        default: break
        }
        switch request {
        case .standing:
            return .answer(
                SyncStanding(
                    height: Offer.height.advanced(by: 9), oldest: BlockHeight(1_900),
                    offers: [offered(conduct)]
                ).canonicalBytes)
        case .manifest: return .answer(manifest(conduct))
        case .index(_, let page): return index(conduct, page)
        case .chunk(_, let part): return chunk(conduct, Int(part), peer)
        case .block(let height): return block(conduct, height)
        case .epoch: return .refused(.notOffered)
        }
    }

    private func offered(_ conduct: Conduct) -> SnapshotOffer {
        switch conduct {
        case .otherRoot: other.manifest.offer
        default: offer.manifest.offer
        }
    }

    private func manifest(_ conduct: Conduct) -> [UInt8] {
        switch conduct {
        case .malformedManifest: return [1, 2, 3]
        case .otherRoot:
            // Another state under a header that carries the true one.
            return SnapshotManifest(
                height: Offer.height, root: other.root, index: other.index,
                header: offer.manifest.header, finality: offer.manifest.finality
            ).canonicalBytes
        case .unsignedHeader:
            let proof = FinalityProof(
                certificate: Certificate(
                    offer.manifest.finality.certificate.statement, epoch: Epoch(0), votes: []))
            return SnapshotManifest(
                height: Offer.height, root: offer.root, index: offer.index,
                header: offer.manifest.header, finality: proof
            ).canonicalBytes
        default: return offer.manifest.canonicalBytes
        }
    }

    private func index(_ conduct: Conduct, _ page: UInt32) -> SyncReply {
        switch conduct {
        case .malformedIndex: return .answer([0xff, 0xff])
        case .otherIndex: return .answer(IndexPage(parts: other.index.parts).canonicalBytes)
        case .endlessIndex:
            return .answer(
                IndexPage(parts: Array(repeating: offer.index.parts[0], count: 4_096))
                    .canonicalBytes)
        default:
            let start = Int(page) * IndexPage.partsMax
            guard start < offer.index.parts.count else { return .refused(.notOffered) }
            return .answer(IndexPage(parts: offer.index.parts).canonicalBytes)
        }
    }

    private func chunk(_ conduct: Conduct, _ part: Int, _ peer: PublicKey) -> SyncReply {
        chunksGiven[peer, default: 0] += 1
        switch conduct {
        case .falseChunk:
            var bytes = offer.chunks[part]
            bytes[bytes.count - 1] ^= 1
            return .answer(bytes)
        case .emptyChunk: return .answer([])
        case .hugeChunk: return .answer([UInt8](repeating: 0, count: 2 << 20))
        case .busy:
            return chunksGiven[peer, default: 0] % 4 == 0
                ? .answer(offer.chunks[part]) : .refused(.busy)
        case .forgetful: return .refused(.notOffered)
        case .offersAndLeaves:
            guard chunksGiven[peer, default: 0] > 2 else { return .answer(offer.chunks[part]) }
            conducts[peer] = .silent
            return .silent
        default: return .answer(offer.chunks[part])
        }
    }

    private func block(_ conduct: Conduct, _ height: BlockHeight) -> SyncReply {
        if conduct == .otherBlock,
            let block = try? Offer.final(
                height.advanced(by: 3), state: height, root: .zero)
        {
            return .answer(block.canonicalBytes)
        }
        if height == Offer.height { return .answer(offer.block.canonicalBytes) }
        let newest = try? Offer.final(height, state: Offer.height, root: offer.root)
        return newest.map { .answer($0.canonicalBytes) } ?? .silent
    }
}
