// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What became of one transaction of a final block.
public struct TransactionOutcome: Hashable, Sendable {
    /// How far it came.
    public enum Verdict: Hashable, Sendable {
        /// Every message took effect; the fee was paid.
        case applied
        /// A message refused: only the nonce and the fee took effect.
        case refused(Refusal)
        /// Nothing took effect, not even a fee.
        case skipped(Refusal)
    }

    /// The transaction.
    public let hash: Digest
    /// How far it came.
    public let verdict: Verdict
    /// What its sender paid, in native base units.
    public let feeCharged: Amount
    /// The block's height.
    public let height: BlockHeight
    /// Its place in the block, from 0.
    public let index: UInt32

    /// Describes an outcome.
    public init(
        hash: Digest, verdict: Verdict, feeCharged: Amount, height: BlockHeight, index: UInt32
    ) {
        self.hash = hash
        self.verdict = verdict
        self.feeCharged = feeCharged
        self.height = height
        self.index = index
    }

    /// Why it did not take effect, or nothing when it did.
    public var refusal: Refusal? {
        switch verdict {
        case .applied: nil
        case .refused(let refusal), .skipped(let refusal): refusal
        }
    }

    /// Whether its nonce is used up: it was applied or refused, and will never run again.
    public var isConsumed: Bool {
        if case .skipped = verdict { return false }
        return true
    }

    /// Whether this is the end of the transaction: it ran, or never will.
    ///
    /// One that lay in two batches is skipped where it comes second, and one that overtook its
    /// sender's earlier nonces may yet come in its turn (LEDGER-15).
    public var isSettled: Bool {
        guard case .skipped(let refusal) = verdict, refusal.module == nil else { return true }
        let passing: [LedgerRefusal] = [.duplicate, .nonceTooHigh, .validTooFar]
        return !passing.contains { $0.rawValue == refusal.code }
    }
}

extension TransactionOutcome: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(hash)
        switch verdict {
        case .applied: encoder.writeTag(0)
        case .refused(let refusal):
            encoder.writeTag(1)
            encoder.write(refusal)
        case .skipped(let refusal):
            encoder.writeTag(2)
            encoder.write(refusal)
        }
        encoder.write(feeCharged)
        encoder.write(height)
        encoder.write(index)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        hash = try decoder.read()
        let tag = try decoder.readTag()
        switch tag {
        case 0: verdict = .applied
        case 1: verdict = try .refused(decoder.read())
        case 2: verdict = try .skipped(decoder.read())
        default: throw .unknownTag(tag)
        }
        feeCharged = try decoder.read()
        height = try decoder.read()
        index = try decoder.read()
    }
}

extension Refusal: CanonicalCodable {
    /// The most bytes of a name: the longest here has 24.
    public static let nameBytesMax = 64
    /// The most bytes of a detail that is stored; a longer one is cut when it is encoded.
    public static let detailBytesMax = 512

    /// Appends the fields in order, with name and detail cut to their limits.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeOptional(module)
        encoder.write(code)
        encoder.writeText(Self.cut(name, to: Self.nameBytesMax))
        encoder.writeText(Self.cut(detail, to: Self.detailBytesMax))
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        try self.init(
            module: decoder.readOptional(), code: decoder.read(),
            name: decoder.readText(limit: Self.nameBytesMax),
            detail: decoder.readText(limit: Self.detailBytesMax))
    }

    private static func cut(_ text: String, to limit: Int) -> String {
        var kept = text
        while kept.utf8.count > limit { kept.removeLast() }
        return kept
    }
}
