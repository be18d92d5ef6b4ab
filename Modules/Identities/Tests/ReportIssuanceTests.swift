// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import JSONText
import LedgerSupport
import Testing
import Vocabulary

/// IDENTITIES-11, with credentials as the library issues them.
@Suite("Issuing outside one's authority: IDENTITIES-11")
struct ReportIssuanceTests {
    /// A credential of a type, signed as `eddsa-jcs-2022` says.
    private struct Paper {
        var type = "UniquePerson"
        var issuer: DID
        var created: String? = "2026-11-20T12:02:00Z"
        var signer: SigningKey
        var purpose = "assertionMethod"

        func report(of account: AccountID, key: PublicKey? = nil) throws -> ReportIssuance {
            let document = try CanonicalJSON.bytes(
                of: [
                    "@context": ["https://www.w3.org/ns/credentials/v2"],
                    "type": ["VerifiableCredential", .string(type)],
                    "issuer": .string(issuer.description),
                    "credentialSubject": ["id": "did:example:somebody", "scope": "votes"],
                ])
            var options: [JSON.Member] = [
                JSON.Member("type", "DataIntegrityProof"),
                JSON.Member("cryptosuite", "eddsa-jcs-2022"),
                JSON.Member("proofPurpose", .string(purpose)),
                JSON.Member("verificationMethod", .string("\(issuer)#key")),
            ]
            if let created { options.append(JSON.Member("created", .string(created))) }
            let proof = try CanonicalJSON.bytes(of: .object(options))
            let signed = SHA256.hash(proof).raw.bytes + SHA256.hash(document).raw.bytes
            return ReportIssuance(
                issuer: account, key: key ?? signer.publicKey, document: document, options: proof,
                signature: signer.sign(signed))
        }
    }

    /// An issuer of service licences, since noon; five minutes have passed.
    private func world() throws -> (Chancery, Paper) {
        let chancery = try Chancery()
        try chancery.create(1)
        try chancery.register(1)
        chancery.pass(to: 300_000)
        let paper = Paper(
            issuer: AtollMethod.did(of: try chancery.account(1)), signer: try chancery.key(1))
        return (chancery, paper)
    }

    private func send(_ report: ReportIssuance, in chancery: Chancery) throws {
        try chancery.send(.reportIssuance(report), from: try chancery.account(5))
    }

    @Test("a type the issuer never registered costs half the bond; a fifth rewards the reporter")
    func outside() throws {
        let (chancery, paper) = try world()
        try send(try paper.report(of: try chancery.account(1)), in: chancery)
        let issuer = try chancery.issuer(1)
        #expect(issuer.bond == Amount(whole: 100))
        #expect(issuer.slashed == Amount(whole: 100))
        #expect(try chancery.balance(5) == Amount(whole: 1_020))
        chancery.expectSound()
        let event = try #require(chancery.context.events.last)
        #expect(chancery.identities.parties(to: event) == [try chancery.account(5).raw])
        let told = try IssuerSlashed(canonicalBytes: event.payload)
        #expect(told.reward == Amount(whole: 20))
        #expect(told.type == "UniquePerson")
    }

    @Test("one credential is reported once")
    func once() throws {
        let (chancery, paper) = try world()
        let report = try paper.report(of: try chancery.account(1))
        try send(report, in: chancery)
        #expect(refusal { try send(report, in: chancery) } == "alreadyReported")
        // Another proof over the same credential is the same credential.
        var later = paper
        later.created = "2026-11-20T12:03:00Z"
        let again = try later.report(of: try chancery.account(1))
        #expect(refusal { try send(again, in: chancery) } == "alreadyReported")
    }

    @Test("what lies within the authority is no evidence, to the second and on both sides")
    func within() throws {
        let (chancery, paper) = try world()
        var licence = paper
        licence.type = "ServiceLicence"
        for created in ["2026-11-20T12:02:00Z", "2026-11-20T12:00:00Z", nil] {
            licence.created = created
            let report = try licence.report(of: try chancery.account(1))
            #expect(refusal { try send(report, in: chancery) } == "withinAuthority")
        }
        // What an owner or hirer wants needs nobody's authority.
        var mandate = paper
        mandate.type = "AgentMandate"
        let report = try mandate.report(of: try chancery.account(1))
        #expect(refusal { try send(report, in: chancery) } == "withinAuthority")
    }

    @Test("what was issued before the identity became an issuer is no evidence")
    func before() throws {
        let (chancery, paper) = try world()
        var old = paper
        old.created = "2026-11-19T12:00:00Z"
        let report = try old.report(of: try chancery.account(1))
        #expect(refusal { try send(report, in: chancery) } == "notEvidence")
    }

    @Test("what was issued while a type was registered stays right after the type is given up")
    func afterwards() throws {
        let (chancery, paper) = try world()
        let issuer = try chancery.account(1)
        try chancery.send(
            .updateIssuer(
                UpdateIssuer(
                    issuer: issuer, types: ["UniquePerson"], address: "https://i.example")),
            from: issuer)
        chancery.pass(to: 3_600_000)
        var licence = paper
        licence.type = "ServiceLicence"
        let report = try licence.report(of: issuer)
        #expect(refusal { try send(report, in: chancery) } == "withinAuthority")
        licence.created = "2026-11-20T12:30:00Z"
        try send(try licence.report(of: issuer), in: chancery)
    }

    @Test("forged evidence: another's signature, another's key, other bytes, another issuer's name")
    func forged() throws {
        let (chancery, paper) = try world()
        let issuer = try chancery.account(1)
        var byThief = paper
        byThief.signer = try chancery.key(2)
        #expect(
            refusal { try send(try byThief.report(of: issuer), in: chancery) } == "notEvidence")
        let wrongKey = try byThief.report(of: issuer, key: paper.signer.publicKey)
        #expect(refusal { try send(wrongKey, in: chancery) } == "badSignature")
        let good = try paper.report(of: issuer)
        let changed = ReportIssuance(
            issuer: issuer, key: good.key, document: good.document + [0x20],
            options: good.options, signature: good.signature)
        #expect(refusal { try send(changed, in: chancery) } == "badSignature")
        var foreign = paper
        foreign.issuer = AtollMethod.did(of: try chancery.account(3))
        #expect(
            refusal { try send(try foreign.report(of: issuer), in: chancery) } == "notEvidence")
        var shown = paper
        shown.purpose = "authentication"
        #expect(refusal { try send(try shown.report(of: issuer), in: chancery) } == "notEvidence")
        #expect(try chancery.issuer(1).bond == Amount(whole: 200))
    }

    @Test("changing keys undoes no evidence, retiring does not before the bond is withdrawn")
    func escape() throws {
        let (chancery, paper) = try world()
        let issuer = try chancery.account(1)
        try chancery.submit(
            try chancery.next(
                .rotate(key: try chancery.key(2).publicKey), of: issuer, by: try chancery.key(1)))
        let second = try chancery.account(2)
        try chancery.send(.retireIssuer(RetireIssuer(issuer: issuer)), from: second)
        try send(try paper.report(of: issuer), in: chancery)
        #expect(try chancery.issuer(1).bond == Amount(whole: 100))
        chancery.pass(to: 400_000)
        try chancery.send(
            .withdrawIssuerBond(WithdrawIssuerBond(issuer: issuer)), from: second)
        var other = paper
        other.type = "ProviderBenchmark"
        #expect(refusal { try send(try other.report(of: issuer), in: chancery) } == "wrongStatus")
        chancery.expectSound()
    }

    @Test("a delegate that may attest answers for the issuer; one that may not does not")
    func delegates() throws {
        let (chancery, paper) = try world()
        let issuer = try chancery.account(1)
        let keys = [
            DelegateKey(key: .ed25519(try chancery.key(6).publicKey), uses: [.assertionMethod]),
            DelegateKey(key: .ed25519(try chancery.key(7).publicKey), uses: [.authentication]),
        ]
        try chancery.submit(
            try chancery.next(.setDelegates(keys), of: issuer, by: try chancery.key(1)))
        var byDelegate = paper
        byDelegate.signer = try chancery.key(7)
        #expect(
            refusal { try send(try byDelegate.report(of: issuer), in: chancery) } == "notEvidence")
        byDelegate.signer = try chancery.key(6)
        try send(try byDelegate.report(of: issuer), in: chancery)
    }
}
