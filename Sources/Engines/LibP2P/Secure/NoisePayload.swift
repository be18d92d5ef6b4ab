// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// What each side says of itself inside the Noise handshake.
///
/// Source: libp2p noise specification, "The libp2p Handshake Payload"; LIBP-13.
struct NoisePayload: Sendable {
    /// What the signature over the static key begins with.
    static let domain = Array("noise-libp2p-static-key:".utf8)
    /// The longest payload: the longest key and signature, and extensions.
    static let encodedBytesMax = 8_192
    /// The most muxers, and certificates, a side may list.
    static let listMax = 16

    /// The side's key.
    let key: IdentityKey
    /// Its signature over its Noise key.
    let signature: [UInt8]
    /// The muxers it offers, the preferred first; empty when it says nothing of them.
    let muxers: [String]

    /// What this side says.
    init(signing staticKey: Bytes32, with key: SigningKey, muxers: [String]) {
        self.key = IdentityKey(key.publicKey)
        signature = key.sign(Self.domain + staticKey.bytes).bytes
        self.muxers = muxers
    }

    /// Reads what the other side says, and checks that the key has signed its Noise key.
    init(_ bytes: [UInt8], staticKey: Bytes32) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var key: [UInt8] = []
        var signature: [UInt8] = []
        var muxers: [String] = []
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.bytes(max: IdentityKey.encodedBytesMax)
            case 2: signature = try field.bytes(max: ForeignKey.signatureBytesMax)
            case 4:
                var extensions = try field.message(max: Self.encodedBytesMax)
                while let item = try extensions.next() {
                    guard item.number == 2 else { continue }
                    try muxers.append(
                        item.text(max: Negotiation.messageBytesMax), max: Self.listMax)
                }
            default: break
            }
        }
        self.key = try IdentityKey(encoded: key)
        guard self.key.accepts(signature, over: Self.domain + staticKey.bytes) else {
            throw .malformed(.key)
        }
        self.signature = signature
        self.muxers = muxers
    }

    /// The protobuf `NoiseHandshakePayload`.
    var encoded: [UInt8] {
        var writer = ProtobufWriter()
        writer.bytes(1, key.encoded)
        writer.bytes(2, signature)
        if !muxers.isEmpty {
            writer.message(4) { inner in
                for muxer in muxers { inner.text(2, muxer) }
            }
        }
        return writer.bytes
    }
}
