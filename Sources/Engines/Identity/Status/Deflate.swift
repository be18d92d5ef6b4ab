// SPDX-License-Identifier: Apache-2.0

/// Writes DEFLATE (RFC 1951) in one block with the fixed code, in which runs of one byte are short.
///
/// That is what the bits of a status list are made of: mostly zeros. A list with one entry in a
/// hundred set shrinks to a quarter, an empty one to a hundred and fiftieth.
struct Deflate {
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0
    private(set) var output: [UInt8] = []

    /// The compressed bytes.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var writer = Deflate()
        // The last block, with the fixed code.
        writer.put(1, 1)
        writer.put(1, 2)
        var index = 0
        while index < bytes.count {
            writer.putLiteral(Int(bytes[index]))
            let run = bytes[index...].prefix(1 + runMax).prefix { $0 == bytes[index] }.count - 1
            if run >= runMin { writer.putRun(run) }
            index += run >= runMin ? run + 1 : 1
        }
        writer.putLiteral(256)
        if writer.bitCount > 0 { writer.put(0, 8 - writer.bitCount) }
        return writer.output
    }

    /// The shortest and the longest copy.
    private static let runMin = 3
    private static let runMax = 258

    /// Appends bits, the lowest first.
    private mutating func put(_ value: UInt32, _ count: UInt32) {
        bits |= value << bitCount
        bitCount += count
        while bitCount >= 8 {
            output.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            bitCount -= 8
        }
    }

    /// Appends a word of the code, whose highest bit comes first.
    private mutating func putWord(_ word: Int, _ count: UInt32) {
        for shift in (0..<count).reversed() { put(UInt32(word >> Int(shift) & 1), 1) }
    }

    /// A literal, or the symbol of a length or of the end (§3.2.6).
    private mutating func putLiteral(_ symbol: Int) {
        switch symbol {
        case 0...143: putWord(0x30 + symbol, 8)
        case 144...255: putWord(0x190 + symbol - 144, 9)
        case 256...279: putWord(symbol - 256, 7)
        default: putWord(0xC0 + symbol - 280, 8)
        }
    }

    /// A copy of the byte before, so many times.
    private mutating func putRun(_ count: Int) {
        guard let index = DeflateTables.lengths.lastIndex(where: { $0.base <= count }) else {
            return
        }
        let entry = DeflateTables.lengths[index]
        putLiteral(257 + index)
        put(UInt32(count - entry.base), entry.extra)
        // Distance one is the first word of five bits.
        put(0, 5)
    }
}
