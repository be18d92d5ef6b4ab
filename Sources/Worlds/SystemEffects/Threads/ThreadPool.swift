// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// Threads that run closures which block or compute for long; first come, first served.
///
/// Threads start when work waits and none is free, up to the limit, and then stay until the pool
/// is forgotten and its queue is empty.
final class ThreadPool: Sendable {
    private let queue: WorkQueue

    /// A pool of at most `threadsMax` threads, at least one.
    init(name: String, threadsMax: Int) {
        queue = WorkQueue(name: name, threadsMax: threadsMax)
    }

    deinit { queue.stop() }

    /// Queues a closure.
    func submit(_ work: @escaping @Sendable () -> Void) { queue.submit(work) }

    /// Runs a closure on the pool and waits for its outcome without blocking the task's thread.
    ///
    /// Cancellation does not reach it: work once begun is finished (EFFECTS-5).
    func run<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let outcome: Result<Value, Failure> = await withUnsafeContinuation { continuation in
            submit {
                do throws(Failure) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }
}

/// What the threads of one pool share.
private final class WorkQueue: @unchecked Sendable {
    /// Taken places kept at the front of the queue before the rest moves up.
    private static let spentSlotsMax = 1024

    private let name: String
    private let threadsMax: Int
    // The mutex guards everything below it, which is what makes the unchecked conformance sound.
    // A condition variable needs the system's own mutex, at an address that never moves.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let hasWork = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var queue: [@Sendable () -> Void] = []
    private var head = 0
    private var threads = 0
    private var idle = 0
    private var isStopping = false

    /// A queue for at most `threadsMax` threads, at least one.
    init(name: String, threadsMax: Int) {
        self.name = name
        self.threadsMax = max(1, threadsMax)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(hasWork, nil)
    }

    deinit {
        pthread_cond_destroy(hasWork)
        pthread_mutex_destroy(mutex)
        hasWork.deallocate()
        mutex.deallocate()
    }

    /// Queues a closure.
    func submit(_ work: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        queue.append(work)
        let waiting = queue.count - head
        let mustStart = waiting > idle && threads < threadsMax
        if mustStart { threads += 1 }
        pthread_cond_signal(hasWork)
        pthread_mutex_unlock(mutex)
        if mustStart { SystemThread.start(name: name) { [self] in serve() } }
    }

    /// Ends the threads once the queue is empty.
    func stop() {
        pthread_mutex_lock(mutex)
        isStopping = true
        pthread_cond_broadcast(hasWork)
        pthread_mutex_unlock(mutex)
    }

    private func serve() {
        while let work = next() { work() }
    }

    private func next() -> (@Sendable () -> Void)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while head == queue.count {
            if isStopping { return nil }
            idle += 1
            pthread_cond_wait(hasWork, mutex)
            idle -= 1
        }
        let work = queue[head]
        queue[head] = {}
        head += 1
        if head == queue.count || head > Self.spentSlotsMax {
            queue.removeFirst(head)
            head = 0
        }
        return work
    }
}

/// The pool for long computations.
struct SystemWorkers: Workers {
    let pool: ThreadPool
    let width: Int

    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await pool.run(body)
    }

    func share(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let work = SharedWork(count, body)
        for _ in 0..<max(0, min(width, count) - 1) { pool.submit { work.takePart() } }
        work.finish()
    }
}
