// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// One side of `Noise_XX_25519_ChaChaPoly_SHA256`, as a value: messages in, messages out.
///
/// ```
/// -> e                the initiator writes
/// <- e, ee, s, es     the responder writes
/// -> s, se            the initiator writes
/// ```
/// After the third message both sides hold a ``NoiseSession``. A throw ends the handshake: the
/// value must be dropped.
///
/// Source: Noise specification revision 34 §5.3, §7.5; CRYPTO-15.
public struct NoiseHandshake: Sendable {
    /// Which side this is.
    public enum Side: Sendable {
        /// It writes the first message.
        case initiator
        /// It reads the first message.
        case responder
    }

    /// The protocol's name, which both transcripts begin with.
    public static let protocolName = "Noise_XX_25519_ChaChaPoly_SHA256"

    /// The number of messages.
    private static let messageCount = 3

    private let side: Side
    private let staticKey: AgreementKey
    private let ephemeralKey: AgreementKey
    private var symmetric: NoiseSymmetricState
    private var remoteStatic: Bytes32?
    private var remoteEphemeral: Bytes32?
    private var done = 0

    /// Starts a handshake.
    ///
    /// - Parameters:
    ///   - staticKey: This process's key, shown to the peer under encryption.
    ///   - ephemeralKey: A key for this handshake alone.
    ///   - prologue: Bytes both sides must know already and agree on.
    public init(
        side: Side, staticKey: AgreementKey, ephemeralKey: AgreementKey, prologue: [UInt8]
    ) {
        self.side = side
        self.staticKey = staticKey
        self.ephemeralKey = ephemeralKey
        symmetric = NoiseSymmetricState(protocolName: Self.protocolName, prologue: prologue)
    }

    /// Whether the next message is this side's to write.
    public var isMyTurn: Bool {
        done < Self.messageCount && done.isMultiple(of: 2) == (side == .initiator)
    }

    /// The length of the next message when its payload has `payloadCount` bytes.
    public func messageLength(payloadCount: Int) -> Int {
        switch done {
        case 0: 32 + payloadCount
        case 1: 32 + 32 + 16 + payloadCount + 16
        default: 32 + 16 + payloadCount + 16
        }
    }

    /// Writes the next message, with a payload that is secret from the second message on.
    ///
    /// - Throws: ``NoiseFailure/outOfTurn``, ``NoiseFailure/degenerateKey``,
    ///   ``NoiseFailure/badLength(_:)`` when the payload makes the message too long.
    public mutating func write(payload: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        guard isMyTurn else { throw .outOfTurn }
        let length = messageLength(payloadCount: payload.count)
        guard length <= NoiseCipher.messageBytesMax else { throw .badLength(length) }
        var message: [UInt8] = []
        message.reserveCapacity(length)
        switch done {
        case 0:
            message += writeEphemeral()
        case 1:
            message += writeEphemeral()
            try mixSecret(of: ephemeralKey, with: remoteEphemeral)
            message += try symmetric.encryptAndHash(staticKey.publicKey.bytes)
            try mixSecret(of: staticKey, with: remoteEphemeral)
        default:
            message += try symmetric.encryptAndHash(staticKey.publicKey.bytes)
            try mixSecret(of: staticKey, with: remoteEphemeral)
        }
        message += try symmetric.encryptAndHash(payload)
        done += 1
        return message
    }

    /// Reads the other side's next message and returns its payload.
    ///
    /// - Throws: ``NoiseFailure/outOfTurn``, ``NoiseFailure/badLength(_:)``,
    ///   ``NoiseFailure/degenerateKey``, ``NoiseFailure/forged``.
    public mutating func read(_ message: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        guard done < Self.messageCount, !isMyTurn else { throw .outOfTurn }
        guard message.count >= messageLength(payloadCount: 0),
            message.count <= NoiseCipher.messageBytesMax
        else { throw .badLength(message.count) }
        var rest = message[...]
        switch done {
        case 0:
            readEphemeral(&rest)
        case 1:
            readEphemeral(&rest)
            try mixSecret(of: ephemeralKey, with: remoteEphemeral)
            try readStatic(&rest)
            try mixSecret(of: ephemeralKey, with: remoteStatic)
        default:
            try readStatic(&rest)
            try mixSecret(of: ephemeralKey, with: remoteStatic)
        }
        let payload = try symmetric.decryptAndHash(Array(rest))
        done += 1
        return payload
    }

    /// The session, once all three messages have passed.
    public func session() -> NoiseSession? {
        guard done == Self.messageCount, let remoteStatic else { return nil }
        let (initiator, responder) = symmetric.split()
        let mine = side == .initiator ? initiator : responder
        let theirs = side == .initiator ? responder : initiator
        return NoiseSession(
            sending: mine, receiving: theirs, remoteStatic: remoteStatic,
            transcript: symmetric.transcript)
    }

    /// The peer's X25519 key, once its message has been read.
    public var remoteStaticKey: Bytes32? { remoteStatic }

    private mutating func writeEphemeral() -> [UInt8] {
        let bytes = ephemeralKey.publicKey.bytes
        symmetric.mixHash(bytes)
        return bytes
    }

    private mutating func readEphemeral(_ rest: inout ArraySlice<UInt8>) {
        let bytes = Array(rest.prefix(Bytes32.count))
        rest = rest.dropFirst(Bytes32.count)
        symmetric.mixHash(bytes)
        remoteEphemeral = Bytes32(bytes)
    }

    private mutating func readStatic(_ rest: inout ArraySlice<UInt8>) throws(NoiseFailure) {
        let sealedCount = Bytes32.count + NoiseCipher.tagBytes
        let bytes = try symmetric.decryptAndHash(Array(rest.prefix(sealedCount)))
        rest = rest.dropFirst(sealedCount)
        remoteStatic = Bytes32(bytes)
    }

    private mutating func mixSecret(
        of key: AgreementKey, with other: Bytes32?
    ) throws(NoiseFailure) {
        guard let other else { throw .outOfTurn }
        do {
            try symmetric.mixKey(key.sharedSecret(with: other))
        } catch {
            throw .degenerateKey
        }
    }
}
