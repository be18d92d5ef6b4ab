// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Transactions that wait for a block, by sender and nonce.
///
/// Bounded in count, in bytes and per sender; a transaction that does not fit is refused, so that
/// what was accepted before stays.
struct Mempool {
    /// The most transactions: 20,000 of 500 bytes are 10 MB.
    static let transactionsMax = 20_000
    /// The most canonical bytes: 32 MiB, 32 full blocks.
    static let bytesMax = 32 << 20
    /// The most of one sender, so that nobody fills the pool alone: a tenth of it.
    static let perSenderMax = 2_000

    private var queues: [AccountID: [UInt64: CheckedTransaction]] = [:]
    /// Senders in the order their oldest waiting transaction arrived.
    private var order: [AccountID] = []
    private var hashes: Set<Digest> = []
    private(set) var bytes = 0

    /// How many wait.
    var count: Int { hashes.count }

    /// Whether a transaction waits here.
    func contains(_ hash: Digest) -> Bool { hashes.contains(hash) }

    /// Takes a checked transaction in.
    ///
    /// - Returns: False when it was here already.
    /// - Throws: ``Refusal`` `poolFull` or `nonceTaken`.
    mutating func insert(_ entry: CheckedTransaction) throws(Refusal) -> Bool {
        guard !hashes.contains(entry.hash) else { return false }
        let sender = entry.account
        let nonce = entry.transaction.nonce
        let queue = queues[sender] ?? [:]
        guard queue[nonce] == nil else {
            throw .pool(
                .nonceTaken, "another transaction with nonce \(nonce) waits; use the next nonce")
        }
        guard count < Self.transactionsMax, bytes + entry.byteCount <= Self.bytesMax,
            queue.count < Self.perSenderMax
        else {
            throw .pool(.poolFull, "\(count) transactions wait; try again in a second")
        }
        if queue.isEmpty { order.append(sender) }
        queues[sender, default: [:]][nonce] = entry
        hashes.insert(entry.hash)
        bytes += entry.byteCount
        return true
    }

    /// The next transactions that can execute, in arrival order of senders, nonces ascending.
    ///
    /// - Parameters:
    ///   - height: The height of the block they are for; expired ones are left out.
    ///   - nextNonce: The next nonce of a sender after everything that is not final yet.
    func ready(height: BlockHeight, nextNonce: (AccountID) -> UInt64) -> [SignedTransaction] {
        var ready: [SignedTransaction] = []
        var bytes = 0
        for sender in order {
            var nonce = nextNonce(sender)
            while let entry = queues[sender]?[nonce] {
                guard ready.count < Payload.transactionsMax,
                    bytes + entry.byteCount + 8 <= Payload.bytesMax
                else { return ready }
                guard entry.transaction.validUntil >= height else { break }
                ready.append(entry.signed)
                bytes += entry.byteCount
                nonce += 1
            }
        }
        return ready
    }

    /// Drops what can no longer execute: nonces below a sender's next, and the expired.
    ///
    /// - Parameter senders: Whose state changed; nil looks at all.
    mutating func prune(
        senders: [AccountID]? = nil, height: BlockHeight, nextNonce: (AccountID) -> UInt64
    ) {
        for sender in senders ?? order {
            guard let queue = queues[sender] else { continue }
            let next = nextNonce(sender)
            for (nonce, entry) in queue
            where nonce < next || entry.transaction.validUntil < height {
                remove(entry, of: sender, nonce: nonce)
            }
        }
        order.removeAll { queues[$0] == nil }
    }

    private mutating func remove(
        _ entry: CheckedTransaction, of sender: AccountID, nonce: UInt64
    ) {
        queues[sender]?[nonce] = nil
        if queues[sender]?.isEmpty == true { queues[sender] = nil }
        hashes.remove(entry.hash)
        bytes -= entry.byteCount
    }

    /// The nonce after the highest contiguous one waiting from `next`.
    func pendingNonce(of sender: AccountID, from next: UInt64) -> UInt64 {
        var nonce = next
        while queues[sender]?[nonce] != nil { nonce += 1 }
        return nonce
    }
}
