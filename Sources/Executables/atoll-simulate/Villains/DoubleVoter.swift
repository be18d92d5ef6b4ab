// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// Contradicts each of its votes at once: another block, or Skip beside Final.
struct DoubleVoter: SpokenConduct {
    let villain: Villain

    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect] {
        guard audience.isEverybody, case .vote(let vote) = message else {
            return [audience.hears(message)]
        }
        let slot = vote.statement.slot
        let other = villain.sign(contradiction(of: vote.statement), like: vote)
        villain.crimes.note(villain.key.publicKey, in: EpochSlot(vote.epoch, slot))
        let both = slot.value % 2 == 0 ? [vote, other] : [other, vote]
        return both.map { audience.hears(.vote($0)) }
    }

    private func contradiction(of statement: Statement) -> Statement {
        switch statement {
        case .notar(let slot, _): .notar(slot, villain.falseDigest(slot))
        case .skip(let slot): .final(slot, villain.falseDigest(slot))
        case .final(let slot, _): .skip(slot)
        }
    }
}
