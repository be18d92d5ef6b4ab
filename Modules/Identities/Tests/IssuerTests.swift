// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import LedgerSupport
import Testing
import Vocabulary

@Suite("Issuers: IDENTITIES-7 to IDENTITIES-10")
struct IssuerTests {
    @Test("an identity with a log becomes an issuer with a bond for each of its types")
    func registers() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        try chancery.register(1, types: ["ServiceLicence", "InsuranceCoverage"])
        let issuer = try chancery.issuer(1)
        #expect(issuer.types == ["InsuranceCoverage", "ServiceLicence"])
        #expect(issuer.bond == Amount(whole: 200))
        #expect(try chancery.balance(1) == Amount(whole: 800))
        #expect(refusal { try chancery.register(1) } == "alreadyIssuer")
        chancery.expectSound()
    }

    @Test("a bond too small, a type nobody attests here, and an identity without a log are refused")
    func refusals() throws {
        let chancery = try Chancery()
        #expect(refusal { try chancery.register(1) } == "unknownIdentity")
        try chancery.create(1)
        #expect(refusal { try chancery.register(1, types: ["AgentMandate"]) } == "badTypes")
        #expect(refusal { try chancery.register(1, types: []) } == "badTypes")
        let twice = ["ServiceLicence", "ServiceLicence"]
        #expect(refusal { try chancery.register(1, types: twice) } == "badTypes")
        let three = ["ServiceLicence", "UniquePerson", "ProviderBenchmark"]
        #expect(refusal { try chancery.register(1, types: three) } == "bondTooSmall")
        chancery.expectSound()
    }

    @Test("only whoever speaks for the identity makes it an issuer or changes it")
    func strangers() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let issuer = try chancery.account(1)
        let message = IdentitiesMessage.registerIssuer(
            RegisterIssuer(
                issuer: issuer, types: ["ServiceLicence"], address: "https://i.example",
                bond: Amount(whole: 200)))
        #expect(
            refusal { try chancery.send(message, from: try chancery.account(2)) }
                == "notController")
        try chancery.register(1)
        let retire = IdentitiesMessage.retireIssuer(RetireIssuer(issuer: issuer))
        #expect(
            refusal { try chancery.send(retire, from: try chancery.account(2)) }
                == "notController")
        // After a rotation the new key's account speaks, and the first key's no more.
        try chancery.submit(
            try chancery.next(
                .rotate(key: try chancery.key(2).publicKey), of: issuer, by: try chancery.key(1)))
        #expect(refusal { try chancery.send(retire, from: issuer) } == "notController")
        try chancery.send(retire, from: try chancery.account(2))
    }

    @Test("types change at a moment, the past is kept, and the bond must suffice for the new ones")
    func updates() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        try chancery.register(1, types: ["ServiceLicence"])
        chancery.pass(to: 100_000)
        let issuer = try chancery.account(1)
        func update(_ types: [String], adding: UInt64 = 0) throws {
            try chancery.send(
                .updateIssuer(
                    UpdateIssuer(
                        issuer: issuer, types: types, address: "https://new.example",
                        addedBond: Amount(whole: adding))), from: issuer)
        }
        let three = ["UniquePerson", "ProviderBenchmark", "UniqueOperator"]
        #expect(refusal { try update(three) } == "bondTooSmall")
        try update(three, adding: 100)
        let changed = try chancery.issuer(1)
        #expect(changed.types == three.sorted())
        #expect(changed.authorities.count == 4)
        let first = Timestamp(Chancery.noon + 1)
        #expect(changed.had("ServiceLicence", at: first))
        #expect(!changed.had("ServiceLicence", at: Timestamp(Chancery.noon + 200_000)))
        #expect(!changed.had("UniquePerson", at: first))
        chancery.expectSound()
    }

    @Test("an issuer keeps at most 32 authorities, so that no history grows for ever")
    func historyEnds() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        try chancery.register(1, types: ["ServiceLicence"])
        let issuer = try chancery.account(1)
        var refused: String?
        for round in 0..<40 where refused == nil {
            let type = round.isMultiple(of: 2) ? "UniquePerson" : "ServiceLicence"
            refused = refusal {
                try chancery.send(
                    .updateIssuer(
                        UpdateIssuer(issuer: issuer, types: [type], address: "https://i.example")),
                    from: issuer)
            }
        }
        #expect(refused == "listFull")
        #expect(try chancery.issuer(1).authorities.count == 32)
    }

    @Test("a bond comes back after the delay, once, to whoever speaks for the issuer then")
    func retires() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        try chancery.register(1)
        let issuer = try chancery.account(1)
        let withdraw = IdentitiesMessage.withdrawIssuerBond(WithdrawIssuerBond(issuer: issuer))
        #expect(refusal { try chancery.send(withdraw, from: issuer) } == "wrongStatus")
        try chancery.send(.retireIssuer(RetireIssuer(issuer: issuer)), from: issuer)
        #expect(try chancery.issuer(1).types.isEmpty)
        chancery.pass(to: 499)
        #expect(refusal { try chancery.send(withdraw, from: issuer) } == "tooEarly")
        chancery.pass(to: 500)
        try chancery.send(withdraw, from: issuer)
        #expect(try chancery.balance(1) == Amount(whole: 1_000))
        #expect(refusal { try chancery.send(withdraw, from: issuer) } == "wrongStatus")
        try chancery.register(1)
        #expect(try chancery.issuer(1).since == Timestamp(Chancery.noon + 500))
        chancery.expectSound()
    }

    @Test("an anchor states a list's hash with the time of its block; the newest counts")
    func anchors() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        try chancery.register(1)
        let issuer = try chancery.account(1)
        let list = "https://issuer.example/status/1"
        func anchor(_ byte: UInt8, from sender: AccountID) throws {
            try chancery.send(
                .anchorStatus(
                    AnchorStatus(issuer: issuer, list: list, digest: SHA256.hash([byte]))),
                from: sender)
        }
        try anchor(1, from: issuer)
        chancery.pass(to: 77)
        try anchor(2, from: issuer)
        let found = try #require(
            IdentitiesQueries(chancery.context).anchor(of: issuer, list: list))
        #expect(found.digest == SHA256.hash([2]))
        #expect(found.time == Timestamp(Chancery.noon + 77))
        #expect(IdentitiesQueries(chancery.context).anchors(of: issuer) == [found])
        #expect(try chancery.issuer(1).anchors == 1)
        #expect(refusal { try anchor(3, from: try chancery.account(2)) } == "notController")
        chancery.expectSound()
    }
}
