// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// With other implementations at work beside this one: each reads what the other writes.
@Suite("With other implementations of identity", .needsIdentityPeer, .serialized)
struct PeerTests {
    private let seed = [UInt8](repeating: 41, count: 32)
    private let now = Moment(seconds: 1_700_000_000)

    private func key() throws -> SigningKey { try #require(SigningKey(seed: seed)) }
    private func verificationKey() throws -> VerificationKey { .ed25519(try key().publicKey) }
    private func did() throws -> String { KeyMethod.did(of: try verificationKey()).description }

    private func olderCredential() throws -> JSON {
        [
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "id": "urn:uuid:1b2d1d6b-1f3a-4f3a-8b62-1e1c6d5a1111",
            "type": ["VerifiableCredential"], "issuer": .string(try did()),
            "issuanceDate": "2023-11-14T22:13:20Z",
            "credentialSubject": ["id": .string(try did())],
        ]
    }

    @Test("didkit resolves the names of our keys to documents with the keys ours have")
    func resolution() throws {
        let seeds = (0..<8).map { [UInt8](repeating: $0, count: 32) }
        let keys = try seeds.map {
            VerificationKey.ed25519(try #require(SigningKey(seed: $0)).publicKey)
        }
        let answers = try IdentityPeer.ask(
            keys.map {
                ["ask": "resolve", "did": .string(KeyMethod.did(of: $0).description)]
            })
        for (key, answer) in zip(keys, answers) {
            let theirs = try DIDDocument(reading: answer)
            let ours = try KeyMethod.resolve(KeyMethod.did(of: key))
            #expect(theirs.id == ours.id)
            for use in [Relationship.authentication, .assertionMethod] {
                #expect(theirs.key(named: KeyMethod.url(of: key), for: use) == key)
                #expect(ours.key(named: KeyMethod.url(of: key), for: use) == key)
            }
        }
    }

    @Test("a token of didkit verifies here, and ours there; a damaged one nowhere")
    func tokens() throws {
        let credential = try olderCredential()
        let ours = try CredentialToken.signClaim(
            credential, method: KeyMethod.url(of: verificationKey()), by: key())
        let damaged = String(ours.dropLast(4)) + "AAAA"
        let answers = try IdentityPeer.ask([
            ["ask": "issue token", "credential": credential, "key": IdentityPeer.secret(seed)],
            ["ask": "verify token", "token": .string(ours)],
            ["ask": "verify token", "token": .string(damaged)],
        ])
        let theirs = try CredentialToken(#require(answers[0].text))
        #expect(
            try CanonicalJSON.bytes(of: theirs.verified(by: verificationKey(), at: now))
                == CanonicalJSON.bytes(of: credential))
        #expect(try theirs.method == KeyMethod.url(of: verificationKey()))
        #expect(answers[1]["errors"]?.elements == [])
        #expect(answers[1]["checks"]?.elements?.contains("JWS") == true)
        #expect(answers[2]["errors"]?.elements?.isEmpty == false)
        #expect(throws: TokenFailure.badSignature) {
            try CredentialToken(damaged).verified(by: verificationKey(), at: now)
        }
    }

    @Test(
        "a token that cryptography signed on a curve passes the policy, and none by another key",
        arguments: ["P-256", "secp256k1"])
    func curves(curve: String) throws {
        let payload: JSON = [
            "@context": [.string(Credential.context)],
            "type": ["VerifiableCredential", "UniqueOperator"],
            "credentialSubject": ["id": .string(try did()), "scope": "region"],
        ]
        let question: JSON = ["ask": "sign token", "payload": payload, "curve": .string(curve)]
        let answers = try IdentityPeer.ask([question, question])
        let issuer = try #require(answers[0]["did"]?.text.flatMap { DID($0) })
        let verifier = CredentialVerifier(
            policy: TrustPolicy(issuers: ["UniqueOperator": [issuer]]), now: now)
        let text = try #require(answers[0]["token"]?.text)
        #expect(verifier.verify(token: text).isAccepted)
        let other = try #require(answers[1]["token"]?.text)
        #expect(verifier.verify(token: other).rejections == [.issuerWithoutAuthority])
        // The body of one with the signature of the other.
        let body = text.split(separator: ".").dropLast().joined(separator: ".")
        let forged = body + "." + (other.split(separator: ".").last ?? "")
        #expect(verifier.verify(token: forged).rejections == [.badSignature])
    }

    @Test("a Data Integrity proof made with cryptography verifies here, and ours there")
    func dataIntegrity() throws {
        let document: JSON = [
            "@context": [.string(Credential.context)],
            "type": ["VerifiableCredential", "UniquePerson"], "issuer": .string(try did()),
            "credentialSubject": ["id": .string(try did()), "scope": "Straße 😀 \"q\" \\ \n"],
        ]
        let method = KeyMethod.url(of: try verificationKey())
        let ours = try DocumentSigner.sign(
            document,
            as: ProofOptions(method: method, purpose: .assertionMethod, created: now), by: key())
        let answers = try IdentityPeer.ask([
            [
                "ask": "sign document", "document": document, "seed": .string(hexadecimal(seed)),
                "method": .string(method.description),
            ],
            ["ask": "verify document", "document": ours],
            ["ask": "verify document", "document": ours.replacing("issuer", with: "did:key:z6")],
        ])
        let issuer = try #require(DID(did()))
        let verifier = CredentialVerifier(
            policy: TrustPolicy(issuers: ["UniquePerson": [issuer]]), now: now)
        #expect(verifier.verify(answers[0]).isAccepted)
        #expect(answers[0]["proof"]?["proofValue"] == ours["proof"]?["proofValue"])
        #expect(answers[1] == true)
        #expect(answers[2] == false)
    }

    @Test("what sd-jwt issues we show and sd-jwt accepts, and the other way round")
    func disclosure() throws {
        let holderSeed = [UInt8](repeating: 42, count: 32)
        let holder = try #require(SigningKey(seed: holderSeed))
        let claims: JSON = [
            "iss": "https://issuer.example.com", "vct": "https://atoll.example/Licence",
            "exp": 1_883_000_000, "owner": "Ada", "budget": "1000", "areas": ["a", "b"],
        ]
        let (audience, nonce) = ("https://verifier.example.org", "n-1")
        let (issuer, theirHolder) = try (
            IdentityPeer.secret(seed), IdentityPeer.secret(holderSeed)
        )
        let issued = try IdentityPeer.ask([
            "ask": "issue disclosure", "claims": claims, "hidden": ["owner", "budget"],
            "issuer": issuer, "holder": theirHolder,
        ])
        let shown = try SelectiveCredential.bind(
            SelectiveCredential(#require(issued.text)).showing(["owner"]), audience: audience,
            nonce: nonce, at: now, by: holder)
        let ours = try DisclosureIssuer.issue(
            claims,
            hidden: [
                ("owner", [UInt8](repeating: 1, count: 16)),
                ("budget", [UInt8](repeating: 2, count: 16)),
            ], holder: .ed25519(holder.publicKey), by: key())
        let asked: JSON = ["audience": .string(audience), "nonce": .string(nonce)]
        let answers = try IdentityPeer.ask([
            asked.replacing("ask", with: "verify disclosure")
                .replacing("text", with: .string(shown)).replacing("issuer", with: issuer),
            asked.replacing("ask", with: "present disclosure")
                .replacing("text", with: .string(ours)).replacing("shown", with: ["budget"])
                .replacing("holder", with: theirHolder),
        ])
        #expect(answers[0]["owner"] == "Ada" && answers[0]["budget"] == nil)
        #expect(answers[0]["areas"] == ["a", "b"])
        let theirs = try SelectiveCredential(#require(answers[1].text))
        let age = Moment.now.seconds
        let read = try theirs.verifiedCredential(
            type: "https://atoll.example/Licence", by: verificationKey(),
            at: Moment(seconds: age),
            request: KeyBindingRequest(audience: audience, nonce: nonce))
        #expect(read["budget"] == "1000" && read["owner"] == nil)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
