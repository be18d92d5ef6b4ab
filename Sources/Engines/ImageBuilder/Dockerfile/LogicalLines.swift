// SPDX-License-Identifier: Apache-2.0

/// One instruction as it is written: its lines joined, comments between them left out.
struct LogicalLine: Hashable, Sendable {
    /// Where it begins, from 1.
    let number: Int
    let text: [UInt8]
    /// What follows `<<NAME` words, with its last line (BUILDER-3).
    var document: HereDocument?
}

/// Lines that belong to the instruction before them, up to a line that is their name.
struct HereDocument: Hashable, Sendable {
    let name: [UInt8]
    /// Whether tabs at the beginning of lines are left out: `<<-NAME`.
    let isIndented: Bool
    var body: [UInt8] = []
}

/// A Dockerfile cut into instructions: directives read, continuations joined (BUILDER-1).
struct LogicalLines: Sendable {
    /// The byte that continues lines and takes meaning away.
    private(set) var escape = UInt8(ascii: "\\")
    private(set) var lines: [LogicalLine] = []

    private let raw: [ArraySlice<UInt8>]
    private var place = 0

    init(_ bytes: [UInt8]) throws(BuildFailure) {
        guard bytes.count <= Dockerfile.bytesMax else {
            throw BuildFailure("a Dockerfile has at most \(Dockerfile.bytesMax) bytes")
        }
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
            throw BuildFailure("a Dockerfile is a text in UTF-8")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        raw = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
        }
        try readDirectives()
        while place < raw.count { try readInstruction() }
    }

    // MARK: Directives

    private mutating func readDirectives() throws(BuildFailure) {
        var seen: Set<String> = []
        while place < raw.count, let (name, value) = Self.directive(raw[place]) {
            let line = place + 1
            guard seen.insert(name).inserted else {
                throw BuildFailure(line: line, "the directive '\(name)' stands twice")
            }
            switch name {
            case "escape":
                guard value == "\\" || value == "`" else {
                    throw BuildFailure(line: line, "escape is \\ or `, not '\(value)'")
                }
                escape = value.utf8.first ?? escape
            case "syntax":
                guard value.hasPrefix("docker/dockerfile") else {
                    throw BuildFailure(
                        line: line, "the syntax '\(value)' is another program, which is not run")
                }
            case "check": break
            default: return
            }
            place += 1
        }
    }

    private static func directive(_ line: ArraySlice<UInt8>) -> (name: String, value: String)? {
        let text = Text.trimmed(line)
        guard text.first == UInt8(ascii: "#"),
            let equals = text.firstIndex(of: UInt8(ascii: "="))
        else { return nil }
        let name = Text.trimmed(text[(text.startIndex + 1)..<equals])
        guard !name.isEmpty, name.allSatisfy(Text.isLetter) else { return nil }
        return (
            Text.string(name).lowercased(), Text.string(Text.trimmed(text[(equals + 1)...]))
        )
    }

    // MARK: Instructions

    private mutating func readInstruction() throws(BuildFailure) {
        guard !Self.isPassedOver(raw[place]) else {
            place += 1
            return
        }
        guard lines.count < Dockerfile.instructionsMax else {
            throw BuildFailure(
                line: place + 1, "more than \(Dockerfile.instructionsMax) instructions")
        }
        let number = place + 1
        var text: [UInt8] = []
        var next = raw[place].drop(while: Text.isSpace)
        while true {
            let (piece, goesOn) = continuation(next)
            text += piece
            place += 1
            while goesOn, place < raw.count, Self.isPassedOver(raw[place]) { place += 1 }
            guard goesOn, place < raw.count else { break }
            next = raw[place]
        }
        var line = LogicalLine(number: number, text: Array(Text.trimmed(text[...])))
        if let document = HereDocument(in: line) { line.document = try read(document, number) }
        lines.append(line)
    }

    /// The line without the byte that continues it, and whether it goes on.
    private func continuation(_ line: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Bool) {
        var end = line.endIndex
        while end > line.startIndex, Text.isSpace(line[end - 1]) { end -= 1 }
        guard end > line.startIndex, line[end - 1] == escape else { return (line, false) }
        return (line[..<(end - 1)], true)
    }

    private mutating func read(
        _ document: HereDocument, _ number: Int
    ) throws(BuildFailure) -> HereDocument {
        var document = document
        while place < raw.count {
            var line = raw[place]
            place += 1
            if document.isIndented { line = line.drop { $0 == UInt8(ascii: "\t") } }
            if line.elementsEqual(document.name) { return document }
            document.body += line + [UInt8(ascii: "\n")]
        }
        throw BuildFailure(
            line: number, "the text after <<\(Text.string(document.name[...])) has no end")
    }

    private static func isPassedOver(_ line: ArraySlice<UInt8>) -> Bool {
        let text = line.drop(while: Text.isSpace)
        return text.isEmpty || text.first == UInt8(ascii: "#")
    }
}

extension HereDocument {
    /// The first word `<<NAME` of an instruction that may have one.
    init?(in line: LogicalLine) {
        let words = Text.words(line.text[...])
        guard let name = words.first.map(Text.string)?.uppercased(),
            ["RUN", "COPY", "ADD"].contains(name)
        else { return nil }
        for word in words.dropFirst() {
            let digits = word.prefix { (0x30...0x39).contains($0) }
            var rest = word.dropFirst(digits.count)
            guard rest.starts(with: "<<".utf8) else { continue }
            rest = rest.dropFirst(2)
            let isIndented = rest.first == UInt8(ascii: "-")
            if isIndented { rest = rest.dropFirst() }
            let quotes = [UInt8(ascii: "'"), UInt8(ascii: "\"")]
            if let quote = rest.first, quotes.contains(quote), rest.last == quote, rest.count > 2 {
                rest = rest.dropFirst().dropLast()
            }
            guard let first = rest.first, Text.isLetter(first) || first == UInt8(ascii: "_"),
                rest.allSatisfy(Text.isNameByte)
            else { continue }
            self.init(name: Array(rest), isIndented: isIndented)
            return
        }
        return nil
    }
}

/// Bytes of texts, as Dockerfiles see them.
enum Text {
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
    }
    static func string(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }
    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }
    /// Words between spaces that stand outside quotes, quotes kept.
    static func words(
        _ text: ArraySlice<UInt8>, escape: UInt8 = UInt8(ascii: "\\")
    ) -> [ArraySlice<UInt8>] {
        var words: [ArraySlice<UInt8>] = []
        var start: Int?
        var quote: UInt8?
        var place = text.startIndex
        while place < text.endIndex {
            let byte = text[place]
            if quote == nil, isSpace(byte) {
                if let begun = start { words.append(text[begun..<place]) }
                start = nil
            } else {
                start = start ?? place
                if byte == escape, quote != UInt8(ascii: "'") {
                    place += 1
                } else if byte == quote {
                    quote = nil
                } else if quote == nil, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                    quote = byte
                }
            }
            place += 1
        }
        if let begun = start { words.append(text[begun...]) }
        return words
    }
}
