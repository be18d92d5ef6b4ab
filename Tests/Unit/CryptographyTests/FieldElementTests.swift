// SPDX-License-Identifier: Apache-2.0

import Testing
import Vocabulary

@testable import Cryptography

@Suite("The field and the curve")
struct FieldElementTests {
    private static let prime: [UInt64] = [.max - 18, .max, .max, .max >> 1]

    @Test("p is zero, p + 1 is one, and 2^255 - 1 is 18")
    func reduction() {
        #expect(FieldElement(words: Self.prime).isZero)
        #expect(FieldElement(words: [.max - 17, .max, .max, .max >> 1]).isEqual(to: .one))
        #expect(
            FieldElement(words: [.max, .max, .max, .max >> 1]).canonicalWords == [18, 0, 0, 0])
    }

    @Test("multiplication is associative, commutative and distributive, and squares agree with it")
    func laws() {
        var numbers = SeededNumbers(seed: 1)
        for _ in 0..<100 {
            let (a, b, c) = (element(&numbers), element(&numbers), element(&numbers))
            #expect((a * b).isEqual(to: b * a))
            #expect(((a * b) * c).isEqual(to: a * (b * c)))
            #expect(((a + b) * c).isEqual(to: a * c + b * c))
            #expect(((a - b) * (a + b)).isEqual(to: a.squared - b.squared))
            #expect((a * a).isEqual(to: a.squared))
            #expect((a - a).isZero && (a + -a).isZero)
        }
    }

    @Test("the root of a ratio squares to it, and a ratio without one has none")
    func roots() throws {
        var numbers = SeededNumbers(seed: 2)
        #expect((FieldElement.rootOfMinusOne.squared + .one).isZero)
        for _ in 0..<20 {
            let (a, b) = (element(&numbers), element(&numbers))
            let root = try #require(FieldElement.root(of: a.squared * b, over: b))
            #expect(root.squared.isEqual(to: a.squared))
            // 2 is not a square modulo p, since p = 5 modulo 8.
            let two = FieldElement.one + .one
            #expect(FieldElement.root(of: two * a.squared * b, over: b) == nil)
        }
    }

    @Test("signed digits are odd, small, far apart, and sum to their scalar", arguments: [5, 8])
    func digits(bits: Int) throws {
        var numbers = SeededNumbers(seed: 3)
        for round in 0..<20 {
            var bytes = round == 0 ? [UInt8](repeating: 0xff, count: 32) : numbers.bytes(32)
            bytes[31] &= 0x1f
            let scalar = try #require(Bytes32(bytes))
            let digits = DoubleScalarProduct.signedDigits(of: scalar, bits: bits)
            let places = digits.indices.filter { digits[$0] != 0 }
            #expect(places.allSatisfy { abs(Int(digits[$0])) < 1 << (bits - 1) })
            #expect(places.allSatisfy { digits[$0] & 1 != 0 })
            #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= bits })
            // As field elements, since all sums here are below p.
            let two = FieldElement.one + .one
            let sum = digits.reversed().reduce(FieldElement.zero) { sum, digit in
                let magnitude = FieldElement(words: [UInt64(digit.magnitude), 0, 0, 0])
                return sum * two + (digit < 0 ? -magnitude : magnitude) * .one
            }
            #expect(sum.isEqual(to: FieldElement(words: scalar.littleEndianWords)))
        }
    }

    @Test("[L]B is the neutral element, and [s]B + [k]B is [s + k]B")
    func order() throws {
        let order = try bytes32("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        let whole = DoubleScalarProduct.compute(baseScalar: order, scalar: .zero, point: .base)
        #expect(whole.isIdentity)
        let also = DoubleScalarProduct.compute(baseScalar: .zero, scalar: order, point: .base)
        #expect(also.isIdentity)

        let three = try bytes32("03" + String(repeating: "00", count: 31))
        let five = try bytes32("05" + String(repeating: "00", count: 31))
        let eight = DoubleScalarProduct.compute(baseScalar: three, scalar: five, point: .base)
        let doubled = EdwardsPoint.base.doubled.doubled.doubled
        #expect(eight.adding(PreparedPoint(-doubled)).isIdentity)
    }

    private func element(_ numbers: inout SeededNumbers) -> FieldElement {
        FieldElement(words: (0..<4).map { _ in numbers.next() })
    }
}
