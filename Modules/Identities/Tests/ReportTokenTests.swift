// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import JSONText
import LedgerSupport
import Testing
import Vocabulary

/// IDENTITIES-13, with tokens as the library issues them.
@Suite("Issuing tokens outside one's authority: IDENTITIES-13")
struct ReportTokenTests {
    /// Two minutes after the issuer registered.
    private static let issued: Int64 = 1_795_176_120

    /// An issuer of service licences, since noon; five minutes have passed.
    private func world() throws -> Chancery {
        let chancery = try Chancery()
        try chancery.create(1)
        try chancery.register(1)
        chancery.pass(to: 300_000)
        return chancery
    }

    private func did(_ chancery: Chancery, _ number: UInt8 = 1) throws -> DID {
        AtollMethod.did(of: try chancery.account(number))
    }

    /// A credential as a token, or one with selective disclosure.
    private func token(
        _ type: String, _ chancery: Chancery, isSelective: Bool, at moment: Int64? = Self.issued,
        by signer: UInt8 = 1, of issuer: UInt8 = 1
    ) throws -> String {
        let (did, key) = (try did(chancery, issuer), try chancery.key(signer))
        let method = try #require(
            DIDURL("\(did)#\(VerificationKey.ed25519(key.publicKey).multibase)"))
        let time = moment.map { [JSON.Member("iat", JSON($0))] } ?? []
        guard isSelective else {
            let members = [
                JSON.Member("@context", ["https://www.w3.org/ns/credentials/v2"]),
                JSON.Member("type", ["VerifiableCredential", .string(type)]),
                JSON.Member("issuer", .string(did.description)),
                JSON.Member(
                    "credentialSubject", ["id": "did:example:somebody", "scope": "votes"]),
            ]
            return try CredentialToken.sign(.object(members + time), method: method, by: key)
        }
        let members = [
            JSON.Member("iss", .string(did.description)), JSON.Member("vct", .string(type)),
            JSON.Member("scope", "votes"),
        ]
        return try DisclosureIssuer.issue(
            .object(members + time), hidden: [("scope", [UInt8](repeating: 5, count: 16))],
            holder: nil, method: method, by: key)
    }

    private func report(
        _ text: String, _ chancery: Chancery, key: UInt8 = 1
    ) throws -> ReportToken {
        let token = try IssuedToken(text)
        return ReportToken(
            issuer: try chancery.account(1), key: try chancery.key(key).publicKey,
            signed: token.signed, signature: try #require(token.signature))
    }

    private func send(_ report: ReportToken, in chancery: Chancery) throws {
        try chancery.send(.reportToken(report), from: try chancery.account(5))
    }

    @Test("a token of a type never registered costs half the bond, in either form, once")
    func outside() throws {
        for isSelective in [false, true] {
            let chancery = try world()
            let evidence = try report(
                token("UniquePerson", chancery, isSelective: isSelective), chancery)
            try send(evidence, in: chancery)
            let issuer = try chancery.issuer(1)
            #expect(issuer.bond == Amount(whole: 100))
            #expect(try chancery.balance(5) == Amount(whole: 1_020))
            chancery.expectSound()
            #expect(refusal { try send(evidence, in: chancery) } == "alreadyReported")
            let event = try #require(chancery.context.events.last)
            let told = try IssuerSlashed(canonicalBytes: event.payload)
            #expect(told.type == "UniquePerson")
        }
    }

    @Test("what lies within the authority, or before it, is no evidence")
    func within() throws {
        let chancery = try world()
        for isSelective in [false, true] {
            func refused(_ type: String, _ moment: Int64?) throws -> String? {
                let text = try token(type, chancery, isSelective: isSelective, at: moment)
                return refusal { try send(try report(text, chancery), in: chancery) }
            }
            #expect(try refused("ServiceLicence", Self.issued) == "withinAuthority")
            #expect(try refused("ServiceLicence", nil) == "withinAuthority")
            #expect(try refused("AgentMandate", Self.issued) == "withinAuthority")
            #expect(try refused("UniquePerson", Self.issued - 86_400) == "notEvidence")
        }
        #expect(try chancery.issuer(1).bond == Amount(whole: 200))
    }

    @Test("forged tokens: another's signature, another's key, another issuer, changed bytes")
    func forged() throws {
        let chancery = try world()
        for isSelective in [false, true] {
            let byThief = try token("UniquePerson", chancery, isSelective: isSelective, by: 2)
            #expect(
                refusal { try send(try report(byThief, chancery, key: 2), in: chancery) }
                    == "notEvidence")
            #expect(
                refusal { try send(try report(byThief, chancery), in: chancery) } == "badSignature")
            let foreign = try token("UniquePerson", chancery, isSelective: isSelective, of: 3)
            #expect(
                refusal { try send(try report(foreign, chancery), in: chancery) } == "notEvidence")
            let good = try report(
                token("UniquePerson", chancery, isSelective: isSelective), chancery)
            let changed = ReportToken(
                issuer: good.issuer, key: good.key, signed: good.signed + [65],
                signature: good.signature)
            #expect(refusal { try send(changed, in: chancery) } == "badSignature")
        }
        // What is signed for another use is no credential.
        let key = try chancery.key(1)
        let text = Array("e30.e30".utf8)
        let other = ReportToken(
            issuer: try chancery.account(1), key: key.publicKey, signed: text,
            signature: key.sign(text))
        #expect(refusal { try send(other, in: chancery) } == "notEvidence")
        #expect(try chancery.issuer(1).bond == Amount(whole: 200))
    }
}
