// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// States a false state root in all it proposes, and votes for it.
///
/// Touched only by the tasks of its node.
final class LyingRoot: SpokenConduct, @unchecked Sendable {
    private let villain: Villain
    /// What is proposed instead of a block, by its hash.
    private var lies: [Digest: Proposal] = [:]

    init(_ villain: Villain) { self.villain = villain }

    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect] {
        switch message {
        case .proposal(let proposal)
        where proposal.block.header.proposer == villain.key.publicKey:
            let lie = lies[proposal.block.hash] ?? villain.lie(about: proposal)
            lies[proposal.block.hash] = lie
            return lie.map { [audience.hears(.proposal($0))] } ?? []
        case .vote(let vote):
            guard let block = vote.statement.block, let lie = lies[block] else { break }
            let statement = vote.statement.about(lie.block.hash)
            return [audience.hears(.vote(villain.sign(statement, like: vote)))]
        default: break
        }
        return [audience.hears(message)]
    }
}
