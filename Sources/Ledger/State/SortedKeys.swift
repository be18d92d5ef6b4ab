// SPDX-License-Identifier: Apache-2.0

/// Distinct keys in order, in chunks, so that adding one moves few others.
struct SortedKeys: Sendable {
    /// A place among the keys.
    struct Position: Equatable {
        var chunk: Int
        var offset: Int
    }

    /// The most keys of a chunk: 512 references of 8 bytes are one page to move.
    private static let chunkMax = 512

    // No chunk is empty.
    private var chunks: [[[UInt8]]] = []

    mutating func insert(_ key: [UInt8]) {
        guard !chunks.isEmpty else {
            chunks.append([key])
            return
        }
        let chunk = chunkIndex(for: key)
        chunks[chunk].insert(key, at: Self.lowerBound(of: key, in: chunks[chunk]))
        guard chunks[chunk].count > Self.chunkMax else { return }
        let half = Self.chunkMax / 2
        chunks.insert(Array(chunks[chunk][half...]), at: chunk + 1)
        chunks[chunk].removeSubrange(half...)
    }

    mutating func remove(_ key: [UInt8]) {
        guard !chunks.isEmpty else { return }
        let chunk = chunkIndex(for: key)
        let offset = Self.lowerBound(of: key, in: chunks[chunk])
        guard offset < chunks[chunk].count, chunks[chunk][offset] == key else { return }
        chunks[chunk].remove(at: offset)
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    }

    func all() -> [[UInt8]] { chunks.flatMap { $0 } }

    /// The first key that is not before `prefix` and comes after `after`.
    func position(after: [UInt8]?, prefix: [UInt8]) -> Position {
        guard let after, !after.lexicographicallyPrecedes(prefix) else { return lower(prefix) }
        let place = lower(after)
        return key(at: place) == after ? next(after: place) : place
    }

    func key(at position: Position) -> [UInt8]? {
        guard position.chunk < chunks.count else { return nil }
        let chunk = chunks[position.chunk]
        return position.offset < chunk.count ? chunk[position.offset] : nil
    }

    func next(after position: Position) -> Position {
        let isLast = position.offset + 1 >= chunks[position.chunk].count
        return isLast
            ? Position(chunk: position.chunk + 1, offset: 0)
            : Position(chunk: position.chunk, offset: position.offset + 1)
    }

    private func lower(_ key: [UInt8]) -> Position {
        guard !chunks.isEmpty else { return Position(chunk: 0, offset: 0) }
        let chunk = chunkIndex(for: key)
        let offset = Self.lowerBound(of: key, in: chunks[chunk])
        return offset < chunks[chunk].count
            ? Position(chunk: chunk, offset: offset) : Position(chunk: chunk + 1, offset: 0)
    }

    /// The last chunk whose first key is not after `key`, or the first chunk.
    private func chunkIndex(for key: [UInt8]) -> Int {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if key.lexicographicallyPrecedes(chunks[middle][0]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return max(low - 1, 0)
    }

    private static func lowerBound(of key: [UInt8], in chunk: [[UInt8]]) -> Int {
        var low = 0
        var high = chunk.count
        while low < high {
            let middle = (low + high) / 2
            if chunk[middle].lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
