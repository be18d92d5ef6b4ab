// SPDX-License-Identifier: Apache-2.0
import StateTree
import Vocabulary

/// What a node asks of another's snapshots and blocks (SYNC-8).
enum SyncRequest: Hashable, CanonicalCodable {
    /// The most bytes of an encoding: a tag, a height, a number.
    static let bytesMax = 1 + 8 + 4

    /// Where the peer stands and which snapshots it offers: ``SyncStanding``.
    case standing
    /// The manifest of a height: ``SnapshotManifest``.
    case manifest(BlockHeight)
    /// A page of the index of a height: ``IndexPage``.
    case index(BlockHeight, page: UInt32)
    /// The chunk of a part of a height: its bytes as they are.
    case chunk(BlockHeight, part: UInt32)
    /// The final block of a height: a record of the block log.
    case block(BlockHeight)
    /// How an epoch ended: ``EpochRecord``.
    case epoch(Epoch)

    func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .standing: encoder.writeTag(0)
        case .manifest(let height):
            encoder.writeTag(1)
            encoder.write(height)
        case .index(let height, let page):
            encoder.writeTag(2)
            encoder.write(height)
            encoder.write(page)
        case .chunk(let height, let part):
            encoder.writeTag(3)
            encoder.write(height)
            encoder.write(part)
        case .block(let height):
            encoder.writeTag(4)
            encoder.write(height)
        case .epoch(let epoch):
            encoder.writeTag(5)
            encoder.write(epoch)
        }
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .standing
        case 1: self = .manifest(try decoder.read())
        case 2: self = .index(try decoder.read(), page: try decoder.read())
        case 3: self = .chunk(try decoder.read(), part: try decoder.read())
        case 4: self = .block(try decoder.read())
        case 5: self = .epoch(try decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

/// Why a request has no answer; the codes travel in the transport's refusals.
enum SyncRefusal: UInt8, Sendable {
    /// The request does not read.
    case malformed = 1
    /// The node answers as many requests as it may; again in a moment.
    case busy = 2
    /// The node offers no such snapshot, or no longer.
    case notOffered = 3
    /// The block lies below those that the node keeps.
    case pruned = 4
    /// The node's disk failed.
    case failed = 5
}

/// Where a node stands (SYNC-8).
struct SyncStanding: Hashable, CanonicalCodable {
    /// The most snapshots a node offers.
    static let offersMax = 4

    /// The newest final block.
    let height: BlockHeight
    /// The oldest block that it can give; above ``height`` when it has none.
    let oldest: BlockHeight
    /// The snapshots it offers, the newest first.
    let offers: [SnapshotOffer]

    init(height: BlockHeight, oldest: BlockHeight, offers: [SnapshotOffer]) {
        self.height = height
        self.oldest = oldest
        self.offers = Array(offers.prefix(Self.offersMax))
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(height)
        encoder.write(oldest)
        encoder.writeList(offers)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        height = try decoder.read()
        oldest = try decoder.read()
        offers = try decoder.readList(limit: Self.offersMax)
    }
}

/// Parts of an index in a row.
struct IndexPage: Hashable, CanonicalCodable {
    /// The most parts of a page: 4,096 of 42 bytes are 168 KiB.
    static let partsMax = 4_096

    let parts: [SnapshotPart]

    init(parts: [SnapshotPart]) { self.parts = parts }

    func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(parts) }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        parts = try decoder.readList(limit: Self.partsMax)
    }
}

/// The index of a snapshot as a file beside its chunks.
struct IndexFile: CanonicalCodable {
    /// The most bytes of the file: as many parts as there may be, and their number.
    static let bytesMax = SnapshotIndex.partsMax * SnapshotPart.encodedBytes + 8

    let index: SnapshotIndex

    func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(index.parts) }

    init(index: SnapshotIndex) { self.index = index }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        index = SnapshotIndex(parts: try decoder.readList(limit: SnapshotIndex.partsMax))
    }
}
