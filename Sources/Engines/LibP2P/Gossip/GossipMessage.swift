// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Vocabulary

/// One published message, as it goes over the wire.
///
/// Source: libp2p pubsub specification, "The Message"; LIBP-30.
public struct GossipMessage: Hashable, Sendable {
    /// The longest message with all its fields: 1 MiB, what other implementations take.
    public static let encodedBytesMax = 1_048_576
    /// The longest topic.
    public static let topicBytesMax = 256
    /// The longest sequence number: 8 bytes by the specification, more by some implementations.
    static let sequenceBytesMax = 32
    /// What a signature begins with.
    static let domain = Array("libp2p-pubsub:".utf8)

    /// Who published it.
    public var author: PeerID?
    /// What it says.
    public var data: [UInt8]
    /// The author's own number for it.
    public var sequence: [UInt8]?
    /// Where it belongs.
    public var topic: String
    /// The author's signature.
    public var signature: [UInt8]?
    /// The author's key, when its name does not hold it.
    public var key: [UInt8]?

    /// A message that says nothing of its author.
    public init(topic: String, data: [UInt8]) {
        self.topic = topic
        self.data = data
    }

    /// A message stamped and signed by its author.
    public init(topic: String, data: [UInt8], sequence: UInt64, signedBy signer: SigningKey) {
        self.init(topic: topic, data: data)
        author = PeerID(of: signer.publicKey)
        self.sequence = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> UInt64(56 - 8 * $0)) }
        signature = signer.sign(signedBytes).bytes
    }

    /// Reads the protobuf `Message`; a topic must be there.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ bytes: ArraySlice<UInt8>) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var topic: String?
        self.init(topic: "", data: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                let name = try field.bytes(max: PeerID.byteCountMax)
                author = name.isEmpty ? nil : try PeerID(name)
            case 2: data = try field.bytes(max: Self.encodedBytesMax)
            case 3: sequence = try field.bytes(max: Self.sequenceBytesMax)
            case 4:
                // One topic a message; the repeated form has been given up.
                guard topic == nil else { throw .malformed(.message) }
                topic = try field.text(max: Self.topicBytesMax)
            case 5: signature = try field.bytes(max: ForeignKey.signatureBytesMax)
            case 6: key = try field.bytes(max: IdentityKey.encodedBytesMax)
            default: break
            }
        }
        guard let topic, !topic.isEmpty else { throw .malformed(.message) }
        self.topic = topic
    }

    /// The protobuf `Message`.
    public var encoded: [UInt8] { encode(withProof: true) }

    /// What is signed: all fields but signature and key.
    ///
    /// The specification excludes the signature alone; go-libp2p and py-libp2p exclude the key as
    /// well, and a key that is not the author's is refused anyway.
    var signedBytes: [UInt8] { Self.domain + encode(withProof: false) }

    private func encode(withProof: Bool) -> [UInt8] {
        var writer = ProtobufWriter()
        if let author { writer.bytes(1, author.bytes) }
        writer.bytes(2, data)
        if let sequence { writer.bytes(3, sequence) }
        writer.text(4, topic)
        if withProof, let signature { writer.bytes(5, signature) }
        if withProof, let key { writer.bytes(6, key) }
        return writer.bytes
    }

    /// The author's key, from its name or from the message, where both agree.
    var authorKey: IdentityKey? {
        guard let author else { return nil }
        guard let key, !key.isEmpty else { return author.key }
        guard let read = try? IdentityKey(encoded: key), PeerID(of: read) == author else {
            return nil
        }
        return read
    }

    /// The usual name of a message: author and sequence number.
    public var stamp: [UInt8] { (author?.bytes ?? []) + (sequence ?? []) }

    /// Whether each message is stamped and truly signed, decided together (CRYPTO-5).
    static func areSigned(_ messages: [GossipMessage]) -> [Bool] {
        var verdicts = [Bool](repeating: false, count: messages.count)
        var claims: [SignatureClaim] = []
        var claimants: [Int] = []
        for (index, message) in messages.enumerated() {
            guard message.sequence != nil, let bytes = message.signature,
                let key = message.authorKey
            else { continue }
            if let ed25519 = key.ed25519, let signature = Signature(bytes) {
                claims.append(
                    SignatureClaim(
                        key: ed25519, signature: signature, message: message.signedBytes))
                claimants.append(index)
            } else {
                verdicts[index] = key.accepts(bytes, over: message.signedBytes)
            }
        }
        for (index, verdict) in zip(claimants, Ed25519Verifier.verify(claims)) {
            verdicts[index] = verdict
        }
        return verdicts
    }
}
