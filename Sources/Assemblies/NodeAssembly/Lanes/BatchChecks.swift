// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

/// Transactions of batches whose signatures were checked while the batches waited for their order
/// (NODE-13).
struct BatchChecks {
    /// The most bytes of batches whose transactions are held: 64 MiB. What does not fit is checked
    /// when it is executed.
    static let bytesMax = 64 << 20

    private struct Entry {
        let transactions: [CheckedTransaction]
        let bytes: Int
    }

    private var entries: [Digest: Entry] = [:]
    private var order: [Digest] = []
    private var bytes = 0

    /// Keeps the checked transactions of a batch; the oldest make room.
    mutating func keep(_ transactions: [CheckedTransaction], of batch: Batch) {
        guard entries[batch.hash] == nil else { return }
        entries[batch.hash] = Entry(transactions: transactions, bytes: batch.payload.count)
        order.append(batch.hash)
        bytes += batch.payload.count
        var dropped = 0
        while bytes > Self.bytesMax, dropped < order.count {
            drop(order[dropped])
            dropped += 1
        }
        // Taken ones leave their names behind for a while.
        if dropped > 0 || order.count > 2 * entries.count + 64 {
            order = order.filter { entries[$0] != nil }
        }
    }

    /// Gives a batch's checked transactions away, when they are held.
    mutating func take(_ hash: Digest) -> [CheckedTransaction]? {
        let entry = entries[hash]
        drop(hash)
        return entry?.transactions
    }

    private mutating func drop(_ hash: Digest) {
        guard let entry = entries.removeValue(forKey: hash) else { return }
        bytes -= entry.bytes
    }
}
