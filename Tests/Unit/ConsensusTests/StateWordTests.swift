// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("What is said of states (CONSENSUS-29)")
struct StateWordTests {
    let fixture = Fixture()

    /// A machine that has executed so many heights, the roots of which are their numbers.
    private func machine(through height: UInt64) -> (ConsensusMachine, [ConsensusEffect]) {
        var machine = fixture.machine(0)
        var effects: [ConsensusEffect] = []
        for number in 1...max(height, 1) where number <= height {
            effects += machine.receive(executed(number))
        }
        return (machine, effects)
    }

    private func executed(_ height: UInt64) -> ConsensusInput {
        .executed(
            height: BlockHeight(height),
            stateRoot: Fixture.digest(UInt8(truncatingIfNeeded: height)))
    }

    private func word(_ height: UInt64, root: UInt8) -> ConsensusMessage {
        .stateWord(StateWord(height: BlockHeight(height), root: Fixture.digest(root)))
    }

    private func compared(_ effects: [ConsensusEffect]) -> [StateComparison] {
        effects.compactMap {
            if case .stateCompared(let comparison) = $0 { comparison } else { nil }
        }
    }

    @Test("the root is said at every sixteenth height, to everybody, and at no other")
    func saying() {
        let (_, effects) = machine(through: 33)
        let words = effects.compactMap { effect -> StateWord? in
            if case .broadcast(.stateWord(let word)) = effect { word } else { nil }
        }
        #expect(words.map(\.height) == [BlockHeight(16), BlockHeight(32)])
        #expect(words.map(\.root) == [Fixture.digest(16), Fixture.digest(32)])
    }

    @Test("another root is an alarm that names the peer, once, and its end is told too")
    func alarm() {
        var (machine, _) = machine(through: 48)
        let peer = fixture.keys[2].publicKey
        #expect(compared(machine.hear(word(16, root: 16), from: 2)).isEmpty)
        let first = compared(machine.hear(word(32, root: 9), from: 2))
        #expect(first.map(\.peer) == [peer] && first.map(\.isSame) == [false])
        #expect(first.map(\.ours) == [Fixture.digest(32)])
        #expect(compared(machine.hear(word(32, root: 32), from: 2)).isEmpty, "said already")
        let second = compared(machine.hear(word(48, root: 48), from: 2))
        #expect(second.map(\.isSame) == [true])
    }

    @Test("what is ahead is compared when it is executed here")
    func ahead() {
        var (machine, _) = machine(through: 15)
        #expect(machine.hear(word(16, root: 9), from: 3).isEmpty)
        #expect(compared(machine.receive(executed(16))).map(\.height) == [BlockHeight(16)])
    }

    @Test("words of other heights, of strangers, and of what is forgotten are passed over")
    func uselessWords() {
        var (machine, _) = machine(through: 16)
        #expect(compared(machine.hear(word(15, root: 9), from: 1)).isEmpty)
        #expect(compared(machine.hear(word(0, root: 9), from: 1)).isEmpty)
        _ = machine.receive(.disconnected(fixture.keys[1].publicKey))
        #expect(compared(machine.hear(word(16, root: 9), from: 1)).isEmpty)
    }
}
