// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@Suite("Shares and roots")
struct SplittingTests {
    @Test("what is split adds up, and the largest remainders get what is left")
    func remainders() throws {
        let parts = try #require(Amount(10).split(by: [1, 1, 1]))
        #expect(parts == [Amount(4), Amount(3), Amount(3)])
        let uneven = try #require(Amount(100).split(by: [1, 5, 3]))
        #expect(uneven == [Amount(11), Amount(56), Amount(33)])
    }

    @Test("nothing is shared among nobody, and weights beyond 128 bits are refused")
    func impossible() {
        #expect(Amount(10).split(by: []) == nil)
        #expect(Amount(10).split(by: [0, 0]) == nil)
        #expect(Amount(10).split(by: [.max, 1]) == nil)
    }

    @Test("shares add up at the edges of 128 bits, whatever the weights", arguments: 1...40)
    func edges(_ seed: UInt64) throws {
        var state = seed &* 0x9e37_79b9_7f4a_7c15
        func next() -> UInt128 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt128(state >> 3) << UInt128(state & 63)
        }
        let whole = Amount(.max - next())
        let weights = (0..<7).map { $0 == 3 ? 0 : next() >> 3 }
        let parts = try #require(whole.split(by: weights))
        #expect(parts.reduce(Amount.zero) { $0.adding($1) ?? .zero } == whole)
        #expect(parts[3] == .zero)
    }

    @Test("a root is the largest whose square fits, for squares, their neighbours and the largest")
    func roots() {
        #expect(UInt128(0).squareRoot == 0)
        #expect(UInt128.max.squareRoot == UInt128(UInt64.max))
        for root in [1, 2, 3, 100, 99_999, 4_294_967_295, 4_294_967_296] as [UInt128] {
            #expect((root * root).squareRoot == root)
            #expect((root * root - 1).squareRoot == root - 1)
            #expect((root * root + 2 * root).squareRoot == root)
        }
    }
}
