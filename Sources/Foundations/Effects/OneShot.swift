// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A gate for one waiting task: opened once, by whoever comes first.
package final class OneShot: Sendable {
    private enum State {
        case shut
        case awaited(UnsafeContinuation<Void, Never>)
        case open
    }

    private let state = Mutex(State.shut)

    /// A shut gate.
    package init() {}

    /// Opens the gate; again is fine.
    package func open() {
        let waiter = state.withLock { state -> UnsafeContinuation<Void, Never>? in
            defer { state = .open }
            if case .awaited(let waiter) = state { return waiter }
            return nil
        }
        waiter?.resume()
    }

    /// Waits until the gate is open or the task is cancelled. One task waits, once.
    package func wait() async {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isOpen = state.withLock { state in
                    if case .open = state { return true }
                    state = .awaited(continuation)
                    return false
                }
                if isOpen { continuation.resume() }
            }
        } onCancel: {
            open()
        }
    }
}
