// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Wakes one waiting task; a raise without a waiter is kept for the next wait.
package final class Signal: Sendable {
    private enum State {
        case idle
        case raised
        case waiting(UnsafeContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    /// Nobody waits, and nothing was raised.
    package init() {}

    /// Wakes the waiter, or lets the next wait pass. Several raises count as one.
    package func raise() {
        let waiter = state.withLock { state -> UnsafeContinuation<Void, Never>? in
            guard case .waiting(let waiter) = state else {
                state = .raised
                return nil
            }
            state = .idle
            return waiter
        }
        waiter?.resume()
    }

    /// Waits for a raise. Only one task may wait at one time.
    package func wait() async {
        await withUnsafeContinuation { continuation in
            let passes = state.withLock { state -> Bool in
                switch state {
                case .raised:
                    state = .idle
                    return true
                case .idle:
                    state = .waiting(continuation)
                    return false
                case .waiting:
                    preconditionFailure("a signal wakes one task, and two wait")
                }
            }
            if passes { continuation.resume() }
        }
    }
}
