// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The outcomes of one block as its record holds them: one after another, in the block's order.
struct OutcomeRecord {
    private(set) var bytes: [UInt8] = []
    /// Where each begins.
    private(set) var places: [(hash: Digest, offset: Int)] = []

    /// The most bytes of one outcome: hash, verdict, a refusal with its longest words, fee, height,
    /// index.
    static let outcomeBytesMax =
        32 + 1 + 4 + 2 + Refusal.nameBytesMax + 2 + Refusal.detailBytesMax + 16 + 8 + 4

    /// Writes those that say something about their transaction.
    init(_ outcomes: [TransactionOutcome]) {
        var encoder = CanonicalEncoder(capacity: outcomes.count * 64)
        for outcome in outcomes where Self.isKept(outcome) {
            places.append((outcome.hash, encoder.bytes.count))
            encoder.write(outcome)
        }
        bytes = encoder.bytes
    }

    /// Reads a record.
    init(bytes: [UInt8]) throws(CanonicalError) {
        self.bytes = bytes
        var decoder = CanonicalDecoder(bytes)
        while decoder.remaining > 0 {
            let offset = bytes.count - decoder.remaining
            let outcome = try decoder.read(TransactionOutcome.self)
            places.append((outcome.hash, offset))
        }
    }

    /// The outcome that begins at an offset.
    static func outcome(at offset: Int, of bytes: UnsafeRawBufferPointer) -> TransactionOutcome? {
        guard offset < bytes.count else { return nil }
        var decoder = CanonicalDecoder(Array(bytes.dropFirst(offset).prefix(outcomeBytesMax)))
        return try? decoder.read()
    }

    /// Whether an outcome replaces what is known of its transaction.
    ///
    /// What has run stays, and what its sender did not sign says nothing about it.
    private static func isKept(_ outcome: TransactionOutcome) -> Bool {
        guard case .skipped(let refusal) = outcome.verdict, refusal.module == nil else {
            return true
        }
        return !unkeptCodes.contains(refusal.code)
    }

    private static let unkeptCodes: [UInt16] = [
        LedgerRefusal.wrongChain, .noMessages, .tooLarge, .badSignature, .duplicate,
    ].map(\.rawValue)
}
