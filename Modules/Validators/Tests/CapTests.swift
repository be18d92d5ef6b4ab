// SPDX-License-Identifier: Apache-2.0
import LedgerSupport
import Testing

@testable import Validators

@Suite("The cap on one member's weight")
struct CapTests {
    private func clamped(_ weights: [UInt64], _ share: UInt64 = 200_000) -> [UInt64] {
        VotingCap.clamped(weights, partsPerMillion: share)
    }

    @Test(
        "weights below the cap stay, larger ones come down to it (VALIDATORS-9)",
        arguments: [
            ([10, 10, 10, 10, 10], [10, 10, 10, 10, 10]),
            ([100, 10, 10, 10, 10, 10], [12, 10, 10, 10, 10, 10]),
            ([1_000, 500, 10, 10, 10, 10, 10], [16, 16, 10, 10, 10, 10, 10]),
            ([9, 9, 9, 9, 9, 5], [9, 9, 9, 9, 9, 5]),
        ] as [([UInt64], [UInt64])])
    func examples(_ weights: [UInt64], _ expected: [UInt64]) {
        #expect(clamped(weights) == expected)
    }

    @Test("so few members that the cap is impossible get equal weights")
    func few() {
        #expect(clamped([5]) == [5])
        #expect(clamped([9, 4]) == [4, 4])
        #expect(clamped([9, 8, 7, 6]) == [6, 6, 6, 6])
        #expect(clamped([9, 8, 7, 6, 5]) == [5, 5, 5, 5, 5])
        #expect(clamped([]) == [])
    }

    @Test("no cap changes nothing")
    func none() { #expect(clamped([1 << 53, 1], 1_000_000) == [1 << 53, 1]) }

    @Test("every share is within the cap and the next larger limit breaks it", arguments: 1...40)
    func largest(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 5...100, using: &random)
        let share = UInt64.random(in: 1_000_000 / UInt64(count) + 1...1_000_000, using: &random)
        let top = UInt64(1) << UInt64.random(in: 1...53, using: &random)
        let weights = (0..<count).map { _ in UInt64.random(in: 1...top, using: &random) }
            .sorted(by: >)
        let result = clamped(weights, share)
        func isWithin(_ held: [UInt64]) -> Bool {
            let total = held.reduce(UInt128(0)) { $0 + UInt128($1) }
            return UInt128(held[0]) * 1_000_000 <= UInt128(share) * total
        }
        #expect(isWithin(result))
        #expect(result.allSatisfy { $0 >= 1 } && result == result.sorted(by: >))
        #expect(zip(result, weights).allSatisfy { $0 == min($1, result[0]) })
        if result[0] < weights[0] {
            #expect(!isWithin(weights.map { min($0, result[0] + 1) }))
        }
    }
}
