// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import LedgerSupport
import Testing
import Validators
import Vocabulary

@Suite("Backing and offences together")
struct BackingTests {
    @Test("what stands behind a member counts in its rank and weight (VALIDATORS-15)")
    func weight() throws {
        let council = try Council([10, 10, 10, 10], figures: ["capPartsPerMillion": 1_000_000])
        try council.join(4, stake: 100)
        ValidatorBacking.set(
            Amount(whole: 900), behind: Council.account(4), in: council.context)
        council.expectSound()
        council.cut()
        #expect(council.weights[4] == 1_000)
        #expect(council.queries.seats(of: Epoch(1))?.seats.first?.account == Council.account(4))
    }

    @Test("backing lends no member the least bond, and a stranger has none (VALIDATORS-15)")
    func ownBond() throws {
        let council = try Council()
        try council.join(4, stake: 100)
        ValidatorBacking.set(Amount(whole: 900), behind: Council.account(4), in: council.context)
        council.cut()
        try council.send(.submitEvidence(council.evidence(against: 4, in: 1)), from: 9)
        council.cut()
        council.cut()
        #expect(refusal { try council.send(.resume, from: 4) } == "stakeTooSmall")
        #expect(
            !ValidatorBacking.set(Amount(1), behind: Council.account(8), in: council.context))
    }

    @Test("who comes back has the backing that never left")
    func comeBack() throws {
        let council = try Council()
        try council.join(4, stake: 100)
        ValidatorBacking.set(Amount(whole: 7), behind: Council.account(4), in: council.context)
        try council.send(.leave, from: 4)
        council.cut()
        council.cut()
        council.cut()
        #expect(council.member(4)?.status == .withdrawn)
        try council.join(4, stake: 100)
        #expect(council.member(4)?.backing == Amount(whole: 7))
        council.expectSound()
    }

    /// Six equal members with bonds, in the set of epoch 1.
    private func equals() throws -> Council {
        let council = try Council([1], figures: ["seatsMin": 2])
        for place in 1...5 { try council.join(place, stake: 1_000) }
        council.cut()
        return council
    }

    @Test("offences of one epoch cost more together, in any order (VALIDATORS-14)")
    func correlation() throws {
        let orders = [[1, 2], [2, 1]]
        let bonds = try orders.map { order in
            let council = try equals()
            let total = council.weights.values.reduce(0, +)
            let share = 3_000_000 * council.weights[2, default: 0] / total
            for place in order {
                try council.send(.submitEvidence(council.evidence(against: place, in: 1)), from: 9)
            }
            let expected = Amount(whole: 1_000)
                .scaled(by: UInt128(1_000_000 - 50_000 - share), over: 1_000_000)
            #expect(council.member(1)?.bond == expected)
            council.expectSound()
            return [council.member(1)?.bond, council.member(2)?.bond]
        }
        #expect(bonds[0] == bonds[1])
    }

    @Test("who offends with a third of the weight loses everything")
    func everything() throws {
        let council = try equals()
        for place in 1...3 {
            try council.send(.submitEvidence(council.evidence(against: place, in: 1)), from: 9)
        }
        #expect((1...3).map { council.member($0)?.bond } == [.zero, .zero, .zero])
        #expect(council.member(4)?.bond == Amount(whole: 1_000))
        council.expectSound()
    }
}
