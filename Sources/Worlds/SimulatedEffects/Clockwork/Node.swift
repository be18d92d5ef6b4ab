// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// A machine: what survives its crashes.
final class Node {
    let name: String
    let number: Int
    var clockSkewMilliseconds: Int64
    var disk = DiskImage()
    var diskConditions = DiskConditions()
    /// The present life, or the last one when it is down.
    var life: Life
    /// The disk as that life holds it.
    var diskLife: DiskLife?
    /// How often it has been started.
    var starts: UInt64 = 1

    init(name: String, number: Int, clockSkewMilliseconds: Int64, core: Clockwork) {
        self.name = name
        self.number = number
        self.clockSkewMilliseconds = clockSkewMilliseconds
        life = Life(node: number, core: core, seed: Self.seed(core, name, start: 1))
    }

    /// Begins a further life.
    func restart(_ core: Clockwork) {
        starts += 1
        life = Life(node: number, core: core, seed: Self.seed(core, name, start: starts))
    }

    private static func seed(_ core: Clockwork, _ name: String, start: UInt64) -> UInt64 {
        SeededGenerator.mixed(core.seed ^ Trace.hash(name)) &+ start
    }
}

/// One life of a node, from start to crash: the executor of its tasks.
///
/// Nothing done in a life that is over has an effect on the world.
final class Life: TaskExecutor, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    let node: Int
    let core: Clockwork
    var dice: SeededGenerator
    private(set) var isOver = false
    private var jobsLeft = Life.jobsAfterEndMax
    private var tasks: [UInt64: Task<Void, Never>] = [:]
    private var tasksSpawned: UInt64 = 0

    /// Cancelled tasks of an ended life get so many jobs to unwind; tasks that would go on for
    /// ever are then left where they are.
    private static let jobsAfterEndMax = 100_000

    init(node: Int, core: Clockwork, seed: UInt64) {
        self.node = node
        self.core = core
        dice = SeededGenerator(seed: seed)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        core.enqueue(UnownedJob(job), of: self)
    }

    /// Whether the next job of this life is to be run.
    func mayRun() -> Bool {
        guard isOver else { return true }
        guard jobsLeft > 0 else { return false }
        jobsLeft -= 1
        return true
    }

    /// Starts a task of this life.
    func spawn(_ name: String, _ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        tasksSpawned += 1
        let number = tasksSpawned
        core.note(.taskSpawned, UInt64(node), Trace.hash(name))
        // A fixed priority, so that the order does not depend on who drives the world.
        let task = Task(name: name, executorPreference: self, priority: .medium) {
            await body()
            self.tasks[number] = nil
        }
        if isOver { task.cancel() } else { tasks[number] = task }
        return task
    }

    /// Ends the life and cancels its tasks, oldest first.
    func end() {
        isOver = true
        for (_, task) in tasks.sorted(by: { $0.key < $1.key }) { task.cancel() }
        tasks = [:]
    }

    /// Lets a task that acts after the end of its life give way, so that none spins.
    func giveWay() async { await Task.yield() }
}
