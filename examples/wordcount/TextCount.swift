// SPDX-License-Identifier: Apache-2.0

/// Counts as `wc` does, and keeps each word without the punctuation around it, in lower case.
struct TextCount {
    private(set) var lines: UInt64 = 0
    private(set) var words: UInt64 = 0
    private(set) var bytes: UInt64 = 0
    private(set) var table = WordTable()
    private var word: [UInt8] = []

    /// Takes the text's next byte. Bytes beyond ASCII belong to words, so that UTF-8 stays whole.
    mutating func add(_ byte: UInt8) {
        bytes += 1
        if byte == UInt8(ascii: "\n") { lines += 1 }
        if Self.isSpace(byte) {
            finish()
        } else {
            word.append(Self.lowered(byte))
        }
    }

    /// Ends the word that may be under way.
    mutating func finish() {
        guard !word.isEmpty else { return }
        words += 1
        var first = 0
        var end = word.count
        while first < end, Self.isPunctuation(word[first]) { first += 1 }
        while end > first, Self.isPunctuation(word[end - 1]) { end -= 1 }
        if first < end { table.count(word[first..<end]) }
        word.removeAll(keepingCapacity: true)
    }

    /// Space, tab, line feed, vertical tab, form feed, carriage return.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
            false
        default: true
        }
    }
}
