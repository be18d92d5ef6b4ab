// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What a load got done while it was counted.
struct LoadSample: Sendable {
    /// How long each piece of work took, in milliseconds.
    let taken: [Double]
    /// Pieces that did not succeed.
    let failures: Int

    /// The median and the tail, as text.
    var text: String {
        "p50 \(NumberText.of(taken.percentile(50))) ms, p99 \(NumberText.of(taken.percentile(99))) "
            + "ms"
    }
}

/// Counts answers between two moments.
final class LoadTally: Sendable {
    private struct State {
        var isCounting = false
        var isOver = false
        var taken: [Double] = []
        var failures = 0
    }

    private let state = Mutex(State())

    /// Whether nobody needs to begin anything more.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Counts from now on.
    func begin() { state.withLock { $0.isCounting = true } }

    /// Ends counting, and the work.
    func end() -> LoadSample {
        state.withLock { state in
            state.isCounting = false
            state.isOver = true
            return LoadSample(taken: state.taken, failures: state.failures)
        }
    }

    /// Counts work that succeeded after so many milliseconds, or work that did not.
    ///
    /// - Returns: How much did not.
    @discardableResult
    func add(_ milliseconds: Double?) -> Int {
        state.withLock { state in
            guard state.isCounting else { return state.failures }
            if let milliseconds { state.taken.append(milliseconds) } else { state.failures += 1 }
            return state.failures
        }
    }
}
