// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Vocabulary

/// A document whose proofs have been read and whose signatures wait to be decided.
struct ProofExamination {
    /// The document without its proofs.
    let document: JSON
    /// The proofs.
    let proofs: [DataIntegrityProof]
    /// The proofs by whom the document says it is from.
    let own: [DataIntegrityProof]
    /// The places of the signatures in the batch.
    let tickets: [Int]

    /// Reads the proofs of a document and adds their signatures to a batch.
    ///
    /// Every proof must hold, whoever's it is: a document with one bad proof among good ones was
    /// tampered with.
    ///
    /// - Throws: ``Rejection``.
    init(
        _ json: JSON, from signer: String, for purpose: Relationship,
        by verifier: CredentialVerifier,
        into batch: inout SignatureBatch
    ) throws(Rejection) {
        guard let signer = DID(signer) else { throw .notADID }
        let secured: SecuredDocument
        do {
            secured = try SecuredDocument(reading: json)
        } catch {
            throw .badProof(error)
        }
        var tickets: [Int] = []
        for (index, proof) in secured.proofs.enumerated() {
            guard proof.purpose == purpose else { throw .wrongPurpose(proof.purpose) }
            try Self.checkTime(of: proof, by: verifier)
            let key = try verifier.key(of: proof)
            do throws(ProofFailure) {
                let message = try secured.message(of: index)
                tickets.append(
                    batch.add(
                        SignatureClaim(key: key, signature: proof.signature, message: message)))
            } catch {
                throw .badProof(error)
            }
        }
        let own = secured.proofs.filter { $0.method.did == signer }
        guard !own.isEmpty else { throw .wrongSigner }
        document = secured.document
        proofs = secured.proofs
        self.own = own
        self.tickets = tickets
    }

    private static func checkTime(
        of proof: DataIntegrityProof, by verifier: CredentialVerifier
    ) throws(Rejection) {
        let now = verifier.now
        if let created = proof.created,
            created.seconds > now.seconds + verifier.policy.skewSecondsMax
        {
            throw .proofFromTheFuture
        }
        if let expires = proof.expires, now >= expires { throw .proofExpired }
    }

    /// Whether all signatures hold.
    func holds(_ verdicts: [Bool]) -> Bool { tickets.allSatisfy { verdicts[$0] } }
}
