// SPDX-License-Identifier: Apache-2.0

/// JSON that people read: whole lines of `//` comments stand before what they are about.
///
/// The value is what programs see; comments are kept by the place they stand before, so that a
/// value that was changed or added to is written with them again.
public struct CommentedJSON: Sendable {
    /// What programs see.
    public var value: JSON
    /// The lines before each place, by its pointer (RFC 6901), without their slashes.
    public var comments: [String: [String]]

    /// Reads JSON with comment lines.
    ///
    /// - Throws: ``JSONFailure`` when the rest is not JSON.
    public init(parsing text: String) throws(JSONFailure) {
        value = try JSON(parsing: Self.withoutComments(Array(text.utf8)))
        var finder = PlaceFinder(Array(text.utf8))
        finder.value(at: "")
        comments = finder.found
    }

    /// The bytes with spaces in the place of every line that begins with `//`, so that offsets
    /// stay. A text of JSON has no raw line end within a string, so no string is touched.
    public static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
        var bare = bytes
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let text = bytes[start..<end].drop { $0 == 0x20 || $0 == 0x09 }
            if text.starts(with: Array("//".utf8)) {
                for index in start..<end { bare[index] = 0x20 }
            }
            start = end + 1
        }
        return bare
    }

    /// What a line says, when it is a comment.
    static func comment(_ line: some StringProtocol) -> String? {
        let text = line.drop { $0 == " " }
        guard text.hasPrefix("//") else { return nil }
        return String(text.dropFirst(2).drop { $0 == " " })
    }

    /// The text: objects and arrays on one line where they fit, and every comment before its place.
    public var text: String {
        var writer = CommentedWriter(comments: comments)
        for line in comments[""] ?? [] { writer.lines.append("// \(line)") }
        writer.write(value, at: "", before: "", after: "", indent: 0)
        return writer.lines.joined(separator: "\n") + "\n"
    }
}

/// Walks over well-formed JSON and notes before which place each comment stands.
private struct PlaceFinder {
    private let bytes: [UInt8]
    private var index = 0
    private var waiting: [String] = []
    var found: [String: [String]] = [:]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }

    /// Passes white space and comments; comments wait for the place after them.
    private mutating func skip() {
        while index < bytes.count {
            if byte == UInt8(ascii: "/") {
                let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                let line = String(decoding: bytes[index..<end], as: UTF8.self)
                waiting.append(CommentedJSON.comment(line) ?? line)
                index = end
            } else if [0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ",")].contains(byte) {
                index += 1
            } else {
                return
            }
        }
    }

    private mutating func settle(at pointer: String) {
        guard !waiting.isEmpty else { return }
        found[pointer, default: []] += waiting
        waiting = []
    }

    mutating func value(at pointer: String) {
        skip()
        settle(at: pointer)
        switch byte {
        case UInt8(ascii: "{"): members(of: pointer)
        case UInt8(ascii: "["): elements(of: pointer)
        case UInt8(ascii: "\""): _ = string()
        default:
            let ends = Array(",]} \n".utf8)
            while index < bytes.count, !ends.contains(byte) { index += 1 }
        }
    }

    private mutating func members(of pointer: String) {
        index += 1
        while index < bytes.count {
            skip()
            guard byte == UInt8(ascii: "\"") else { break }
            let start = waiting
            waiting = []
            let place = "\(pointer)/\(string())"
            if !start.isEmpty { found[place, default: []] += start }
            skip()
            index += 1
            value(at: place)
        }
        index += 1
    }

    private mutating func elements(of pointer: String) {
        index += 1
        var number = 0
        while index < bytes.count {
            skip()
            guard byte != UInt8(ascii: "]") else { break }
            value(at: "\(pointer)/\(number)")
            number += 1
        }
        index += 1
    }

    private mutating func string() -> String {
        let start = index + 1
        index = start
        while index < bytes.count, byte != UInt8(ascii: "\"") {
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        defer { index += 1 }
        return String(decoding: bytes[start..<min(index, bytes.count)], as: UTF8.self)
    }
}

/// Writes a value with comments.
private struct CommentedWriter {
    /// The columns of a line.
    static let width = 100
    let comments: [String: [String]]
    var lines: [String] = []

    /// Whether anything below a place has a comment of its own.
    private func hasComments(below pointer: String) -> Bool {
        comments.keys.contains { $0.hasPrefix(pointer + "/") }
    }

    mutating func write(
        _ value: JSON, at pointer: String, before: String, after: String, indent: Int
    ) {
        let space = String(repeating: " ", count: indent)
        let short = space + before + Self.inline(value) + after
        if short.count <= Self.width, !hasComments(below: pointer) || !Self.isNested(value) {
            lines.append(short)
            return
        }
        let isArray = value.elements != nil
        lines.append(space + before + (isArray ? "[" : "{"))
        let parts: [(name: String, text: String, value: JSON)] =
            isArray
            ? (value.elements ?? []).enumerated().map { ("\($0)", "", $1) }
            : (value.members ?? []).map { ($0.name, JSON.string($0.name).compact + ": ", $0.value) }
        for (place, part) in parts.enumerated() {
            let own = "\(pointer)/\(part.name)"
            for line in comments[own] ?? [] { lines.append("\(space)  // \(line)") }
            write(
                part.value, at: own, before: part.text,
                after: place == parts.count - 1 ? "" : ",", indent: indent + 2)
        }
        lines.append(space + (isArray ? "]" : "}") + after)
    }

    private static func isNested(_ value: JSON) -> Bool {
        !(value.elements ?? []).isEmpty || !(value.members ?? []).isEmpty
    }

    /// A value on one line, with spaces within braces.
    private static func inline(_ value: JSON) -> String {
        switch value {
        case .array(let elements): "[" + elements.map(inline).joined(separator: ", ") + "]"
        case .object(let members) where !members.isEmpty:
            "{ "
                + members.map { JSON.string($0.name).compact + ": " + inline($0.value) }
                .joined(separator: ", ") + " }"
        case .object, .null, .bool, .number, .string: value.compact
        }
    }
}
