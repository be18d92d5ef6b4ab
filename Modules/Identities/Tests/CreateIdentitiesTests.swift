// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import LedgerSupport
import Testing
import Vocabulary

@Suite("Beginning identities: IDENTITIES-1")
struct CreateIdentitiesTests {
    @Test("one message begins many identities, sent by anybody, and tells each as an event")
    func batch() throws {
        let chancery = try Chancery()
        try chancery.create(1, 2, 3)
        for seed in UInt8(1)...3 {
            let record = try #require(chancery.record(chancery.account(seed)))
            #expect(record.controller == (try chancery.key(seed).publicKey))
            #expect(record.count == 1)
            #expect(record.stored.count == 98)
        }
        let subjects = chancery.context.events.map(\.subject)
        #expect(subjects == (try (1...3).map { try chancery.account($0).raw }))
        chancery.expectSound()
    }

    @Test("the event of a creation gives back the signed entry whose hash the record ends with")
    func entryFromEvent() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let event = try #require(chancery.context.events.first)
        let entry = try NewIdentity(canonicalBytes: event.payload).entry(on: Chancery.chain)
        let replayed = try IdentityLog.replay([entry], chain: Chancery.chain)
        #expect(replayed == chancery.record(try chancery.account(1)))
    }

    @Test("nobody begins another's identity: a signature by another key refuses the whole batch")
    func foreignKey() throws {
        let chancery = try Chancery()
        let good = try chancery.new(1)
        let thief = try chancery.new(2)
        let forged = NewIdentity(
            key: try chancery.key(3).publicKey, recovery: thief.recovery,
            signature: thief.signature)
        #expect(
            refusal {
                try chancery.send(
                    .create(CreateIdentities([good, forged])), from: try chancery.account(2))
            } == "badSignature")
        #expect(chancery.record(try chancery.account(1)) == nil)
        #expect(chancery.context.events.isEmpty)
    }

    @Test("a beginning signed for one chain begins nothing on another")
    func otherChain() throws {
        let chancery = try Chancery()
        let other = NewIdentity(
            of: try chancery.key(1), recovery: .zero, chain: ChainID(SHA256.hash([7]).raw))
        #expect(
            refusal {
                try chancery.send(.create(CreateIdentities([other])), from: try chancery.account(1))
            } == "badSignature")
    }

    @Test("a batch of which a part was sent before by somebody else is carried out all the same")
    func partSentBefore() throws {
        let chancery = try Chancery()
        try chancery.create(2)
        try chancery.create(1, 2, 3)
        #expect(chancery.record(try chancery.account(3)) != nil)
        #expect(chancery.context.events.count == 3)
        chancery.expectSound()
    }

    @Test("an identity does not begin again with another recovery key")
    func beginsOnce() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let again = try chancery.new(1, spare: 98)
        #expect(
            refusal {
                try chancery.send(.create(CreateIdentities([again])), from: try chancery.account(1))
            } == "identityExists")
    }

    @Test("a batch holds 1 to 500 identities")
    func limits() throws {
        let chancery = try Chancery()
        let empty = IdentitiesMessage.create(CreateIdentities([]))
        #expect(
            refusal { try chancery.send(empty, from: try chancery.account(1)) }
                == "malformedMessage")
        let one = try chancery.new(1)
        let many = IdentitiesMessage.create(
            CreateIdentities([NewIdentity](repeating: one, count: 501)))
        #expect(
            refusal { try chancery.send(many, from: try chancery.account(1)) }
                == "malformedMessage")
        let full = IdentitiesMessage.create(
            CreateIdentities([NewIdentity](repeating: one, count: 500)))
        try chancery.send(full, from: try chancery.account(1))
        #expect(full.message.payload.count < 65_000)
    }
}
