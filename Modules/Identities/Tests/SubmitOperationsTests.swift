// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import LedgerSupport
import Testing
import Vocabulary

@Suite("Operations of identities: IDENTITIES-2 to IDENTITIES-6")
struct SubmitOperationsTests {
    @Test("operations of many identities, sent by a stranger, change keys, services and machine")
    func everything() throws {
        let chancery = try Chancery()
        try chancery.create(1, 2)
        let (first, second) = (try chancery.account(1), try chancery.account(2))
        let service = ServiceEndpoint(id: "#api", type: "Robot", addresses: ["https://r.example"])
        try chancery.submit(
            try chancery.next(.setServices([service]), of: first, by: try chancery.key(1)),
            try chancery.next(
                .setSpecification(SHA256.hash([7])), of: second, by: try chancery.key(2)))
        try chancery.submit(
            try chancery.next(
                .rotate(key: try chancery.key(3).publicKey), of: first, by: try chancery.key(1)))
        let record = try #require(chancery.record(first))
        #expect(record.services == [service])
        #expect(record.controller == (try chancery.key(3).publicKey))
        #expect(record.count == 3)
        #expect(chancery.record(second)?.specification == SHA256.hash([7]))
        chancery.expectSound()
    }

    @Test("the events of an identity replay to its record: the log is kept, its head is state")
    func eventsAreTheLog() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let account = try chancery.account(1)
        try chancery.submit(
            try chancery.next(.setSpecification(.zero), of: account, by: try chancery.key(1)))
        try chancery.submit(
            try chancery.next(
                .rotate(key: try chancery.key(2).publicKey), of: account, by: try chancery.key(1)))
        let log = try chancery.context.events.map { event in
            event.kind == IdentitiesEventKind.identityCreated.rawValue
                ? try NewIdentity(canonicalBytes: event.payload).entry(on: Chancery.chain)
                : try SignedOperation(canonicalBytes: event.payload)
        }
        #expect(try IdentityLog.replay(log, chain: Chancery.chain) == chancery.record(account))
    }

    @Test("replay: an operation that was carried out is refused the second time")
    func replayedOperation() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let account = try chancery.account(1)
        let rotate = try chancery.next(
            .rotate(key: try chancery.key(2).publicKey), of: account, by: try chancery.key(1))
        try chancery.submit(rotate)
        #expect(refusal { try chancery.submit(rotate) } == "wrongSequence")
        #expect(chancery.record(account)?.count == 2)
    }

    @Test("a key that was rotated away asks for nothing more, and speaks for nobody")
    func oldKey() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let account = try chancery.account(1)
        try chancery.submit(
            try chancery.next(
                .rotate(key: try chancery.key(2).publicKey), of: account, by: try chancery.key(1)))
        let stale = try chancery.next(.deactivate, of: account, by: try chancery.key(1))
        #expect(refusal { try chancery.submit(stale) } == "badSignature")
        let queries = IdentitiesQueries(chancery.context)
        #expect(!queries.speaks(account, for: account, chain: Chancery.chain))
        let second = try chancery.account(2)
        #expect(queries.speaks(second, for: account, chain: Chancery.chain))
        // Nobody has begun a log for key 3: it speaks for itself.
        let third = try chancery.account(3)
        #expect(queries.speaks(third, for: third, chain: Chancery.chain))
    }

    @Test("recovery needs the very key that was committed to, and spends it")
    func recovery() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let account = try chancery.account(1)
        let next = IdentityRecord.commitment(to: try chancery.key(97).publicKey)
        let new = try chancery.key(4).publicKey
        let wrong = try chancery.next(
            .recover(with: try chancery.key(98).publicKey, key: new, recovery: next),
            of: account, by: try chancery.key(98))
        #expect(refusal { try chancery.submit(wrong) } == "wrongRecoveryKey")
        // The right key named, but the lost one signs.
        let unsigned = try chancery.next(
            .recover(with: try chancery.key(99).publicKey, key: new, recovery: next),
            of: account, by: try chancery.key(1))
        #expect(refusal { try chancery.submit(unsigned) } == "badSignature")
        let right = try chancery.next(
            .recover(with: try chancery.key(99).publicKey, key: new, recovery: next),
            of: account, by: try chancery.key(99))
        try chancery.submit(right)
        #expect(chancery.record(account)?.controller == new)
        let again = try chancery.next(
            .recover(with: try chancery.key(99).publicKey, key: new, recovery: next),
            of: account, by: try chancery.key(99))
        #expect(refusal { try chancery.submit(again) } == "wrongRecoveryKey")
        chancery.expectSound()
    }

    @Test("after a deactivation nothing follows, and nobody speaks for the identity")
    func deactivation() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let account = try chancery.account(1)
        try chancery.submit(try chancery.next(.deactivate, of: account, by: try chancery.key(1)))
        chancery.pass(to: 1)
        let more = try chancery.next(.setSpecification(nil), of: account, by: try chancery.key(1))
        #expect(refusal { try chancery.submit(more) } == "deactivated")
        #expect(
            !IdentitiesQueries(chancery.context).speaks(
                account, for: account, chain: Chancery.chain))
        #expect(
            refusal { try chancery.create(1) } == "identityExists")
        chancery.expectSound()
    }

    @Test("one wrong operation undoes the whole message")
    func allOrNothing() throws {
        let chancery = try Chancery()
        try chancery.create(1, 2)
        let (first, second) = (try chancery.account(1), try chancery.account(2))
        let good = try chancery.next(.deactivate, of: first, by: try chancery.key(1))
        let bad = try chancery.next(.deactivate, of: second, by: try chancery.key(1))
        #expect(refusal { try chancery.submit(good, bad) } == "badSignature")
        #expect(chancery.record(first)?.isDeactivated == false)
    }

    @Test("an operation on an identity without a log, or one too long for an event, is refused")
    func limits() throws {
        let chancery = try Chancery()
        try chancery.create(1)
        let account = try chancery.account(1)
        let orphan = SignedOperation(
            IdentityOperation(
                chain: Chancery.chain, subject: try chancery.account(2), sequence: 1,
                previous: .zero, action: .deactivate), by: try chancery.key(2))
        #expect(refusal { try chancery.submit(orphan) } == "unknownIdentity")
        let text = String(repeating: "a", count: 250)
        let services = (0..<16).map { ServiceEndpoint(id: "#\($0)", type: "T", addresses: [text]) }
        let long = try chancery.next(.setServices(services), of: account, by: try chancery.key(1))
        #expect(refusal { try chancery.submit(long) } == "operationTooLarge")
    }

    @Test("a log can begin by a submitted operation too, and go on in the same message")
    func beginsAndGoesOn() throws {
        let chancery = try Chancery()
        let key = try chancery.key(1)
        let begin = try chancery.new(1).entry(on: Chancery.chain)
        let next = SignedOperation(
            IdentityOperation(
                chain: Chancery.chain, subject: AccountID(of: key.publicKey), sequence: 1,
                previous: begin.digest, action: .setSpecification(.zero)), by: key)
        try chancery.submit(begin, next)
        #expect(chancery.record(try chancery.account(1))?.count == 2)
        chancery.expectSound()
    }
}
