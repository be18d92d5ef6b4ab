// SPDX-License-Identifier: Apache-2.0

/// Why a text is not the JSON this house accepts, and where.
public struct JSONFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// The text is longer than the limit, in bytes.
        case tooLong(limit: Int)
        /// Arrays and objects lie deeper inside one another than the limit.
        case tooDeep(limit: Int)
        /// The text ends inside a value.
        case unexpectedEnd
        /// A byte that cannot stand here.
        case unexpectedByte(UInt8)
        /// Something follows the value.
        case trailingBytes
        /// A number that RFC 8259 section 6 does not allow.
        case badNumber
        /// A backslash before something else than RFC 8259 section 7 lists.
        case badEscape
        /// An escaped half of a surrogate pair without its other half.
        case loneSurrogate
        /// A control character inside a string, which must be escaped.
        case controlCharacter
        /// A string whose bytes are not UTF-8.
        case badUTF8
        /// An object that has this name twice.
        case duplicateName(String)
    }

    /// What is wrong.
    public let reason: Reason
    /// How many bytes lie before the place.
    public let offset: Int
    /// The line of the place, from 1.
    public let line: Int
    /// The byte within its line, from 1.
    public let column: Int

    /// Finds line and column of `offset` in `bytes`.
    init(_ reason: Reason, at offset: Int, in bytes: [UInt8]) {
        var line = 1
        var lineStart = 0
        let end = min(offset, bytes.count)
        for index in 0..<end where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        self.reason = reason
        self.offset = offset
        self.line = line
        self.column = end - lineStart + 1
    }

    /// One line for people: the place and the reason.
    public var description: String { "line \(line), column \(column): \(sentence)" }

    /// The reason in words.
    private var sentence: String {
        switch reason {
        case .tooLong(let limit): "the text is longer than \(limit) bytes"
        case .tooDeep(let limit): "more than \(limit) arrays and objects inside one another"
        case .unexpectedEnd: "the text ends inside a value"
        case .unexpectedByte(let byte):
            (0x21...0x7E).contains(byte)
                ? "'\(Character(Unicode.Scalar(byte)))' cannot stand here"
                : "the byte \(byte) cannot stand here"
        case .trailingBytes: "something follows the value"
        case .badNumber: "not a JSON number"
        case .badEscape: "not a JSON escape"
        case .loneSurrogate: "half of a surrogate pair"
        case .controlCharacter: "a control character that is not escaped"
        case .badUTF8: "not UTF-8"
        case .duplicateName(let name): "the name \"\(name)\" appears twice"
        }
    }
}
