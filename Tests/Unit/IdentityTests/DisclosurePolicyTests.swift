// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// IDENTITY-27: credentials with selective disclosure, held against a policy.
@Suite("Selective disclosure and trust")
struct DisclosurePolicyTests {
    private let world = TrustWorld()
    private let question = KeyBindingRequest(audience: "shop.example", nonce: "7f3a")

    /// What machine 7 may do by the word of person 1, every claim its to keep.
    private func claims(_ more: [JSON.Member] = []) throws -> JSON {
        .object(
            [
                JSON.Member("iss", .string(try world.did(1).description)),
                JSON.Member("vct", "OwnerAuthorization"),
                JSON.Member("nbf", JSON(world.now.seconds - 1_000)),
                JSON.Member("exp", JSON(world.now.seconds + 1_000)),
                JSON.Member("sub", .string(try world.did(7).description)),
                JSON.Member("allowedOperations", ["inspect"]),
                JSON.Member("maximumContractValue", "1000"),
            ] + more)
    }

    private func issued(
        _ claims: JSON? = nil, signer: UInt8 = 1, holder: UInt8? = 7
    ) throws -> String {
        try DisclosureIssuer.issue(
            try claims ?? self.claims(),
            hidden: [
                ("allowedOperations", [UInt8](repeating: 1, count: 16)),
                ("maximumContractValue", [UInt8](repeating: 2, count: 16)),
            ], holder: holder.map { .ed25519(try key($0).publicKey) },
            method: KeyMethod.url(of: .ed25519(try key(signer).publicKey)), by: key(signer))
    }

    private func shown(
        _ text: String, _ names: Set<String> = [], by holder: UInt8 = 7, after seconds: Int64 = 0
    ) throws -> String {
        try SelectiveCredential.bind(
            SelectiveCredential(text).showing(names), audience: question.audience,
            nonce: question.nonce, at: Moment(seconds: world.now.seconds - seconds),
            by: key(holder))
    }

    private func rejections(
        _ text: String, _ question: KeyBindingRequest? = nil
    ) throws -> [Rejection] {
        try world.verifier().verify(selective: text, question: question).report.rejections
    }

    @Test("what is shown comes out when every check holds; what is kept is not missed")
    func accepted() throws {
        let found = try world.verifier().verify(
            selective: shown(issued(), ["allowedOperations"]), question: question)
        #expect(found.report.isAccepted)
        #expect(
            found.report.findings.map(\.check)
                == [
                    .form, .type, .proof, .validity, .status, .authority, .freshness, .holder,
                ])
        #expect(found.claims?["allowedOperations"] == ["inspect"])
        #expect(found.claims?["maximumContractValue"] == nil)
        #expect(try rejections(issued()).isEmpty)
    }

    @Test("a substituted key, another's key and no key's name are refused by name")
    func keys() throws {
        let forged = try DisclosureIssuer.issue(
            claims(), hidden: [], holder: nil,
            method: KeyMethod.url(of: .ed25519(try key(1).publicKey)), by: key(2))
        #expect(try rejections(forged) == [.badSignature])
        #expect(
            try world.verifier().verify(selective: forged, question: question).claims == nil)
        #expect(try rejections(issued(signer: 2)) == [.wrongSigner])
        let nameless = try DisclosureIssuer.issue(
            claims().replacing("iss", with: "did:example:who"), hidden: [], holder: nil, by: key(1))
        #expect(
            try rejections(nameless).contains(.badDisclosure(.malformed("kid"))))
    }

    @Test("expired, not yet valid, of an unknown type, and by an issuer without authority")
    func policy() throws {
        func changed(_ name: String, _ value: JSON) throws -> [Rejection] {
            try rejections(issued(claims().replacing(name, with: value)))
        }
        #expect(try changed("exp", JSON(world.now.seconds)) == [.expired])
        #expect(try changed("nbf", JSON(world.now.seconds + 1)) == [.notYetValid])
        #expect(try changed("vct", "Nonsense") == [.unknownType, .issuerWithoutAuthority])
        #expect(
            try changed("vct", "InsuranceCoverage") == [.issuerWithoutAuthority])
        #expect(
            try changed("maximumContractValue", 7) == [.badSubject("maximumContractValue")])
    }

    @Test("revoked as the issuer's list says; a status of another kind is refused")
    func status() throws {
        func claims(_ entry: JSON) throws -> JSON {
            try self.claims([JSON.Member("status", [StatusEntry.claim: entry])])
        }
        let entry = StatusEntry(purpose: "revocation", index: 42, list: world.listAddress).json
        let text = try issued(claims(entry))
        #expect(try rejections(text) == [.statusListMissing])
        let clear = try world.verifier(lists: [world.list(set: [41])])
        #expect(clear.verify(selective: text).report.isAccepted)
        let set = try world.verifier(lists: [world.list(set: [42])])
        #expect(set.verify(selective: text).report.rejections == [.revoked])
        let other = try self.claims([
            JSON.Member("status", ["status_list": ["idx": 0, "uri": "https://s.example"]])
        ])
        #expect(try rejections(issued(other)) == [.badDisclosure(.malformed("status"))])
    }

    @Test("a replayed answer is refused: other question, other verifier, too late, other holder")
    func replay() throws {
        let text = try shown(issued())
        func asked(_ nonce: String, _ audience: String) throws -> [Rejection] {
            try rejections(text, KeyBindingRequest(audience: audience, nonce: nonce))
        }
        #expect(try asked("other", question.audience) == [.wrongChallenge])
        #expect(try asked(question.nonce, "other.example") == [.wrongDomain])
        #expect(try rejections(shown(issued(), after: 301), question) == [.stale])
        #expect(
            try rejections(shown(issued(), by: 8), question) == [.badDisclosure(.badKeyBinding)])
        #expect(try rejections(issued(), question) == [.badDisclosure(.keyBindingMissing)])
        #expect(
            try rejections(shown(issued(holder: nil)), question)
                == [.badDisclosure(.badKeyBinding)])
        // Who takes a disclosure away, or adds one, breaks the holder's word.
        let more = try shown(issued(), ["allowedOperations"])
        let parts = more.split(separator: "~", omittingEmptySubsequences: false)
        let fewer = "\(parts[0])~\(parts[2])"
        #expect(
            try rejections(fewer, question) == [.badDisclosure(.wrongKeyBinding("sd_hash"))])
    }

    @Test("what decides whether the rest counts cannot be hidden, nor brought by the holder")
    func open() throws {
        for name in ["iss", "exp", "vct", "status", "cnf"] {
            #expect(throws: DisclosureFailure.badName(name)) {
                try DisclosureIssuer.issue(
                    claims(), hidden: [(name, [UInt8](repeating: 1, count: 16))], holder: nil,
                    by: key(1))
            }
        }
    }
}
