// SPDX-License-Identifier: Apache-2.0

/// An array of items of one size that never moves what it holds: each new chunk is twice as long.
///
/// An address stays good until the memory goes, so that hashing may be planned before it is done.
/// What lies beyond the last item was never touched and costs no memory.
struct GrowingMemory: ~Copyable {
    private static let chunksMax = 32

    private let itemBytes: Int
    private let alignment: Int
    // The first chunk's length is a power of two: before chunk c lie first × (2^c - 1) items.
    private let firstShift: Int
    private let chunks: UnsafeMutablePointer<UnsafeMutableRawPointer?>

    /// How many items are in use.
    private(set) var count = 0

    /// - Parameters:
    ///   - itemBytes: The size of an item.
    ///   - alignment: What the address of every chunk is a multiple of.
    ///   - firstItems: Items of the first chunk, a power of two.
    init(itemBytes: Int, alignment: Int, firstItems: Int) {
        self.itemBytes = itemBytes
        self.alignment = alignment
        firstShift = firstItems.trailingZeroBitCount
        chunks = .allocate(capacity: Self.chunksMax)
        chunks.initialize(repeating: nil, count: Self.chunksMax)
    }

    /// Copies all items.
    init(copying other: borrowing GrowingMemory) {
        self.init(
            itemBytes: other.itemBytes, alignment: other.alignment,
            firstItems: 1 << other.firstShift)
        count = other.count
        for chunk in 0..<Self.chunksMax {
            guard let source = other.chunks[chunk] else { break }
            let start = start(of: chunk)
            let used = min(max(count - start, 0), length(of: chunk))
            reserve(chunk).copyMemory(from: source, byteCount: used * itemBytes)
        }
    }

    deinit {
        for chunk in 0..<Self.chunksMax { chunks[chunk]?.deallocate() }
        chunks.deallocate()
    }

    /// The bytes of all items.
    var bytes: Int { count * itemBytes }

    /// Where an item lies.
    subscript(index: Int) -> UnsafeMutableRawPointer {
        let chunk = chunk(of: index)
        guard let base = chunks[chunk] else { preconditionFailure("no such item") }
        return base + (index - start(of: chunk)) * itemBytes
    }

    /// Takes `wanted` items in a row, all in one chunk; says which items were passed over for that.
    ///
    /// - Parameter wanted: At most the length of the first chunk.
    mutating func append(_ wanted: Int) -> (index: Int, passed: Range<Int>) {
        var index = count
        let chunk = chunk(of: index)
        let end = start(of: chunk + 1)
        if index + wanted > end { index = end }
        let passed = count..<index
        count = index + wanted
        _ = reserve(self.chunk(of: index))
        return (index, passed)
    }

    /// Forgets all items and keeps the memory for new ones.
    mutating func removeAll() { count = 0 }

    private func chunk(of index: Int) -> Int {
        Int.bitWidth - 1 - ((index >> firstShift) + 1).leadingZeroBitCount
    }

    private func start(of chunk: Int) -> Int { ((1 << chunk) - 1) << firstShift }

    private func length(of chunk: Int) -> Int { 1 << (chunk + firstShift) }

    private func reserve(_ chunk: Int) -> UnsafeMutableRawPointer {
        if let base = chunks[chunk] { return base }
        let base = UnsafeMutableRawPointer.allocate(
            byteCount: length(of: chunk) * itemBytes, alignment: alignment)
        chunks[chunk] = base
        return base
    }
}
