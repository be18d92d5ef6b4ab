// SPDX-License-Identifier: Apache-2.0

/// Appends JSON to a buffer as it is told, without building a tree first.
///
/// Commas and colons come by themselves; the caller pairs each begin with its end and gives every
/// member a name. ``JSON`` writes itself through this, so both give the same bytes.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []
    /// Whether lines are broken and indented by two spaces.
    private let isPretty: Bool
    /// Whether a value was written since the last bracket opened.
    private var needsComma = false
    /// Whether the next value follows its name.
    private var followsName = false
    /// How many brackets are open.
    private var depth = 0

    /// Starts an empty text.
    public init(pretty: Bool = false, reservingBytes: Int = 0) {
        isPretty = pretty
        if reservingBytes > 0 { bytes.reserveCapacity(reservingBytes) }
    }

    /// The text written so far.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the object opened last.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the array opened last.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes the name of the next member.
    public mutating func name(_ name: String) {
        separate()
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(0x20) }
        followsName = true
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        separate()
        quoted(text)
    }

    /// Writes a whole number.
    public mutating func number(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes a Boolean.
    public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// Writes `null`.
    public mutating func null() { raw("null") }

    /// Writes a tree.
    ///
    /// Every case gives valid JSON as long as the texts of its numbers are numbers.
    public mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .number(let text): raw(text)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                name(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// Writes a member that is a string.
    public mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    /// Writes a member that is a whole number.
    public mutating func member(_ name: String, _ value: some BinaryInteger) {
        self.name(name)
        number(value)
    }

    /// Writes a member that is a Boolean.
    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// Writes a member that is a tree.
    public mutating func member(_ name: String, _ value: JSON) {
        self.name(name)
        self.value(value)
    }

    /// Writes text that is JSON already.
    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        precondition(depth > 0, "a bracket is closed that was not opened")
        depth -= 1
        if isPretty, needsComma { newLine() }
        bytes.append(bracket)
        needsComma = true
    }

    /// Writes what stands before a value or a name.
    private mutating func separate() {
        if followsName {
            followsName = false
        } else {
            if needsComma { bytes.append(UInt8(ascii: ",")) }
            if isPretty, depth > 0 { newLine() }
        }
        needsComma = true
    }

    private mutating func newLine() {
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: depth * 2))
    }

    /// Writes a string with its quotation marks, in runs of bytes that stand for themselves.
    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { content in
            var run = 0
            for index in content.indices where Self.isEscaped(content[index]) {
                bytes.append(contentsOf: content[run..<index])
                escape(content[index])
                run = index + 1
            }
            bytes.append(contentsOf: content[run...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a byte cannot stand for itself in a string.
    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            let low = byte & 0xF
            bytes.append(contentsOf: [
                UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"),
                UInt8(ascii: "0") + (byte >> 4),
                low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10,
            ])
        }
    }
}

extension JSON {
    /// The value as one line of UTF-8 without white space.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The value as one line without white space.
    public var compact: String { String(decoding: bytes, as: UTF8.self) }

    /// The value on many lines, indented by two spaces, for people.
    public var pretty: String {
        var writer = JSONWriter(pretty: true)
        writer.value(self)
        return writer.text
    }
}
