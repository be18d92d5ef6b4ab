// SPDX-License-Identifier: Apache-2.0
import Cryptography
import StateTree
import Vocabulary

/// What a block changed: keys, the values before and after, and what the tree makes of them.
///
/// Keys are those of the store; all bytes lie in one run.
struct StateDelta: Sendable {
    struct Item: Sendable {
        /// Where the tree keeps the key.
        let path: Digest
        /// The hash of the new value, or nothing when the key was removed.
        let valueHash: Digest?
        let start: UInt32
        let keyCount: UInt32
        // -1 is no value.
        let beforeCount: Int32
        let afterCount: Int32
    }

    private(set) var items: [Item] = []
    private var arena: [UInt8] = []

    /// About how many bytes this holds.
    var bytes: Int { arena.count + items.count * MemoryLayout<Item>.stride }

    mutating func append(
        _ key: UnsafeRawBufferPointer, before: UnsafeRawBufferPointer?,
        after: UnsafeRawBufferPointer?
    ) {
        let start = UInt32(arena.count)
        arena.append(contentsOf: key)
        if let before { arena.append(contentsOf: before) }
        if let after { arena.append(contentsOf: after) }
        // The tree knows keys without the byte that names their kind in the store.
        items.append(
            Item(
                path: Self.hash(UnsafeRawBufferPointer(rebasing: key.dropFirst())),
                valueHash: after.map(Self.hash), start: start, keyCount: UInt32(key.count),
                beforeCount: before.map { Int32($0.count) } ?? -1,
                afterCount: after.map { Int32($0.count) } ?? -1))
    }

    mutating func append(_ change: StateChange) {
        let key = StoreLayout.state(change.module, change.key)
        key.withUnsafeBytes { key in
            Self.lend(change.before) { before in
                Self.lend(change.after) { after in append(key, before: before, after: after) }
            }
        }
    }

    /// Lends the key and the value after of an item.
    func withAfter(at index: Int, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer?) -> Void)
    {
        let item = items[index]
        arena.withUnsafeBytes { bytes in
            let key = bytes[Int(item.start)..<Int(item.start + item.keyCount)]
            let value = key.endIndex + Int(max(item.beforeCount, 0))
            let after = item.afterCount < 0 ? nil : bytes[value..<value + Int(item.afterCount)]
            body(
                UnsafeRawBufferPointer(rebasing: key),
                after.map { UnsafeRawBufferPointer(rebasing: $0) })
        }
    }

    /// The value before, or nothing.
    func before(at index: Int) -> [UInt8]? {
        let item = items[index]
        guard item.beforeCount >= 0 else { return nil }
        let start = Int(item.start + item.keyCount)
        return Array(arena[start..<start + Int(item.beforeCount)])
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finish()
    }

    private static func lend(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
        guard let bytes else { return body(nil) }
        bytes.withUnsafeBytes { body($0) }
    }
}

/// The changes of one block from several sources, in the order of the tree.
struct OrderedDelta: Sendable {
    private struct Place: Sendable {
        let first: UInt64
        let source: UInt32
        let index: UInt32
    }

    let sources: [StateDelta]
    /// The changes as the tree takes them, in ascending order.
    let redo: [SparseMerkleTree.Change]
    private let places: [Place]

    /// Orders changes; no key is in two of the sources.
    init(_ sources: [StateDelta]) {
        var places: [Place] = []
        places.reserveCapacity(sources.reduce(0) { $0 + $1.items.count })
        for (source, delta) in sources.enumerated() {
            for (index, item) in delta.items.enumerated() {
                let first = item.path.raw.withUnsafeBytes {
                    UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
                }
                places.append(
                    Place(first: first, source: UInt32(source), index: UInt32(index)))
            }
        }
        func path(_ place: Place) -> Digest {
            sources[Int(place.source)].items[Int(place.index)].path
        }
        places.sort { left, right in
            left.first == right.first ? path(left) < path(right) : left.first < right.first
        }
        redo = places.map { place in
            let item = sources[Int(place.source)].items[Int(place.index)]
            return SparseMerkleTree.Change(key: item.path, valueHash: item.valueHash)
        }
        self.places = places
        self.sources = sources
    }

    var isEmpty: Bool { redo.isEmpty }
    /// About how many bytes this holds: an ordered change has 65, padded to 72, and its place 16.
    var bytes: Int { sources.reduce(88 * redo.count) { $0 + $1.bytes } }

    /// The tree changes that undo these, in ascending order. Cost: a hash each.
    var undo: [SparseMerkleTree.Change] {
        zip(redo, places).map { change, place in
            let before = sources[Int(place.source)].before(at: Int(place.index))
            return SparseMerkleTree.Change(
                key: change.key, valueHash: before.map { SHA256.hash($0) })
        }
    }

    /// The value before under a path, if the block changed it: an outer nothing when not.
    func before(_ path: Digest) -> [UInt8]?? {
        var low = 0
        var high = redo.count
        while low < high {
            let middle = (low + high) / 2
            if redo[middle].key < path { low = middle + 1 } else { high = middle }
        }
        guard low < redo.count, redo[low].key == path else { return nil }
        return .some(sources[Int(places[low].source)].before(at: Int(places[low].index)))
    }
}
