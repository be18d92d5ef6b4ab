// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Vocabulary

/// The transactions of one batch, as the bytes that a lane carries (LEDGER-6).
public struct Payload: Hashable, Sendable {
    /// The transactions in the order they execute.
    public let transactions: [SignedTransaction]

    /// The most bytes of one payload: those of a batch, 2,000 transfers of 250 bytes.
    public static let bytesMax = Batch.payloadBytesMax
    /// The most transactions of one payload: 4,096; the smallest useful one has about 240 bytes.
    public static let transactionsMax = 4_096

    /// Joins transactions, or nothing when they are above a limit.
    public init?(_ transactions: [SignedTransaction]) {
        self.transactions = transactions
        guard transactions.count <= Self.transactionsMax, canonicalBytes.count <= Self.bytesMax
        else { return nil }
    }

    /// No transactions.
    public static let empty = Payload(unchecked: [])

    private init(unchecked transactions: [SignedTransaction]) {
        self.transactions = transactions
    }

    /// Reads a batch's payload; one that does not read executes nothing.
    ///
    /// - Throws: ``CanonicalError`` when the bytes are not those of a payload within its limits.
    public init(bytes: [UInt8]) throws(CanonicalError) {
        guard bytes.count <= Self.bytesMax else {
            throw .tooLong(length: bytes.count, limit: Self.bytesMax)
        }
        try self.init(canonicalBytes: bytes)
    }

    /// Takes transactions in order for as long as they fit, and encodes each once.
    ///
    /// - Returns: The payload's canonical bytes and how many were taken.
    public static func filled(
        from queue: some Sequence<SignedTransaction>
    ) -> (bytes: [UInt8], taken: Int) {
        var taken = 0
        var body: [UInt8] = []
        for transaction in queue {
            let bytes = transaction.canonicalBytes
            // The count takes at most two bytes: 4,096 in ULEB128.
            guard taken < transactionsMax, 2 + body.count + bytes.count <= bytesMax else { break }
            body += bytes
            taken += 1
        }
        var encoder = CanonicalEncoder(capacity: body.count + 2)
        encoder.writeLength(taken)
        encoder.writeFixed(body)
        return (encoder.bytes, taken)
    }
}

extension Payload: CanonicalCodable {
    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(transactions) }

    /// Reads at most ``transactionsMax`` transactions.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        transactions = try decoder.readList(limit: Self.transactionsMax)
    }
}
