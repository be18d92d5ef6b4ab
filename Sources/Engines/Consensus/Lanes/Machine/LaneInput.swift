// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Everything that can happen to a lane machine.
public enum LaneInput: Sendable {
    /// The host is ready to carry out effects; given once, first.
    case started
    /// A peer is connected.
    case connected(PublicKey)
    /// A peer is gone.
    case disconnected(PublicKey)
    /// Messages arrived. Those that wait together are given together: their signatures are then
    /// verified eight at a time.
    case messages([LaneDelivery])
    /// A timer that was set has run out.
    case timer(LaneTimer)
    /// Transactions for the own lane; given when ``LaneMachine/room`` is not `none`.
    case payload(OwnPayload)
    /// Whether a block's payload may be voted for; answered by
    /// ``LaneEffect/verdict(block:accepted:)``.
    case judge(CutQuestion)
    /// A block became final; each height comes once, in order, from the first after the state that
    /// the machine was started with.
    case ordered(OrderedCut)
    /// The block at this height was executed, and its batches are durable in the host's archive.
    case executed(BlockHeight)
}

/// One message and who sent it.
public struct LaneDelivery: Sendable, Hashable {
    /// The connected peer it came from.
    public let peer: PublicKey
    /// The message.
    public let message: LaneMessage

    /// Joins the two.
    public init(from peer: PublicKey, _ message: LaneMessage) {
        self.peer = peer
        self.message = message
    }
}

/// What the host puts into the next batch.
public struct OwnPayload: Sendable, Hashable {
    /// 1 to ``Batch/payloadBytesMax`` bytes.
    public let bytes: [UInt8]
    /// How many transactions they hold.
    public let transactionCount: UInt32

    /// Joins the two.
    public init(_ bytes: [UInt8], transactionCount: UInt32) {
        self.bytes = bytes
        self.transactionCount = transactionCount
    }
}

/// Whether the own lane takes a batch (LANES-3).
public enum LaneRoom: Sendable, Hashable {
    /// It takes none.
    case none
    /// It takes a full one.
    case whenFull
    /// It takes whatever there is.
    case now
}

/// A cut to judge before a vote, and what it stands on.
public struct CutQuestion: Sendable, Hashable {
    /// The block that carries it.
    public let block: Digest
    /// The block's slot.
    public let slot: Slot
    /// The cut.
    public let cut: Cut
    /// The cuts of the blocks between the last final one and this, oldest first.
    public let ancestors: [Cut]

    /// Gathers the parts.
    public init(block: Digest, slot: Slot, cut: Cut, ancestors: [Cut]) {
        self.block = block
        self.slot = slot
        self.cut = cut
        self.ancestors = ancestors
    }
}

/// The cut of a final block.
public struct OrderedCut: Sendable, Hashable {
    /// The block's height.
    public let height: BlockHeight
    /// The block's slot, which turns the order of the lanes.
    public let slot: Slot
    /// The cut.
    public let cut: Cut
    /// Batches that came with the block, in any order: what is not used is passed over, what is
    /// missing is fetched.
    public let batches: [Batch]

    /// Gathers the parts.
    public init(height: BlockHeight, slot: Slot, cut: Cut, batches: [Batch] = []) {
        self.height = height
        self.slot = slot
        self.cut = cut
        self.batches = batches
    }
}

/// A wait with a name; a name is used once, so that an old timer is recognised.
public enum LaneTimer: Sendable, Hashable {
    /// The next vector may go.
    case tick(UInt64)
    /// The own batch has filled long enough.
    case batch(UInt64)
    /// Batches of a lane have not arrived.
    case fetch(lane: UInt16, attempt: UInt64)
    /// Time to see whether anything stands still.
    case look(UInt64)
}
