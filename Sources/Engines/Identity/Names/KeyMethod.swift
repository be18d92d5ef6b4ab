// SPDX-License-Identifier: Apache-2.0

/// Why a DID gives no document.
public enum ResolutionFailure: Error, Hashable, Sendable {
    /// A method that this resolver does not know.
    case unknownMethod(String)
    /// The name is not one of its method.
    case badName
    /// A key of a kind that is not understood, or malformed.
    case badKey(VerificationKey.Failure)
    /// Nothing is known of it.
    case unknown
}

/// The method `key`: the name is the key, the document follows from it (IDENTITY-6).
public enum KeyMethod {
    /// The name of the method.
    public static let name = "key"

    /// The DID of a key.
    public static func did(of key: VerificationKey) -> DID {
        DID(method: name, name: key.multibase)
    }

    /// The name of the key in its own document.
    public static func url(of key: VerificationKey) -> DIDURL {
        DIDURL(did(of: key), fragment: key.multibase)
    }

    /// The key a name states. Cost: about 2 µs.
    ///
    /// - Throws: ``ResolutionFailure``.
    public static func key(of did: DID) throws(ResolutionFailure) -> VerificationKey {
        guard did.method == name else { throw .unknownMethod(did.method) }
        do {
            return try VerificationKey(multibase: did.name)
        } catch {
            throw .badKey(error)
        }
    }

    /// The document of a `did:key`. Cost: about 40 µs for Ed25519, whose X25519 key is derived.
    ///
    /// - Throws: ``ResolutionFailure``.
    public static func resolve(_ did: DID) throws(ResolutionFailure) -> DIDDocument {
        let key = try key(of: did)
        var document = DIDDocument(id: did)
        let method = VerificationMethod(id: url(of: key), controller: did, key: key)
        switch key {
        case .ed25519(let signer):
            document.add(method, for: signingUses)
            if let bytes = signer.agreementKey {
                let agreement = VerificationKey.x25519(bytes)
                let id = DIDURL(did, fragment: agreement.multibase)
                document.add(
                    VerificationMethod(id: id, controller: did, key: agreement),
                    for: [.keyAgreement])
            }
        case .p256, .secp256k1: document.add(method, for: signingUses + [.keyAgreement])
        case .x25519: document.add(method, for: [.keyAgreement])
        }
        return document
    }

    /// What a signing key is for when nothing else is said.
    static let signingUses: [Relationship] = [
        .authentication, .assertionMethod, .capabilityInvocation, .capabilityDelegation,
    ]
}
