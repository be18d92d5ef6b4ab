// SPDX-License-Identifier: Apache-2.0

/// Puts values in the place of variables, and takes quotes away (BUILDER-2): `$name`, `${name}`,
/// `${name:-word}`, `${name-word}`, `${name:+word}`, `${name+word}`, `${name:?words}`.
struct Expansion {
    /// The most bytes one text may become: what Linux takes as one argument.
    static let bytesMax = 128 << 10
    /// The most braces within one another.
    static let depthMax = 16

    let escape: UInt8
    /// The value of a variable; nil for one that is not set.
    let value: (String) -> String?

    /// The text as one word.
    func word(_ text: String) throws(BuildFailure) -> String {
        var reader = ExpansionReader(text: Array(text.utf8), expansion: self)
        return Text.string(try reader.read(until: nil).whole)
    }

    /// The text as the words it becomes: spaces part them, also those of values, unless quoted.
    func words(_ text: String) throws(BuildFailure) -> [String] {
        var reader = ExpansionReader(text: Array(text.utf8), expansion: self)
        return try reader.read(until: nil).finished.map { Text.string($0) }
    }
}

/// What has been read: all of it, and cut into words.
private struct ExpandedText {
    var whole: [UInt8] = []
    private var words: [[UInt8]] = []
    private var word: [UInt8] = []

    // A word of no bytes is none, also a quoted one.
    var finished: [[UInt8]] { words + (word.isEmpty ? [] : [word]) }

    /// Adds bytes that part words where they are spaces.
    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            whole.append(byte)
            guard Text.isSpace(byte) else {
                word.append(byte)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = []
        }
    }

    /// Adds bytes that belong to the word, whatever they are.
    mutating func addQuoted(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            whole.append(byte)
            word.append(byte)
        }
    }
}

private struct ExpansionReader {
    let text: [UInt8]
    let expansion: Expansion
    var place = 0
    var depth = 0

    private var next: UInt8? { place < text.count ? text[place] : nil }

    /// Reads up to a byte, which is passed, or to the end.
    mutating func read(until stop: UInt8?) throws(BuildFailure) -> ExpandedText {
        var read = ExpandedText()
        while let byte = next {
            if byte == stop { break }
            place += 1
            if byte == UInt8(ascii: "'") {
                read.addQuoted(try single())
            } else if byte == UInt8(ascii: "\"") {
                read.addQuoted(try double())
            } else if byte == UInt8(ascii: "$") {
                read.add(try variable())
            } else if byte == expansion.escape {
                guard let escaped = next else { break }
                place += 1
                read.addQuoted([escaped])
            } else {
                read.add([byte])
            }
            guard read.whole.count <= Expansion.bytesMax else {
                throw BuildFailure("a text becomes more than \(Expansion.bytesMax) bytes")
            }
        }
        if stop != nil {
            guard next == stop else { throw BuildFailure("a '${' without its '}'") }
            place += 1
        }
        return read
    }

    private mutating func single() throws(BuildFailure) -> ArraySlice<UInt8> {
        guard let end = text[place...].firstIndex(of: UInt8(ascii: "'")) else {
            throw BuildFailure("a quote ' without its end")
        }
        defer { place = end + 1 }
        return text[place..<end]
    }

    private mutating func double() throws(BuildFailure) -> [UInt8] {
        var read: [UInt8] = []
        while let byte = next {
            place += 1
            if byte == UInt8(ascii: "\"") { return read }
            if byte == UInt8(ascii: "$") {
                read += try variable()
            } else if byte == expansion.escape, let escaped = next {
                place += 1
                let meant = [UInt8(ascii: "\""), UInt8(ascii: "$"), expansion.escape]
                if !meant.contains(escaped) { read.append(byte) }
                read.append(escaped)
            } else {
                read.append(byte)
            }
            guard read.count <= Expansion.bytesMax else {
                throw BuildFailure("a text becomes more than \(Expansion.bytesMax) bytes")
            }
        }
        throw BuildFailure("a quote \" without its end")
    }

    private mutating func variable() throws(BuildFailure) -> [UInt8] {
        guard next == UInt8(ascii: "{") else {
            let name = self.name()
            return name.isEmpty ? [UInt8(ascii: "$")] : Array((expansion.value(name) ?? "").utf8)
        }
        place += 1
        let name = self.name()
        guard !name.isEmpty else { throw BuildFailure("a '${' without a name") }
        let value = expansion.value(name)
        var mark = next
        if mark == UInt8(ascii: "}") {
            place += 1
            return Array((value ?? "").utf8)
        }
        // With a colon an empty value counts as none.
        var isThere = value != nil
        if mark == UInt8(ascii: ":") {
            place += 1
            mark = next
            isThere = value?.isEmpty == false
        }
        guard let mark, [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "?")].contains(mark)
        else {
            throw BuildFailure("'${\(name)…': only :-, -, :+, +, :? and ? are taken after a name")
        }
        place += 1
        depth += 1
        guard depth <= Expansion.depthMax else {
            throw BuildFailure("more than \(Expansion.depthMax) braces within one another")
        }
        let word = try read(until: UInt8(ascii: "}")).whole
        depth -= 1
        switch mark {
        case UInt8(ascii: "-"): return isThere ? Array((value ?? "").utf8) : word
        case UInt8(ascii: "+"): return isThere ? word : []
        default:
            guard isThere else {
                throw BuildFailure("\(name): \(word.isEmpty ? "is not set" : Text.string(word))")
            }
            return Array((value ?? "").utf8)
        }
    }

    private mutating func name() -> String {
        guard let first = next else { return "" }
        // `$1`, `$@` and their like are variables of shells; here they are never set.
        if (0x30...0x39).contains(first) || "@*#?-!$".utf8.contains(first) {
            place += 1
            return Text.string([first])
        }
        guard Text.isNameByte(first) else { return "" }
        let name = text[place...].prefix(while: Text.isNameByte)
        place += name.count
        return Text.string(name)
    }
}
