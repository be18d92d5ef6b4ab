// SPDX-License-Identifier: Apache-2.0

/// Changes not yet in the store beneath, and values read from it: key to value, or to nothing.
///
/// Reads cost one hash. Keys are put in order only where somebody scans: a scan of few keys by what
/// its prefix names, a scan of a whole kind by ordering the kind from then on.
final class OrderedOverlay: @unchecked Sendable {
    typealias Pair = (key: [UInt8], value: [UInt8])
    typealias Change = (key: [UInt8], value: [UInt8]?)

    let table = ByteTable()
    private var keys = SortedKeys()
    private var orderedPrefixes: [[UInt8]] = []

    init() {}

    /// What is known of a key: nothing, that it has no value, or its value.
    subscript(_ key: [UInt8]) -> [UInt8]?? {
        key.withUnsafeBytes { withKnown($0) { $0.map(Array.init) } }
    }

    /// Lends what is known of a key: its value, or nothing when it has none.
    ///
    /// - Returns: Nothing when nothing is known.
    func withKnown<Result>(
        _ key: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?) -> Result
    ) -> Result? {
        guard let index = table.find(key) else { return nil }
        switch table.content(at: index) {
        case .forgotten: return nil
        case .removed: return body(nil)
        case .value: return table.withValue(at: index) { body($0) }
        }
    }

    /// Records a change, or with an outer nil forgets it.
    func set(_ key: [UInt8], _ change: [UInt8]??) {
        guard let change else {
            guard let index = key.withUnsafeBytes({ table.find($0) }) else { return }
            table.forget(at: index)
            return
        }
        key.withUnsafeBytes { key in
            guard let change else { return set(key, nil) }
            change.withUnsafeBytes { set(key, $0) }
        }
    }

    /// Records a change.
    func set(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        put(key, value, isChange: true)
    }

    /// Keeps what the store beneath says of a key that has no entry.
    func keep(_ key: [UInt8], _ value: [UInt8]?) {
        key.withUnsafeBytes { key in
            guard let value else { return put(key, nil, isChange: false) }
            value.withUnsafeBytes { put(key, $0, isChange: false) }
        }
    }

    private func put(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?, isChange: Bool
    ) {
        let entry = table.set(key, value, isChange: isChange)
        if entry.isNew, isOrdered(key) { keys.insert(Array(key)) }
    }

    /// Every change in key order. Cost: sorting them, and two allocations for each.
    func changes() -> [Change] {
        order().map { place in
            let index = Int(place)
            let hasValue = table.content(at: index) == .value
            return (table.key(at: index), hasValue ? table.value(at: index) : nil)
        }
    }

    /// The places of all changes in key order. Cost: sorting them.
    func order() -> [UInt32] {
        var sorter = KeySorter(table)
        return sorter.sorted()
    }

    /// Forgets everything and keeps the memory.
    func removeAll() {
        table.removeAll()
        keys = SortedKeys()
        orderedPrefixes = []
    }

    /// Puts later changes over these.
    func merge(_ later: OrderedOverlay) {
        for index in 0..<later.table.count where later.table.content(at: index) != .forgotten {
            let key = later.table.key(at: index)
            let hasValue = later.table.content(at: index) == .value
            let value = hasValue ? later.table.value(at: index) : nil
            if later.table.isChange(at: index) { set(key, .some(value)) } else { keep(key, value) }
        }
    }

    // MARK: Scanning

    /// Pairs in key order as this overlay changes those of a store beneath.
    ///
    /// - Parameter base: Up to so many pairs of the store after a key, within the same prefix.
    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int,
        base: @escaping (_ after: [UInt8]?, _ limit: Int) -> [Pair]
    ) -> [Pair] {
        guard table.count > 0 else { return base(after, limit) }
        var cursor = cursor(prefix: prefix, after: after)
        var found: [Pair] = []
        var below = PagedPairs(after: after, pageSize: max(limit, 1), fetch: base)
        while found.count < limit {
            let pair = below.current
            guard let changed = cursor.current, changed.starts(with: prefix) else {
                guard let pair else { break }
                found.append(pair)
                below.advance()
                continue
            }
            if let pair, pair.key.lexicographicallyPrecedes(changed) {
                found.append(pair)
                below.advance()
                continue
            }
            let known = self[changed]
            if let pair, pair.key == changed {
                if known == nil { found.append(pair) }
                below.advance()
            }
            if let value = known ?? nil { found.append((changed, value)) }
            cursor.advance()
        }
        return found
    }

    private func cursor(prefix: [UInt8], after: [UInt8]?) -> KeyCursor {
        let isOrdered = orderedPrefixes.contains { prefix.starts(with: $0) }
        if !isOrdered, prefix.count >= ByteTable.familyBytes,
            let members = table.members(of: prefix)
        {
            let keys = members.map(table.key(at:))
                .filter { key in after.map { $0.lexicographicallyPrecedes(key) } ?? true }
            return .list(keys.sorted { $0.lexicographicallyPrecedes($1) }, 0)
        }
        if !isOrdered { order(orderable(prefix)) }
        return .ordered(keys, keys.position(after: after, prefix: prefix))
    }

    /// What to order for a prefix: its family, or when there are many of those its kind.
    private func orderable(_ prefix: [UInt8]) -> [UInt8] {
        let isCrowded = orderedPrefixes.count >= Self.orderedPrefixesMax
        return Array(prefix.prefix(isCrowded ? Self.kindBytes : ByteTable.familyBytes))
    }

    /// The most prefixes ordered one by one: each new key is held against all of them.
    private static let orderedPrefixesMax = 16
    /// The bytes that name a kind: the store's, the module, the module's own.
    private static let kindBytes = 3

    private func isOrdered(_ key: UnsafeRawBufferPointer) -> Bool {
        orderedPrefixes.contains { prefix in
            prefix.withUnsafeBytes { prefix in
                key.count >= prefix.count
                    && ByteHash.isEqual(
                        UnsafeRawBufferPointer(rebasing: key.prefix(prefix.count)), prefix)
            }
        }
    }

    /// Orders all keys of a prefix, those to come too.
    private func order(_ prefix: [UInt8]) {
        let covered = orderedPrefixes.filter { $0.starts(with: prefix) }
        orderedPrefixes.removeAll { $0.starts(with: prefix) }
        orderedPrefixes.append(prefix)
        for index in 0..<table.count {
            let isNew = table.withKey(at: index) { key in
                key.starts(with: prefix) && !covered.contains { key.starts(with: $0) }
            }
            if isNew { keys.insert(table.key(at: index)) }
        }
    }
}

/// A place among keys in order.
private enum KeyCursor {
    case ordered(SortedKeys, SortedKeys.Position)
    case list([[UInt8]], Int)

    var current: [UInt8]? {
        switch self {
        case .ordered(let keys, let position): keys.key(at: position)
        case .list(let keys, let index): index < keys.count ? keys[index] : nil
        }
    }

    mutating func advance() {
        switch self {
        case .ordered(let keys, let position):
            self = .ordered(keys, keys.next(after: position))
        case .list(let keys, let index): self = .list(keys, index + 1)
        }
    }
}

/// Pairs of a store beneath, fetched a page at a time.
private struct PagedPairs {
    let pageSize: Int
    let fetch: (_ after: [UInt8]?, _ limit: Int) -> [OrderedOverlay.Pair]
    private var page: [OrderedOverlay.Pair]
    private var index = 0

    init(
        after: [UInt8]?, pageSize: Int,
        fetch: @escaping (_ after: [UInt8]?, _ limit: Int) -> [OrderedOverlay.Pair]
    ) {
        self.pageSize = pageSize
        self.fetch = fetch
        page = fetch(after, pageSize)
    }

    var current: OrderedOverlay.Pair? { index < page.count ? page[index] : nil }

    mutating func advance() {
        index += 1
        guard index == page.count, page.count == pageSize, let last = page.last else { return }
        page = fetch(last.key, pageSize)
        index = 0
    }
}
