// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// The clocks of one life of a node.
struct SimulatedTime: TimeSource {
    let life: Life

    /// The calendar at the beginning of every world: 2026-01-01T00:00:00Z.
    private static let calendarStartMilliseconds: UInt64 = 1_767_225_600_000

    func now() -> Instant { Instant(life.core.now) }

    func wallClock() -> Timestamp {
        let trueTime = Self.calendarStartMilliseconds + life.core.now / 1_000_000
        let skew = life.core.nodes[life.node].clockSkewMilliseconds
        return Timestamp(
            skew < 0 ? trueTime - min(trueTime, skew.magnitude) : trueTime + skew.magnitude)
    }

    func sleep(milliseconds: UInt64) async {
        guard !life.isOver, !Task.isCancelled else { return await life.giveWay() }
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        await life.core.sleep(nanoseconds: overflow ? .max : nanoseconds)
    }
}

/// The dice of one life of a node.
struct SimulatedChance: Chance {
    let life: Life

    func bytes(_ count: Int) -> [UInt8] {
        life.core.note(.chanceTaken, UInt64(life.node), UInt64(count))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count {
            withUnsafeBytes(of: life.dice.next().littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

/// The tasks of one life of a node.
struct SimulatedTasks: TaskSpawner {
    let life: Life

    @discardableResult
    func spawn(_ name: String, _ body: @escaping @Sendable () async -> Void) -> any SpawnedTask {
        SimulatedTask(task: life.spawn(name, body))
    }
}

private struct SimulatedTask: SpawnedTask {
    let task: Task<Void, Never>

    func cancel() { task.cancel() }
    func finished() async { await task.value }
}

/// Computation takes no time here and happens where it is asked for.
struct SimulatedWorkers: Workers {
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result { body() }

    var width: Int { 1 }

    func share(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        (0..<count).forEach(body)
    }
}

/// There are no processes in this world, and it says so.
struct SimulatedProcesses: Processes {
    func start(_ request: ProcessRequest) throws(ProcessFailure) -> any ChildProcess {
        throw .refused(
            executable: request.executable, message: "the simulated world has no processes")
    }

    func signal(_ pid: Int32, _ number: Int32) throws(ProcessFailure) { throw .gone(pid: pid) }

    func birthMark(of pid: Int32) -> String? { nil }
}
