// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import Identity

/// IDENTITY-17: a presentation answers one question, of one verifier, once.
@Suite("Presentations")
struct PresentationTests {
    private let world = TrustWorld()

    private func presented(
        by holder: UInt8 = 7, challenge: String? = "c-1", domain: String? = "v.example",
        age: Int64 = 0, signer: UInt8? = nil
    ) throws -> JSON {
        let credential = try world.signed(world.authorization())
        let json = Presentation.json(holder: try world.did(holder), credentials: [credential])
        var options = try world.options(holder, .authentication)
        options.challenge = challenge
        options.domain = domain
        options.created = Moment(seconds: world.now.seconds - age)
        return try DocumentSigner.sign(json, as: options, by: key(signer ?? holder))
    }

    private func rejections(_ json: JSON) throws -> [Rejection] {
        try world.verifier().verify(presentation: json, challenge: "c-1", domain: "v.example")
            .presentation.rejections
    }

    @Test("the answer to the question passes, with its credentials")
    func accepted() throws {
        let report = try world.verifier().verify(
            presentation: presented(), challenge: "c-1", domain: "v.example")
        #expect(report.isAccepted && report.credentials.count == 1)
    }

    @Test("a replayed presentation is refused: other question, other verifier, too late")
    func replay() throws {
        #expect(try rejections(presented(challenge: "c-0")) == [.wrongChallenge])
        #expect(try rejections(presented(challenge: nil)) == [.wrongChallenge])
        #expect(try rejections(presented(domain: "w.example")) == [.wrongDomain])
        #expect(try rejections(presented(domain: nil)) == [.wrongDomain])
        #expect(try rejections(presented(age: 301)) == [.stale])
        // "é" in two forms: equal for readers of text, and not for a verifier.
        let composed = try presented(challenge: "\u{E9}")
        let report = try world.verifier().verify(
            presentation: composed, challenge: "e\u{301}", domain: "v.example")
        #expect(report.presentation.rejections == [.wrongChallenge])
    }

    @Test("somebody else's credential, and somebody else's signature, are refused")
    func holder() throws {
        #expect(try rejections(presented(by: 8)) == [.holderIsNotSubject])
        #expect(try rejections(presented(signer: 8)) == [.badSignature])
    }

    @Test("a bad credential does not pass in a good presentation")
    func badCredential() throws {
        let json = try presented()
        let credential = try #require(json["verifiableCredential"]?.elements?.first)
        let changed = json.without("proof").replacing(
            "verifiableCredential", with: [credential.replacing("name", with: "x")])
        var options = try world.options(7, .authentication)
        options.challenge = "c-1"
        options.domain = "v.example"
        let report = try world.verifier().verify(
            presentation: DocumentSigner.sign(changed, as: options, by: key(7)), challenge: "c-1",
            domain: "v.example")
        #expect(report.presentation.isAccepted && !report.isAccepted)
        #expect(report.credentials[0].rejections == [.badSignature])
    }

    @Test("an assertion's key use does not answer a question")
    func purpose() throws {
        let json = Presentation.json(holder: try world.did(7), credentials: [])
        let signed = try DocumentSigner.sign(json, as: world.options(7), by: key(7))
        #expect(try rejections(signed) == [.wrongPurpose(.assertionMethod)])
    }

    @Test("too many credentials are refused before any is read")
    func limit() throws {
        let many = Array(repeating: JSON.object([]), count: Presentation.credentialsMax + 1)
        let json = Presentation.json(holder: try world.did(7), credentials: many)
        #expect(try rejections(json) == [.malformed(.tooMany("verifiableCredential"))])
    }
}
