// SPDX-License-Identifier: Apache-2.0

/// Changes not yet in the store beneath: key to new value, or to nil for a removed key.
///
/// Reads cost one hash; the keys are also kept in order, so that a scan costs what it returns.
struct OrderedOverlay: Sendable {
    typealias Entry = (key: [UInt8], value: [UInt8]?)

    private var values: [HashedKey: [UInt8]?] = [:]
    private var keys = SortedKeys()

    var isEmpty: Bool { values.isEmpty }
    var count: Int { values.count }

    /// The change of a key: none, a removal or a value.
    subscript(_ key: [UInt8]) -> [UInt8]?? { values[HashedKey(key)] }

    /// Records a change, or with an outer nil forgets it.
    mutating func set(_ key: [UInt8], _ change: [UInt8]??) {
        let previous = values[HashedKey(key)]
        values[HashedKey(key)] = change
        switch (previous, change) {
        case (.none, .some): keys.insert(key)
        case (.some, .none): keys.remove(key)
        default: break
        }
    }

    /// Every change in key order.
    func entries() -> [Entry] {
        keys.all().map { (key: $0, value: values[HashedKey($0)] ?? nil) }
    }

    /// Puts later changes over these.
    mutating func merge(_ later: OrderedOverlay) {
        for entry in later.entries() { set(entry.key, .some(entry.value)) }
    }

    /// Pairs in key order as this overlay changes those of a store beneath.
    ///
    /// - Parameter base: Up to so many pairs of the store after a key, within the same prefix.
    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int,
        base: @escaping (_ after: [UInt8]?, _ limit: Int) -> [(key: [UInt8], value: [UInt8])]
    ) -> [(key: [UInt8], value: [UInt8])] {
        var found: [(key: [UInt8], value: [UInt8])] = []
        var below = PagedPairs(after: after, pageSize: max(limit, 1), fetch: base)
        var cursor = keys.position(after: after, prefix: prefix)
        while found.count < limit {
            let changed = keys.key(at: cursor).flatMap { $0.starts(with: prefix) ? $0 : nil }
            let pair = below.current
            guard let changed else {
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
            if let pair, pair.key == changed { below.advance() }
            if let value = values[HashedKey(changed)] ?? nil { found.append((changed, value)) }
            cursor = keys.next(after: cursor)
        }
        return found
    }
}

/// Pairs of a store beneath, fetched a page at a time.
private struct PagedPairs {
    let pageSize: Int
    let fetch: (_ after: [UInt8]?, _ limit: Int) -> [(key: [UInt8], value: [UInt8])]
    private var page: [(key: [UInt8], value: [UInt8])]
    private var index = 0

    init(
        after: [UInt8]?, pageSize: Int,
        fetch: @escaping (_ after: [UInt8]?, _ limit: Int) -> [(key: [UInt8], value: [UInt8])]
    ) {
        self.pageSize = pageSize
        self.fetch = fetch
        page = fetch(after, pageSize)
    }

    var current: (key: [UInt8], value: [UInt8])? { index < page.count ? page[index] : nil }

    mutating func advance() {
        index += 1
        guard index == page.count, page.count == pageSize, let last = page.last else { return }
        page = fetch(last.key, pageSize)
        index = 0
    }
}
