// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing
import Vocabulary

@testable import Identity

/// The example of Data Integrity EdDSA Cryptosuites 1.0 (appendix B, eddsa-jcs-2022), step by step.
@Suite("eddsa-jcs-2022", .needs("eddsa-jcs-2022/signedJCS.json"))
struct DataIntegrityTests {
    private func json(_ name: String) throws -> JSON {
        try PublicVectors.json("eddsa-jcs-2022/\(name)")
    }

    private func text(_ name: String) throws -> String {
        try PublicVectors.text("eddsa-jcs-2022/\(name)")
    }

    @Test("document and options have the published canonical forms and hashes")
    func hashes() throws {
        let document = try CanonicalJSON.bytes(of: json("unsigned.json"))
        #expect(String(decoding: document, as: UTF8.self) == (try text("canonDocJCS.txt")))
        #expect(SHA256.hash(document).description == (try text("docHashJCS.txt")))
        let options = try CanonicalJSON.bytes(of: json("proofConfigJCS.json"))
        #expect(String(decoding: options, as: UTF8.self) == (try text("proofCanonJCS.txt")))
        #expect(SHA256.hash(options).description == (try text("proofHashJCS.txt")))
    }

    @Test("the signed example's message and signature are the published ones, and it verifies")
    func verification() throws {
        let secured = try SecuredDocument(reading: json("signedJCS.json"))
        let message = try secured.message(of: 0)
        #expect(Hexadecimal.encode(message) == (try text("combinedHashJCS.txt")))
        let proof = secured.proofs[0]
        #expect(Hexadecimal.encode(proof.signature.bytes) == (try text("sigHexJCS.txt")))
        let published = try #require(json("keyPair.json")["publicKeyMultibase"]?.text)
        let key = try VerificationKey(multibase: published)
        #expect(try KeyMethod.key(of: proof.method.did) == key)
        #expect(key.accepts(proof.signature.bytes, over: message))
    }

    @Test("signing the example again gives its very bytes")
    func signing() throws {
        let text = try #require(json("keyPair.json")["privateKeyMultibase"]?.text)
        let secret = try #require(Base58.decode(text.dropFirst().utf8))
        #expect(secret.prefix(2) == [0x80, 0x26], "multicodec ed25519-priv")
        let key = try #require(SigningKey(seed: Array(secret.dropFirst(2))))
        let signed = try json("signedJCS.json")
        let proof = try #require(signed["proof"])
        let method = try #require(proof["verificationMethod"]?.text.flatMap { DIDURL($0) })
        let created = try #require(proof["created"]?.text.flatMap { Moment($0) })
        let made = try DocumentSigner.sign(
            json("unsigned.json"),
            as: ProofOptions(method: method, purpose: .assertionMethod, created: created), by: key)
        #expect(try CanonicalJSON.bytes(of: made) == CanonicalJSON.bytes(of: signed))
    }
}
