// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing

/// Collects lines in the order in which tasks of one world write them.
final class Journal: @unchecked Sendable {
    // Written only by the world's tasks, read between its runs.
    private(set) var lines: [String] = []

    func note(_ line: String) { lines.append(line) }
}

/// An actor that counts, to have default actors in the tests.
actor Counter {
    private(set) var value = 0
    func add(_ count: Int) -> Int {
        value += count
        return value
    }
}

@Suite("simulated clock and tasks")
struct SimulatedClockTests {
    let world = SimulatedWorld(seed: 1)

    @Test("time passes only while everybody waits, and passes at once")
    func virtualTime() {
        let effects = world.makeNode("a")
        let before = effects.time.now()
        let slept = world.run(on: "a", effects, withinMilliseconds: 7_200_000) { effects in
            await effects.time.sleep(milliseconds: 3_600_000)
            return effects.time.now()
        }
        #expect(slept?.milliseconds(since: before) == 3_600_000)
    }

    @Test("sleepers wake in the order of their deadlines, and of their sleep when these are equal")
    func timerOrder() {
        let effects = world.makeNode("a")
        let journal = Journal()
        for (name, milliseconds) in [("c", 30), ("a", 10), ("b", 20), ("a2", 10)]
            as [(String, UInt64)]
        {
            effects.tasks.spawn(name) {
                await effects.time.sleep(milliseconds: milliseconds)
                journal.note(name)
            }
        }
        world.run(forMilliseconds: 25)
        #expect(journal.lines == ["a", "a2", "b"])
        world.run(forMilliseconds: 5)
        #expect(journal.lines == ["a", "a2", "b", "c"])
    }

    @Test("a cancelled sleep ends at once")
    func cancelledSleep() {
        let effects = world.makeNode("a")
        let journal = Journal()
        let task = effects.tasks.spawn("sleeper") {
            await effects.time.sleep(milliseconds: 1_000_000)
            journal.note(Task.isCancelled ? "cancelled" : "woken")
        }
        world.run(forMilliseconds: 1)
        task.cancel()
        world.run(forMilliseconds: 1)
        #expect(journal.lines == ["cancelled"])
    }

    @Test("actors and task groups called from the world's tasks stay in it")
    func structured() {
        let effects = world.makeNode("a")
        let counter = Counter()
        let total = world.run(on: "a", effects) { effects in
            await withTaskGroup(of: Int.self) { group in
                for count in 1...10 {
                    group.addTask {
                        await effects.time.sleep(milliseconds: UInt64(20 - count))
                        return await counter.add(count)
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(total == [10, 19, 27, 34, 40, 45, 49, 52, 54, 55])
    }

    @Test("a node's calendar clock is ahead by its skew, its steady clock never is")
    func skew() {
        let right = world.makeNode("right")
        let ahead = world.makeNode("ahead", clockSkewMilliseconds: 5000)
        world.run(forMilliseconds: 100)
        #expect(ahead.time.wallClock().value == right.time.wallClock().value + 5000)
        #expect(ahead.time.now() == right.time.now())
        world.setClockSkew("ahead", milliseconds: -3000)
        #expect(ahead.time.wallClock().value + 3000 == right.time.wallClock().value)
    }

    @Test("computations on workers happen in place, and processes are refused with a reason")
    func workersAndProcesses() {
        let effects = world.makeNode("a")
        #expect(world.run(on: "a", effects) { await $0.workers.run { 6 * 7 } } == 42)
        #expect(effects.workers.width == 1)
        let refusal = ProcessFailure.refused(
            executable: "/bin/true", message: "the simulated world has no processes")
        #expect(throws: refusal) {
            try effects.processes.start(ProcessRequest(executable: "/bin/true", arguments: []))
        }
    }
}
