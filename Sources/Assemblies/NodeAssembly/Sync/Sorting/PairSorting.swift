// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Sorts pairs by key as they lie, moving each once.
enum PairSorting {
    /// A pair by the first bytes in which keys differ, which nearly always decide.
    private struct Entry {
        let prefix: UInt64
        let list: UInt32
        let offset: UInt32
    }

    /// All pairs of some lists in ascending key order.
    ///
    /// - Parameter lists: Each of less than 4 GiB.
    static func sorted(_ lists: [PairList]) -> PairList {
        let bytes = lists.reduce(0) { $0 + $1.bytes.count }
        let shared = sharedBytes(lists)
        var entries: [Entry] = []
        entries.reserveCapacity(lists.reduce(0) { $0 + $1.count })
        for (number, list) in lists.enumerated() {
            list.bytes.withUnsafeBytes { raw in
                var offset = 0
                while let lengths = PairLengths(raw, at: offset) {
                    entries.append(
                        Entry(
                            prefix: prefix(lengths.key(in: raw), from: shared),
                            list: UInt32(number),
                            offset: UInt32(offset)))
                    offset = lengths.end
                }
            }
        }
        entries.sort { isBefore($0, $1, lists) }
        var sorted = PairList(capacity: bytes)
        for entry in entries {
            lists[Int(entry.list)].bytes.withUnsafeBytes { raw in
                guard let lengths = PairLengths(raw, at: Int(entry.offset)) else { return }
                sorted.append(
                    pair: UnsafeRawBufferPointer(rebasing: raw[lengths.start..<lengths.end]))
            }
        }
        return sorted
    }

    private static func isBefore(_ left: Entry, _ right: Entry, _ lists: [PairList]) -> Bool {
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        return lists[Int(left.list)].bytes.withUnsafeBytes { leftBytes in
            lists[Int(right.list)].bytes.withUnsafeBytes { rightBytes in
                guard let one = PairLengths(leftBytes, at: Int(left.offset)),
                    let other = PairLengths(rightBytes, at: Int(right.offset))
                else { return false }
                return one.key(in: leftBytes).lexicographicallyPrecedes(other.key(in: rightBytes))
            }
        }
    }

    /// How many bytes all keys begin with alike.
    private static func sharedBytes(_ lists: [PairList]) -> Int {
        var first: [UInt8]?
        var shared = 0
        for list in lists {
            list.forEach { key, _ in
                guard let known = first else {
                    (first, shared) = (Array(key), key.count)
                    return
                }
                shared = min(shared, key.count)
                shared = (0..<shared).first { known[$0] != key[$0] } ?? shared
            }
        }
        return shared
    }

    /// Eight bytes of a key as a number that orders as they do; zeros behind its end.
    static func prefix(_ key: UnsafeRawBufferPointer, from start: Int = 0) -> UInt64 {
        if key.count >= start + 8 {
            return UInt64(bigEndian: key.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
        var prefix: UInt64 = 0
        for index in start..<start + 8 {
            prefix = prefix << 8 | (index < key.count ? UInt64(key[index]) : 0)
        }
        return prefix
    }
}
