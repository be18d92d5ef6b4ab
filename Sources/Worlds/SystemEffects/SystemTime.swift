// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc
import Vocabulary

/// The system's clocks, and sleep on a loop's timers.
struct SystemTime: TimeSource {
    let loop: EventLoop

    func now() -> Instant { Instant(Self.monotonicNanoseconds()) }

    func wallClock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000)
    }

    func sleep(milliseconds: UInt64) async {
        guard !Task.isCancelled else { return }
        let gate = OneShot()
        let deadline = Self.deadline(inMilliseconds: milliseconds)
        let timer = loop.schedule(at: deadline) { gate.open() }
        await gate.wait()
        loop.cancel(timer)
    }

    /// The monotonic clock's reading so many milliseconds from now, held at its largest value.
    static func deadline(inMilliseconds milliseconds: UInt64) -> UInt64 {
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return Instant(monotonicNanoseconds()).advanced(by: overflow ? .max : nanoseconds).value
    }

    /// CLOCK_MONOTONIC.
    static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Random bytes from the kernel.
struct SystemChance: Chance {
    func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = atoll_getrandom(buffer.baseAddress.map { $0 + filled }, count - filled)
                precondition(got > 0 || errno == EINTR, "the kernel gives no random bytes")
                filled += max(got, 0)
            }
        }
    }
}

/// Tasks on one loop.
struct SystemTasks: TaskSpawner {
    let loop: EventLoop

    @discardableResult
    func spawn(_ name: String, _ body: @escaping @Sendable () async -> Void) -> any SpawnedTask {
        RunningTask(task: Task(name: name, executorPreference: loop, operation: body))
    }
}

private struct RunningTask: SpawnedTask {
    let task: Task<Void, Never>

    func cancel() { task.cancel() }
    func finished() async { await task.value }
}
