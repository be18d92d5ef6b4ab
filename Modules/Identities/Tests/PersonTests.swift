// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Identities

@Suite("One person, one account")
struct PersonTests {
    private struct OldRules: RulesClock {
        func version(in state: any StateReader) -> UInt32 { 1 }
    }

    private static func person(_ byte: UInt8) -> Digest { SHA256.hash([byte]) }

    /// Account 1 is an issuer of persons that the chain lists.
    private func listed(types: [String] = ["UniquePerson"]) throws -> Chancery {
        let chancery = try Chancery()
        try chancery.create(1, 2)
        try chancery.register(1, types: types)
        let list = SetPersonIssuers([try chancery.account(1)])
        try chancery.send(.setPersonIssuers(list), from: Chancery.law)
        return chancery
    }

    private func vouch(
        _ issuer: UInt8, for account: UInt8, _ person: UInt8, milliseconds: UInt64 = 1_000,
        in chancery: Chancery
    ) throws {
        try chancery.send(
            .vouchForPerson(
                VouchForPerson(
                    issuer: chancery.account(issuer), account: chancery.account(account),
                    person: Self.person(person),
                    until: chancery.context.block.time.advanced(by: milliseconds))),
            from: try chancery.account(issuer))
    }

    private func isPerson(_ account: UInt8, in chancery: Chancery) throws -> Bool {
        IdentitiesQueries(chancery.context).person(of: try chancery.account(account)) != nil
    }

    @Test("a listed issuer's word makes a person, once for each account (IDENTITIES-14)")
    func word() throws {
        let chancery = try listed()
        try vouch(1, for: 5, 1, in: chancery)
        #expect(try isPerson(5, in: chancery))
        #expect(
            refusal { try vouch(1, for: 6, 1, in: chancery) } == "badPerson",
            "the same person has an account already")
        try vouch(1, for: 6, 2, in: chancery)
        // Another word of the same issuer replaces the first and frees its person.
        try vouch(1, for: 5, 3, in: chancery)
        try vouch(1, for: 7, 1, in: chancery)
        #expect(try [5, 6, 7].allSatisfy { try isPerson($0, in: chancery) })
    }

    @Test("sybils are not bought: a bond without a place on the list makes nobody a person")
    func sybils() throws {
        let chancery = try listed()
        try chancery.register(2, types: ["UniquePerson"])
        #expect(refusal { try vouch(2, for: 5, 1, in: chancery) } == "badPerson")
        #expect(refusal { try vouch(3, for: 5, 1, in: chancery) } == "badPerson")
        let other = try listed(types: ["ServiceLicence"])
        #expect(
            refusal { try vouch(1, for: 5, 1, in: other) } == "badPerson",
            "an issuer of something else says nothing of persons")
        let list = SetPersonIssuers([try chancery.account(2)])
        #expect(
            refusal { try chancery.send(.setPersonIssuers(list), from: chancery.account(1)) }
                == "notController")
    }

    @Test("a word ends with its time, its issuer's will, or its issuer (IDENTITIES-14)")
    func ends() throws {
        let chancery = try listed(types: ["UniqueOperator"])
        for account in UInt8(5)...8 { try vouch(1, for: account, account, in: chancery) }
        let issuer = try chancery.account(1)
        try chancery.send(
            .endVouch(EndVouch(issuer: issuer, account: chancery.account(5))), from: issuer)
        #expect(try !isPerson(5, in: chancery))
        #expect(
            refusal {
                try chancery.send(
                    .endVouch(EndVouch(issuer: issuer, account: chancery.account(6))),
                    from: chancery.account(2))
            } == "notController")
        try vouch(1, for: 6, 6, milliseconds: 5_000, in: chancery)
        chancery.pass(to: 1_000)
        chancery.identities.endBlock(in: chancery.context)
        #expect(try isPerson(6, in: chancery) && !isPerson(7, in: chancery))
        try chancery.send(.retireIssuer(RetireIssuer(issuer: issuer)), from: issuer)
        #expect(try !isPerson(6, in: chancery))
    }

    @Test("two years are the most, and the past is none (IDENTITIES-14)")
    func spans() throws {
        let chancery = try listed()
        let most = PersonRecord.lifeMillisecondsMax
        #expect(
            refusal { try vouch(1, for: 5, 1, milliseconds: most + 1, in: chancery) }
                == "badPerson")
        #expect(refusal { try vouch(1, for: 5, 1, milliseconds: 0, in: chancery) } == "badPerson")
        try vouch(1, for: 5, 1, milliseconds: most, in: chancery)
    }

    @Test("rules of version 1 know no persons (UPGRADES-1)")
    func oldRules() throws {
        let chancery = try Chancery(rules: OldRules())
        try chancery.create(1)
        #expect(refusal { try vouch(1, for: 5, 1, in: chancery) } == "malformedMessage")
    }

    @Test("a genesis knows persons and whose word counts")
    func genesis() throws {
        let account = AccountID(Bytes32 { $0[0] = 3 })
        let text = JSON.string("\(account)")
        let chancery = try Chancery([
            "persons": [["account": text, "person": text]], "personIssuers": [text],
        ])
        #expect(IdentitiesQueries(chancery.context).person(of: account) != nil)
        #expect(throws: GenesisFailure.self) {
            try Chancery([
                "persons": [
                    ["account": text, "person": text],
                    ["account": .string("\(Chancery.law)"), "person": text],
                ]
            ])
        }
    }
}
