// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import StateTree
import Vocabulary

/// What a node says of a snapshot it offers, with the final header that vouches for it (SYNC-5).
struct SnapshotManifest: Hashable, CanonicalCodable {
    /// The most bytes of an encoding: a header with a proof of 1,024 descendants of some 250 bytes
    /// and a certificate of 100 signatures of 66 bytes, 0.3 MiB, and as much again.
    static let bytesMax = 640 << 10
    /// The layout of snapshots that this code makes and takes.
    static let versionNow: UInt16 = 1

    /// The layout.
    let version: UInt16
    /// The checkpoint whose state it is.
    let height: BlockHeight
    /// The root of that state.
    let root: Digest
    /// How many pairs the state has; said and not proven.
    let keys: UInt64
    /// How many bytes the chunks have; said and not proven.
    let bytes: UInt64
    /// How many parts the index has.
    let parts: UInt32
    /// The digest of the index.
    let index: Digest
    /// A final header that carries the root of this height.
    let header: BlockHeader
    /// Why the header is final.
    let finality: FinalityProof

    init(
        height: BlockHeight, root: Digest, index: SnapshotIndex, header: BlockHeader,
        finality: FinalityProof
    ) {
        version = Self.versionNow
        self.height = height
        self.root = root
        keys = index.parts.reduce(0) { $0 + UInt64($1.count) }
        bytes = index.parts.reduce(0) { $0 + UInt64($1.bytes) }
        parts = UInt32(index.parts.count)
        self.index = index.digest
        self.header = header
        self.finality = finality
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(version)
        encoder.write(height)
        encoder.write(root)
        encoder.write(keys)
        encoder.write(bytes)
        encoder.write(parts)
        encoder.write(index)
        encoder.write(header)
        encoder.write(finality)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        version = try decoder.read()
        height = try decoder.read()
        root = try decoder.read()
        keys = try decoder.read()
        bytes = try decoder.read()
        parts = try decoder.read()
        index = try decoder.read()
        header = try decoder.read()
        finality = try decoder.read()
        guard version == Self.versionNow else { throw .unknownTag(UInt32(version)) }
        guard parts <= UInt32(SnapshotIndex.partsMax) else {
            throw .tooLong(length: Int(parts), limit: SnapshotIndex.partsMax)
        }
    }

    /// What two peers must say alike for their chunks to be taken together.
    var offer: SnapshotOffer { SnapshotOffer(height: height, root: root, index: index) }
}

/// A snapshot by what it holds.
struct SnapshotOffer: Hashable, Sendable, CanonicalCodable {
    /// The checkpoint.
    let height: BlockHeight
    /// The root.
    let root: Digest
    /// The digest of the index.
    let index: Digest

    init(height: BlockHeight, root: Digest, index: Digest) {
        self.height = height
        self.root = root
        self.index = index
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(height)
        encoder.write(root)
        encoder.write(index)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        height = try decoder.read()
        root = try decoder.read()
        index = try decoder.read()
    }
}
