// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What the host must do, in the order given (CONSENSUS-14).
///
/// All records of one answer come first, so that one write makes them durable together.
public enum ConsensusEffect: Sendable, Hashable {
    /// Make this durable before any later effect.
    case persist(ConsensusRecord)
    /// Send to one peer, if it is connected.
    case send(to: PublicKey, ConsensusMessage)
    /// Send to every connected peer.
    case broadcast(ConsensusMessage)
    /// Give the timer back after so many milliseconds.
    case setTimer(ConsensusTimer, afterMilliseconds: UInt64)
    /// This machine leads: answer with ``ConsensusInput/payload(_:)``.
    case wantPayload(PayloadRequest)
    /// Judge a payload and a timestamp; answer with ``ConsensusInput/verdict(block:accepted:)``.
    ///
    /// `ancestors` are the blocks between the last final one and `block`, oldest first.
    case check(block: Block, ancestors: [Block])
    /// Append to the block log, in the order of heights; each height comes once.
    case finalized([FinalizedBlock])
    /// The last block of this machine's epoch is final and was given: make the machine of the next
    /// epoch with ``ConsensusMachine/successor(validators:identity:)`` (CONSENSUS-25).
    case epochEnded(FinalizedBlock)
    /// Records of slots up to this one are no longer needed, once the final blocks are durable.
    case prunable(Slot)
    /// Answer with ``ConsensusMessage/response(_:)`` from the block log.
    case serveBlocks(to: PublicKey, from: BlockHeight, count: Int)
    /// A validator broke the rules, provably.
    case evidence(EquivocationEvidence)
    /// A quorum or a leader claims another state than this host computed.
    case divergence(Divergence)
    /// A peer has come to another state than this host, or to the same again after that.
    case stateCompared(StateComparison)
    /// Something worth counting or showing.
    case note(ConsensusNote)
}

/// What a leader's host is asked for.
public struct PayloadRequest: Sendable, Hashable {
    /// The slot to propose in.
    public let slot: Slot
    /// The block to build upon.
    public let parent: Digest
    /// The height of the new block.
    public let height: BlockHeight
    /// The blocks between the last final one and the new one, oldest first.
    public let ancestors: [Block]
    /// The most bytes; 0 asks for an empty payload.
    public let bytesMax: Int
    /// When the answer should have come, in milliseconds from now; later ones may be skipped.
    public let deadlineMilliseconds: UInt64
}

/// Two claims about one state.
public struct Divergence: Sendable, Hashable {
    /// The height of the state.
    public let height: BlockHeight
    /// The root this host computed.
    public let ours: Digest
    /// The root the header states.
    public let theirs: Digest
    /// The block that states it.
    public let block: Digest
    /// Whether that block is final: then this host is the one that is wrong.
    public let isFinal: Bool
}

/// What a machine went through, for logs and metrics.
public enum ConsensusNote: Sendable, Hashable {
    /// A slot began, with the wait before it is skipped.
    case entered(Slot, leader: PublicKey, timeoutMilliseconds: UInt64)
    /// A block was notarized.
    case notarized(Slot, Digest)
    /// A slot passed without a block.
    case skipped(Slot)
    /// This machine votes to skip.
    case votedSkip(Slot)
    /// This machine will not vote for the proposal of a slot.
    case refused(Slot, ProposalFault)
    /// A message broke a rule; the host may count it against the peer.
    case rejected(from: PublicKey, MessageFault)
    /// Final blocks are asked for from a height on.
    case catchingUp(from: BlockHeight, peer: PublicKey)
    /// Nothing moved since the last look; the machine repeated itself.
    case stalled(Slot)
}

/// Why a proposal gets no vote.
public enum ProposalFault: String, Sendable, Hashable {
    /// Height or timestamp do not follow the parent's.
    case parentMismatch
    /// It takes the state over a checkpoint, or back.
    case checkpointPassed
    /// It follows the epoch's last block and is not empty, or takes the state further.
    case notAFiller
    /// It has a payload where only empty blocks are accepted.
    case payloadTooLate
    /// It states another state root.
    case stateMismatch
    /// The state it names is older than what this machine remembers.
    case stateForgotten
    /// The host refused it.
    case payloadRefused
}

/// Why a message is not used.
public enum MessageFault: String, Sendable, Hashable {
    /// A vote's signature is not its voter's.
    case badVote
    /// A certificate does not hold.
    case badCertificate
    /// A proposal is not its leader's or contradicts itself.
    case badProposal
    /// Final blocks do not follow ours or are not proved.
    case badBlocks
}
