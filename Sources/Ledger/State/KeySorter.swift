// SPDX-License-Identifier: Apache-2.0

/// Puts the changes of a table in the order of their keys.
///
/// Most keys differ within the eight bytes after their kind, so that comparing one number decides;
/// only ties look at the bytes.
struct KeySorter {
    private struct Rank {
        let kind: UInt32
        let first: UInt64
        let index: UInt32
    }

    /// The bytes that name a kind: the store's, the module, the module's own.
    private static let kindBytes = 3

    private let table: ByteTable
    private var ranks: [Rank] = []

    init(_ table: ByteTable) {
        self.table = table
        ranks.reserveCapacity(table.count)
        for index in 0..<table.count
        where table.isChange(at: index) && table.content(at: index) != .forgotten {
            ranks.append(rank(of: index))
        }
    }

    /// The entries of changes, in key order.
    mutating func sorted() -> [UInt32] {
        ranks.sort { [table] left, right in
            if left.kind != right.kind { return left.kind < right.kind }
            if left.first != right.first { return left.first < right.first }
            return table.withKey(at: Int(left.index)) { leftKey in
                table.withKey(at: Int(right.index)) { leftKey.lexicographicallyPrecedes($0) }
            }
        }
        return ranks.map(\.index)
    }

    private func rank(of index: Int) -> Rank {
        table.withKey(at: index) { key in
            Rank(
                kind: UInt32(Self.number(key.prefix(Self.kindBytes), Self.kindBytes)),
                first: Self.number(key.dropFirst(Self.kindBytes).prefix(8), 8),
                index: UInt32(index))
        }
    }

    /// Bytes as a big-endian number, with zeros after them: shorter keys come first, and equal
    /// numbers are told apart by the bytes.
    private static func number(_ bytes: Slice<UnsafeRawBufferPointer>, _ width: Int) -> UInt64 {
        var number: UInt64 = 0
        for byte in bytes { number = number << 8 | UInt64(byte) }
        return number << UInt64(8 * (width - bytes.count))
    }
}
