// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization
import SystemEffects
import Testing

/// Collects values from any thread.
final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func add(_ value: Value) { values.withLock { $0.append(value) } }
    var all: [Value] { values.withLock { $0 } }
}

/// Counts on any thread.
final class Tally: Sendable {
    private let count = Atomic<Int>(0)

    func add(_ number: Int) { count.add(number, ordering: .relaxed) }
    var value: Int { count.load(ordering: .relaxed) }
}

@Suite("event loop", .timeLimit(.minutes(10)))
struct EventLoopTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    actor Visitor {
        var visits = 0
        func visit(_ loop: EventLoop) -> Bool {
            visits += 1
            return loop.isCurrent
        }
    }

    @Test("tasks, their children and the actors they call run on the loop's thread")
    func staysOnLoop() async throws {
        let loop = world.loop
        let places = try await world.run { _ in
            let visitor = Visitor()
            async let child = loop.isCurrent
            let grouped = await withTaskGroup(of: Bool.self) { group in
                group.addTask { await visitor.visit(loop) }
                return await group.reduce(true) { $0 && $1 }
            }
            return [loop.isCurrent, await visitor.visit(loop), await child, grouped]
        }
        #expect(places == [true, true, true, true])
        #expect(!loop.isCurrent)
    }

    @Test("work from other threads wakes a sleeping loop, every time")
    func wakeUps() async throws {
        let count = Tally()
        let tasks = world.effects.tasks
        for _ in 0..<500 {
            await tasks.spawn("one") { count.add(1) }.finished()
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    await tasks.spawn("many") { count.add(1) }.finished()
                }
            }
        }
        #expect(count.value == 1000)
    }

    @Test("tasks that never rest keep neither timers nor sockets waiting")
    func fairness() async throws {
        let echoed = try await world.run { effects in
            let busy = (0..<4).map { _ in
                effects.tasks.spawn("busy") { while !Task.isCancelled { await Task.yield() } }
            }
            defer { for task in busy { task.cancel() } }
            await effects.time.sleep(milliseconds: 5)
            let (near, far) = try await StreamTests.pair(effects)
            try await near.write([1, 2, 3])
            return try await far.read(limit: 3)
        }
        #expect(echoed == [1, 2, 3])
    }

    @Test("sleepers wake in the order of their deadlines and never early")
    func sleepOrder() async throws {
        let woken = Collected<UInt64>()
        let early = try await world.run { effects in
            let start = effects.time.now()
            let early = Collected<UInt64>()
            let sleepers = [30, 10, 20, 0, 10].map { (milliseconds: UInt64) in
                effects.tasks.spawn("sleeper") {
                    await effects.time.sleep(milliseconds: milliseconds)
                    woken.add(milliseconds)
                    if effects.time.now().value < start.value + milliseconds * 1_000_000 {
                        early.add(milliseconds)
                    }
                }
            }
            for sleeper in sleepers { await sleeper.finished() }
            return early.all
        }
        #expect(woken.all == [0, 10, 10, 20, 30])
        #expect(early.isEmpty)
    }

    @Test("a cancelled sleeper wakes at once, also when it was cancelled before")
    func cancelledSleep() async throws {
        let woken = try await world.run { effects in
            let sleeper = effects.tasks.spawn("sleeper") {
                await effects.time.sleep(milliseconds: .max)
                await effects.time.sleep(milliseconds: 3_600_000)
            }
            await effects.time.sleep(milliseconds: 1)
            sleeper.cancel()
            await sleeper.finished()
            return true
        }
        #expect(woken)
    }

    @Test("a loop runs on the calling thread until it is stopped")
    func callingThread() {
        let loop = EventLoop()
        let ran = Collected<Bool>()
        Task(executorPreference: loop) {
            ran.add(loop.isCurrent)
            loop.stop()
        }
        loop.run()
        #expect(ran.all == [true])
        #expect(!loop.isCurrent)
    }

    @Test("long computations leave the loop free and come back to it")
    func workers() async throws {
        let loop = world.loop
        let seen = try await world.run { effects in
            let onWorker = await effects.workers.run { loop.isCurrent }
            return [onWorker, loop.isCurrent]
        }
        #expect(seen == [false, true])
    }

    @Test("random bytes are as many as asked for and differ")
    func chance() {
        #expect(world.effects.chance.bytes(0).isEmpty)
        #expect(world.effects.chance.bytes(1000).count == 1000)
        #expect(world.effects.chance.bytes(32) != world.effects.chance.bytes(32))
    }
}

@Suite("timer queue")
struct TimerQueueTests {
    @Test("actions come by deadline, equal deadlines in the order of adding")
    func order() {
        var queue = TimerQueue()
        let fired = Collected<Int>()
        let deadlines = pattern(300).map { UInt64($0 % 16) }
        for (place, deadline) in deadlines.enumerated() {
            _ = queue.add(deadline: deadline) { fired.add(place) }
        }
        for now in 0..<16 as Range<UInt64> {
            for action in queue.takeDue(at: now) { action() }
        }
        let expected = deadlines.enumerated().sorted {
            ($0.element, $0.offset) < ($1.element, $1.offset)
        }
        #expect(fired.all == expected.map(\.offset))
        #expect(queue.nextDeadline() == nil)
    }

    @Test("a cancelled timer never fires, and cancelled timers do not pile up")
    func cancelling() {
        var queue = TimerQueue()
        let fired = Collected<Int>()
        _ = queue.add(deadline: 1_000_000) { fired.add(-1) }
        for place in 0..<10_000 {
            let timer = queue.add(deadline: UInt64(place)) { fired.add(place) }
            queue.cancel(timer)
            queue.cancel(timer)
        }
        #expect(queue.count == 1)
        #expect(queue.slots < 200)
        #expect(queue.nextDeadline() == 1_000_000)
        for action in queue.takeDue(at: .max) { action() }
        #expect(fired.all == [-1])
    }
}
