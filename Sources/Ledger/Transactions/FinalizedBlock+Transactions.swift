// SPDX-License-Identifier: Apache-2.0
public import Consensus

extension FinalizedBlock {
    /// The transactions that the block executes, in that order (LEDGER-6).
    ///
    /// A batch that does not read has none: its owner signed it and nobody else pays for it.
    public var transactions: [SignedTransaction] { batches.flatMap(\.transactions) }

    /// How many bytes its batches carry.
    public var payloadBytes: Int { batches.reduce(0) { $0 + $1.payload.count } }
}

extension Batch {
    /// The transactions the batch carries; none when it does not read.
    public var transactions: [SignedTransaction] {
        (try? Payload(bytes: payload))?.transactions ?? []
    }
}
