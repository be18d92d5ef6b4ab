// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// Proposes two blocks for each of its slots: in even ones each half hears of one alone, in odd
/// ones everybody hears of both, in another order.
///
/// Touched only by the tasks of its node.
final class EquivocatingLeader: SpokenConduct, @unchecked Sendable {
    private let villain: Villain
    private var told: Set<Slot> = []

    init(_ villain: Villain) { self.villain = villain }

    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect] {
        guard audience.isEverybody, case .proposal(let proposal) = message,
            proposal.block.header.proposer == villain.key.publicKey,
            told.insert(proposal.block.header.slot).inserted,
            let rival = villain.rival(of: proposal)
        else { return [audience.hears(message)] }
        let slot = proposal.block.header.slot
        let place = EpochSlot(proposal.block.header.epoch, slot)
        let tellsAll = slot.value % 2 == 1
        if tellsAll { villain.crimes.note(villain.key.publicKey, in: place) }
        let (first, second) = villain.halves
        return first.flatMap { tell([proposal, rival], $0, all: tellsAll) }
            + second.flatMap { tell([rival, proposal], $0, all: tellsAll) }
    }

    private func tell(
        _ proposals: [Proposal], _ peer: PublicKey, all: Bool
    ) -> [ConsensusEffect] {
        proposals.prefix(all ? 2 : 1).map { .send(to: peer, .proposal($0)) }
    }
}
