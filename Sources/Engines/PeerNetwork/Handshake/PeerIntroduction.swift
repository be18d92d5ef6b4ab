// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// What each side says of itself inside the handshake, under encryption.
///
/// The version stands first, so that a peer of any other version is named as such even when the
/// rest of its introduction looks different.
///
/// Source: specs/transport.md TRANSPORT-4.
struct PeerIntroduction: Hashable, Sendable {
    /// The version this code speaks.
    static let version: UInt16 = 1

    /// 2 (version) + 32 (chain) + 32 (identity) + 64 (signature) + 1 (roles).
    static let byteCount = 131

    /// The chain the peer follows.
    var chain: ChainID
    /// The peer's Ed25519 key.
    var identity: PublicKey
    /// The identity's signature over its X25519 key.
    var signature: Signature
    /// What the peer does.
    var roles: PeerRoles

    /// What the identity signs: a tag, then the X25519 key.
    static func signedBytes(staticKey: Bytes32) -> [UInt8] {
        Array("atoll-noise-static-key:".utf8) + staticKey.bytes
    }

    /// Introduces the owner of `identity` with a session key.
    init(identity: SigningKey, staticKey: Bytes32, chain: ChainID, roles: PeerRoles) {
        self.chain = chain
        self.identity = identity.publicKey
        self.roles = roles
        signature = identity.sign(Self.signedBytes(staticKey: staticKey))
    }

    /// The bytes in a handshake payload.
    var bytes: [UInt8] {
        var encoder = CanonicalEncoder(capacity: Self.byteCount)
        encoder.write(Self.version)
        encoder.write(chain)
        encoder.write(identity)
        encoder.write(signature)
        encoder.write(roles.rawValue)
        return encoder.bytes
    }

    /// Reads and checks a payload that came with the session key `staticKey`.
    ///
    /// - Throws: ``DisconnectReason/wrongVersion(_:)``, ``DisconnectReason/malformedIntroduction``,
    ///   ``DisconnectReason/wrongSignature``. The chain is left to the caller.
    init(payload: [UInt8], staticKey: Bytes32) throws(DisconnectReason) {
        var decoder = CanonicalDecoder(payload)
        let rolesBits: UInt8
        do {
            let version = try decoder.read(UInt16.self)
            guard version == Self.version else {
                throw DisconnectReason.wrongVersion(version)
            }
            chain = try decoder.read()
            identity = try decoder.read()
            signature = try decoder.read()
            rolesBits = try decoder.read()
            try decoder.finish()
        } catch let reason as DisconnectReason {
            throw reason
        } catch {
            throw .malformedIntroduction
        }
        roles = PeerRoles(rawValue: rolesBits)
        guard PeerRoles.known.isSuperset(of: roles) else { throw .malformedIntroduction }
        guard identity.accepts(signature, over: Self.signedBytes(staticKey: staticKey)) else {
            throw .wrongSignature
        }
    }
}
