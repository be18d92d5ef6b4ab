// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// The name of content by its SHA-256: `sha256:` and 64 lower-case hexadecimal digits.
///
/// Source: OCI image specification 1.1, descriptor.md, "Digests" (IMAGE-1).
public struct ContentDigest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The algorithm, as it stands before the colon. Others are refused by name.
    public static let algorithm = "sha256"

    /// The hash.
    public let hash: Digest

    /// Names a hash.
    public init(_ hash: Digest) { self.hash = hash }

    /// The name of bytes.
    public init(of bytes: [UInt8]) { hash = SHA256.hash(bytes) }

    /// Reads a name.
    ///
    /// - Throws: ``ImageFailure/badDigest(_:)``, also for another algorithm and for upper case.
    public init(_ text: String) throws(ImageFailure) {
        let prefix = Self.algorithm + ":"
        let digits = text.dropFirst(prefix.count)
        guard text.hasPrefix(prefix), digits.utf8.count == 64,
            digits.utf8.allSatisfy({ !(UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }),
            let hash = Digest(hexadecimal: String(digits))
        else { throw .badDigest(String(text.prefix(96))) }
        self.hash = hash
    }

    /// The digits alone.
    public var digits: String { hash.description }

    /// Algorithm, colon, digits.
    public var description: String { "\(Self.algorithm):\(digits)" }

    /// Compares as bytes.
    public static func < (left: Self, right: Self) -> Bool { left.hash < right.hash }
}
