// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Time on the wall and on this thread's processor, since the watch was made.
///
/// Figures per core use the thread's own processor time: other programs on the machine then cost
/// the caches they share and nothing else.
struct Stopwatch {
    private let wallStart = Self.seconds(CLOCK_MONOTONIC)
    private let threadStart = Self.seconds(CLOCK_THREAD_CPUTIME_ID)

    /// Seconds that have passed.
    var wall: Double { Self.seconds(CLOCK_MONOTONIC) - wallStart }
    /// Seconds this thread has computed; the watch must be read on the thread that made it.
    var thread: Double { Self.seconds(CLOCK_THREAD_CPUTIME_ID) - threadStart }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Runs `body` again and again and gives the thread seconds of each run.
///
/// The first run fills caches and does not count.
func timed(runs: Int, _ body: () throws -> Void) rethrows -> [Double] {
    try body()
    return try (0..<runs).map { _ in
        let watch = Stopwatch()
        try body()
        return watch.thread
    }
}
