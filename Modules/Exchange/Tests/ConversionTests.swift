// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Exchange

@Suite("Conversion of roles' assets")
struct ConversionTests {
    static let day: UInt64 = 86_400_000

    /// Ten million of coral exist; a tenth of a million is converted in a usual day.
    static func genesis(
        reference: String = "10000000", yearly: String = "500000"
    ) -> JSON {
        [
            "windows": [["asset": 5, "target": "100000", "reference": .string(reference)]],
            "emission": [
                ["years": 4, "amount": .string(yearly)], ["years": 1, "amount": "20000"],
            ],
            "fund": [
                "account": .string("\(Bazaar.account(9))"), "amount": "900000",
            ],
        ]
    }

    private func convert(
        _ whole: UInt64, least: UInt64 = 0, from number: Int = 1, in bazaar: Bazaar
    ) throws(Refusal) {
        try bazaar.send(
            .convert(
                asset: Bazaar.coral, amount: Amount(whole: whole), least: Amount(whole: least)),
            from: number)
    }

    @Test("a role's asset is burnt and native units are paid, at least a thousand (CO-08)")
    func converts() throws {
        let bazaar = try Bazaar(Self.genesis())
        #expect(
            refusal { try convert(999, in: bazaar) } == "amountTooSmall")
        try convert(1_000, least: 1_000, in: bazaar)
        #expect(bazaar.balance(1) == Bazaar.plenty.adding(Amount(whole: 1_000)))
        #expect(
            Bazaar.bank.supply(of: Bazaar.coral, in: bazaar.context)
                == Amount(whole: 9_999_000), "burnt")
        #expect(
            Bazaar.bank.balance(of: .fund, in: bazaar.context) == Amount(whole: 899_000),
            "paid, not minted")
        #expect(refusal { try convert(1_000, least: 1_001, in: bazaar) } == "slippage")
        bazaar.expectSound()
    }

    @Test(
        "the rate stays within 1.0 × demand (0.5 to 2) × scarcity (0.5 to 2) (CO-08)",
        arguments: [
            ("10000000", 1_000_000), ("1", 500_000), ("90000000", 2_000_000),
            ("12000000", 1_200_000),
        ] as [(String, UInt64)])
    func bounds(_ reference: String, _ rate: UInt64) throws {
        let bazaar = try Bazaar(Self.genesis(reference: reference, yearly: "900000"))
        func window() throws -> RoleWindow {
            try #require(
                bazaar.queries.window(
                    Bazaar.coral, at: bazaar.context.block.time,
                    supply: Bazaar.bank.supply(of: Bazaar.coral, in: bazaar.context) ?? .zero))
        }
        #expect(try window().rate == rate, "the first period has a demand of one")
        // A period without conversions doubles it; one with very many halves it.
        bazaar.wait(Self.day)
        #expect(try window().demand == 2_000_000)
        #expect(try window().rate == 2 * rate)
        try bazaar.send(
            .convert(asset: Bazaar.coral, amount: Amount(whole: 50_000), least: .zero), from: 1)
        #expect(try window().rate == 2 * rate, "the rate holds for the whole period")
        bazaar.wait(Self.day)
        #expect(try window().demand == 2_000_000)
        try convert(125_000, in: bazaar)
        bazaar.wait(Self.day)
        #expect(try window().demand == 800_000)
        #expect(RoleWindow.bounds == 500_000...2_000_000)
    }

    @Test("splitting a conversion and being first gain nothing (EXCHANGE-9)")
    func splitting() throws {
        let one = try Bazaar(Self.genesis(reference: "12000000"))
        try convert(30_000, in: one)
        let many = try Bazaar(Self.genesis(reference: "12000000"))
        for number in 1...6 { try convert(5_000, from: number, in: many) }
        let whole = one.balance(1).units - Bazaar.plenty.units
        let parts = (1...6).reduce(UInt128(0)) {
            $0 + many.balance($1).units - Bazaar.plenty.units
        }
        #expect(whole == parts)
    }

    @Test("a year pays no more than its emission, and the fund no more than it holds (CO-03)")
    func emission() throws {
        let bazaar = try Bazaar(Self.genesis())
        try convert(400_000, in: bazaar)
        #expect(refusal { try convert(101_000, in: bazaar) } == "fundEmpty")
        try convert(100_000, in: bazaar)
        #expect(refusal { try convert(1_000, in: bazaar) } == "fundEmpty")
        // The next year pays again; the last row's amount goes on for ever.
        bazaar.wait(Emission.yearMilliseconds)
        #expect(
            bazaar.queries.emission(at: bazaar.context.block.time)?.left == Amount(whole: 500_000))
        try convert(150_000, from: 2, in: bazaar)
        #expect(
            refusal { try convert(60_000, from: 2, in: bazaar) } == "fundEmpty",
            "120,000 are due; the fund holds 100,000 after 300,000 were paid at twice the rate")
        bazaar.wait(7 * Emission.yearMilliseconds)
        #expect(
            bazaar.queries.emission(at: bazaar.context.block.time)?.left == Amount(whole: 20_000))
        bazaar.expectSound()
    }

    @Test("only what was decided opens, changes or closes a window (EXCHANGE-11)")
    func windows() throws {
        let bazaar = try Bazaar(Self.genesis())
        let terms = WindowTerms(target: Amount(whole: 5), reference: Amount(whole: 7))
        let open = ExchangeMessage.setWindow(asset: Bazaar.pearl, terms: terms)
        #expect(refusal { try bazaar.send(open, from: 1) } == "notAllowed")
        try bazaar.send(open, from: Bazaar.law)
        #expect(bazaar.queries.windows() == [Bazaar.coral, Bazaar.pearl])
        for wrong in [AssetID.native, AssetID(77)] {
            #expect(
                refusal {
                    try bazaar.send(.setWindow(asset: wrong, terms: terms), from: Bazaar.law)
                } == "badTerms")
        }
        try convert(5_000, in: bazaar)
        try bazaar.send(.setWindow(asset: Bazaar.coral, terms: terms), from: Bazaar.law)
        let changed = try #require(bazaar.queries.stored(Bazaar.coral))
        #expect(changed.terms == terms && changed.now == Amount(whole: 5_000))
        try bazaar.send(.setWindow(asset: Bazaar.coral, terms: nil), from: Bazaar.law)
        #expect(refusal { try convert(5_000, in: bazaar) } == "unknown")
    }

    @Test("anybody fills the fund")
    func filling() throws {
        let bazaar = try Bazaar()
        #expect(refusal { try bazaar.send(.fund(.zero), from: 1) } == "amountTooSmall")
        try bazaar.send(.fund(Amount(whole: 5)), from: 1)
        #expect(Bazaar.bank.balance(of: .fund, in: bazaar.context) == Amount(whole: 5))
        bazaar.expectSound()
    }
}
