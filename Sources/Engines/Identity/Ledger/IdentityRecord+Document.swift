// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension IdentityRecord {
    /// The DID of the record.
    public var did: DID { AtollMethod.did(of: subject) }

    /// The document the record stands for at a moment (IDENTITY-9): the controlling key and its
    /// X25519 form, then the delegates that have not expired. An ended log gives no key at all.
    ///
    /// A key is named by itself, so that a name never comes to mean another key.
    public func document(at now: Moment) -> DIDDocument {
        let did = did
        var document = DIDDocument(id: did)
        guard !isDeactivated else { return document }
        document.services = services
        func add(_ key: VerificationKey, for uses: [Relationship]) {
            let id = DIDURL(did, fragment: key.multibase)
            guard !document.methods.contains(where: { $0.id == id }) else { return }
            document.add(VerificationMethod(id: id, controller: did, key: key), for: uses)
        }
        add(.ed25519(controller), for: KeyMethod.signingUses)
        if let agreement = controller.agreementKey { add(.x25519(agreement), for: [.keyAgreement]) }
        for delegate in delegates where delegate.counts(at: now) {
            add(delegate.key, for: Relationship.allCases.filter(delegate.uses.contains))
        }
        return document
    }
}
