// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// Looks at every page an LMDB file uses before LMDB touches it (EFFECTS-18).
///
/// LMDB keeps no checksums and trusts its file: a page that is not what it should be ends the
/// process, or is read as something else. After this look it can rely on the pages' form; what
/// the values say is for their owner to check. Cost: each used page is read once.
struct LightningInspection {
    private let file: OpenFile
    private let name: String
    private let fileBytes: UInt64
    private let meta: LightningMeta
    /// One bit for each page that has been found in use.
    private var used: [UInt64]

    /// More levels than a tree of 2^48 pages has.
    private static let depthMax = 32
    private static let pageBytesAllowed = [
        1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15,
    ]

    /// Checks a file; none, or an empty one, is a store that begins.
    ///
    /// - Throws: ``DiskFailure/damaged(path:reason:)``.
    static func check(_ path: DiskPath, naming name: String) throws(DiskFailure) {
        let file: OpenFile
        do throws(DiskFailure) {
            file = try OpenFile(path, O_RDONLY)
        } catch .notFound {
            return
        }
        guard try file.size() > 0 else { return }
        var inspection = try LightningInspection(file, name)
        try inspection.run()
    }

    private init(_ file: OpenFile, _ name: String) throws(DiskFailure) {
        self.file = file
        self.name = name
        fileBytes = try file.size()
        let first = LightningMeta(try file.read(at: 0, count: LightningMeta.bytesCount))
        guard let first, Self.pageBytesAllowed.contains(first.pageBytes) else {
            throw .damaged(path: name, reason: "page 0 is no beginning of a store")
        }
        let second = LightningMeta(
            try file.read(at: UInt64(first.pageBytes), count: LightningMeta.bytesCount))
        guard let second, second.pageBytes == first.pageBytes else {
            throw .damaged(path: name, reason: "page 1 is no beginning of a store")
        }
        meta = first.transaction < second.transaction ? second : first
        let pageCount = fileBytes / UInt64(meta.pageBytes)
        used = [UInt64](repeating: 0, count: Int(pageCount / 64) + 1)
    }

    private mutating func run() throws(DiskFailure) {
        var free: [UInt64] = []
        let name = name
        try walk(meta.free) { node, page throws(DiskFailure) in
            free += try Self.identifiers(node, page, name)
        }
        try walk(meta.main) { _, _ in }
        for page in free {
            guard page > 1, page <= meta.lastPage else {
                throw damaged(page, "counts as free and cannot be")
            }
            if isUsed(page) { throw damaged(page, "counts as free and is in use") }
        }
    }

    /// Looks at one tree and gives its entries in order to `visit`, large values as their bytes.
    private mutating func walk(
        _ tree: LightningMeta.Tree,
        _ visit: (_ value: [UInt8], _ page: UInt64) throws(DiskFailure) -> Void
    ) throws(DiskFailure) {
        guard let root = tree.root else { return }
        guard tree.depth > 0, tree.depth <= Self.depthMax else {
            throw damaged(root, "is the root of a tree of \(tree.depth) levels")
        }
        var census = Census(isNumbered: tree.root == meta.free.root)
        try walk(root, level: 1, of: tree.depth, &census, visit)
        guard census.branches == tree.branches, census.leaves == tree.leaves,
            census.overflows == tree.overflows, census.entries == tree.entries
        else { throw damaged(root, "is the root of a tree with other numbers than it says") }
    }

    /// What a walk has counted, and the last key it met.
    private struct Census {
        /// Whether keys are numbers of 8 bytes and not bytes to be compared as they stand.
        let isNumbered: Bool
        var branches: UInt64 = 0
        var leaves: UInt64 = 0
        var overflows: UInt64 = 0
        var entries: UInt64 = 0
        var last: [UInt8]?
        /// No key below this may follow, for a page above says so.
        var floor: [UInt8]?

        /// Whether a key of a leaf may come next.
        mutating func takes(_ key: [UInt8]) -> Bool {
            if let last, !precedes(last, key) { return false }
            if let floor, precedes(key, floor) { return false }
            last = key
            entries += 1
            return !key.isEmpty
        }

        /// Whether a branch may say that only keys from here on follow.
        mutating func begins(at key: [UInt8]) -> Bool {
            if let last, !precedes(last, key) { return false }
            floor = key
            return true
        }

        private func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
            isNumbered
                ? LightningPage.number(left[...]) < LightningPage.number(right[...])
                : left.lexicographicallyPrecedes(right)
        }
    }

    private mutating func walk(
        _ number: UInt64, level: Int, of depth: Int, _ census: inout Census,
        _ visit: (_ value: [UInt8], _ page: UInt64) throws(DiskFailure) -> Void
    ) throws(DiskFailure) {
        let page = try take(number)
        let expected: LightningPage.Kind = level == depth ? .leaf : .branch
        guard page.kind == expected else { throw damaged(number, "is no \(expected)") }
        guard let count = page.nodeCount, count > 0 else {
            throw damaged(number, "has an impossible number of entries")
        }
        if expected == .leaf { census.leaves += 1 } else { census.branches += 1 }
        for index in 0..<count {
            guard let node = page.node(index, of: expected) else {
                throw damaged(number, "has an entry outside itself")
            }
            let key = Array(node.key)
            if expected == .branch {
                // The first key of a branch is never compared and may be empty.
                guard index == 0 || census.begins(at: key) else {
                    throw damaged(number, "has keys out of order")
                }
                try walk(node.page ?? 0, level: level + 1, of: depth, &census, visit)
            } else {
                guard census.takes(key) else { throw damaged(number, "has keys out of order") }
                try visit(try value(of: node, &census), number)
            }
        }
    }

    /// The bytes of a value; those of large ones are not gathered unless they are of the free tree.
    private mutating func value(
        of node: LightningPage.Node, _ census: inout Census
    ) throws(DiskFailure) -> [UInt8] {
        guard let first = node.page else { return Array(node.value) }
        let page = try take(first)
        let needed = UInt64(LightningPage.headerBytes - 1 + node.size) / UInt64(meta.pageBytes) + 1
        guard page.kind == .overflow, page.runPages >= needed else {
            throw damaged(first, "does not begin a large value")
        }
        for further in 1..<max(page.runPages, 1) { try mark(first + further) }
        census.overflows += page.runPages
        guard census.isNumbered else { return [] }
        return try file.read(
            at: first * UInt64(meta.pageBytes) + UInt64(LightningPage.headerBytes),
            count: node.size)
    }

    /// The page numbers of an entry of the free tree: their count, then they.
    private static func identifiers(
        _ value: [UInt8], _ page: UInt64, _ name: String
    ) throws(DiskFailure) -> [UInt64] {
        let room = UInt64(value.count / 8)
        let count = room > 0 ? LightningPage.number(value[0..<8]) : .max
        guard count < room else {
            throw .damaged(path: name, reason: "page \(page): lists more free pages than it holds")
        }
        return (0..<Int(count)).map { LightningPage.number(value[8 * $0 + 8..<8 * $0 + 16]) }
    }

    // MARK: Pages

    /// Reads a page and marks it as in use.
    private mutating func take(_ number: UInt64) throws(DiskFailure) -> LightningPage {
        try mark(number)
        let page = LightningPage(
            bytes: try file.read(
                at: number * UInt64(meta.pageBytes), count: meta.pageBytes))
        guard page.bytes.count == meta.pageBytes, page.number == number else {
            throw damaged(number, "is missing or another page")
        }
        return page
    }

    private mutating func mark(_ number: UInt64) throws(DiskFailure) {
        guard number > 1, number <= meta.lastPage else {
            throw damaged(number, "cannot be in use")
        }
        guard number < fileBytes / UInt64(meta.pageBytes) else {
            throw damaged(number, "lies behind the end of the file")
        }
        if isUsed(number) { throw damaged(number, "is used twice") }
        used[Int(number / 64)] |= 1 << (number % 64)
    }

    private func isUsed(_ number: UInt64) -> Bool {
        let word = Int(number / 64)
        return word < used.count && used[word] >> (number % 64) & 1 == 1
    }

    private func damaged(_ page: UInt64, _ reason: String) -> DiskFailure {
        .damaged(path: name, reason: "page \(page) \(reason)")
    }
}
