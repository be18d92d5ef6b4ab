// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Names
import Testing
import Vocabulary

@Suite("Holding names: NAMES-7 to NAMES-10")
struct HoldingTests {
    /// Account 1 has `robot` until 10,500.
    private func held() throws -> Hall {
        let hall = try Hall()
        try hall.claim()
        hall.settle(at: 500)
        return hall
    }

    private func renew(_ hall: Hall, _ terms: UInt8, by sender: UInt8 = 1) throws {
        try hall.send(.renew(RenewName(name: hall.robot, terms: terms)), from: sender)
    }

    @Test("a name ends with its term, and then stands for nobody")
    func expiry() throws {
        let hall = try held()
        hall.pass(to: 10_499)
        #expect(hall.resolved == Hall.account(1))
        hall.pass(to: 10_500)
        #expect(hall.resolved == nil)
        let point = NamesMessage.point(PointName(name: hall.robot, target: Hall.account(2)))
        #expect(refusal { try hall.send(point, from: 1) } == "nameExpired")
    }

    @Test("in the time of grace nobody claims the name, and a renewal brings it back")
    func grace() throws {
        let hall = try held()
        hall.pass(to: 11_499)
        #expect(refusal { try hall.claim(900, by: 2) } == "nameTaken")
        try renew(hall, 1)
        #expect(hall.record?.expires == Timestamp(20_500))
        #expect(hall.resolved == Hall.account(1))
        hall.expectSound()
    }

    @Test("after the grace anybody may claim it, and the old owner renews no more")
    func lost() throws {
        let hall = try held()
        hall.pass(to: 11_500)
        #expect(refusal { try renew(hall, 1) } == "nameExpired")
        try hall.claim(10, by: 2)
        #expect(refusal { try renew(hall, 1) } == "unknownName")
        hall.settle(at: 12_000)
        #expect(hall.resolved == Hall.account(2))
        #expect(NamesQueries(hall.context).names(of: Hall.account(1)).isEmpty)
        #expect(NamesQueries(hall.context).names(of: Hall.account(2)) == [hall.robot])
        hall.expectSound()
    }

    @Test("terms are paid ahead by anybody, up to ten from now")
    func terms() throws {
        let hall = try held()
        #expect(refusal { try renew(hall, 0) } == "badTerms")
        #expect(refusal { try renew(hall, 10) } == "badTerms")
        try renew(hall, 9, by: 3)
        #expect(hall.balance(3) == Amount(whole: 910))
        #expect(hall.record?.expires == Timestamp(100_500))
        #expect(refusal { try renew(hall, 1) } == "badTerms")
        hall.expectSound()
    }

    @Test("the owner says whom a name stands for; a stranger does not")
    func points() throws {
        let hall = try held()
        let point = NamesMessage.point(PointName(name: hall.robot, target: Hall.account(5)))
        #expect(refusal { try hall.send(point, from: 5) } == "notOwner")
        try hall.send(point, from: 1)
        #expect(hall.resolved == Hall.account(5))
    }

    @Test("a transfer gives the name away whole: the giver has nothing left of it")
    func transfers() throws {
        let hall = try held()
        let give = NamesMessage.transfer(TransferName(name: hall.robot, owner: Hall.account(7)))
        #expect(refusal { try hall.send(give, from: 2) } == "notOwner")
        try hall.send(give, from: 1)
        #expect(hall.resolved == Hall.account(7))
        #expect(refusal { try hall.send(give, from: 1) } == "notOwner")
        // Account 7 has rotated its key: account 8 speaks for it, and it no more for itself.
        let back = NamesMessage.transfer(TransferName(name: hall.robot, owner: Hall.account(1)))
        #expect(refusal { try hall.send(back, from: 7) } == "notOwner")
        try hall.send(back, from: 8)
        #expect(hall.record?.owner == Hall.account(1))
        hall.expectSound()
    }

    @Test("a name that is given up is free at once")
    func releases() throws {
        let hall = try held()
        let release = NamesMessage.release(ReleaseName(name: hall.robot))
        #expect(refusal { try hall.send(release, from: 2) } == "notOwner")
        try hall.send(release, from: 1)
        #expect(hall.record == nil)
        try hall.claim(10, by: 2)
        hall.expectSound()
    }

    @Test("replay: a claim sent again after the name was won changes nothing")
    func claimedAgain() throws {
        let hall = try held()
        #expect(refusal { try hall.claim(500, by: 2) } == "nameTaken")
        #expect(refusal { try hall.bid(500, by: 2) } == "noAuction")
    }

    @Test("what a message is about is the name, and its events are found by all it concerns")
    func resources() throws {
        let hall = try Hall()
        try hall.claim(10, by: 2)
        try hall.bid(100, by: 1)
        let message = NamesMessage.renew(RenewName(name: hall.robot, terms: 1)).message
        #expect(hall.names.resources(of: message.payload) == [hall.robot.id])
        #expect(hall.names.resources(of: [9]) == nil)
        let event = try #require(hall.context.events.last)
        #expect(event.subject == hall.robot.id)
        #expect(Set(hall.names.parties(to: event)) == [Hall.account(1).raw, Hall.account(2).raw])
    }
}
