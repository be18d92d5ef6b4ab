// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What the host must do, in the order given.
///
/// All records of one answer come first, so that one write makes them durable together (LANES-4).
public enum LaneEffect: Sendable, Hashable {
    /// Make this durable before any later effect.
    case persist(LaneRecord)
    /// Send to one peer, if it is connected.
    case send(to: PublicKey, LaneMessage)
    /// Send to every connected peer.
    case broadcast(LaneMessage)
    /// Give the timer back after so many milliseconds.
    case setTimer(LaneTimer, afterMilliseconds: UInt64)
    /// The own lane takes more, or less, than before.
    case room(LaneRoom)
    /// A payload that there was no room for; it is the host's again.
    case returned(OwnPayload)
    /// The answer to ``LaneInput/judge(_:)``; it comes when it is known, and at most once.
    case verdict(block: Digest, accepted: Bool)
    /// All batches of a final block are here; each height comes once, in order.
    case execute(LaneExecution)
    /// Answer with ``LaneMessage/answer(gathering:)`` from the archive of executed batches.
    case serveBatches(to: PublicKey, BatchRequest)
    /// Records of these batches are no longer needed: they were executed and are archived.
    case prunable([Digest])
    /// An owner broke the rules, provably.
    case evidence(LaneEvidence)
    /// Something worth counting or showing.
    case note(LaneNote)
}

/// What a final block executes: the same for every node (LANES-13).
public struct LaneExecution: Sendable, Hashable {
    /// The block's height.
    public let height: BlockHeight
    /// The batches in the order of execution.
    public let batches: [Batch]
    /// Lanes that this block closes.
    public let closing: [UInt16]
    /// The batches that show why: they are archived with the block and never executed.
    public let forked: [Batch]
    /// Where all lanes stand after the block; the host keeps it with the state.
    public let order: LaneOrder
}

/// What a machine must remember across a crash (LANES-4).
public enum LaneRecord: Sendable, Hashable, CanonicalCodable {
    /// A batch that this machine made, or holds and will say so.
    case batch(Batch)

    /// Appends the tag and the body.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .batch(let batch):
            encoder.writeTag(0)
            encoder.write(batch)
        }
    }

    /// Reads one record.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0: self = try .batch(decoder.read())
        case let tag: throw .unknownTag(tag)
        }
    }
}

/// What a lane machine starts from.
public struct RecoveredLanes: Sendable {
    /// Where the lanes stand after ``height``.
    public let order: LaneOrder
    /// The last executed block of the epoch, or the last block before it.
    public let height: BlockHeight
    /// The epoch's records in the order in which they were persisted; pruned ones may be missing.
    public let records: [LaneRecord]
    /// Whether this validator may have signed batches that its records no longer hold: it makes
    /// none in this epoch (LANES-17).
    public let isSilent: Bool

    /// Gathers what was found on disk.
    public init(
        order: LaneOrder, height: BlockHeight, records: [LaneRecord], isSilent: Bool = false
    ) {
        self.order = order
        self.height = height
        self.records = records
        self.isSilent = isSilent
    }

    /// The beginning of an epoch of so many lanes after the block at `height`.
    public static func fresh(lanes: Int, after height: BlockHeight) -> RecoveredLanes {
        RecoveredLanes(order: LaneOrder(lanes: lanes), height: height, records: [])
    }
}

/// What a machine went through, for logs and metrics.
public enum LaneNote: Sendable, Hashable {
    /// A message was of no use or broke a rule; the host may count it against the peer.
    case rejected(from: PublicKey, LaneFault)
    /// A batch was dropped for want of room; it is fetched again when it is needed.
    case dropped(lane: UInt16, bytes: Int)
    /// A peer is asked for batches.
    case fetching(LaneTip, from: PublicKey)
    /// A lane forked against its order and is closed.
    case closed(lane: UInt16)
    /// The own key made a batch that this machine did not make: it makes no more.
    case twin
}

/// Why a message is not used.
public enum LaneFault: String, Sendable, Hashable {
    /// It speaks of another chain or epoch, or of a validator that is none.
    case misaddressed
    /// The owner of a batch or the author of a vector did not sign it.
    case badSignature
    /// The payload is not the one the header names.
    case badPayload
    /// Batches that nobody asked for, or that do not follow each other.
    case badAnswer
    /// The sender used up what it may ask for, or what it may send in vain, until the next look.
    case overAllowance
    /// The batch lies too far ahead, or its lane is full or closed.
    case noRoom
}
