// SPDX-License-Identifier: Apache-2.0
public import Cryptography

/// Bytes that a peer has signed for one purpose.
///
/// Source: libp2p RFC 0002; LIBP-9.
public struct SignedEnvelope: Hashable, Sendable {
    /// The longest payload: a record of 64 addresses and a name, rounded up.
    public static let payloadBytesMax = 16_384
    /// The longest envelope: payload, key, signature and frames.
    public static let encodedBytesMax = payloadBytesMax + 4_096

    /// Who signed.
    public let key: IdentityKey
    /// What kind of payload it is.
    public let payloadType: [UInt8]
    /// What was signed.
    public let payload: [UInt8]
    private let signature: [UInt8]

    /// Signs a payload.
    ///
    /// - Parameter domain: The purpose, which no other use of the key shares.
    public init(
        signing payload: [UInt8], type: [UInt8], domain: String, with key: SigningKey
    ) {
        self.key = IdentityKey(key.publicKey)
        payloadType = type
        self.payload = payload
        signature = key.sign(Self.signedBytes(payload, type, domain)).bytes
    }

    /// Reads an envelope and checks its signature.
    ///
    /// - Throws: ``WireFailure``; ``WireFailure/malformed(_:)`` when type or signature are wrong.
    public init(
        _ bytes: [UInt8], type: [UInt8], domain: String
    ) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var key: [UInt8] = []
        var foundType: [UInt8] = []
        var payload: [UInt8] = []
        var signature: [UInt8] = []
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.bytes(max: IdentityKey.encodedBytesMax)
            case 2: foundType = try field.bytes(max: 64)
            case 3: payload = try field.bytes(max: Self.payloadBytesMax)
            case 5: signature = try field.bytes(max: ForeignKey.signatureBytesMax)
            default: break
            }
        }
        self.key = try IdentityKey(encoded: key)
        guard foundType == type,
            self.key.accepts(signature, over: Self.signedBytes(payload, type, domain))
        else { throw .malformed(.envelope) }
        payloadType = type
        self.payload = payload
        self.signature = signature
    }

    /// The protobuf `Envelope`.
    public var encoded: [UInt8] {
        var writer = ProtobufWriter()
        writer.bytes(1, key.encoded)
        writer.bytes(2, payloadType)
        writer.bytes(3, payload)
        writer.bytes(5, signature)
        return writer.bytes
    }

    private static func signedBytes(
        _ payload: [UInt8], _ type: [UInt8], _ domain: String
    ) -> [UInt8] {
        LengthPrefixedReader.frame(Array(domain.utf8)) + LengthPrefixedReader.frame(type)
            + LengthPrefixedReader.frame(payload)
    }
}
