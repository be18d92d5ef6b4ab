// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A peer's name: the multihash of its public key's protobuf.
///
/// Source: libp2p peer-ids specification; LIBP-7.
public struct PeerID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest key that a name holds whole.
    public static let inlineKeyBytesMax = 42
    /// The longest name: code, length, and a key held whole.
    public static let byteCountMax = 2 + inlineKeyBytesMax

    /// The multihash.
    public let bytes: [UInt8]

    /// Reads a binary name.
    ///
    /// - Throws: ``WireFailure`` for all that is neither a key held whole nor a SHA-256.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLong(limit: Self.byteCountMax) }
        let hash = try Multihash(bytes)
        switch hash.code {
        case Multihash.identityCode:
            guard !hash.digest.isEmpty else { throw .malformed(.peerID) }
        case Multihash.sha256Code: break
        default: throw .malformed(.peerID)
        }
        self.bytes = bytes
    }

    /// The name of a key.
    public init(of key: IdentityKey) {
        let encoded = key.encoded
        if encoded.count <= Self.inlineKeyBytesMax {
            bytes = [0x00, UInt8(encoded.count)] + encoded
        } else {
            bytes = Multihash(sha256Of: encoded).bytes
        }
    }

    /// The name of an Ed25519 key.
    public init(of key: PublicKey) { self.init(of: IdentityKey(key)) }

    /// Reads `12D3KooW...`, `Qm...`, or a CID of a peer's key.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ text: some StringProtocol) throws(WireFailure) {
        if text.hasPrefix("1") || text.hasPrefix("Qm") {
            try self.init(Base58.decode(text))
            return
        }
        let cid = try CID(text)
        guard cid.codec == CID.peerKeyCodec else { throw .malformed(.peerID) }
        try self.init(cid.hash.bytes)
    }

    /// The key, when the name holds it whole.
    public var key: IdentityKey? {
        guard bytes.first == 0 else { return nil }
        return try? IdentityKey(encoded: Array(bytes.dropFirst(2)))
    }

    /// The name as a CID, the form that is to come.
    public var cid: CID? {
        guard let hash = try? Multihash(bytes) else { return nil }
        return CID(codec: CID.peerKeyCodec, hash: hash)
    }

    /// Base58 of the multihash.
    public var description: String { Base58.encode(bytes) }

    /// Compares as bytes.
    public static func < (left: PeerID, right: PeerID) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
