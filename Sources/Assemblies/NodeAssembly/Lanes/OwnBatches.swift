// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Which transactions of the pool lie in batches of the own lane that are not executed yet, so
/// that none is put into two of them (NODE-11).
struct OwnBatches {
    private struct Entry {
        let accounts: Set<AccountID>
        let bytes: Int
    }

    private var queue: [Entry] = []
    /// How many batches under way hold transactions of each sender.
    private var counts: [AccountID: Int] = [:]

    /// The next nonce of each sender that has transactions under way.
    private(set) var passed: [AccountID: UInt64] = [:]

    /// The bytes of the batches under way.
    private(set) var bytes = 0

    /// Notes what a new batch holds; the nonces of a sender rise.
    mutating func push(_ transactions: [CheckedTransaction], bytes count: Int) {
        var accounts: Set<AccountID> = []
        for entry in transactions {
            accounts.insert(entry.account)
            passed[entry.account] = entry.transaction.nonce + 1
        }
        for account in accounts { counts[account, default: 0] += 1 }
        queue.append(Entry(accounts: accounts, bytes: count))
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
        counts = [:]
        passed = [:]
        bytes = 0
    }

    private mutating func release(_ entry: Entry) {
        bytes -= entry.bytes
        for account in entry.accounts {
            guard let count = counts[account] else { continue }
            counts[account] = count > 1 ? count - 1 : nil
            if count == 1 { passed[account] = nil }
        }
    }
}
