// SPDX-License-Identifier: Apache-2.0
import LedgerSupport
import Mandates
import Testing
import Vocabulary

@Suite("Passing a mandate on, and ending it: MANDATES-6, MANDATES-7")
struct NarrowTests {
    @Test("a part is spent out of the whole: both budgets are charged, the smaller one binds")
    func charged() throws {
        let office = Office()
        let whole = try office.grant(Office.scope(total: 100))
        let part = try office.narrow(whole, by: 2, to: 3, Office.scope(total: 80))
        try office.act(part, Shop.message(0, 70), by: 3)
        #expect(refusal { try office.act(part, Shop.message(0, 11), by: 3) } == "overBudget")
        // What is left of the whole binds the delegate above, too.
        #expect(refusal { try office.act(whole, Shop.message(0, 31)) } == "overBudget")
        try office.act(whole, Shop.message(0, 25))
        #expect(refusal { try office.act(part, Shop.message(0, 10), by: 3) } == "overBudget")
        try office.act(part, Shop.message(0, 5), by: 3)
        #expect(office.spent == 100)
        office.expectSound()
    }

    @Test("two parts together never spend more than the whole")
    func twoParts() throws {
        let office = Office()
        let whole = try office.grant(Office.scope(total: 100))
        let first = try office.narrow(whole, by: 2, to: 3, Office.scope(total: 100))
        let second = try office.narrow(whole, by: 2, to: 4, Office.scope(total: 100))
        try office.act(first, Shop.message(0, 60), by: 3)
        #expect(refusal { try office.act(second, Shop.message(0, 41), by: 4) } == "overBudget")
        try office.act(second, Shop.message(0, 40), by: 4)
        office.expectSound()
    }

    @Test("widening delegation: a part never reaches further in kind, resource, budget, time, fees")
    func widening() throws {
        let office = Office()
        let here = Office.account(20).raw
        let whole = try office.grant(
            Office.scope(resources: [here], total: 100, from: 500, until: 5_000))
        let good = Office.scope(resources: [here], total: 100, from: 500, until: 5_000)
        _ = try office.narrow(whole, by: 2, to: 3, good)
        let wide: [MandateScope] = [
            Office.scope([0, 1], resources: [here], from: 500, until: 5_000),
            Office.scope(resources: nil, from: 500, until: 5_000),
            Office.scope(resources: [here, Office.account(21).raw], from: 500, until: 5_000),
            Office.scope(resources: [here], total: 101, from: 500, until: 5_000),
            Office.scope(resources: [here], from: 499, until: 5_000),
            Office.scope(resources: [here], from: 500, until: 5_001),
            Office.scope(resources: [here], from: 500, until: 5_000, paysFees: true),
            MandateScope(
                kinds: good.kinds, resources: [here],
                budgets: [Budget(asset: AssetID(5), total: Amount(1))], from: Timestamp(500),
                until: Timestamp(5_000)),
        ]
        for scope in wide {
            #expect(refusal { _ = try office.narrow(whole, by: 2, to: 4, scope) } == "widens")
        }
        office.expectSound()
    }

    @Test("loop of delegations: nobody stands in a chain twice")
    func loops() throws {
        let office = Office()
        let whole = try office.grant()
        let part = try office.narrow(whole, by: 2, to: 3)
        for delegate: UInt8 in [1, 2, 3] {
            #expect(refusal { _ = try office.narrow(part, by: 3, to: delegate) } == "loop")
        }
        office.expectSound()
    }

    @Test("a chain has at most eight links, and the last one acts for the principal")
    func depth() throws {
        let office = Office()
        var link = try office.grant()
        for number in UInt8(2)...8 { link = try office.narrow(link, by: number, to: number + 1) }
        try office.act(link, Shop.message(0, 1), by: 9)
        #expect(office.spent == 1)
        #expect(refusal { _ = try office.narrow(link, by: 9, to: 10) } == "tooDeep")
        office.expectSound()
    }

    @Test("only the delegate itself passes its mandate on")
    func strangers() throws {
        let office = Office()
        let whole = try office.grant()
        #expect(refusal { _ = try office.narrow(whole, by: 3, to: 4) } == "notDelegate")
        #expect(refusal { _ = try office.narrow(whole, by: 1, to: 4) } == "notDelegate")
    }

    @Test("a revoked mandate ends at once, and with it every part of it")
    func revoked() throws {
        let office = Office()
        let whole = try office.grant()
        let part = try office.narrow(whole, by: 2, to: 3)
        let deeper = try office.narrow(part, by: 3, to: 4)
        try office.send(.revoke(RevokeMandate(whole)), from: 1)
        #expect(refusal { try office.act(whole, Shop.message(0, 1)) } == "unknownMandate")
        #expect(refusal { try office.act(part, Shop.message(0, 1), by: 3) } == "mandateEnded")
        #expect(refusal { try office.act(deeper, Shop.message(0, 1), by: 4) } == "mandateEnded")
        #expect(refusal { _ = try office.narrow(part, by: 3, to: 5) } == "mandateEnded")
        #expect(office.spent == 0)
        // What covers nothing any more, anybody may remove.
        try office.send(.revoke(RevokeMandate(part)), from: 9)
        try office.send(.revoke(RevokeMandate(deeper)), from: 9)
        #expect(MandatesQueries(office.context).mandates(of: Office.account(1)).isEmpty)
        office.expectSound()
    }

    @Test("whoever stands above may end a part, and so may its delegate; others may not")
    func whoRevokes() throws {
        for sender: UInt8 in [1, 2, 3] {
            let office = Office()
            let part = try office.narrow(try office.grant(), by: 2, to: 3)
            #expect(
                refusal { try office.send(.revoke(RevokeMandate(part)), from: 9) }
                    == "mayNotRevoke")
            try office.send(.revoke(RevokeMandate(part)), from: sender)
            #expect(refusal { try office.act(part, Shop.message(), by: 3) } == "unknownMandate")
        }
    }

    @Test("a part's delegate cannot end the whole")
    func upwards() throws {
        let office = Office()
        let whole = try office.grant()
        _ = try office.narrow(whole, by: 2, to: 3)
        #expect(
            refusal { try office.send(.revoke(RevokeMandate(whole)), from: 3) } == "mayNotRevoke")
    }

    @Test("a principal's mandates are found page by page")
    func listed() throws {
        let office = Office()
        var granted: [MandateID] = []
        for delegate in UInt8(2)...6 { granted.append(try office.grant(to: delegate)) }
        let queries = MandatesQueries(office.context)
        let first = queries.mandates(of: Office.account(1), limit: 3).map(\.id)
        let rest = queries.mandates(of: Office.account(1), after: first.last, limit: 3).map(\.id)
        #expect(first + rest == granted.sorted())
        #expect(queries.mandates(of: Office.account(2)).isEmpty)
    }
}
