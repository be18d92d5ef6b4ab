// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A name that people read: 3 to 32 of the letters a to z, digits, and hyphens that stand neither
/// first nor last nor side by side (NAMES-1).
///
/// One script and one case, so that no two names look alike by other letters.
public struct PlainName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The fewest letters.
    public static let bytesMin = 3
    /// The most letters: what fits a line and, with `.atoll`, a label of DNS.
    public static let bytesMax = 32

    /// The letters.
    public let text: String

    /// Reads a name; nothing when it is none.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (Self.bytesMin...Self.bytesMax).contains(bytes.count),
            bytes.allSatisfy(Self.isAllowed), bytes.first != Self.hyphen,
            bytes.last != Self.hyphen,
            !zip(bytes, bytes.dropFirst()).contains(where: { $0 == Self.hyphen && $1 == $0 })
        else { return nil }
        self.text = text
    }

    private static let hyphen = UInt8(ascii: "-")

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == hyphen
    }

    /// Thirty-two bytes that stand for the name: the subject of its events.
    public var id: Bytes32 {
        SHA256.hash(Array("atoll/names/name/1".utf8) + [0] + Array(text.utf8)).raw
    }

    /// The letters.
    public var description: String { text }

    /// By bytes.
    public static func < (left: PlainName, right: PlainName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension PlainName: CanonicalCodable {
    /// Appends the text.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeText(text) }

    /// Reads a text that is a name.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let name = PlainName(try decoder.readText(limit: Self.bytesMax)) else {
            throw .outOfRange("PlainName")
        }
        self = name
    }
}
