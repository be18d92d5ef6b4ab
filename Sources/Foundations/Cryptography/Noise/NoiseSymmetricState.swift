// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The running hash and keys of a handshake: the SymmetricState of the Noise framework.
///
/// Source: Noise specification revision 34 §5.2.
struct NoiseSymmetricState: Sendable {
    private var chainingKey: Bytes32
    private var cipher: NoiseCipher?

    /// The hash over everything both sides have seen.
    private(set) var transcript: Digest

    /// Starts from the protocol's name and the prologue.
    init(protocolName: String, prologue: [UInt8]) {
        let name = Array(protocolName.utf8)
        if name.count <= Bytes32.count, let padded = Bytes32(Self.padded(name)) {
            transcript = Digest(padded)
        } else {
            transcript = SHA256.hash(name)
        }
        chainingKey = transcript.raw
        mixHash(prologue)
    }

    /// Adds public bytes to the transcript.
    mutating func mixHash(_ bytes: [UInt8]) {
        transcript = SHA256.hash(transcript.raw.bytes + bytes)
    }

    /// Adds a shared secret and starts a new key.
    mutating func mixKey(_ secret: Bytes32) {
        let (next, key) = Self.derive(from: secret.bytes, salt: chainingKey)
        chainingKey = next
        cipher = NoiseCipher(key: key)
    }

    /// Seals with the transcript as associated data; plain before the first key.
    mutating func encryptAndHash(_ plaintext: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        var bytes = plaintext
        if var sealing = cipher {
            bytes = try sealing.seal(plaintext, associatedData: transcript.raw.bytes)
            cipher = sealing
        }
        mixHash(bytes)
        return bytes
    }

    /// Opens what ``encryptAndHash(_:)`` of the other side gave.
    mutating func decryptAndHash(_ bytes: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        var plaintext = bytes
        if var opening = cipher {
            plaintext = try opening.open(bytes, associatedData: transcript.raw.bytes)
            cipher = opening
        }
        mixHash(bytes)
        return plaintext
    }

    /// How many bytes sealing adds now.
    var tagBytes: Int { cipher == nil ? 0 : NoiseCipher.tagBytes }

    /// The two keys of the transport phase: the initiator's, then the responder's.
    func split() -> (initiator: NoiseCipher, responder: NoiseCipher) {
        let (first, second) = Self.derive(from: [], salt: chainingKey)
        return (NoiseCipher(key: first), NoiseCipher(key: second))
    }

    private static func derive(from secret: [UInt8], salt: Bytes32) -> (Bytes32, Bytes32) {
        let bytes = HKDF.derive(from: secret, salt: salt.bytes, info: [], count: 64)
        guard let first = Bytes32(bytes[..<32]), let second = Bytes32(bytes[32...]) else {
            preconditionFailure("HKDF gives as many bytes as asked")
        }
        return (first, second)
    }

    private static func padded(_ name: [UInt8]) -> [UInt8] {
        name + [UInt8](repeating: 0, count: Bytes32.count - name.count)
    }
}
