// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Validators, quorums and leaders")
struct ValidatorSetTests {
    private func validator(_ number: UInt8, _ stake: UInt128) -> Validator {
        Validator(key: Fixture.key(number).publicKey, stake: stake)
    }

    @Test("a list that cannot govern is refused (CONSENSUS-1)")
    func refusals() {
        let key = Fixture.key(1).publicKey
        #expect(throws: ValidatorSetError.empty) { try ValidatorSet([]) }
        #expect(throws: ValidatorSetError.repeatedKey(key)) {
            try ValidatorSet([validator(1, 1), validator(1, 2)])
        }
        #expect(throws: ValidatorSetError.noStake(key)) { try ValidatorSet([validator(1, 0)]) }
        #expect(throws: ValidatorSetError.tooMuchStake) {
            try ValidatorSet([validator(1, .max), validator(2, .max)])
        }
        let many = (0..<129).map { number in
            Validator(key: PublicKey(Fixture.bytes(UInt8(number))), stake: 1)
        }
        #expect(throws: ValidatorSetError.tooMany(129)) { try ValidatorSet(many) }
    }

    @Test(
        "a quorum is floor(2W/3) + 1 of the stake (CONSENSUS-2)",
        arguments: [(1, 1), (3, 3), (4, 3), (6, 5), (7, 5), (100, 67)] as [(UInt128, UInt128)])
    func quorum(total: UInt128, quorum: UInt128) throws {
        #expect(try ValidatorSet([validator(1, total)]).quorum == quorum)
    }

    @Test("a window has one leader, and leaders are drawn by stake (CONSENSUS-3)")
    func leaders() {
        let fixture = Fixture(stakes: [10, 20, 30, 40])
        var windows = [Int](repeating: 0, count: 4)
        for window in 0..<UInt64(2000) {
            let leader = fixture.leader(of: window * 4)
            #expect(leader == fixture.leader(of: window * 4 + 3))
            windows[leader] += 1
        }
        for (index, count) in windows.enumerated() {
            #expect(abs(count - 200 * (index + 1)) < 50, "\(windows)")
        }
    }

    @Test(
        "in a round each of equal validators leads once, in changing order (CONSENSUS-3)",
        arguments: [1, 4, 6, 7])
    func rounds(count: Int) {
        let fixture = Fixture(stakes: [UInt128](repeating: 5, count: count))
        var orders: Set<[Int]> = []
        for round in 0..<20 {
            let order = (0..<count).map { fixture.leader(of: UInt64(4 * (round * count + $0))) }
            #expect(order.sorted() == Array(0..<count))
            orders.insert(order)
        }
        #expect(count == 1 || orders.count > 2)
    }

    @Test("the largest stakes overflow nothing")
    func largest() throws {
        let set = try ValidatorSet([
            validator(1, ValidatorSet.totalStakeMax - 1), validator(2, 1),
        ])
        #expect(
            LeaderSchedule(
                chain: ChainID(.zero), epoch: Epoch(.max), firstSlot: Slot(1), validators: set
            ).leader(of: Slot(.max)) <= 1)
        #expect(set.quorum <= set.totalStake)
    }

    @Test("the leaders of a known chain are pinned")
    func pinned() {
        let fixture = Fixture(stakes: [1, 2, 3])
        let leaders = (0..<UInt64(12)).map { fixture.leader(of: $0 * 4) }
        #expect(leaders == [2, 2, 1, 1, 2, 0, 2, 0, 1, 1, 2, 0])
    }

    @Test("another chain has other leaders")
    func seeds() {
        let one = Fixture(chain: 1)
        let other = Fixture(chain: 2)
        let slots = (0..<UInt64(64)).map { $0 * 4 }
        #expect(slots.map { one.leader(of: $0) } != slots.map { other.leader(of: $0) })
    }

    @Test("the skip timeout grows by half for each failed window, to its cap (CONSENSUS-12)")
    func timeouts() {
        let configuration = Fixture().configuration
        func timeout(_ slot: UInt64, final: UInt64, afterSkip: Bool = false) -> UInt64 {
            configuration.skipTimeoutMilliseconds(
                of: Slot(slot), lastFinal: Slot(final), afterSkip: afterSkip)
        }
        #expect(timeout(5, final: 4) == 3_000)
        #expect(timeout(8, final: 7) == 3_000)
        #expect(timeout(12, final: 7) == 4_000)
        #expect(timeout(16, final: 7) == 5_500)
        #expect(timeout(4_000, final: 7) == 61_000)
        #expect(timeout(.max, final: 0) == 61_000)
        #expect(timeout(9, final: 7, afterSkip: true) == 375)
        func away(_ slot: UInt64, final: UInt64, afterSkip: Bool) -> UInt64 {
            configuration.skipTimeoutMilliseconds(
                of: Slot(slot), lastFinal: Slot(final), afterSkip: afterSkip, leaderIsAway: true)
        }
        #expect(away(8, final: 7, afterSkip: false) == 375)
        #expect(away(9, final: 7, afterSkip: true) == 93)
        #expect(away(16, final: 7, afterSkip: false) == 687)
    }
}
