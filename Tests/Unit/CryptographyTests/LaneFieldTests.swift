// SPDX-License-Identifier: Apache-2.0
import CShims.Ed25519Lanes
import Testing

@testable import Cryptography

/// The field of the lanes against the portable one.
@Suite(
    "The field in eight lanes",
    .enabled(if: Ed25519Backend.lanes.isAvailable, "this machine has no AVX-512 IFMA"))
struct LaneFieldTests {
    /// What is asked, the largest limbs it takes and gives, and the same by the portable field.
    struct Operation: Sendable {
        let question: Int
        var takes = LaneField.narrowLimit
        var gives = LaneField.carriedLimit
        let portable: @Sendable (FieldElement, FieldElement) -> FieldElement
    }

    static let operations = [
        Operation(question: ATOLL_FIELD_SUM) { $0 + $1 },
        Operation(question: ATOLL_FIELD_DIFFERENCE) { $0 - $1 },
        Operation(question: ATOLL_FIELD_PRODUCT) { $0 * $1 },
        Operation(question: ATOLL_FIELD_SQUARE) { left, _ in left * left },
        Operation(question: ATOLL_FIELD_LONGEST_SUM) { left, right in
            let square = left * left
            return (square + square) * .one + (square - right * right)
        },
        Operation(
            question: ATOLL_FIELD_NEGATIVE, takes: LaneField.carriedLimit,
            gives: LaneField.narrowLimit
        ) { left, _ in -left },
    ]

    /// Numbers at the edges of the field, in words: 0, 1, 2, 18, 19, p - 1, p, p + 1, 2^255 - 39
    /// and 2^255 - 1, and 2^51 with its neighbours, where the first limb ends.
    static let edgeNumbers: [[UInt64]] = {
        let low: [UInt64] = [0, 1, 2, 18, 19, 1 << 51 - 1, 1 << 51, 1 << 51 + 1]
        let high: [UInt64] = [.max - 38, .max - 19, .max - 18, .max - 17, .max]
        return low.map { [$0, 0, 0, 0] } + high.map { [$0, .max, .max, .max >> 1] }
    }()

    /// The same as limbs, and the largest limbs that may meet an operation.
    static let edgeLimbs: [[UInt64]] = {
        var all = edgeNumbers.map { number in
            LaneField(numbers: [[UInt64]](repeating: number, count: 8)).limbs(0)
        }
        for limit in [LaneField.carriedLimit, LaneField.narrowLimit] {
            all.append([UInt64](repeating: limit - 1, count: 5))
            for place in 0..<5 {
                all.append((0..<5).map { $0 == place ? limit - 1 : 0 })
            }
        }
        return all
    }()

    @Test("words become limbs, and limbs the one form below p", arguments: edgeNumbers)
    func forms(number: [UInt64]) {
        let lanes = LaneField(numbers: Array(repeating: number, count: 8))
        #expect(lanes.isBelow(1 << 51))
        let expected = FieldElement(words: number).canonicalWords
        #expect(lanes.canonicalWords == Array(repeating: expected, count: 8))
    }

    @Test("every operation is right for every two edge values", arguments: operations.indices)
    func edges(index: Int) {
        let operation = Self.operations[index]
        let fitting = Self.edgeLimbs.filter { $0.allSatisfy { $0 < operation.takes } }
        for left in fitting {
            for right in fitting {
                let given = LaneField(limbs: left).asked(
                    operation.question, LaneField(limbs: right))
                #expect(given.isBelow(operation.gives))
                let expected = operation.portable(
                    FieldElement(limbs: left), FieldElement(limbs: right))
                #expect(given.canonicalWords[7] == (expected * .one).canonicalWords)
            }
        }
    }

    @Test("ten thousand operations on each other's results stay right and within their bounds")
    func mixture() {
        var numbers = SeededNumbers(seed: 51)
        var registers = (0..<6).map { _ in
            LaneField(numbers: (0..<8).map { _ in (0..<4).map { _ in numbers.next() } })
        }
        for step in 0..<10_000 {
            let operation = Self.operations[
                Int.random(in: 0..<Self.operations.count, using: &numbers)]
            let from = registers.indices.filter { registers[$0].isBelow(operation.takes) }
            // Negatives are the only values a negative does not take.
            guard let left = from.randomElement(using: &numbers) else { continue }
            let right = Int.random(in: 0..<6, using: &numbers)
            let given = registers[left].asked(operation.question, registers[right])
            #expect(given.isBelow(operation.gives), "step \(step)")
            let expected = zip(registers[left].portable, registers[right].portable)
                .map { (operation.portable($0, $1) * .one).canonicalWords }
            #expect(given.canonicalWords == expected, "step \(step)")
            registers[Int.random(in: 0..<6, using: &numbers)] = given
        }
    }

    @Test("a carry keeps the value of limbs of any 64 bits")
    func carry() {
        var numbers = SeededNumbers(seed: 52)
        for round in 0..<200 {
            let lanes = (0..<8).map { lane in
                (0..<5).map { _ in round == 0 && lane == 3 ? .max : numbers.next() }
            }
            let carried = LaneField(lanes: lanes).asked(ATOLL_FIELD_CARRY)
            #expect(carried.isBelow(LaneField.carriedLimit))
            #expect(
                carried.canonicalWords == lanes.map { FieldElement(limbs: $0).canonicalWords })
        }
    }

    @Test("an inverse times its number is one, and the inverse of zero is zero")
    func inverses() {
        var numbers = SeededNumbers(seed: 53)
        for round in 0..<20 {
            let words = (0..<8).map { lane in
                round == 0 && lane == 5
                    ? [UInt64](repeating: 0, count: 4) : (0..<4).map { _ in numbers.next() }
            }
            let lanes = LaneField(numbers: words)
            let product = lanes.asked(ATOLL_FIELD_INVERSE).asked(ATOLL_FIELD_PRODUCT, lanes)
            let expected = words.map { $0 == [0, 0, 0, 0] ? $0 : [1, 0, 0, 0] }
            #expect(product.canonicalWords == expected)
        }
    }
}
