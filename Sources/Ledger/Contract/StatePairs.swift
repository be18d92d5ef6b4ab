// SPDX-License-Identifier: Apache-2.0

/// Every pair of a module whose key starts with a prefix, in key order, read a page at a time.
///
/// Cost: one ``StateReader/scan(_:prefix:after:limit:)`` for each ``pageItems`` pairs and one more;
/// no more than a page is held. The state must not change while it is walked.
public struct StatePairs: Sequence {
    /// How many pairs are read at once.
    public static let pageItems = 1_000

    let state: any StateReader
    let module: ModuleID
    let prefix: [UInt8]

    /// Where a walk stands.
    public struct Iterator: IteratorProtocol {
        private let pairs: StatePairs
        private var page: ArraySlice<(key: [UInt8], value: [UInt8])> = []
        private var after: [UInt8]?
        private var isOver = false

        init(_ pairs: StatePairs) { self.pairs = pairs }

        /// The next pair.
        public mutating func next() -> (key: [UInt8], value: [UInt8])? {
            if page.isEmpty, !isOver { readPage() }
            return page.popFirst()
        }

        private mutating func readPage() {
            let read = pairs.state.scan(
                pairs.module, prefix: pairs.prefix, after: after, limit: StatePairs.pageItems)
            page = read[...]
            after = page.last?.key
            isOver = page.isEmpty
        }
    }

    /// Begins before the first pair.
    public func makeIterator() -> Iterator { Iterator(self) }
}

extension StateReader {
    /// Every pair of a module whose key starts with `prefix`, in key order.
    public func pairs(of module: ModuleID, prefix: [UInt8]) -> StatePairs {
        StatePairs(state: self, module: module, prefix: prefix)
    }
}
