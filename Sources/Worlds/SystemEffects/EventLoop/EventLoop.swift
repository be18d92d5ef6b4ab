// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc
import Synchronization

/// Something with a file descriptor that wants to hear of its readiness.
protocol EventSink: AnyObject, Sendable {
    /// Called on the loop's thread with the readiness bits of `epoll_wait(2)`.
    func becameReady(_ events: UInt32)
}

/// One thread that runs tasks, timers and sockets in turn.
///
/// Each turn runs the jobs that were waiting when it began, then asks the system for readiness,
/// then fires timers that are due. Jobs that jobs enqueue wait for the next turn, so busy tasks
/// never keep sockets or timers waiting (EFFECTS-2).
///
/// A task with `executorPreference: loop` runs here, and so do the default actors it calls.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private struct Shared {
        var jobs: [UnownedJob] = []
        var timers = TimerQueue()
        /// The loop waits in the system or is about to.
        var isSleeping = false
        /// Somebody has written to the wake-up descriptor since the loop fell asleep.
        var isWoken = false
        var isStopping = false

        /// Whether the caller must write to the wake-up descriptor.
        mutating func mustWake() -> Bool {
            guard isSleeping, !isWoken else { return false }
            isWoken = true
            return true
        }
    }

    private struct Sinks {
        var byToken: [UInt64: any EventSink] = [:]
        var tokensGiven: UInt64 = 0
    }

    private let epoll: Int32
    private let wakeup: Int32
    /// `pthread_self()` of the thread inside `run()`, 0 outside.
    private let owner = Atomic<UInt>(0)
    private let shared = Mutex(Shared())
    private let sinks = Mutex(Sinks())
    /// Jobs enqueued on the loop's own thread. Only that thread touches it, which is what makes
    /// the unchecked conformance sound.
    private var local: [UnownedJob] = []

    /// The most readiness reports one turn takes: 256 × 12 bytes is one small buffer, and more
    /// are simply reported in the next turn.
    private static let eventsPerTurnMax = 256
    /// The token of the wake-up descriptor.
    private static let wakeupToken: UInt64 = 0

    /// Makes a loop that runs nothing until ``run()``.
    public init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(epoll >= 0 && wakeup >= 0, "the system gives no descriptors for a loop")
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = Self.wakeupToken
        let added = epoll_ctl(epoll, EPOLL_CTL_ADD, wakeup, &event)
        precondition(added == 0, "a loop could not watch its own wake-up descriptor")
    }

    deinit {
        close(epoll)
        close(wakeup)
    }

    /// Starts a loop on a thread of its own.
    ///
    /// - Parameter name: The thread's name in the system's tools, of which 15 bytes are kept.
    public static func start(name: String) -> EventLoop {
        let loop = EventLoop()
        SystemThread.start(name: name) { loop.run() }
        return loop
    }

    /// Whether the caller is on this loop's thread.
    public var isCurrent: Bool { owner.load(ordering: .relaxed) == pthread_self() }

    // MARK: Executor

    /// Takes a job from any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            local.append(job)
            return
        }
        let mustWake = shared.withLock { shared in
            shared.jobs.append(job)
            return shared.mustWake()
        }
        if mustWake { wake() }
    }

    /// This loop as the executor of actors that name it.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// This loop as the executor that tasks prefer.
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        UnownedTaskExecutor(ordinary: self)
    }

    /// Stops the program when the caller is not on this loop's thread.
    public func checkIsolated() {
        precondition(isCurrent, "this code belongs on its event loop's thread")
    }

    // MARK: Running

    /// Runs on the calling thread until ``stop()``.
    public func run() {
        let claim = owner.compareExchange(
            expected: 0, desired: pthread_self(), ordering: .acquiringAndReleasing)
        precondition(claim.exchanged, "an event loop runs on one thread at a time")
        SystemThread.blockWriteSignals()
        var events = [epoll_event](repeating: epoll_event(), count: Self.eventsPerTurnMax)
        var batch: [UnownedJob] = []
        while takeJobs(into: &batch) {
            for job in batch { job.runSynchronously(on: asUnownedTaskExecutor()) }
            waitForEvents(&events)
        }
        owner.store(0, ordering: .releasing)
    }

    /// Makes ``run()`` return after its present turn; tasks that have not ended stay where they
    /// are.
    public func stop() {
        shared.withLock { $0.isStopping = true }
        wake()
    }

    /// Moves all waiting jobs into `batch`; false when the loop is to stop.
    private func takeJobs(into batch: inout [UnownedJob]) -> Bool {
        batch.removeAll(keepingCapacity: true)
        swap(&batch, &local)
        return shared.withLock { shared in
            if !shared.jobs.isEmpty {
                batch.append(contentsOf: shared.jobs)
                shared.jobs.removeAll(keepingCapacity: true)
            }
            return !shared.isStopping
        }
    }

    private func waitForEvents(_ events: inout [epoll_event]) {
        let hasJobs = !local.isEmpty
        let timeout = shared.withLock { shared -> Int32 in
            guard !hasJobs, shared.jobs.isEmpty, !shared.isStopping else { return 0 }
            let timeout = Self.timeoutMilliseconds(until: shared.timers.nextDeadline())
            shared.isSleeping = timeout != 0
            return timeout
        }
        let count = epoll_wait(epoll, &events, Int32(events.count), timeout)
        let due = shared.withLock { shared in
            shared.isSleeping = false
            shared.isWoken = false
            return shared.timers.count == 0
                ? [] : shared.timers.takeDue(at: SystemTime.monotonicNanoseconds())
        }
        for place in 0..<Int(max(count, 0)) {
            report(events[place])
        }
        for action in due { action() }
    }

    private func report(_ event: epoll_event) {
        guard event.data.u64 != Self.wakeupToken else {
            var value: eventfd_t = 0
            eventfd_read(wakeup, &value)
            return
        }
        // A descriptor that was closed meanwhile has left the table, so a late event of its life
        // reaches nobody, even when its number is in use again (EFFECTS-6).
        let sink = sinks.withLock { $0.byToken[event.data.u64] }
        sink?.becameReady(event.events)
    }

    /// Milliseconds for `epoll_wait(2)`, rounded up so that no timer is early; -1 without a timer.
    private static func timeoutMilliseconds(until deadline: UInt64?) -> Int32 {
        guard let deadline else { return -1 }
        let now = SystemTime.monotonicNanoseconds()
        guard deadline > now else { return 0 }
        return Int32(min((deadline - now - 1) / 1_000_000 + 1, 60_000))
    }

    private func wake() {
        eventfd_write(wakeup, 1)
    }

    // MARK: Timers

    /// Runs `action` on the loop's thread once the monotonic clock shows `deadline` nanoseconds.
    func schedule(at deadline: UInt64, _ action: @escaping @Sendable () -> Void) -> TimerID {
        let (timer, mustWake) = shared.withLock { shared in
            let timer = shared.timers.add(deadline: deadline, action)
            return (timer, shared.mustWake())
        }
        if mustWake { wake() }
        return timer
    }

    /// Forgets a timer; one that has run is fine.
    func cancel(_ timer: TimerID) {
        shared.withLock { $0.timers.cancel(timer) }
    }

    // MARK: Descriptors

    /// Reports readiness of a descriptor to `sink` at every change, until ``forget(_:token:)``.
    ///
    /// - Returns: A token that is never given twice, or nothing with `errno` set.
    func watch(_ descriptor: Int32, _ sink: any EventSink) -> UInt64? {
        let token = sinks.withLock { sinks in
            sinks.tokensGiven += 1
            sinks.byToken[sinks.tokensGiven] = sink
            return sinks.tokensGiven
        }
        var event = epoll_event()
        event.events =
            EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        event.data.u64 = token
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            sinks.withLock { _ = $0.byToken.removeValue(forKey: token) }
            return nil
        }
        return token
    }

    /// Ends the watch; to be called before the descriptor is closed.
    func forget(_ descriptor: Int32, token: UInt64) {
        var event = epoll_event()
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event)
        sinks.withLock { _ = $0.byToken.removeValue(forKey: token) }
    }
}
