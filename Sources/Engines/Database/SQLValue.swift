// SPDX-License-Identifier: Apache-2.0

/// A value of a row, or of a place in a statement.
public enum SQLValue: Hashable, Sendable {
    /// No value.
    case null
    /// A whole number.
    case integer(Int64)
    /// Text in UTF-8 without the character NUL, which PostgreSQL does not keep.
    case text(String)

    /// The number, or nothing.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .text(let text): Int64(text)
        case .null: nil
        }
    }

    /// The text, or nothing.
    public var text: String? {
        switch self {
        case .text(let text): text
        case .integer(let value): "\(value)"
        case .null: nil
        }
    }
}

/// Why a database did not do what was asked.
public enum DatabaseFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// It cannot be reached or opened; the words are its own.
    case unreachable(String)
    /// It refuses a statement; the words are its own.
    case refused(String)
    /// The address names no database that is known here.
    case malformedAddress(String)

    /// The failure in words.
    public var description: String {
        switch self {
        case .unreachable(let words): "the database cannot be reached: \(words)"
        case .refused(let words): "the database refuses: \(words)"
        case .malformedAddress(let words): "the database's address is malformed: \(words)"
        }
    }
}
