// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// The example of RFC 9901 §5, and credentials that the reference library `sd-jwt` issued, showed
/// and verified.
@Suite("SD-JWT")
struct DisclosureVectorTests {
    private func key(of json: JSON) throws -> VerificationKey {
        try VerificationKey(jwk: #require(json["issuer_jwk"]))
    }

    private func text(_ name: String, _ json: JSON) throws -> String {
        try #require(json[name]?.text)
    }

    @Test("the presentation of RFC 9901 verifies, with its holder's proof, and shows four claims")
    func example() throws {
        let vector = try PublicVectors.kept("rfc9901.json")
        let request = try KeyBindingRequest(
            audience: text("aud", vector), nonce: text("nonce", vector))
        let now = Moment(seconds: 1_748_537_250)
        let shown = try SelectiveCredential(text("presentation", vector))
        let claims = try shown.verified(by: key(of: vector), at: now, request: request)
        #expect(claims["given_name"] == "John" && claims["family_name"] == "Doe")
        #expect(claims["address"]?["locality"] == "Anytown")
        #expect(claims["nationalities"] == ["US"])
        #expect(claims["email"] == nil && claims["_sd"] == nil && claims["_sd_alg"] == nil)
        let issued = try SelectiveCredential(text("issuance", vector))
        let all = try issued.verified(by: key(of: vector), at: now)
        #expect(all["nationalities"] == ["US", "DE"])
        #expect(all["phone_number_verified"] == true && all["updated_at"] == 1_570_000_000)
    }

    @Test("what the reference library shows, it and we read alike")
    func library() throws {
        let file = try PublicVectors.kept("sd-jwt.json")
        let cases = try #require(file["cases"]?.elements)
        #expect(cases.count == 7)
        let request = try KeyBindingRequest(
            audience: text("aud", file), nonce: text("nonce", file), secondsMax: 1 << 40)
        for vector in cases {
            let name = try text("name", vector)
            let shown = try SelectiveCredential(text("presentation", vector))
            let claims = try shown.verifiedCredential(
                type: "https://credentials.example.com/owner_authorization",
                by: key(of: vector), at: Moment(seconds: 1_880_000_000), request: request)
            let expected = try #require(vector["verified"])
            #expect(
                try CanonicalJSON.bytes(of: claims) == CanonicalJSON.bytes(of: expected), "\(name)")
        }
    }

    @Test("what we issue and show is the text that the reference library has accepted")
    func accepted() throws {
        let issuer = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        let holder = try #require(SigningKey(seed: [UInt8](repeating: 2, count: 32)))
        let claims: JSON = [
            "iss": "https://issuer.example.com", "vct": "https://atoll.example/OwnerAuthorization",
            "iat": 1_683_000_000, "exp": 1_883_000_000, "owner": "Ada",
            "robot": ["model": "R7", "areas": ["a", "b"]], "budget": "1000",
        ]
        let names = ["owner", "robot", "budget"]
        let issued = try DisclosureIssuer.issue(
            claims,
            hidden: names.enumerated().map { ($1, [UInt8](repeating: UInt8($0), count: 16)) },
            decoys: [[1, 2, 3]], holder: .ed25519(holder.publicKey), by: issuer)
        let shown = try SelectiveCredential.bind(
            SelectiveCredential(issued).showing(["owner", "robot"]),
            audience: "https://verifier.example.org", nonce: "n-0S6",
            at: Moment(seconds: 1_700_000_000), by: holder)
        let file = try PublicVectors.kept("sd-jwt.json")
        #expect(shown == file["accepted"]?["presentation"]?.text)
    }
}
