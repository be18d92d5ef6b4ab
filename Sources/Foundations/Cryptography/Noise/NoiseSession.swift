// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a finished handshake leaves: two ciphers, the peer's session key, the transcript.
///
/// Source: Noise specification revision 34 §5.2 `Split`, §11.2.
public struct NoiseSession: Sendable {
    /// Seals what this side sends.
    public var sending: NoiseCipher
    /// Opens what the other side sends.
    public var receiving: NoiseCipher
    /// The peer's X25519 key, which it has proved to hold.
    public let remoteStatic: Bytes32
    /// The hash of the whole handshake, equal on both sides and unique to this session.
    public let transcript: Digest
}
