// SPDX-License-Identifier: Apache-2.0
import Effects
import Ledger
import Synchronization
import Vocabulary

/// Where requests wait for the end of a transaction.
///
/// It holds one entry a waiting request, and those are bounded by the connections.
final class OutcomeBoard: Sendable {
    /// One waiting request.
    final class Expectation: Sendable {
        let gate = OneShot()
        private let found = Mutex<TransactionOutcome?>(nil)

        /// What became of the transaction, once it is known.
        var outcome: TransactionOutcome? { found.withLock(\.self) }

        fileprivate func meet(_ outcome: TransactionOutcome) {
            found.withLock { $0 = outcome }
            gate.open()
        }
    }

    private let waiting = Mutex<[Digest: [Expectation]]>([:])

    /// How many requests wait.
    var count: Int { waiting.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// Starts to wait for a transaction.
    func expect(_ transaction: Digest) -> Expectation {
        let expectation = Expectation()
        waiting.withLock { $0[transaction, default: []].append(expectation) }
        return expectation
    }

    /// Ends a wait.
    func drop(_ expectation: Expectation, of transaction: Digest) {
        waiting.withLock { waiting in
            waiting[transaction]?.removeAll { $0 === expectation }
            if waiting[transaction]?.isEmpty == true { waiting[transaction] = nil }
        }
    }

    /// Tells those who wait what became of the transactions of a block.
    func post(_ outcomes: [TransactionOutcome]) {
        let met = waiting.withLock { waiting in
            waiting.isEmpty
                ? []
                : outcomes.flatMap { outcome in
                    (waiting[outcome.hash] ?? []).map { ($0, outcome) }
                }
        }
        for (expectation, outcome) in met { expectation.meet(outcome) }
    }

    /// Wakes everybody, for blocks were passed over.
    func wakeAll() {
        let everybody = waiting.withLock { $0.values.flatMap(\.self) }
        for expectation in everybody { expectation.gate.open() }
    }
}
