// SPDX-License-Identifier: Apache-2.0
import Market
import Testing
import Vocabulary

@Suite("MARKET-9: the bill")
struct PriceTests {
    @Test(
        "a bill is the base and the fuel's share of the rate, rounded up",
        arguments: [
            (0, 7), (1, 8), (333_333, 8), (333_334, 9), (1_000_000, 10), (1_000_001, 11),
        ])
    func rounding(fuel: UInt64, bill: UInt128) {
        let price = Price(base: Amount(7), perMillionFuel: Amount(3))
        #expect(price.bill(for: Fuel(fuel)) == Amount(bill))
    }

    @Test("products above 128 bits are exact, bills above 128 bits are none")
    func wide() {
        let half = Amount(.max / 2)
        #expect(
            Price(base: .zero, perMillionFuel: half).bill(for: Fuel(2_000_000))
                == Amount(.max - 1))
        #expect(Price(base: Amount(2), perMillionFuel: half).bill(for: Fuel(2_000_000)) == nil)
        #expect(Price(base: .zero, perMillionFuel: half).bill(for: Fuel(.max)) == nil)
        let most = Price(base: .zero, perMillionFuel: Amount(.max))
        #expect(most.bill(for: Fuel(1)) == Amount(.max / 1_000_000 + 1))
        let all = Price(base: Amount(.max), perMillionFuel: .zero)
        #expect(all.bill(for: Fuel(.max)) == Amount(.max))
    }
}
