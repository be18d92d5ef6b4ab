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

    /// Takes transactions in order for as long as they fit.
    ///
    /// - Returns: The payload and how many were taken.
    public static func filled(
        from queue: some Sequence<SignedTransaction>
    ) -> (payload: Payload, taken: Int) {
        var taken: [SignedTransaction] = []
        // The count takes at most two bytes: 4,096 in ULEB128.
        var bytes = 2
        for transaction in queue {
            let size = transaction.canonicalBytes.count
            guard taken.count < transactionsMax, bytes + size <= bytesMax else { break }
            taken.append(transaction)
            bytes += size
        }
        return (Payload(unchecked: taken), taken.count)
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
