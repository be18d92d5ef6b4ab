// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Everything that can happen to a machine.
public enum ConsensusInput: Sendable {
    /// The host is ready to carry out effects; given once, first.
    case started
    /// A peer is connected.
    case connected(PublicKey)
    /// A peer is gone, or is known not to be in reach: a slot that it leads gets less time
    /// (CONSENSUS-12).
    case disconnected(PublicKey)
    /// A message arrived.
    case message(from: PublicKey, ConsensusMessage)
    /// A timer that was set has run out.
    case timer(ConsensusTimer)
    /// The answer to ``ConsensusEffect/wantPayload(_:)``.
    case payload(ProposedPayload)
    /// There is something to propose: a leader that waits asks again.
    case payloadAvailable
    /// The answer to ``ConsensusEffect/check(block:ancestors:)``.
    case verdict(block: Digest, accepted: Bool)
    /// The final block at this height was executed; height 0 with the genesis root at the start.
    case executed(height: BlockHeight, stateRoot: Digest)
}

/// What a leader's host offers for a slot.
public struct ProposedPayload: Sendable, Hashable {
    /// The slot asked for.
    public var slot: Slot
    /// The parent asked for.
    public var parent: Digest
    /// The bytes to order; at most the request's ``PayloadRequest/bytesMax``.
    public var bytes: [UInt8]
    /// The host's time; the machine moves it past the parent's when it is not.
    public var timestamp: Timestamp
    /// The newest height the host has executed.
    public var stateHeight: BlockHeight
    /// The root of the state after it.
    public var stateRoot: Digest

    /// Gathers the parts.
    public init(
        slot: Slot, parent: Digest, bytes: [UInt8], timestamp: Timestamp,
        stateHeight: BlockHeight, stateRoot: Digest
    ) {
        self.slot = slot
        self.parent = parent
        self.bytes = bytes
        self.timestamp = timestamp
        self.stateHeight = stateHeight
        self.stateRoot = stateRoot
    }
}

/// A wait with a name; a name is used once, so that an old timer is recognised.
public enum ConsensusTimer: Sendable, Hashable {
    /// The slot took too long.
    case skip(Epoch, Slot)
    /// Time to see whether anything moved.
    case stall(UInt64)
    /// The notarized block of the slot has not arrived.
    case fetch(Epoch, Slot, attempt: UInt32)
    /// Time to ask a peer for final blocks, or it did not answer.
    case catchUp(UInt64)
}
