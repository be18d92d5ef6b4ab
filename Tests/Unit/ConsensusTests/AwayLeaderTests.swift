// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Leaders out of reach (CONSENSUS-12)")
struct AwayLeaderTests {
    let fixture = Fixture()

    private func skipWaits(_ effects: [ConsensusEffect]) -> [UInt64] {
        effects.compactMap {
            if case .setTimer(.skip, let wait) = $0 { wait } else { nil }
        }
    }

    @Test("a slot whose leader goes gets an eighth of its time, the next ones a thirty-second")
    func goes() {
        let leader = fixture.leader(of: 1)
        let voter = (leader + 1) % 4
        var machine = fixture.machine(voter)
        let key = fixture.keys[leader].publicKey
        #expect(skipWaits(machine.receive(.disconnected(key))) == [375])
        #expect(skipWaits(machine.receive(.disconnected(key))).isEmpty, "once")
        #expect(skipWaits(machine.receive(.connected(key))).isEmpty, "no more time for it")
        _ = machine.receive(.disconnected(key))
        let skipped = machine.hear(.certificate(fixture.certificate(.skip(Slot(1)))))
        #expect(skipWaits(skipped) == [93])
    }

    @Test("a leader that has proposed, another validator, or a stranger changes no time")
    func stays() {
        let leader = fixture.leader(of: 1)
        let voter = (leader + 1) % 4
        var machine = fixture.machine(voter)
        let other = fixture.keys[(leader + 2) % 4].publicKey
        #expect(skipWaits(machine.receive(.disconnected(other))).isEmpty)
        _ = machine.hear(.proposal(fixture.proposal(fixture.block(slot: 1))))
        let key = fixture.keys[leader].publicKey
        #expect(skipWaits(machine.receive(.disconnected(key))).isEmpty)
        var observer = fixture.machine(nil)
        #expect(skipWaits(observer.receive(.disconnected(key))).isEmpty)
    }
}
