// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Pieces of work that several threads take one after the other until none is left.
final class SharedWork: @unchecked Sendable {
    private let count: Int
    // The mutex guards everything below it, which is what makes the unchecked conformance sound.
    // A condition variable needs the system's own mutex, at an address that never moves.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let hasEnded = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var body: (@Sendable (Int) -> Void)?
    private var next = 0
    private var ended = 0

    init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        self.count = count
        self.body = body
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(hasEnded, nil)
    }

    deinit {
        pthread_cond_destroy(hasEnded)
        pthread_mutex_destroy(mutex)
        hasEnded.deallocate()
        mutex.deallocate()
    }

    /// Takes pieces until none is left; who comes too late does nothing.
    func takePart() {
        while carryOutNext() { noteEnd() }
    }

    /// Takes part, then waits for the others; on return nothing of the work is held any more.
    func finish() {
        takePart()
        pthread_mutex_lock(mutex)
        while ended < count { pthread_cond_wait(hasEnded, mutex) }
        body = nil
        pthread_mutex_unlock(mutex)
    }

    private func carryOutNext() -> Bool {
        pthread_mutex_lock(mutex)
        let number = next
        let body = number < count ? body : nil
        if body != nil { next += 1 }
        pthread_mutex_unlock(mutex)
        guard let body else { return false }
        body(number)
        return true
    }

    private func noteEnd() {
        pthread_mutex_lock(mutex)
        ended += 1
        if ended == count { pthread_cond_signal(hasEnded) }
        pthread_mutex_unlock(mutex)
    }
}
