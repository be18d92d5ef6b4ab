// SPDX-License-Identifier: Apache-2.0
import Effects

/// A wake-up for tasks of one actor: raised once, it releases everybody who waits.
///
/// Confined to its actor; a wait that finds the signal raised consumes it and returns at once.
final class LoopSignal {
    private var isRaised = false
    private var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    private var next: UInt64 = 0

    /// Releases all who wait, or the next who comes.
    func raise() {
        guard !waiters.isEmpty else {
            isRaised = true
            return
        }
        let released = waiters
        waiters.removeAll(keepingCapacity: true)
        for key in released.keys.sorted() { released[key]?.resume() }
    }

    /// Releases all who wait now, and nobody later.
    func pulse() {
        if !waiters.isEmpty { raise() }
    }

    /// Takes a place in line; the continuation is resumed by ``raise()`` or ``release(_:)``.
    func add(_ continuation: CheckedContinuation<Void, Never>) -> UInt64? {
        guard !isRaised else {
            isRaised = false
            continuation.resume()
            return nil
        }
        next += 1
        waiters[next] = continuation
        return next
    }

    /// Releases one who waits, when its time is up.
    func release(_ ticket: UInt64) {
        waiters.removeValue(forKey: ticket)?.resume()
    }
}
