// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A point on a clock that never goes back, in nanoseconds since an unspecified start.
public struct Instant: Quantity {
    /// Nanoseconds.
    public let value: UInt64
    /// Gives the number its unit.
    public init(_ value: UInt64) { self.value = value }

    /// The milliseconds from `earlier` to this, or 0 when this is before it.
    public func milliseconds(since earlier: Instant) -> UInt64 {
        value > earlier.value ? (value - earlier.value) / 1_000_000 : 0
    }
}

/// Clocks and waiting.
public protocol TimeSource: Sendable {
    /// The clock that never goes back.
    func now() -> Instant
    /// The calendar clock, which may jump.
    func wallClock() -> Timestamp
    /// Waits at least so many milliseconds; returns early when the task is cancelled.
    func sleep(milliseconds: UInt64) async
}

/// Random bytes fit for keys.
public protocol Chance: Sendable {
    /// So many random bytes.
    func bytes(_ count: Int) -> [UInt8]
}

extension Chance {
    /// A random number below `bound`, without bias worth naming (2^64 against `bound`).
    public func below(_ bound: UInt64) -> UInt64 {
        let word = bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return UInt64((UInt128(word) * UInt128(bound)) >> 64)
    }
}

/// Starts tasks that run concurrently in this world.
///
/// A bare `Task {}` would leave the world's executor, so product code never writes one.
public protocol TaskSpawner: Sendable {
    /// Starts `body`; it sees cancellation through `Task.isCancelled`.
    ///
    /// - Parameter name: What the task is for, as shown in diagnostics.
    @discardableResult
    func spawn(_ name: String, _ body: @escaping @Sendable () async -> Void) -> any SpawnedTask
}

/// A running task.
public protocol SpawnedTask: Sendable {
    /// Asks it to stop; it stops at its next wait.
    func cancel()
    /// Waits until it has ended.
    func finished() async
}

/// Threads for long computations, apart from the thread that serves the network.
public protocol Workers: Sendable {
    /// Runs `body` on a worker and waits for its result without blocking other tasks.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result
    /// How many pieces of work ``share(_:_:)`` carries out at once, at least 1: the processors
    /// there are for it; in a simulated world one.
    var width: Int { get }
    /// Carries out `body` for each number below `count`, several at once where workers are free,
    /// and returns when all have ended (EFFECTS-29).
    ///
    /// The caller's thread does its part and waits for nobody but those that have begun, so pieces
    /// should be short: thousandths of a second.
    func share(_ count: Int, _ body: @escaping @Sendable (Int) -> Void)
}
