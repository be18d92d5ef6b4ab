// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@Suite("Amount")
struct AmountTests {
    @Test(
        "whole units are written without trailing zeros and read back",
        arguments: [("0", 0), ("1", 1_000_000_000_000_000_000), ("0.000000000000000001", 1)]
            as [(String, UInt128)])
    func text(text: String, units: UInt128) {
        #expect(Amount(units).description == text)
        #expect(Amount(text) == Amount(units))
    }

    @Test("text that is not an amount is refused", arguments: ["", ".", "-1", "1.", "1e3", "+1"])
    func badText(text: String) {
        #expect(Amount(text) == nil)
    }

    @Test("arithmetic that leaves 128 bits gives nothing")
    func checked() {
        #expect(Amount(.max).adding(Amount(1)) == nil)
        #expect(Amount(1).subtracting(Amount(2)) == nil)
        #expect(Amount(.max).multiplied(by: 2) == nil)
        #expect(Amount(.max).scaled(by: 7, over: 7) == Amount(.max))
        #expect(Amount(.max).scaled(by: 7, over: 6) == nil)
    }
}
