// SPDX-License-Identifier: Apache-2.0

/// Bytes that arrived and were not used yet.
struct InputBuffer: Sendable {
    /// What arrived; used bytes lie before `position`.
    private(set) var bytes: [UInt8] = []
    /// The index of the first byte not used yet.
    private(set) var position = 0
    /// No line feed lies between `position` and here, so a search starts here.
    private var searched = 0

    /// How many bytes wait.
    var count: Int { bytes.count - position }
    /// Whether none wait.
    var isEmpty: Bool { position == bytes.count }
    /// The next byte.
    var first: UInt8? { isEmpty ? nil : bytes[position] }

    /// Adds bytes at the end, dropping the used ones.
    mutating func append(_ more: [UInt8]) {
        if isEmpty {
            bytes = more
            searched = 0
        } else {
            bytes.removeFirst(position)
            searched = max(0, searched - position)
            bytes.append(contentsOf: more)
        }
        position = 0
    }

    /// Takes all bytes that wait.
    mutating func takeAll() -> [UInt8] {
        defer { self = InputBuffer() }
        return Array(bytes[position...])
    }

    /// A line that ends with a line feed.
    enum Line {
        /// The indices of the line without its CR and LF.
        case found(Range<Int>)
        /// Its line feed has not arrived.
        case partial
        /// It has more than the bytes allowed.
        case tooLong
        /// A line feed without a CR before it, or a CR without a line feed after it.
        case badEnd
    }

    /// Takes the next line of at most `bytesMax` bytes with its CR and LF.
    ///
    /// The answer does not depend on how the bytes were split on their way (HTTP-3).
    mutating func takeLine(bytesMax: Int) -> Line {
        guard let end = lineFeed() else { return count >= bytesMax ? .tooLong : .partial }
        guard end - position < bytesMax else { return .tooLong }
        guard end > position, bytes[end - 1] == 0x0D else { return .badEnd }
        let line = position..<end - 1
        position = end + 1
        searched = position
        return .found(line)
    }

    /// The index of the next line feed.
    private mutating func lineFeed() -> Int? {
        let index = Self.lineFeed(in: bytes, from: max(searched, position))
        searched = index
        return index < bytes.count ? index : nil
    }

    /// The index of the first line feed from `start`, or the count of bytes.
    private static func lineFeed(in bytes: [UInt8], from start: Int) -> Int {
        let span = bytes.span
        var index = start
        while index < span.count, span[index] != 0x0A { index += 1 }
        return index
    }

    /// Takes up to `limit` bytes, without a copy when nothing else was ever there.
    mutating func take(limit: Int) -> [UInt8] {
        let end = position + min(limit, count)
        if position == 0, end == bytes.count {
            searched = 0
            return bytes.taken()
        }
        defer {
            position = end
            searched = max(searched, end)
        }
        return Array(bytes[position..<end])
    }
}
