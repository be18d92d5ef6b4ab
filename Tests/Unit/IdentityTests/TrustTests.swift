// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// IDENTITY-16 and IDENTITY-17: every attack is refused by its own name.
@Suite("Trust")
struct TrustTests {
    private let world = TrustWorld()

    private func rejections(
        _ json: JSON, lists: [JSON] = [], accreditations: [JSON] = [], depth: Int = 2
    ) throws -> [Rejection] {
        try world.verifier(lists: lists, accreditations: accreditations, depth: depth)
            .verify(json).rejections
    }

    @Test("a good credential passes every check, and the report names them")
    func accepted() throws {
        let report = try world.verifier().verify(world.signed(world.authorization()))
        #expect(report.isAccepted)
        #expect(
            report.findings.map(\.check) == [
                .form, .type, .schema, .proof, .validity, .status, .authority,
            ])
    }

    @Test("many are decided together with the verdicts each has alone")
    func batches() throws {
        let verifier = try world.verifier()
        let documents = try (0..<20).map { index in
            let good = try world.signed(world.authorization(of: UInt8(index + 10)))
            return index % 3 == 0 ? good.replacing("name", with: "x") : good
        }
        let reports = verifier.verify(documents)
        #expect(reports == documents.map { verifier.verify($0) })
        #expect(reports.map(\.isAccepted) == (0..<20).map { $0 % 3 != 0 })
    }

    @Test("a substituted key: the proof is by a key that is not the issuer's")
    func substitutedKey() throws {
        #expect(
            try rejections(world.signed(world.authorization(), by: 2)) == [.wrongSigner])
        var options = try world.options(1)
        options.method = DIDURL(try world.did(1), fragment: "other")
        let json = try DocumentSigner.sign(world.authorization(), as: options, by: key(1))
        #expect(try rejections(json) == [.unknownKey(options.method.description)])
        let forged = try DocumentSigner.sign(
            world.authorization(), as: world.options(1), by: key(2))
        #expect(try rejections(forged) == [.badSignature])
    }

    @Test("one bad proof among good ones refuses the whole")
    func badProofInSet() throws {
        let json = try world.signed(world.authorization())
        let other = try DocumentSigner.sign(json, as: world.options(3), by: key(4))
        #expect(try rejections(other) == [.badSignature])
        let witnessed = try world.signed(json, by: 3)
        #expect(try rejections(witnessed) == [])
    }

    @Test("expired, not yet valid, and proofs out of their time")
    func validity() throws {
        let json = try world.authorization()
        let expired = json.replacing("validUntil", with: world.moment(0))
        #expect(try rejections(world.signed(expired)) == [.expired])
        let early = json.replacing("validFrom", with: world.moment(1))
        #expect(try rejections(world.signed(early)) == [.notYetValid])
        var options = try world.options(1)
        options.created = Moment(seconds: world.now.seconds + 61)
        #expect(
            try rejections(DocumentSigner.sign(json, as: options, by: key(1)))
                == [.proofFromTheFuture])
        options = try world.options(1)
        options.expires = world.now
        #expect(
            try rejections(DocumentSigner.sign(json, as: options, by: key(1))) == [.proofExpired])
    }

    @Test("revoked and suspended, as the issuer's list says")
    func revoked() throws {
        let json = try world.signed(world.withStatus(world.authorization(), 77))
        #expect(try rejections(json, lists: [world.list(set: [76, 78])]) == [])
        #expect(try rejections(json, lists: [world.list(set: [77])]) == [.revoked])
        let paused = try world.signed(
            world.withStatus(world.authorization(), 77, purpose: "suspension"))
        let list = try world.list(purpose: "suspension", set: [77])
        #expect(try rejections(paused, lists: [list]) == [.suspended])
        #expect(
            try rejections(json, lists: [list]) == [.badStatus(.wrongPurpose)],
            "a list of another purpose says nothing")
        let beyond = try world.signed(world.withStatus(world.authorization(), 131_072))
        #expect(try rejections(beyond, lists: [world.list()]) == [.badStatus(.outOfRange)])
    }

    @Test("a status list that is missing, old, damaged, or of the wrong issuer clears nobody")
    func statusLists() throws {
        let json = try world.signed(world.withStatus(world.authorization(), 77))
        #expect(try rejections(json) == [.statusListMissing])
        #expect(try rejections(json, lists: [world.list(by: 2)]) == [.statusListOfAnother])
        #expect(try rejections(json, lists: [world.list(age: 86_401)]) == [.statusListStale])
        #expect(try rejections(json, lists: [world.list(age: -1)]) == [.statusListStale])
        let damaged = try world.list().replacing("name", with: "x")
        #expect(try rejections(json, lists: [damaged]) == [.statusListRejected])
        let both = [try world.list(), try world.list(by: 2, set: [77], age: 1)]
        #expect(try rejections(json, lists: both) == [], "another's list stands in nobody's way")
        // An older list does not undo a revocation, in whatever order they come.
        let lists = [try world.list(set: [77], age: 5), try world.list(age: 500)]
        #expect(try rejections(json, lists: lists) == [.revoked])
        #expect(try rejections(json, lists: lists.reversed()) == [.revoked])
    }

    @Test("an issuer without authority is refused, one with a chain to a trusted one is not")
    func authority() throws {
        let json = try world.signed(world.authorization(by: 3), by: 3)
        #expect(try rejections(json) == [.issuerWithoutAuthority])
        let chain = [
            try world.accreditation(by: 1, of: 2), try world.accreditation(by: 2, of: 3),
        ]
        #expect(try rejections(json, accreditations: chain) == [])
        #expect(try rejections(json, accreditations: chain, depth: 1) == [.issuerWithoutAuthority])
        #expect(
            try rejections(json, accreditations: [chain[1]]) == [.issuerWithoutAuthority])
        let other = try world.accreditation(by: 1, of: 3, types: ["InsuranceCoverage"])
        #expect(try rejections(json, accreditations: [other]) == [.issuerWithoutAuthority])
        let forged = try DocumentSigner.sign(
            chain[0].without("proof").replacing("name", with: "x"), as: world.options(1), by: key(9)
        )
        #expect(
            try rejections(json, accreditations: [forged, chain[1]]) == [.issuerWithoutAuthority])
    }

    @Test("a loop of accreditations ends, and gives nobody authority")
    func loops() throws {
        let json = try world.signed(world.authorization(by: 3), by: 3)
        let loop = [
            try world.accreditation(by: 4, of: 3), try world.accreditation(by: 3, of: 4),
            try world.accreditation(by: 3, of: 3),
        ]
        #expect(try rejections(json, accreditations: loop, depth: 8) == [.issuerWithoutAuthority])
    }

    @Test("an issuer known by a log signs with the keys its document names, and with no older ones")
    func ledgerIssuer() throws {
        let record = try IdentityRecord.begun(
            by: SignedOperation(
                IdentityOperation(
                    chain: .init(.zero), subject: .init(of: key(1).publicKey), sequence: 0,
                    previous: .zero, action: .create(key: key(1).publicKey, recovery: .zero)),
                by: key(1)), chain: .init(.zero))
        let method = DIDURL(
            record.did, fragment: VerificationKey.ed25519(try key(1).publicKey).multibase)
        let json = try world.authorization()
            .replacing("issuer", with: .string(record.did.description))
        let options = ProofOptions(
            method: method, purpose: .assertionMethod, created: world.now)
        let signed = try DocumentSigner.sign(json, as: options, by: key(1))
        let policy = TrustPolicy(issuers: ["OwnerAuthorization": [record.did]])
        func verdict(_ documents: [DIDDocument]) -> [Rejection] {
            CredentialVerifier(policy: policy, now: world.now, documents: documents)
                .verify(signed).rejections
        }
        #expect(verdict([record.document(at: world.now)]) == [])
        #expect(verdict([]) == [.unknownKey(method.description)])
        let rotated = try record.applying(
            SignedOperation(
                IdentityOperation(
                    chain: record.chain, subject: record.subject, sequence: 1,
                    previous: record.last, action: .rotate(key: key(2).publicKey)), by: key(1)))
        #expect(verdict([rotated.document(at: world.now)]) == [.unknownKey(method.description)])
    }

    @Test("types that are not known, and subjects that break their rules, are refused")
    func types() throws {
        let json = try world.authorization()
        let unknown = json.replacing("type", with: ["VerifiableCredential", "Diploma"])
        #expect(try rejections(world.signed(unknown)) == [.unknownType, .issuerWithoutAuthority])
        let subject = try #require(json["credentialSubject"])
        for (name, value) in [
            ("maximumContractValue", JSON.number("1000")), ("maximumContractValue", "01"),
            ("allowedOperations", []), ("allowedOperations", ["a", "a"]), ("id", "nobody"),
            ("geofence", [[0, 0], [1, 1]]), ("hours", ["from": 5, "to": 5]),
        ] {
            let broken = json.replacing(
                "credentialSubject", with: subject.replacing(name, with: value))
            #expect(try rejections(world.signed(broken)) == [.badSubject(name)])
        }
    }

    @Test("a damaged credential is refused, unless its canonical form is the same")
    func damage() throws {
        var dice = Dice(seed: 15)
        let verifier = try world.verifier(lists: [world.list()])
        let json = try world.signed(world.withStatus(world.authorization(), 77))
        let canonical = try CanonicalJSON.bytes(of: json)
        var read = 0
        for _ in 0..<1_500 {
            guard let damaged = try? CanonicalJSON.read(dice.damaged(json.bytes)) else { continue }
            read += 1
            guard verifier.verify(damaged).isAccepted else { continue }
            #expect(try CanonicalJSON.bytes(of: damaged) == canonical)
        }
        #expect(read > 100, "enough of them were documents")
    }
}
