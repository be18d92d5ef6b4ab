// SPDX-License-Identifier: Apache-2.0

/// Keys with their values, one behind the other in one run of bytes: millions of them cost no
/// memory beside their own bytes and are moved as one.
///
/// A pair is the key's length (2 bytes), the value's (4 bytes), both little-endian, the key, the
/// value.
public struct PairList: Sendable, Hashable {
    /// What a pair takes beside its key and value.
    public static let headerBytes = 6

    /// All pairs as they lie.
    public private(set) var bytes: [UInt8]
    /// How many pairs there are.
    public private(set) var count = 0

    /// No pairs yet.
    public init() { bytes = [] }

    /// No pairs, with room for so many bytes.
    public init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Takes bytes that whole pairs lie in; nothing when they do not end where a pair does, or when
    /// a key or value is longer than it may be. Cost: one step a pair.
    public init?(bytes: [UInt8], keyBytesMax: Int, valueBytesMax: Int) {
        let counted = bytes.withUnsafeBytes { raw -> Int? in
            var count = 0
            var offset = 0
            while offset < raw.count {
                guard let lengths = PairLengths(raw, at: offset), lengths.key <= keyBytesMax,
                    lengths.value <= valueBytesMax, lengths.end <= raw.count
                else { return nil }
                offset = lengths.end
                count += 1
            }
            return count
        }
        guard let counted else { return nil }
        self.bytes = bytes
        count = counted
    }

    /// Whether there is none.
    public var isEmpty: Bool { count == 0 }

    /// Appends a pair.
    public mutating func append(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        withUnsafeBytes(of: UInt16(truncatingIfNeeded: key.count).littleEndian) {
            bytes.append(contentsOf: $0)
        }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value.count).littleEndian) {
            bytes.append(contentsOf: $0)
        }
        bytes.append(contentsOf: key)
        bytes.append(contentsOf: value)
        count += 1
    }

    /// Appends a pair.
    public mutating func append(_ key: [UInt8], _ value: [UInt8]) {
        key.withUnsafeBytes { key in value.withUnsafeBytes { append(key, $0) } }
    }

    /// Appends a pair as it lies elsewhere, header included.
    public mutating func append(pair: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: pair)
        count += 1
    }

    /// Forgets all pairs and keeps the room.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Gives each pair in order.
    public func forEach<Failure: Error>(
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(Failure)
            -> Void
    ) throws(Failure) {
        let outcome = bytes.withUnsafeBytes { raw -> Result<Void, Failure> in
            var offset = 0
            while let lengths = PairLengths(raw, at: offset) {
                do throws(Failure) {
                    try body(lengths.key(in: raw), lengths.value(in: raw))
                } catch {
                    return .failure(error)
                }
                offset = lengths.end
            }
            return .success(())
        }
        try outcome.get()
    }

    /// The key of the last pair. Cost: one step a pair.
    public var lastKey: [UInt8]? {
        var last: [UInt8]?
        bytes.withUnsafeBytes { raw in
            var offset = 0
            var newest: PairLengths?
            while let lengths = PairLengths(raw, at: offset) {
                newest = lengths
                offset = lengths.end
            }
            last = newest.map { Array($0.key(in: raw)) }
        }
        return last
    }

    /// All pairs as arrays, for few of them.
    public var pairs: [(key: [UInt8], value: [UInt8])] {
        var pairs: [(key: [UInt8], value: [UInt8])] = []
        forEach { pairs.append((Array($0), Array($1))) }
        return pairs
    }
}

/// Where a pair lies in a run of bytes.
public struct PairLengths: Sendable {
    /// Where its header begins.
    public let start: Int
    /// The bytes of the key.
    public let key: Int
    /// The bytes of the value.
    public let value: Int

    /// Reads a header; nothing when there is no whole one.
    public init?(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard offset + PairList.headerBytes <= bytes.count else { return nil }
        start = offset
        key = Int(
            UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        value = Int(
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 2, as: UInt32.self)))
    }

    /// Where the next pair begins.
    public var end: Int { start + PairList.headerBytes + key + value }

    /// The key's bytes; the pair must be whole.
    public func key(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let from = start + PairList.headerBytes
        return UnsafeRawBufferPointer(rebasing: bytes[from..<from + key])
    }

    /// The value's bytes; the pair must be whole.
    public func value(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let from = start + PairList.headerBytes + key
        return UnsafeRawBufferPointer(rebasing: bytes[from..<from + value])
    }
}
