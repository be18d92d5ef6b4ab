// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Which transactions of the pool lie in batches of the own lane that are not executed yet, so
/// that none is put into two of them (NODE-11).
struct OwnBatches {
    /// One sender's transactions under way.
    private struct Passage {
        var next: UInt64
        var batches: Int
    }

    private struct Entry {
        let accounts: [AccountID]
        let bytes: Int
    }

    private var queue: [Entry] = []
    private var passages: [AccountID: Passage] = [:]

    /// The next nonce of each sender that has transactions under way.
    var passed: [AccountID: UInt64] { passages.mapValues(\.next) }

    /// The bytes of the batches under way.
    private(set) var bytes = 0

    /// Notes what a new batch holds.
    mutating func push(_ transactions: [SignedTransaction], bytes count: Int) {
        var next: [AccountID: UInt64] = [:]
        for transaction in transactions.map(\.transaction) {
            next[transaction.account] = max(
                next[transaction.account] ?? 0, transaction.nonce + 1)
        }
        for (account, nonce) in next {
            let batches = passages[account]?.batches ?? 0
            passages[account] = Passage(next: nonce, batches: batches + 1)
        }
        queue.append(Entry(accounts: Array(next.keys), bytes: count))
        bytes += count
    }

    /// The oldest batch was executed: what it left in the pool may be put into another.
    mutating func pop() {
        guard !queue.isEmpty else { return }
        release(queue.removeFirst())
    }

    /// The newest batch was not made.
    mutating func takeBack() {
        if let entry = queue.popLast() { release(entry) }
    }

    /// No batch is under way any more: an epoch ended.
    mutating func reset() {
        queue = []
        passages = [:]
        bytes = 0
    }

    private mutating func release(_ entry: Entry) {
        bytes -= entry.bytes
        for account in entry.accounts {
            guard var passage = passages[account] else { continue }
            passage.batches -= 1
            passages[account] = passage.batches == 0 ? nil : passage
        }
    }
}
