// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// The state of one world: clock, timers, waiting jobs, dice, nodes, links, trace.
///
/// Everything but the queue of jobs is touched only by the one thread that drives the world, or
/// between its runs, which is what makes the unchecked conformance sound; ``confine()`` checks it.
final class Clockwork: @unchecked Sendable {
    private struct Waiting: Sendable {
        let job: UnownedJob
        let life: Life
    }

    /// Nanoseconds since the world began, plus one second.
    private(set) var now: UInt64 = 1_000_000_000
    private var timers = TimerQueue()
    private let waiting = Mutex<[Waiting]>([])
    private(set) var isRunning = false

    let seed: UInt64
    var dice: SeededGenerator
    var trace = Trace()
    var nodes: [Node] = []
    var fabric = Fabric()

    /// More jobs than this without any time passing is a loop that would never end.
    private static let jobsPerInstantMax = 10_000_000

    init(seed: UInt64) {
        self.seed = seed
        dice = SeededGenerator(seed: SeededGenerator.mixed(seed))
    }

    /// Notes an event in the trace.
    func note(_ event: Trace.Event, _ numbers: UInt64...) {
        trace.add(event, at: now, numbers)
    }

    // MARK: Running

    /// Takes a job of a node's life.
    func enqueue(_ job: UnownedJob, of life: Life) {
        waiting.withLock { $0.append(Waiting(job: job, life: life)) }
    }

    /// Runs jobs in the order of their arrival; when none is left, moves the clock to the next
    /// timer. Ends when the clock would pass `limit`, or once `isDone` says so.
    ///
    /// - Returns: Whether `isDone` ended it.
    func run(until limit: UInt64, isDone: () -> Bool) -> Bool {
        precondition(!isRunning, "a simulated world is driven from one place at a time")
        isRunning = true
        defer { isRunning = false }
        while true {
            if runJobs(isDone) { return true }
            guard let next = timers.nextDeadline(), next <= limit else {
                now = max(now, limit)
                return isDone()
            }
            now = max(now, next)
            for action in timers.takeDue(at: now) {
                note(.timerFired)
                action()
            }
        }
    }

    /// Runs all jobs and those they enqueue; true once `isDone`.
    private func runJobs(_ isDone: () -> Bool) -> Bool {
        var count = 0
        while true {
            let batch = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            if batch.isEmpty { return isDone() }
            for entry in batch where entry.life.mayRun() {
                entry.job.runSynchronously(on: entry.life.asUnownedTaskExecutor())
            }
            if isDone() { return true }
            count += batch.count
            precondition(
                count < Self.jobsPerInstantMax,
                "tasks of the simulated world run without ever waiting for time to pass")
        }
    }

    /// Checks that the caller is one of the world's tasks, or that the world stands still.
    func confine() {
        guard isRunning else { return }
        let isInside = withUnsafeCurrentTask { $0?.unownedTaskExecutor != nil }
        precondition(isInside, "only tasks spawned in the simulated world may use it while it runs")
    }

    // MARK: Time

    /// Runs `action` so many nanoseconds from now.
    @discardableResult
    func after(_ nanoseconds: UInt64, _ action: @escaping @Sendable () -> Void) -> TimerID {
        timers.add(deadline: Instant(now).advanced(by: nanoseconds).value, action)
    }

    /// Forgets a timer.
    func cancel(_ timer: TimerID) { timers.cancel(timer) }

    /// Waits, whatever happens to the task.
    func pause(nanoseconds: UInt64) async {
        await withUnsafeContinuation { continuation in
            _ = after(nanoseconds) { continuation.resume() }
        }
    }

    /// Waits; returns early when the task is cancelled.
    func sleep(nanoseconds: UInt64) async {
        confine()
        let gate = OneShot()
        let timer = after(nanoseconds) { gate.open() }
        await gate.wait()
        cancel(timer)
    }
}
