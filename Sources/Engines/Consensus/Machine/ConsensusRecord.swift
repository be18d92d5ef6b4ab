// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a machine must remember across a crash (CONSENSUS-14).
public enum ConsensusRecord: Sendable, Hashable {
    /// A vote of this validator.
    case vote(Vote)
    /// A proposal this validator signed, or votes for: the block stays available.
    case proposal(Proposal)
    /// A certificate of an undecided slot.
    case certificate(Certificate)

    /// The epoch it belongs to.
    public var epoch: Epoch {
        switch self {
        case .vote(let vote): vote.epoch
        case .proposal(let proposal): proposal.block.header.epoch
        case .certificate(let certificate): certificate.epoch
        }
    }

    /// The slot it belongs to; records of slots up to the last final one may be dropped.
    public var slot: Slot {
        switch self {
        case .vote(let vote): vote.statement.slot
        case .proposal(let proposal): proposal.block.header.slot
        case .certificate(let certificate): certificate.statement.slot
        }
    }
}

extension ConsensusRecord: CanonicalCodable {
    /// Appends the tag and the body.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .vote(let vote):
            encoder.writeTag(0)
            encoder.write(vote)
        case .proposal(let proposal):
            encoder.writeTag(1)
            encoder.write(proposal)
        case .certificate(let certificate):
            encoder.writeTag(2)
            encoder.write(certificate)
        }
    }

    /// Reads one record.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0: self = try .vote(decoder.read())
        case 1: self = try .proposal(decoder.read())
        case 2: self = try .certificate(decoder.read())
        case let tag: throw .unknownTag(tag)
        }
    }
}

/// What a machine starts from.
public struct RecoveredState: Sendable {
    /// The newest block of the block log; none when only the genesis is final.
    public let lastFinal: FinalizedBlock?
    /// The records in the order in which they were persisted; pruned ones may be missing.
    public let records: [ConsensusRecord]
    /// The last slot in which this validator may have signed what its records no longer hold: it
    /// signs nothing in slots up to here (CONSENSUS-22). Slot 0 when its records are whole.
    public let silentThrough: Slot

    /// Gathers what was found on disk.
    public init(
        lastFinal: FinalizedBlock?, records: [ConsensusRecord], silentThrough: Slot = Slot(0)
    ) {
        self.lastFinal = lastFinal
        self.records = records
        self.silentThrough = silentThrough
    }

    /// A machine that has never run.
    public static let fresh = RecoveredState(lastFinal: nil, records: [])
}
