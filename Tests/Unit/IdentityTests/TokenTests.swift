// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// IDENTITY-23: credentials as JSON Web Tokens.
@Suite("Credentials as tokens")
struct TokenTests {
    private let world = TrustWorld()

    private func method(_ person: UInt8) throws -> DIDURL {
        KeyMethod.url(of: .ed25519(try key(person).publicKey))
    }

    private func token(_ json: JSON? = nil, by person: UInt8 = 1) throws -> String {
        try CredentialToken.sign(
            json ?? world.authorization(), method: method(person), by: key(person))
    }

    @Test("a token passes every check that the credential with a proof in it passes")
    func accepted() throws {
        let report = try world.verifier().verify(token: token())
        #expect(report.isAccepted)
        #expect(
            report.findings.map(\.check)
                == [.form, .type, .schema, .proof, .validity, .status, .authority])
        let read = try CredentialToken(token())
        #expect(read.form == .enveloped)
        #expect(
            try read.verified(by: .ed25519(key(1).publicKey), at: world.now)
                == world.authorization())
    }

    @Test("a substituted key, another's key, a key for another use and none are refused by name")
    func keys() throws {
        let verifier = try world.verifier()
        let forged = try CredentialToken.sign(
            world.authorization(), method: method(1), by: key(2))
        #expect(verifier.verify(token: forged).rejections == [.badSignature])
        let others = try CredentialToken.sign(
            world.authorization(), method: method(2), by: key(2))
        #expect(verifier.verify(token: others).rejections == [.wrongSigner])
        let nameless = CompactJWS.sign(
            header: ["alg": "EdDSA", "typ": "vc+jwt"], payload: try world.authorization(),
            by: try key(1))
        #expect(verifier.verify(token: nameless).rejections == [.badToken(.malformed("kid"))])
    }

    @Test("a token without a signature, of another algorithm or with critical headers is refused")
    func algorithms() throws {
        func report(_ header: JSON) throws -> [Rejection] {
            let text = CompactJWS.sign(
                header: header, payload: try world.authorization(), by: try key(1))
            return try world.verifier().verify(token: text).rejections
        }
        let kid = JSON.string(try method(1).description)
        #expect(
            try report(["alg": "none", "typ": "vc+jwt", "kid": kid])
                == [.badToken(.unknownAlgorithm("none"))])
        #expect(
            try report(["alg": "HS256", "typ": "vc+jwt", "kid": kid])
                == [.badToken(.unknownAlgorithm("HS256"))])
        #expect(
            try report(["alg": "EdDSA", "typ": "vc+jwt", "kid": kid, "crit": ["b64"]])
                == [.badToken(.unknownAlgorithm("crit"))])
        // An algorithm of another kind of key than the one that is named.
        #expect(
            try report(["alg": "ES256", "typ": "vc+jwt", "kid": kid]) == [.badSignature])
    }

    @Test("claims beside the credential that say another thing are refused")
    func contradictions() throws {
        func failure(_ name: String, _ value: JSON) throws -> TokenFailure? {
            let payload = try world.authorization().replacing(name, with: value)
            let text = CompactJWS.sign(
                header: ["alg": "EdDSA", "typ": "vc+jwt"], payload: payload, by: try key(1))
            do throws(TokenFailure) {
                _ = try CredentialToken(text)
                return nil
            } catch {
                return error
            }
        }
        #expect(try failure("iss", "did:key:zOther") == .contradiction("iss"))
        #expect(try failure("sub", "did:key:zOther") == .contradiction("sub"))
        #expect(try failure("vc", [:]) == .malformed("vc"))
    }

    @Test("the token's own times count too")
    func times() throws {
        func rejections(_ name: String, _ seconds: Int64) throws -> [Rejection] {
            let payload = try world.authorization()
                .replacing(name, with: JSON(world.now.seconds + seconds))
            return try world.verifier().verify(token: token(payload)).rejections
        }
        #expect(try rejections("nbf", 1) == [.notYetValid])
        #expect(try rejections("exp", 0) == [.expired])
        #expect(try rejections("exp", 1) == [])
    }

    @Test("the older form carries the credential of the data model 1.1, filled from its claims")
    func olderForm() throws {
        let credential: JSON = [
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiableCredential"], "issuer": .string(try world.did(1).description),
            "issuanceDate": "2023-11-14T22:13:20Z", "expirationDate": "2023-11-14T22:13:21Z",
            "credentialSubject": ["id": .string(try world.did(7).description)],
        ]
        let text = try CredentialToken.signClaim(credential, method: method(1), by: key(1))
        let token = try CredentialToken(text)
        let issuer = VerificationKey.ed25519(try key(1).publicKey)
        #expect(token.form == .claim)
        #expect(try token.verified(by: issuer, at: world.now) == credential)
        #expect(throws: TokenFailure.expired) {
            try token.verified(by: issuer, at: Moment(seconds: world.now.seconds + 1))
        }
        #expect(throws: TokenFailure.notYetValid) {
            try token.verified(by: issuer, at: Moment(seconds: world.now.seconds - 1))
        }
        // It has the rules of the older model, so no policy of the newer one accepts it.
        #expect(
            try world.verifier().verify(token: text).rejections
                == [.malformed(.malformed("@context"))])
    }

    @Test("a damaged token is refused")
    func damage() throws {
        var dice = Dice(seed: 23)
        let verifier = try world.verifier()
        let bytes = Array(try token().utf8)
        for _ in 0..<300 {
            let damaged = dice.damaged(bytes)
            guard damaged != bytes else { continue }
            #expect(!verifier.verify(token: String(decoding: damaged, as: UTF8.self)).isAccepted)
        }
    }
}
