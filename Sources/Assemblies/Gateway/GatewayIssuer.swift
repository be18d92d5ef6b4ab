// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Identity

/// The identity with which a gateway signs for callers it knows (GATEWAY-18).
public struct GatewayIssuer: Sendable {
    /// The most callers.
    public static let callersMax = 256

    /// Who signs.
    public let did: DID
    /// Under which name of a key.
    public let method: DIDURL
    /// The key.
    public let key: SigningKey
    /// Whose certificates may ask.
    public let callers: Set<DID>

    /// Signs as the identity of a key, for these callers.
    ///
    /// - Parameter did: The identity; that of the key itself when missing.
    public init?(key: SigningKey, did: DID? = nil, callers: Set<DID>) {
        let name = VerificationKey.ed25519(key.publicKey)
        let did = did ?? KeyMethod.did(of: name)
        guard let method = DIDURL("\(did)#\(name.multibase)"), callers.count <= Self.callersMax
        else { return nil }
        self.did = did
        self.method = method
        self.key = key
        self.callers = callers
    }
}
