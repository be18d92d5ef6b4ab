// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// The two blocks that fork makers agreed upon, by the hash of the one they follow themselves.
///
/// Touched only by the world's tasks, one at a time.
final class Conspiracy: @unchecked Sendable {
    var rivals: [Digest: Proposal] = [:]
}

/// Tells the second half of the others another history: rival blocks, and votes for them.
struct ForkMaker: SpokenConduct {
    let villain: Villain
    let conspiracy: Conspiracy
    /// Who is told the other history.
    let victims: Set<PublicKey>

    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect] {
        if case .proposal(let proposal) = message { plot(proposal) }
        switch audience {
        case .everybody:
            guard let other = rival(of: message) else { return [.broadcast(message)] }
            return villain.others.flatMap { peer -> [ConsensusEffect] in
                guard victims.contains(peer) else { return [.send(to: peer, message)] }
                return other.map { .send(to: peer, $0) }
            }
        case .one(let peer):
            guard victims.contains(peer), let other = rival(of: message) else {
                return [audience.hears(message)]
            }
            return other.map { .send(to: peer, $0) }
        }
    }

    private func plot(_ proposal: Proposal) {
        guard proposal.block.header.proposer == villain.key.publicKey,
            conspiracy.rivals[proposal.block.hash] == nil
        else { return }
        conspiracy.rivals[proposal.block.hash] = villain.rival(of: proposal)
    }

    /// What victims hear instead; nothing when it is not about a fork.
    private func rival(of message: ConsensusMessage) -> [ConsensusMessage]? {
        switch message {
        case .proposal(let proposal):
            return conspiracy.rivals[proposal.block.hash].map { [.proposal($0)] }
        case .vote(let vote):
            guard let block = vote.statement.block, let rival = conspiracy.rivals[block] else {
                return nil
            }
            villain.crimes.note(
                villain.key.publicKey, in: EpochSlot(vote.epoch, vote.statement.slot))
            let statement = vote.statement.about(rival.block.hash)
            return [.vote(villain.sign(statement, like: vote))]
        case .certificate(let certificate):
            guard let block = certificate.statement.block else { return nil }
            return conspiracy.rivals[block].map { _ in [] }
        case .status, .blockRequest, .blockResponse, .slotRequest, .stateWord: return nil
        }
    }
}
