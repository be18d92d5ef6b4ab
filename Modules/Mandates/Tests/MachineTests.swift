// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import LedgerSupport
import Mandates
import Testing
import Vocabulary

@Suite("Machines and their owners, and fees: MANDATES-9 to MANDATES-11")
struct MachineTests {
    private func authorization(_ max: UInt64, until: UInt64 = 9_000) -> MachineAuthorization {
        MachineAuthorization(
            valueMax: Amount(UInt128(max)), until: Timestamp(until),
            credential: SHA256.hash([1]))
    }

    private func check(
        _ office: Office, _ value: UInt64, of asset: AssetID = .native
    ) -> String? {
        refusal {
            try MandatesQueries(office.context).checkContract(
                worth: Amount(UInt128(value)), of: asset, by: Office.account(4),
                at: office.context.block.time)
        }
    }

    private func own(_ office: Office) throws {
        try office.send(
            .setOwner(SetOwner(machine: Office.account(4), owner: Office.account(5))), from: 4)
    }

    private func authorise(
        _ office: Office, _ authorization: MachineAuthorization?, from sender: UInt8 = 5
    ) throws {
        try office.send(
            .authorise(AuthoriseMachine(machine: Office.account(4), authorization: authorization)),
            from: sender)
    }

    @Test("a machine without an owner agrees to anything, one with an owner to nothing unallowed")
    func allowed() throws {
        let office = Office()
        #expect(check(office, 1_000) == nil)
        try own(office)
        #expect(check(office, 0) == "notAuthorised")
        try authorise(office, authorization(50))
        #expect(check(office, 50) == nil)
        #expect(check(office, 51) == "overAuthorization")
        #expect(check(office, 1, of: AssetID(5)) == "overAuthorization")
        office.pass(to: 9_000)
        #expect(check(office, 1) == "notAuthorised")
        office.expectSound()
    }

    @Test("only the owner says how far, and only the owner lets go")
    func strangers() throws {
        let office = Office()
        #expect(refusal { try authorise(office, authorization(1)) } == "noOwner")
        let take = MandatesMessage.setOwner(
            SetOwner(machine: Office.account(4), owner: Office.account(6)))
        #expect(refusal { try office.send(take, from: 6) } == "notSpeaking")
        try own(office)
        // The machine cannot take another owner, widen its limits, or free itself.
        #expect(refusal { try office.send(take, from: 4) } == "ownerExists")
        #expect(refusal { try authorise(office, authorization(900), from: 4) } == "notSpeaking")
        let release = MandatesMessage.releaseMachine(
            ReleaseMachine(machine: Office.account(4)))
        #expect(refusal { try office.send(release, from: 4) } == "notSpeaking")
        try authorise(office, authorization(10))
        try authorise(office, nil)
        #expect(check(office, 1) == "notAuthorised")
        try office.send(release, from: 5)
        #expect(check(office, 1_000) == nil)
    }

    @Test("after a rotation the owner's new key speaks, and the lost one no more")
    func rotatedOwner() throws {
        let office = Office()
        try office.send(
            .setOwner(SetOwner(machine: Office.account(4), owner: Office.account(7))), from: 4)
        #expect(refusal { try authorise(office, authorization(9), from: 7) } == "notSpeaking")
        try authorise(office, authorization(9), from: 8)
        #expect(check(office, 9) == nil)
    }

    // MARK: Fees

    private func payer(
        _ office: Office, _ mandate: MandateID, _ messages: [Message], fee: UInt64 = 5,
        from sender: UInt8 = 2
    ) throws -> AccountID {
        let first = MandatesMessage.payFees(PayFees(mandate)).message
        let all = [first] + messages
        let named = try #require(MandatesModule.sponsor(of: all))
        return try office.mandates.payer(
            of: Amount(UInt128(fee)), under: named, for: all, from: Office.account(sender),
            at: office.context.block.time, in: office.context)
    }

    @Test("a principal pays the fee of its delegate's messages that the mandate covers")
    func pays() throws {
        let office = Office()
        let mandate = try office.grant(Office.scope(total: 8, paysFees: true))
        let act = MandatesMessage.act(ActForPrincipal(mandate, Shop.message(0, 1))).message
        #expect(try payer(office, mandate, [act, Shop.message(0)]) == Office.account(1))
        try office.mandates.chargeFee(Amount(5), under: mandate, in: office.context)
        #expect(refusal { _ = try payer(office, mandate, [act], fee: 4) } == "overBudget")
        #expect(try payer(office, mandate, [act], fee: 3) == Office.account(1))
        // What the fees took is no more there to be spent.
        #expect(refusal { try office.act(mandate, Shop.message(0, 4)) } == "overBudget")
        try office.act(mandate, Shop.message(0, 3))
        office.expectSound()
    }

    @Test("no fee is paid for a stranger, for what is not covered, or where none is promised")
    func paysNot() throws {
        let office = Office()
        let mandate = try office.grant(Office.scope(paysFees: true))
        let other = try office.grant(to: 3, Office.scope())
        #expect(refusal { _ = try payer(office, mandate, [], from: 3) } == "notDelegate")
        #expect(refusal { _ = try payer(office, other, [], from: 3) } == "paysNoFees")
        #expect(
            refusal { _ = try payer(office, mandate, [Shop.message(1)]) } == "kindNotCovered")
        let foreign = MandatesMessage.act(ActForPrincipal(other, Shop.message(0))).message
        #expect(refusal { _ = try payer(office, mandate, [foreign]) } == "kindNotCovered")
        try office.send(.revoke(RevokeMandate(mandate)), from: 1)
        #expect(refusal { _ = try payer(office, mandate, []) } == "unknownMandate")
    }

    @Test("only a first message asks for the fee to be paid")
    func firstOnly() throws {
        let office = Office()
        let mandate = try office.grant(Office.scope(paysFees: true))
        let pay = MandatesMessage.payFees(PayFees(mandate)).message
        #expect(MandatesModule.sponsor(of: [Shop.message(0), pay]) == nil)
        #expect(MandatesModule.sponsor(of: []) == nil)
        #expect(MandatesModule.sponsor(of: [pay, Shop.message(0)]) == mandate)
    }
}
