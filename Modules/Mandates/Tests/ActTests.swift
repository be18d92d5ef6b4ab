// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Mandates
import Testing
import Vocabulary

@Suite("Acting for a principal: MANDATES-2 to MANDATES-5, MANDATES-8")
struct ActTests {
    @Test("a delegate's message is the principal's: it spends the principal's money, on its budget")
    func acts() throws {
        let office = Office()
        let mandate = try office.grant()
        try office.act(mandate, Shop.message(0, 60))
        #expect(office.spent == 60)
        let expenses = MandatesQueries(office.context).expenses(of: mandate)
        #expect(expenses.item(of: .native)?.total == Amount(60))
        office.expectSound()
        let event = try #require(office.context.events.last)
        let told = try ActedForPrincipal(canonicalBytes: event.payload)
        #expect(told.spent == [Spending(asset: .native, amount: Amount(60))])
        #expect(
            office.mandates.parties(to: event) == [
                Office.account(1).raw, Office.account(2).raw,
            ])
    }

    @Test("what goes beyond the total is refused, to the unit, and leaves nothing behind")
    func overTotal() throws {
        let office = Office()
        let mandate = try office.grant()
        try office.act(mandate, Shop.message(0, 60))
        #expect(refusal { try office.act(mandate, Shop.message(0, 41)) } == "overBudget")
        #expect(office.spent == 60)
        try office.act(mandate, Shop.message(0, 40))
        #expect(refusal { try office.act(mandate, Shop.message(0, 1)) } == "overBudget")
        #expect(office.spent == 100)
        office.expectSound()
    }

    @Test("a period has its own budget, and a new period begins afresh until the total is spent")
    func periods() throws {
        let office = Office()
        let mandate = try office.grant(
            Office.scope(total: 100, perPeriod: 50, period: 500, from: 1_000))
        try office.act(mandate, Shop.message(0, 50))
        office.pass(to: 1_499)
        #expect(refusal { try office.act(mandate, Shop.message(0, 1)) } == "overBudget")
        office.pass(to: 1_500)
        try office.act(mandate, Shop.message(0, 50))
        office.pass(to: 9_000)
        #expect(refusal { try office.act(mandate, Shop.message(0, 1)) } == "overBudget")
        office.expectSound()
    }

    @Test("an asset without a budget is not spent at all")
    func otherAsset() throws {
        let office = Office()
        let mandate = try office.grant()
        let message = Shop.message(0, 1, of: AssetID(5))
        #expect(refusal { try office.act(mandate, message) } == "overBudget")
        #expect(Shop.balance(Office.account(1), AssetID(5), in: office.context) == 1_000)
    }

    @Test("a kind of message that is not listed is refused, and so is a message without a kind")
    func kinds() throws {
        let office = Office()
        let mandate = try office.grant()
        #expect(refusal { try office.act(mandate, Shop.message(1)) } == "kindNotCovered")
        let other = Message(module: ModuleID(98), payload: [0])
        #expect(refusal { try office.act(mandate, other) } == "kindNotCovered")
        let empty = Message(module: Shop.module, payload: [])
        #expect(refusal { try office.act(mandate, empty) } == "kindNotCovered")
        // The second form of the tag 0 is none at all.
        let long = Message(module: Shop.module, payload: [0x80, 0x00])
        #expect(refusal { try office.act(mandate, long) } == "kindNotCovered")
    }

    @Test("with resources named, a message must say what it is about, and be about these")
    func resources() throws {
        let office = Office()
        let (here, there) = (Office.account(20).raw, Office.account(21).raw)
        let mandate = try office.grant(Office.scope([0, 1], resources: [here]))
        try office.act(mandate, Shop.message(0, 1, about: here))
        #expect(
            refusal { try office.act(mandate, Shop.message(0, 1, about: there)) }
                == "resourceNotCovered")
        // The shop does not say what tag 1 is about.
        #expect(
            refusal { try office.act(mandate, Shop.message(1, 0, about: here)) }
                == "resourceNotCovered")
        #expect(office.spent == 1)
    }

    @Test("a mandate counts from its first moment until just before its last")
    func time() throws {
        let office = Office()
        let mandate = try office.grant(Office.scope(from: 1_001, until: 2_000))
        #expect(refusal { try office.act(mandate, Shop.message(0, 1)) } == "notYetValid")
        office.pass(to: 1_001)
        try office.act(mandate, Shop.message(0, 1))
        office.pass(to: 1_999)
        try office.act(mandate, Shop.message(0, 1))
        office.pass(to: 2_000)
        #expect(refusal { try office.act(mandate, Shop.message(0, 1)) } == "mandateExpired")
    }

    @Test("nobody acts under another's mandate, not even its principal")
    func strangers() throws {
        let office = Office()
        let mandate = try office.grant()
        for sender: UInt8 in [1, 3] {
            #expect(
                refusal { try office.act(mandate, Shop.message(0, 1), by: sender) }
                    == "notDelegate")
        }
        let unknown = MandateID(Office.account(3).raw)
        #expect(refusal { try office.act(unknown, Shop.message(0, 1)) } == "unknownMandate")
    }

    @Test("what the message's own module refuses costs the budget nothing")
    func refusedInside() throws {
        let office = Office()
        let mandate = try office.grant(Office.scope([0, 2]))
        #expect(refusal { try office.act(mandate, Shop.message(2, 10)) } == "soldOut")
        #expect(office.spent == 0)
        #expect(MandatesQueries(office.context).expenses(of: mandate).items.isEmpty)
        #expect(refusal { try office.act(mandate, Shop.message(0, 5_000)) } == "poor")
    }

    @Test("no mandate covers messages about mandates: nobody grants in another's name")
    func noGrantsByDelegates() throws {
        let office = Office()
        let kinds = [MessageKind(.mandates, tag: 0), MessageKind(Shop.module, tag: 0)]
        let scope = MandateScope(kinds: kinds, from: Timestamp(0), until: Timestamp(9_000))
        #expect(refusal { _ = try office.grant(scope) } == "badScope")
        let mandate = try office.grant()
        let grant = MandatesMessage.grant(
            GrantMandate(delegate: Office.account(2), scope: Office.scope(total: 1_000)))
        #expect(refusal { try office.act(mandate, grant.message) } == "kindNotCovered")
    }

    @Test("a scope that contradicts itself is refused")
    func badScopes() throws {
        let office = Office()
        let bad: [MandateScope] = [
            Office.scope([]), Office.scope([0, 0]), Office.scope(from: 5, until: 5),
            Office.scope(perPeriod: 5, period: 0), Office.scope(period: 500),
            MandateScope(
                kinds: [MessageKind(Shop.module, tag: 0)],
                budgets: [Budget(total: Amount(1)), Budget(total: Amount(2))], from: Timestamp(0),
                until: Timestamp(9)),
            MandateScope(
                kinds: [MessageKind(Shop.module, tag: 0)], from: Timestamp(0),
                until: Timestamp(9), paysFees: true),
            Office.scope(resources: [.zero, .zero]),
        ]
        for scope in bad { #expect(refusal { _ = try office.grant(scope) } == "badScope") }
        #expect(refusal { _ = try office.grant(to: 1) } == "loop")
        _ = try office.grant()
        #expect(refusal { _ = try office.grant() } == "mandateExists")
    }
}
