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

    private struct State {
        var waiting: [Digest: [Expectation]] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// How many requests wait.
    var count: Int { state.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

    /// Starts to wait for a transaction.
    func expect(_ transaction: Digest) -> Expectation {
        let expectation = Expectation()
        let isClosed = state.withLock { state in
            state.waiting[transaction, default: []].append(expectation)
            return state.isClosed
        }
        if isClosed { expectation.gate.open() }
        return expectation
    }

    /// Ends a wait.
    func drop(_ expectation: Expectation, of transaction: Digest) {
        state.withLock { state in
            state.waiting[transaction]?.removeAll { $0 === expectation }
            if state.waiting[transaction]?.isEmpty == true { state.waiting[transaction] = nil }
        }
    }

    /// Tells those who wait what became of the transactions of a block.
    func post(_ outcomes: [TransactionOutcome]) {
        let met = state.withLock { state in
            state.waiting.isEmpty
                ? []
                : outcomes.filter(\.isSettled).flatMap { outcome in
                    (state.waiting[outcome.hash] ?? []).map { ($0, outcome) }
                }
        }
        for (expectation, outcome) in met { expectation.meet(outcome) }
    }

    /// Ends every wait, and each that begins later at once: the gateway stops.
    func close() {
        state.withLock { $0.isClosed = true }
        wakeAll()
    }

    /// Wakes everybody, for blocks were passed over.
    func wakeAll() {
        let everybody = state.withLock { $0.waiting.values.flatMap(\.self) }
        for expectation in everybody { expectation.gate.open() }
    }
}
