// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// A villain's own word as a leader: it changes the cuts that its node proposes, and votes for what
/// it proposed.
///
/// Touched only by the tasks of its node.
final class ForcedOrder: @unchecked Sendable {
    private let villain: Villain
    /// What is proposed instead of a block, by its hash.
    private var forced: [Digest: Proposal] = [:]

    init(_ villain: Villain) { self.villain = villain }

    /// What is said instead of a message.
    ///
    /// - Parameter wish: The tip of its lane that a block is to order; nothing leaves it as it is.
    func speak(
        _ message: ConsensusMessage, to audience: Audience, wish: (BlockHeader) -> LaneTip?
    ) -> [ConsensusEffect] {
        switch message {
        case .proposal(let proposal)
        where proposal.block.header.proposer == villain.key.publicKey:
            let told = forced[proposal.block.hash] ?? change(proposal, wish)
            forced[proposal.block.hash] = told
            return [audience.hears(.proposal(told))]
        case .vote(let vote):
            guard let block = vote.statement.block, let told = forced[block] else { break }
            let statement = vote.statement.about(told.block.hash)
            return [audience.hears(.vote(villain.sign(statement, like: vote)))]
        default: break
        }
        return [audience.hears(message)]
    }

    /// The proposal with the tip in its cut, or as it is.
    private func change(_ proposal: Proposal, _ wish: (BlockHeader) -> LaneTip?) -> Proposal {
        var header = proposal.block.header
        guard let cut = try? Cut(payload: proposal.block.payload), let tip = wish(header)
        else { return proposal }
        let tips = cut.tips.filter { $0.lane != tip.lane } + [tip]
        guard let payload = Cut(tips.sorted { $0.lane < $1.lane })?.payload else { return proposal }
        header.payloadDigest = Block.digest(of: payload)
        guard let block = Block(header: header, payload: payload) else { return proposal }
        return Proposal(block, by: villain.key, justification: proposal.justification)
    }
}
