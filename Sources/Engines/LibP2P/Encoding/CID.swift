// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// A name for content: which codec reads it, and its multihash.
///
/// Source: multiformats CID; LIBP-6.
public struct CID: Hashable, Sendable, CustomStringConvertible {
    /// The codec of a peer's key.
    public static let peerKeyCodec: UInt64 = 0x72
    /// The codec of a MerkleDAG node, which names of version 0 mean.
    public static let merkleDAGCodec: UInt64 = 0x70
    /// The codec of plain bytes.
    public static let rawCodec: UInt64 = 0x55
    /// The longest text: multibase, version, codec and multihash in base32.
    public static let textBytesMax = 160

    /// How to read the content.
    public let codec: UInt64
    /// What the content hashes to.
    public let hash: Multihash

    /// Names content.
    public init(codec: UInt64, hash: Multihash) {
        self.codec = codec
        self.hash = hash
    }

    /// Reads the binary form of either version.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        // Version 0 is a bare multihash of SHA-256.
        if bytes.count == 34, bytes[0] == 0x12, bytes[1] == 0x20 {
            try self.init(codec: Self.merkleDAGCodec, hash: Multihash(bytes))
            return
        }
        var rest = bytes[...]
        guard try Varint.take(&rest) == 1 else { throw .malformed(.cid) }
        let codec = try Varint.take(&rest)
        let hash = try Multihash(taking: &rest)
        guard rest.isEmpty else { throw .malformed(.cid) }
        self.init(codec: codec, hash: hash)
    }

    /// Reads `Qm...`, or a multibase text in base32 or base58.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ text: some StringProtocol) throws(WireFailure) {
        guard text.utf8.count <= Self.textBytesMax else { throw .tooLong(limit: Self.textBytesMax) }
        if text.utf8.count == 46, text.hasPrefix("Qm") {
            try self.init(Base58.decode(text))
            return
        }
        let bytes = try Multibase.decode(text)
        // A multibase text is never of version 0.
        guard bytes.first == 1 else { throw .malformed(.cid) }
        try self.init(bytes)
    }

    /// The binary form of version 1.
    public var bytes: [UInt8] { [1] + Varint.encode(codec) + hash.bytes }

    /// Version 1 in base32.
    public var description: String { "b" + Base32.encode(bytes) }
}

/// Text that says its base with its first letter: base32 and base58, the two that names use.
enum Multibase {
    /// The bytes of a text.
    static func decode(_ text: some StringProtocol) throws(WireFailure) -> [UInt8] {
        switch text.first {
        case "b": try Base32.decode(text.dropFirst())
        case "z": try Base58.decode(text.dropFirst())
        default: throw .malformed(.multibase)
        }
    }
}
