// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Where outcomes lie, by transaction hash: in memory, made anew from the blocks' records when a
/// store is opened (LEDGER-15).
///
/// A place is 16 bytes in a table that is at most three quarters full. Blocks leave the window in
/// the order they came, so places lie in segments of blocks that are dropped whole.
final class OutcomeIndex: @unchecked Sendable {
    // Written between blocks by the machine's owner; workers only read.
    fileprivate struct Place {
        /// Never 0; 0 is an empty slot.
        var fingerprint: UInt64
        /// Blocks after the segment's first.
        var block: UInt32
        /// Where in the block's record the outcome begins.
        var offset: UInt32
    }

    fileprivate struct Segment {
        let first: BlockHeight
        var last: BlockHeight
        var count = 0
        var slots = [Place](
            repeating: Place(fingerprint: 0, block: 0, offset: 0), count: OutcomeIndex.slotsMin)
    }

    private static let slotsMin = 64
    /// Blocks of one segment: a look at a window of 100,000 blocks goes through 25.
    private static let segmentBlocks: UInt64 = 4_096

    private var segments: [Segment] = []

    /// Notes the outcomes of the newest block by their places in its record.
    func insert(_ places: [(hash: Digest, offset: Int)], at height: BlockHeight) {
        guard !places.isEmpty else { return }
        let isNew =
            segments.last.map { height.value - $0.first.value >= Self.segmentBlocks } ?? true
        if isNew { segments.append(Segment(first: height, last: height)) }
        let segment = segments.count - 1
        segments[segment].last = height
        let block = UInt32(height.value - segments[segment].first.value)
        for place in places {
            segments[segment].insert(
                Place(
                    fingerprint: Self.fingerprint(place.hash), block: block,
                    offset: UInt32(place.offset)))
        }
    }

    /// Drops segments that have no block after a height.
    func forget(through height: BlockHeight) {
        while let first = segments.first, first.last <= height { segments.removeFirst() }
    }

    /// What became of a transaction, as its block's record tells.
    ///
    /// Cost: a look into each segment, and one read where a fingerprint fits.
    func find(_ hash: Digest, in layers: LayeredStore) -> TransactionOutcome? {
        let fingerprint = Self.fingerprint(hash)
        for segment in segments.reversed() {
            for (height, offset) in segment.places(of: fingerprint).reversed() {
                let found = layers.peek(StoreLayout.outcomes(at: height)) { bytes in
                    bytes.flatMap { OutcomeRecord.outcome(at: offset, of: $0) }
                }
                if let found, found.hash == hash { return found }
            }
        }
        return nil
    }

    private static func fingerprint(_ hash: Digest) -> UInt64 {
        hash.raw.withUnsafeBytes { ByteHash.hash($0) } | 1
    }
}

extension OutcomeIndex.Segment {
    fileprivate mutating func insert(_ place: OutcomeIndex.Place) {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        put(place)
        count += 1
    }

    /// The places of a fingerprint, in the order they came.
    fileprivate func places(of fingerprint: UInt64) -> [(height: BlockHeight, offset: Int)] {
        var found: [(height: BlockHeight, offset: Int)] = []
        var slot = Int(truncatingIfNeeded: fingerprint >> 8) & (slots.count - 1)
        while slots[slot].fingerprint != 0 {
            if slots[slot].fingerprint == fingerprint {
                let height = first.advanced(by: UInt64(slots[slot].block))
                found.append((height, Int(slots[slot].offset)))
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return found.sorted { $0 < $1 }
    }

    private mutating func put(_ place: OutcomeIndex.Place) {
        var slot = Int(truncatingIfNeeded: place.fingerprint >> 8) & (slots.count - 1)
        while slots[slot].fingerprint != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = place
    }

    private mutating func grow() {
        let old = slots
        slots = [OutcomeIndex.Place](
            repeating: OutcomeIndex.Place(fingerprint: 0, block: 0, offset: 0),
            count: old.count * 2)
        for place in old where place.fingerprint != 0 { put(place) }
    }
}
