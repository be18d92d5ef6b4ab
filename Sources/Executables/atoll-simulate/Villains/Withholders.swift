// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// Keeps its votes to itself.
struct VoteWithholder: SpokenConduct {
    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect] {
        if case .vote = message { return [] }
        return [audience.hears(message)]
    }
}

/// Keeps its proposals to itself.
struct SilentLeader: SpokenConduct {
    let key: PublicKey

    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect] {
        if case .proposal(let proposal) = message, proposal.block.header.proposer == key {
            return []
        }
        return [audience.hears(message)]
    }
}
