// SPDX-License-Identifier: Apache-2.0

/// Why compressed bytes are not read.
public enum CompressionFailure: Error, Hashable, Sendable {
    /// The bytes end too soon.
    case truncated
    /// The bytes are not of the format.
    case malformed
    /// More would come out than is allowed.
    case tooLarge(limit: Int)
    /// What came out is not what went in.
    case wrongChecksum
}

/// Reads DEFLATE (RFC 1951). Work is linear in input and output, both bounded by the caller.
struct Inflate {
    private let input: [UInt8]
    private let outputMax: Int
    /// The next byte to read.
    private(set) var position: Int
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0
    private(set) var output: [UInt8] = []

    /// Starts at a byte of `input`.
    init(_ input: [UInt8], from position: Int, outputMax: Int) {
        self.input = input
        self.position = position
        self.outputMax = outputMax
    }

    /// Reads blocks up to the last.
    mutating func run() throws(CompressionFailure) {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored()
            case 1: try coded(literals: .fixedLiterals, distances: .fixedDistances)
            case 2: try dynamic()
            default: throw .malformed
            }
        }
    }

    /// The next bits, the lowest first.
    private mutating func take(_ count: UInt32) throws(CompressionFailure) -> Int {
        while bitCount < count {
            guard position < input.count else { throw .truncated }
            bits |= UInt32(input[position]) << bitCount
            position += 1
            bitCount += 8
        }
        let value = bits & (1 << count - 1)
        bits >>= count
        bitCount -= count
        return Int(value)
    }

    private mutating func append(_ byte: UInt8) throws(CompressionFailure) {
        guard output.count < outputMax else { throw .tooLarge(limit: outputMax) }
        output.append(byte)
    }

    /// Bytes as they are (§3.2.4).
    private mutating func stored() throws(CompressionFailure) {
        bits = 0
        bitCount = 0
        guard position + 4 <= input.count else { throw .truncated }
        let length = Int(input[position]) | Int(input[position + 1]) << 8
        let inverse = Int(input[position + 2]) | Int(input[position + 3]) << 8
        guard length ^ inverse == 0xFFFF else { throw .malformed }
        position += 4
        guard position + length <= input.count else { throw .truncated }
        guard output.count + length <= outputMax else { throw .tooLarge(limit: outputMax) }
        output += input[position..<position + length]
        position += length
    }

    /// Literals and copies (§3.2.5).
    private mutating func coded(
        literals: PrefixCode, distances: PrefixCode
    ) throws(CompressionFailure) {
        while true {
            let symbol = try decode(literals)
            if symbol < 256 {
                try append(UInt8(symbol))
            } else if symbol == 256 {
                return
            } else {
                try copy(symbol - 257, distances)
            }
        }
    }

    private mutating func copy(
        _ index: Int, _ distances: PrefixCode
    ) throws(CompressionFailure) {
        guard index < DeflateTables.lengths.count else { throw .malformed }
        let length =
            DeflateTables.lengths[index].base + (try take(DeflateTables.lengths[index].extra))
        let symbol = try decode(distances)
        guard symbol < DeflateTables.distances.count else { throw .malformed }
        let entry = DeflateTables.distances[symbol]
        let distance = entry.base + (try take(entry.extra))
        guard distance <= output.count else { throw .malformed }
        guard output.count + length <= outputMax else { throw .tooLarge(limit: outputMax) }
        for _ in 0..<length { output.append(output[output.count - distance]) }
    }

    /// One symbol, bit by bit.
    private mutating func decode(_ code: PrefixCode) throws(CompressionFailure) -> Int {
        var value = 0
        var first = 0
        var index = 0
        for count in code.counts.dropFirst() {
            value |= try take(1)
            if value - first < count { return Int(code.symbols[index + value - first]) }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw .malformed
    }

    /// Codes that the block brings along (§3.2.7).
    private mutating func dynamic() throws(CompressionFailure) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let lengthCount = try take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw .malformed }
        var lengths = [UInt8](repeating: 0, count: DeflateTables.lengthOrder.count)
        for index in 0..<lengthCount {
            lengths[DeflateTables.lengthOrder[index]] = UInt8(try take(3))
        }
        let code = try PrefixCode(lengths: lengths)
        let all = try codeLengths(literalCount + distanceCount, by: code)
        guard all[256] != 0 else { throw .malformed }
        try coded(
            literals: PrefixCode(lengths: Array(all[..<literalCount])),
            distances: PrefixCode(lengths: Array(all[literalCount...])))
    }

    private mutating func codeLengths(
        _ count: Int, by code: PrefixCode
    ) throws(CompressionFailure) -> [UInt8] {
        var lengths: [UInt8] = []
        while lengths.count < count {
            let symbol = try decode(code)
            switch symbol {
            case 0..<16: lengths.append(UInt8(symbol))
            case 16:
                guard let last = lengths.last else { throw .malformed }
                lengths += repeatElement(last, count: 3 + (try take(2)))
            case 17: lengths += repeatElement(0, count: 3 + (try take(3)))
            default: lengths += repeatElement(0, count: 11 + (try take(7)))
            }
        }
        guard lengths.count == count else { throw .malformed }
        return lengths
    }
}

/// A prefix code by the lengths of its words (RFC 1951 §3.2.2).
struct PrefixCode {
    /// How many words there are of each length from 0 to 15.
    let counts: [Int]
    /// The symbols, by length and then by value.
    let symbols: [UInt16]

    /// Builds the code; one that promises more words than there are is refused.
    init(lengths: [UInt8]) throws(CompressionFailure) {
        var counts = [Int](repeating: 0, count: 16)
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var left = 1
        for count in counts.dropFirst() {
            left = left << 1 - count
            guard left >= 0 else { throw .malformed }
        }
        var offsets = [Int](repeating: 0, count: 17)
        for length in 1...15 { offsets[length + 1] = offsets[length] + counts[length] }
        var symbols = [UInt16](repeating: 0, count: offsets[16])
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[offsets[Int(length)]] = UInt16(symbol)
            offsets[Int(length)] += 1
        }
        self.counts = counts
        self.symbols = symbols
    }

    private init(counts: [Int], symbols: [UInt16]) {
        self.counts = counts
        self.symbols = symbols
    }

    /// The code of literals that needs no description (§3.2.6): 24 words of seven bits, 152 of
    /// eight, 112 of nine.
    static let fixedLiterals = PrefixCode(
        counts: [0, 0, 0, 0, 0, 0, 0, 24, 152, 112],
        symbols: Array(256...279) + Array(0...143) + Array(280...287) + Array(144...255))

    /// The code of distances that needs no description: thirty words of five bits.
    static let fixedDistances = PrefixCode(
        counts: [0, 0, 0, 0, 0, 30], symbols: Array(0...29))
}

/// The numbers of RFC 1951 §3.2.5 and §3.2.7.
enum DeflateTables {
    /// A value and how many further bits are added to it.
    struct Entry {
        let base: Int
        let extra: UInt32
    }

    /// The lengths of copies, for the symbols from 257.
    static let lengths: [Entry] = {
        var entries = (0..<8).map { Entry(base: $0 + 3, extra: 0) }
        for extra in 1...5 {
            for step in 0..<4 {
                entries.append(Entry(base: (4 + step) << extra + 3, extra: UInt32(extra)))
            }
        }
        entries.append(Entry(base: 258, extra: 0))
        return entries
    }()

    /// The distances of copies.
    static let distances: [Entry] = {
        var entries = (0..<4).map { Entry(base: $0 + 1, extra: 0) }
        for extra in 1...13 {
            for step in 0..<2 {
                entries.append(Entry(base: (2 + step) << extra + 1, extra: UInt32(extra)))
            }
        }
        return entries
    }()

    /// The order in which the lengths of the code of lengths come.
    static let lengthOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]
}
