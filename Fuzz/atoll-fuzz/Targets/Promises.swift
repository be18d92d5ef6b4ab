// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// What a validator has promised by what it did, in all its lives; a broken promise traps.
struct Promises {
    /// The last height its host has executed.
    var executed = BlockHeight(0)
    private var records: [ConsensusRecord] = []
    private var final: FinalizedBlock?
    private var votes: [Slot: [Statement]] = [:]
    private var proposals: [Slot: Digest] = [:]

    /// The last final height it delivered.
    var finalHeight: BlockHeight { final?.block.header.height ?? BlockHeight(0) }

    /// What a restart finds.
    var recovered: RecoveredState {
        let slot = final?.block.header.slot ?? Slot(0)
        return RecoveredState(lastFinal: final, records: records.filter { $0.slot > slot })
    }

    /// A life begins: the host executes again what it had.
    mutating func rise() { executed = finalHeight }

    /// Holds one effect to what was promised before.
    mutating func keep(_ effect: ConsensusEffect, by own: PublicKey) {
        switch effect {
        case .persist(let record): records.append(record)
        case .broadcast(.vote(let vote)): keep(vote)
        case .broadcast(.proposal(let proposal)): keep(proposal, by: own)
        case .finalized(let blocks): for block in blocks { keep(block) }
        default: break
        }
    }

    private mutating func keep(_ vote: Vote) {
        let statement = vote.statement
        let earlier = votes[statement.slot] ?? []
        guard !earlier.contains(statement) else { return }
        precondition(
            records.contains(.vote(vote)), "a vote is durable before it is sent (CONSENSUS-14)")
        precondition(
            !earlier.contains { $0.contradicts(statement) },
            "a validator never contradicts itself (CONSENSUS-6, CONSENSUS-7)")
        votes[statement.slot] = earlier + [statement]
    }

    private mutating func keep(_ proposal: Proposal, by own: PublicKey) {
        guard proposal.block.header.proposer == own else { return }
        let slot = proposal.block.header.slot
        precondition(
            proposals[slot] ?? proposal.block.hash == proposal.block.hash,
            "a leader proposes one block in a slot")
        proposals[slot] = proposal.block.hash
    }

    private mutating func keep(_ block: FinalizedBlock) {
        precondition(
            block.block.header.height == finalHeight.advanced(by: 1),
            "each height becomes final once, in order")
        final = block
    }
}
