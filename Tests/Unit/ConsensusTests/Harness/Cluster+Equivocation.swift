// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

@testable import Consensus

extension Cluster {
    /// Shows one half of the network one thing and the other half its contrary.
    mutating func equivocate(_ message: ConsensusMessage, from node: Int, to others: [Int]) {
        let key = nodes[node].key
        switch message {
        case .proposal(let proposal) where proposal.block.header.proposer == key.publicKey:
            let twin = contrary(to: proposal, by: key)
            for to in others {
                transmit(.proposal(to.isMultiple(of: 2) ? proposal : twin), from: node, to: to)
            }
        case .vote(let vote) where isOwn(vote, of: node):
            for to in others { transmit(message, from: node, to: to) }
            let contraries = contraries(to: vote, of: node, by: key)
            for to in others where !to.isMultiple(of: 2) {
                for vote in contraries { transmit(.vote(vote), from: node, to: to) }
            }
        case .proposal, .vote, .certificate, .status, .blockRequest, .blockResponse, .slotRequest,
            .stateWord:
            for to in others { transmit(message, from: node, to: to) }
        }
    }

    private func isOwn(_ vote: Vote, of node: Int) -> Bool {
        set(of: vote.epoch).validators[Int(vote.validator)].key == nodes[node].key.publicKey
    }

    private func contrary(to proposal: Proposal, by key: SigningKey) -> Proposal {
        var header = proposal.block.header
        header.timestamp = header.timestamp.advanced(by: 1)
        guard let block = Block(header: header, payload: proposal.block.payload) else {
            preconditionFailure("the payload is the header's")
        }
        return Proposal(block, by: key, justification: proposal.justification)
    }

    /// Skip against Final and a vote for every other stored block against Notar.
    private func contraries(to vote: Vote, of node: Int, by key: SigningKey) -> [Vote] {
        let slot = vote.statement.slot
        var statements: [Statement] = []
        switch vote.statement {
        case .notar(_, let hash):
            let others = (nodes[node].machine?.slots[slot]?.proposals ?? [])
            statements = others.filter { $0 != hash }.map { .notar(slot, $0) }
            statements.append(.notar(slot, Fixture.digest(9)))
        case .skip: statements = [.final(slot, Fixture.digest(9))]
        case .final: statements = [.skip(slot)]
        }
        return statements.map {
            Vote($0, by: key, validator: vote.validator, chain: fixture.chain, epoch: vote.epoch)
        }
    }
}
