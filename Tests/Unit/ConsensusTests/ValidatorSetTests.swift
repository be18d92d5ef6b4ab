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
            let expected = 200 * (index + 1)
            #expect(abs(count - expected) < 100, "\(windows)")
        }
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
    }
}
