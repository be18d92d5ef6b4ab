// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Where a node stands; sent on connection and when nothing moves.
public struct ConsensusStatus: CanonicalCodable, Hashable {
    /// The epoch it is in.
    public let epoch: Epoch
    /// The height of its last final block.
    public let finalHeight: BlockHeight
    /// The slot of its last final block.
    public let finalSlot: Slot
    /// The slot it is in.
    public let slot: Slot

    /// Gathers the fields.
    public init(epoch: Epoch, finalHeight: BlockHeight, finalSlot: Slot, slot: Slot) {
        self.epoch = epoch
        self.finalHeight = finalHeight
        self.finalSlot = finalSlot
        self.slot = slot
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(epoch)
        encoder.write(finalHeight)
        encoder.write(finalSlot)
        encoder.write(slot)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        epoch = try decoder.read()
        finalHeight = try decoder.read()
        finalSlot = try decoder.read()
        slot = try decoder.read()
    }
}

/// Everything nodes say to each other about blocks (CONSENSUS-16).
public enum ConsensusMessage: Hashable, Sendable {
    /// A leader's block.
    case proposal(Proposal)
    /// One vote.
    case vote(Vote)
    /// Proof of a statement.
    case certificate(Certificate)
    /// Where the sender stands.
    case status(ConsensusStatus)
    /// Asks for final blocks from a height on; `count` is at most ``blocksPerResponseMax``.
    case blockRequest(from: BlockHeight, count: UInt16)
    /// Final blocks in the order of their heights.
    case blockResponse([FinalizedBlock])
    /// Asks for the notarized block and the certificates of an undecided slot.
    case slotRequest(Epoch, Slot)
    /// Which state the sender has come to.
    case stateWord(StateWord)

    /// The epoch it speaks of; final blocks and states go by their height alone.
    public var epoch: Epoch? {
        switch self {
        case .proposal(let proposal): proposal.block.header.epoch
        case .vote(let vote): vote.epoch
        case .certificate(let certificate): certificate.epoch
        case .status(let status): status.epoch
        case .slotRequest(let epoch, _): epoch
        case .blockRequest, .blockResponse, .stateWord: nil
        }
    }
}

extension ConsensusMessage {
    /// The most final blocks in one answer.
    public static let blocksPerResponseMax = 64
    /// The bytes at which an answer stops growing: 4 MiB, so that with one more block of at most
    /// 4 MiB and its proof (4096 headers of 208 bytes) it stays within ``bytesMax``.
    public static let responseBytesMax = 4 << 20
    /// The most bytes of one message: an answer before its last block (4 MiB), that block (4 MiB)
    /// and its proof (under 1 MiB). A proposal needs less: 4 MiB and 65 certificates of 9 KiB.
    public static let bytesMax = 9 << 20

    /// Gathers as many of `blocks`, from the first, as one answer may hold.
    public static func response(_ blocks: some Sequence<FinalizedBlock>) -> ConsensusMessage {
        var chosen: [FinalizedBlock] = []
        var bytes = 0
        for block in blocks {
            guard chosen.count < blocksPerResponseMax, bytes < responseBytesMax else { break }
            bytes += block.canonicalBytes.count
            chosen.append(block)
        }
        return .blockResponse(chosen)
    }
}

extension ConsensusMessage: CanonicalCodable {
    /// Appends the tag and the body.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .proposal(let proposal):
            encoder.writeTag(0)
            encoder.write(proposal)
        case .vote(let vote):
            encoder.writeTag(1)
            encoder.write(vote)
        case .certificate(let certificate):
            encoder.writeTag(2)
            encoder.write(certificate)
        case .status(let status):
            encoder.writeTag(3)
            encoder.write(status)
        case .blockRequest(let from, let count):
            encoder.writeTag(4)
            encoder.write(from)
            encoder.write(count)
        case .blockResponse(let blocks):
            encoder.writeTag(5)
            encoder.writeList(blocks)
        case .slotRequest(let epoch, let slot):
            encoder.writeTag(6)
            encoder.write(epoch)
            encoder.write(slot)
        case .stateWord(let word):
            encoder.writeTag(7)
            encoder.write(word)
        }
    }

    /// Reads one message; nothing in it is checked but its form and its limits.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard decoder.remaining <= Self.bytesMax else {
            throw .tooLong(length: decoder.remaining, limit: Self.bytesMax)
        }
        switch try decoder.readTag() {
        case 0: self = try .proposal(decoder.read())
        case 1: self = try .vote(decoder.read())
        case 2: self = try .certificate(decoder.read())
        case 3: self = try .status(decoder.read())
        case 4: self = try .blockRequest(from: decoder.read(), count: decoder.read())
        case 5: self = try .blockResponse(decoder.readList(limit: Self.blocksPerResponseMax))
        case 6: self = try .slotRequest(decoder.read(), decoder.read())
        case 7: self = try .stateWord(decoder.read())
        case let tag: throw .unknownTag(tag)
        }
    }
}
