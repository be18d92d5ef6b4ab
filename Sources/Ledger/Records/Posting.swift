// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A place among all events of a chain: the block, and the event's number within it.
public struct EventCursor: Hashable, Comparable, Sendable, CanonicalCodable {
    /// The block.
    public let height: BlockHeight
    /// The event's number within the block, from 0.
    public let index: UInt32

    /// Names a place.
    public init(height: BlockHeight, index: UInt32) {
        self.height = height
        self.index = index
    }

    /// Compares blocks, then numbers.
    public static func < (left: EventCursor, right: EventCursor) -> Bool {
        left.height == right.height ? left.index < right.index : left.height < right.height
    }

    /// Appends height and index.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(height)
        encoder.write(index)
    }

    /// Reads height and index.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        height = try decoder.read()
        index = try decoder.read()
    }
}

/// That an event concerns an account, a job, or whatever else has thirty-two bytes for a name.
struct Posting: Hashable, Comparable, Sendable {
    let subject: Bytes32
    let place: EventCursor

    /// The bytes of one: subject, height, index, so that their order is that of postings.
    static let bytes = 44

    static func < (left: Posting, right: Posting) -> Bool {
        left.subject == right.subject ? left.place < right.place : left.subject < right.subject
    }

    /// The postings of some lists in order.
    ///
    /// The first eight bytes of a subject nearly always decide; only they are moved about.
    static func sorted(_ lists: [[Posting]]) -> [Posting] {
        let all = Array(lists.joined())
        var ranks = all.indices.map { index in
            Rank(
                first: all[index].subject.withUnsafeBytes {
                    UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
                }, index: UInt32(index))
        }
        ranks.sort { left, right in
            left.first == right.first
                ? all[Int(left.index)] < all[Int(right.index)] : left.first < right.first
        }
        return ranks.map { all[Int($0.index)] }
    }

    private struct Rank {
        let first: UInt64
        let index: UInt32
    }

    /// Writes the forty-four bytes at an offset.
    func store(to bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        bytes.store(subject, at: offset)
        bytes.storeBytes(
            of: place.height.value.bigEndian, toByteOffset: offset + 32, as: UInt64.self)
        bytes.storeBytes(of: place.index.bigEndian, toByteOffset: offset + 40, as: UInt32.self)
    }

    func append(to bytes: inout [UInt8]) {
        subject.withUnsafeBytes { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: place.height.value.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: place.index.bigEndian) { bytes.append(contentsOf: $0) }
    }

    init(_ subject: Bytes32, _ place: EventCursor) {
        self.subject = subject
        self.place = place
    }

    /// Reads forty-four bytes, or nothing.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.bytes, let subject = Bytes32(bytes.prefix(32)) else { return nil }
        let height = bytes.dropFirst(32).prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let index = bytes.suffix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        self.init(subject, EventCursor(height: BlockHeight(height), index: index))
    }
}
