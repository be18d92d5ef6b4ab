// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// IDENTITIES-13: what a token attests, for evidence.
@Suite("What a token attests")
struct TokenStatementTests {
    private let world = TrustWorld()

    private func statement(_ header: JSON, _ payload: JSON) throws -> TokenStatement {
        let text = CompactJWS.sign(header: header, payload: payload, by: try key(1))
        return try IssuedToken(text).statement
    }

    private func failure(_ header: JSON, _ payload: JSON) throws -> TokenFailure? {
        let text = CompactJWS.sign(header: header, payload: payload, by: try key(1))
        do throws(TokenFailure) {
            _ = try IssuedToken(text)
            return nil
        } catch {
            return error
        }
    }

    @Test("a credential as a token tells issuer, types and moment; so does an SD-JWT VC")
    func forms() throws {
        let header: JSON = ["alg": "EdDSA", "typ": "vc+jwt", "kid": "#k"]
        let credential = try world.authorization()
        let whole = try statement(header, credential)
        #expect(whole.issuer == (try world.did(1)).description)
        #expect(whole.types == ["VerifiableCredential", "OwnerAuthorization"])
        #expect(whole.moment == Moment(seconds: world.now.seconds - 1_000))
        let dated = try statement(header, credential.replacing("iat", with: 1_700_000_005))
        #expect(dated.moment == Moment(seconds: 1_700_000_005))
        let selective = try statement(
            ["alg": "EdDSA", "typ": "dc+sd-jwt"],
            ["iss": "did:example:1", "vct": "UniquePerson", "nbf": 5])
        #expect(selective.types == ["UniquePerson"])
        #expect(selective.moment == Moment(seconds: 5))
    }

    @Test("moments that are no whole seconds say nothing, so that nobody reads them otherwise")
    func moments() throws {
        for odd: JSON in [.number("1.5"), .number("1e3"), .number("-1"), "5", .number("99e99")] {
            let found = try statement(
                ["alg": "EdDSA", "typ": "dc+sd-jwt"],
                ["iss": "did:example:1", "vct": "UniquePerson", "iat": odd])
            #expect(found.moment == nil, "\(odd)")
        }
    }

    @Test("other kinds of token, other algorithms and missing parts attest nothing")
    func others() throws {
        let payload: JSON = ["iss": "did:example:1", "vct": "UniquePerson"]
        #expect(try failure(["alg": "EdDSA", "typ": "JWT"], payload) == .malformed("typ"))
        #expect(try failure(["alg": "EdDSA", "typ": "kb+jwt"], payload) == .malformed("typ"))
        #expect(
            try failure(["alg": "ES256", "typ": "dc+sd-jwt"], payload)
                == .unknownAlgorithm("ES256"))
        #expect(
            try failure(["alg": "none", "typ": "dc+sd-jwt"], payload) == .unknownAlgorithm("none"))
        #expect(
            try failure(["alg": "EdDSA", "typ": "dc+sd-jwt"], ["iss": "did:example:1"])
                == .malformed("vct"))
        #expect(
            try failure(["alg": "EdDSA", "typ": "vc+jwt"], ["issuer": "did:example:1"])
                == .malformed("type"))
    }

    @Test("a damaged token is refused, or attests what it says")
    func damage() throws {
        let text = try CredentialToken.sign(
            world.authorization(),
            method: KeyMethod.url(of: .ed25519(key(1).publicKey)), by: key(1))
        let bytes = try IssuedToken(text).signed
        var dice = Dice(seed: 11)
        for _ in 0..<2_000 {
            let damaged = dice.damaged(bytes)
            guard let read = try? TokenStatement(signed: damaged) else { continue }
            #expect(read.types.count <= bytes.count)
        }
    }
}
