// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a provider can do, such as `wasm/1`: 1 to 32 bytes of a-z, 0-9, '.', '-' and '/', as the
/// registry names it. Source: DISCOVERY-2.
public struct Capability: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The most bytes, as in the registry.
    public static let bytesMax = 32

    /// The name.
    public let name: String

    /// Takes a well-formed name, or nothing.
    public init?(_ name: String) {
        guard (1...Self.bytesMax).contains(name.utf8.count), name.utf8.allSatisfy(Self.isAllowed)
        else { return nil }
        self.name = name
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        ASCIIName.isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "/")
    }

    /// Compares bytes.
    public static func < (left: Self, right: Self) -> Bool {
        left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }

    /// The name.
    public var description: String { name }
}

extension Capability: CanonicalCodable {
    /// Appends the name.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeText(name) }

    /// Reads a well-formed name.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let value = try Self(decoder.readText(limit: Self.bytesMax)) else {
            throw .outOfRange("Capability")
        }
        self = value
    }
}

/// Where a machine stands, in words that go from large to small: `eu`, `eu-central`,
/// `eu-central-1`. 1 to 32 bytes of a-z, 0-9 and single '-' between them. Source: DISCOVERY-2.
public struct Region: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The most bytes.
    public static let bytesMax = 32

    /// The name.
    public let name: String

    /// Takes a well-formed name, or nothing.
    public init?(_ name: String) {
        let parts = name.utf8.split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard (1...Self.bytesMax).contains(name.utf8.count),
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(ASCIIName.isLetterOrDigit) })
        else { return nil }
        self.name = name
    }

    /// Whether `other` is this region or lies in it: `eu` contains `eu-central-1`.
    public func contains(_ other: Region) -> Bool {
        other.name == name || other.name.utf8.starts(with: name.utf8 + [UInt8(ascii: "-")])
    }

    /// Compares bytes.
    public static func < (left: Self, right: Self) -> Bool {
        left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }

    /// The name.
    public var description: String { name }
}

extension Region: CanonicalCodable {
    /// Appends the name.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeText(name) }

    /// Reads a well-formed name.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let value = try Self(decoder.readText(limit: Self.bytesMax)) else {
            throw .outOfRange("Region")
        }
        self = value
    }
}

/// Letters of names that compare as bytes.
enum ASCIIName {
    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
