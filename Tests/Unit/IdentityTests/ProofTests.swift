// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// IDENTITY-10 to IDENTITY-12: what a proof covers, and what is no credential.
@Suite("Proofs")
struct ProofTests {
    private let document: JSON = [
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"], "issuer": "did:key:x",
        "credentialSubject": ["id": "did:key:y", "n": 1],
    ]

    private func options(_ key: SigningKey) -> ProofOptions {
        let signer = VerificationKey.ed25519(key.publicKey)
        return ProofOptions(
            method: KeyMethod.url(of: signer), purpose: .assertionMethod,
            created: Moment(seconds: 1_700_000_000))
    }

    /// Which proofs of a document hold.
    private func verdicts(_ json: JSON) throws -> [Bool] {
        let secured = try SecuredDocument(reading: json)
        return try secured.proofs.indices.map { index in
            let proof = secured.proofs[index]
            let key = try KeyMethod.key(of: proof.method.did)
            return key.accepts(proof.signature.bytes, over: try secured.message(of: index))
        }
    }

    @Test("a signed document verifies, whatever the order of its members")
    func signed() throws {
        let signed = try DocumentSigner.sign(document, as: options(key(1)), by: key(1))
        #expect(try verdicts(signed) == [true])
        let turned = JSON.object((signed.members ?? []).reversed())
        #expect(try verdicts(turned) == [true])
    }

    @Test("whoever changes a member, an option or the context breaks the proof")
    func changed() throws {
        let signed = try DocumentSigner.sign(document, as: options(key(1)), by: key(1))
        #expect(try verdicts(signed.replacing("issuer", with: "did:key:z")) == [false])
        #expect(try verdicts(signed.replacing("extra", with: true)) == [false])
        let proof = try #require(signed["proof"])
        let later = proof.replacing("created", with: "2030-01-01T00:00:00Z")
        #expect(try verdicts(signed.replacing("proof", with: later)) == [false])
        let purpose = proof.replacing("proofPurpose", with: "authentication")
        #expect(try verdicts(signed.replacing("proof", with: purpose)) == [false])
        #expect(throws: ProofFailure.contextMismatch) {
            try verdicts(signed.replacing("@context", with: ["https://evil.example"]))
        }
    }

    @Test("the proofs of a set stand alone: taking one away leaves the other")
    func sets() throws {
        let one = try DocumentSigner.sign(document, as: options(key(1)), by: key(1))
        let two = try DocumentSigner.sign(one, as: options(key(2)), by: key(2))
        #expect(try verdicts(two) == [true, true])
        let second = try #require(two["proof"]?.elements?.last)
        #expect(try verdicts(two.replacing("proof", with: second)) == [true])
    }

    @Test("the links of a chain do not: a later proof holds only over the one it names")
    func chains() throws {
        var first = options(try key(1))
        first.id = "urn:proof:1"
        let one = try DocumentSigner.sign(document, as: first, by: key(1))
        var second = options(try key(2))
        second.previous = ["urn:proof:1"]
        let two = try DocumentSigner.sign(one, as: second, by: key(2))
        #expect(try verdicts(two) == [true, true])
        let proofs = try #require(two["proof"]?.elements)
        #expect(throws: ProofFailure.unknownPrevious("urn:proof:1")) {
            try verdicts(two.replacing("proof", with: proofs[1]))
        }
        var third = options(try key(3))
        third.id = first.id
        let forged = try DocumentSigner.sign(document, as: third, by: key(3))
        let swapped = JSON.array([try #require(forged["proof"]), proofs[1]])
        #expect(try verdicts(two.replacing("proof", with: swapped)) == [true, false])
        let doubled = JSON.array([proofs[0], proofs[0]])
        #expect(throws: ProofFailure.duplicate("urn:proof:1")) {
            try verdicts(two.replacing("proof", with: doubled))
        }
    }

    @Test("other suites, purposes and too many proofs are refused by name")
    func refused() throws {
        let signed = try DocumentSigner.sign(document, as: options(key(1)), by: key(1))
        let proof = try #require(signed["proof"])
        func failure(_ proof: JSON?) -> ProofFailure? {
            let json = proof.map { signed.replacing("proof", with: $0) } ?? document
            do throws(ProofFailure) {
                _ = try SecuredDocument(reading: json)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure(nil) == ProofFailure.none)
        #expect(failure([]) == ProofFailure.none)
        #expect(
            failure(proof.replacing("cryptosuite", with: "eddsa-rdfc-2022"))
                == .unknownSuite("eddsa-rdfc-2022"))
        #expect(
            failure(proof.replacing("proofPurpose", with: "marriage"))
                == .malformed("proofPurpose"))
        #expect(
            failure(proof.replacing("proofValue", with: "z111")) == .malformed("proofValue"))
        #expect(
            failure(.array(Array(repeating: proof, count: SecuredDocument.proofsMax + 1)))
                == .tooMany)
    }

    @Test("a damaged document is refused or its proof fails, unless its canonical form is the same")
    func damage() throws {
        var dice = Dice(seed: 7)
        let signed = try DocumentSigner.sign(document, as: options(key(1)), by: key(1))
        let canonical = try CanonicalJSON.bytes(of: signed)
        for _ in 0..<1_000 {
            guard let json = try? CanonicalJSON.read(dice.damaged(signed.bytes)),
                let verdict = try? verdicts(json), verdict == [true]
            else { continue }
            #expect(try CanonicalJSON.bytes(of: json) == canonical)
        }
    }

    @Test("what is no credential of the data model is refused by the property at fault")
    func credentials() throws {
        func failure(_ json: JSON) -> CredentialFailure? {
            do throws(CredentialFailure) {
                _ = try Credential(reading: json)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure(document) == nil)
        #expect(
            failure(
                document.replacing("@context", with: ["https://www.w3.org/2018/credentials/v1"]))
                == .malformed("@context"))
        #expect(failure(document.replacing("type", with: "Other")) == .malformed("type"))
        #expect(failure(document.replacing("issuer", with: 5)) == .malformed("issuer"))
        #expect(
            failure(document.replacing("credentialSubject", with: []))
                == .malformed("credentialSubject"))
        #expect(
            failure(document.replacing("validFrom", with: "yesterday")) == .malformed("validFrom"))
        let backwards = document.replacing("validFrom", with: "2026-01-02T00:00:00Z")
            .replacing("validUntil", with: "2026-01-01T00:00:00Z")
        #expect(failure(backwards) == .malformed("validUntil"))
        let status: JSON = [
            "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": "007", "statusListCredential": "https://x.example",
        ]
        #expect(
            failure(document.replacing("credentialStatus", with: status))
                == .malformed("credentialStatus"))
    }
}
