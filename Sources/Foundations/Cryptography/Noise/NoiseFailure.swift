// SPDX-License-Identifier: Apache-2.0

/// Why a Noise message cannot be written or read; the state is useless afterwards.
public enum NoiseFailure: Error, Hashable, Sendable {
    /// The message's length is not one that this step can have.
    case badLength(Int)
    /// A key of small order, which would give everybody the same secret.
    case degenerateKey
    /// The bytes were not sealed by the other side at this point of the transcript.
    case forged
    /// The step belongs to the other side, or the handshake is over.
    case outOfTurn
    /// All nonces of this direction are used up.
    case noncesExhausted
}
