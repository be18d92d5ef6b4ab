// SPDX-License-Identifier: Apache-2.0

/// A wake-up for tasks of one actor.
///
/// Confined to its actor, which is what makes checking a condition and waiting for it one step.
final class LoopSignal {
    private var isRaised = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Releases all who wait, or else the next who comes.
    func raise() {
        if waiters.isEmpty { isRaised = true } else { pulse() }
    }

    /// Releases all who wait now, and nobody later.
    func pulse() {
        let released = waiters
        waiters.removeAll(keepingCapacity: true)
        for waiter in released { waiter.resume() }
    }

    /// Takes a place in line; returns at once when the signal is raised, and lowers it.
    func add(_ continuation: CheckedContinuation<Void, Never>) {
        if isRaised {
            isRaised = false
            continuation.resume()
        } else {
            waiters.append(continuation)
        }
    }
}
