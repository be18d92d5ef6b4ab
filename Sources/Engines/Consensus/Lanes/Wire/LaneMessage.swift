// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Asks for a batch and those below it (LANES-12).
public struct BatchRequest: CanonicalCodable, Hashable {
    /// The highest batch wanted.
    public let tip: LaneTip
    /// How many, from it downwards; 1 to ``LaneLimits/windowMax``.
    public let count: UInt16
    /// The height of the final block that orders ``tip``, so that an archive finds it; 0 when the
    /// asker knows of none.
    public let block: BlockHeight

    /// Gathers the fields.
    public init(tip: LaneTip, count: UInt16, block: BlockHeight = BlockHeight(0)) {
        self.tip = tip
        self.count = count
        self.block = block
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(tip)
        encoder.write(count)
        encoder.write(block)
    }

    /// Reads a request.
    ///
    /// - Throws: ``CanonicalError/outOfRange(_:)`` when it asks for nothing or for too much.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        tip = try decoder.read()
        count = try decoder.read()
        block = try decoder.read()
        guard tip.height > 0, count > 0, UInt64(count) <= LaneLimits.windowMax else {
            throw .outOfRange("BatchRequest")
        }
    }
}

/// Everything validators say to each other about lanes (LANES-5).
///
/// Three classes: a vector goes before a batch, a batch before an answer. A link that is behind
/// may drop an older vector of one author for a newer one.
public enum LaneMessage: Hashable, Sendable {
    /// An owner's new batch.
    case batch(Batch)
    /// What its author holds.
    case vector(AvailabilityVector)
    /// Asks for batches by the hash of the highest.
    case request(BatchRequest)
    /// Batches of one lane from the one asked for downwards, each the parent of the one before.
    case answer([Batch])
}

extension LaneMessage {
    /// The most batches in one answer.
    public static let batchesPerAnswerMax = 64
    /// The bytes at which an answer stops growing: 4 MiB, eight full batches.
    public static let answerBytesMax = 4 << 20
    /// The most bytes of one message: an answer before its last batch (4 MiB), and that batch.
    public static let bytesMax = 2 + answerBytesMax + Batch.bytesMax

    /// Gathers as many of `batches`, from the first, as one answer may hold.
    public static func answer(gathering batches: some Sequence<Batch>) -> LaneMessage {
        var chosen: [Batch] = []
        var bytes = 0
        for batch in batches {
            guard chosen.count < batchesPerAnswerMax, bytes < answerBytesMax else { break }
            bytes += Batch.bytesMax - Batch.payloadBytesMax + batch.payload.count
            chosen.append(batch)
        }
        return .answer(chosen)
    }
}

extension LaneMessage: CanonicalCodable {
    /// Appends the tag and the body.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .batch(let batch):
            encoder.writeTag(0)
            encoder.write(batch)
        case .vector(let vector):
            encoder.writeTag(1)
            encoder.write(vector)
        case .request(let request):
            encoder.writeTag(2)
            encoder.write(request)
        case .answer(let batches):
            encoder.writeTag(3)
            encoder.writeList(batches)
        }
    }

    /// Reads one message; nothing in it is checked but its form and its limits.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard decoder.remaining <= Self.bytesMax else {
            throw .tooLong(length: decoder.remaining, limit: Self.bytesMax)
        }
        switch try decoder.readTag() {
        case 0: self = try .batch(decoder.read())
        case 1: self = try .vector(decoder.read())
        case 2: self = try .request(decoder.read())
        case 3: self = try .answer(decoder.readList(limit: Self.batchesPerAnswerMax))
        case let tag: throw .unknownTag(tag)
        }
    }
}
