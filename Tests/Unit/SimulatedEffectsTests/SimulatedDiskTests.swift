// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing

@Suite("simulated disk")
struct SimulatedDiskTests {
    let world = SimulatedWorld(seed: 3)

    /// The failure of an operation, or nothing.
    static func failure(
        _ body: () async throws(DiskFailure) -> Void
    ) async -> DiskFailure? {
        do throws(DiskFailure) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("what was synced is there after a crash, and what was not is gone")
    func crashLosesUnsynced() {
        let effects = world.makeNode("a")
        world.setDisk("a", DiskConditions(keepsTornWrites: false))
        let journal = Journal()
        effects.tasks.spawn("writer") {
            guard let log = try? await effects.disk.openLog("log"),
                let store = try? await effects.disk.openStore("state", bytesMax: 1 << 20)
            else { return }
            try? await log.append([[1], [2]])
            try? await store.commit([([1], [10])])
            try? await effects.disk.replace("file", with: [7])
            journal.note("synced")
            effects.tasks.spawn("log") { try? await log.append([[3]]) }
            effects.tasks.spawn("store") { try? await store.commit([([1], nil), ([2], [20])]) }
            try? await effects.disk.replace("file", with: [8])
            journal.note("never")
        }
        _ = world.run(forAtMostMilliseconds: 100) { !journal.lines.isEmpty }
        world.crash("a")
        let again = world.restart("a")
        world.run(on: "a", again) { effects in
            let log = try? await effects.disk.openLog("log")
            let store = try? await effects.disk.openStore("state", bytesMax: 1 << 20)
            #expect((try? await log?.read(from: 0, count: 9, bytesMax: 99)) == [[1], [2]])
            #expect((try? store?.get([1])) == [10])
            #expect((try? store?.get([2])) == .some(nil))
            #expect((try? await effects.disk.read("file", limit: 9)) == [7])
        }
        #expect(journal.lines == ["synced"])
    }

    @Test("a torn append leaves its first records or none, and never a later one alone")
    func tornAppend() {
        var lengths: Set<UInt64> = []
        for seed in 0..<40 as Range<UInt64> {
            let world = SimulatedWorld(seed: seed)
            let effects = world.makeNode("a")
            effects.tasks.spawn("writer") {
                guard let log = try? await effects.disk.openLog("log") else { return }
                try? await log.append([[0], [1], [2], [3]])
            }
            world.run(forMilliseconds: 0)
            world.crash("a")
            let again = world.restart("a")
            let kept = world.run(on: "a", again) { effects -> [[UInt8]] in
                let log = try? await effects.disk.openLog("log")
                return (try? await log?.read(from: 0, count: 9, bytesMax: 99)) ?? []
            }
            let records = kept ?? []
            #expect(records == [[0], [1], [2], [3]].prefix(records.count).map { $0 })
            lengths.insert(UInt64(records.count))
        }
        #expect(lengths == [0, 1, 2, 3, 4])
    }

    @Test("a lying sync is taken back by a crash, a true one after it is not")
    func lyingSync() {
        for truthful in [false, true] {
            let world = SimulatedWorld(seed: 5)
            let effects = world.makeNode("a")
            world.setDisk("a", DiskConditions(syncsLostPerMillion: 1_000_000))
            _ = world.run(on: "a", effects) { try? await $0.disk.replace("f", with: [1]) }
            world.setDisk("a", DiskConditions(syncsLostPerMillion: truthful ? 0 : 1_000_000))
            _ = world.run(on: "a", effects) { try? await $0.disk.replace("f", with: [2]) }
            #expect(world.run(on: "a", effects) { try? await $0.disk.read("f", limit: 9) } == [2])
            world.crash("a")
            let again = world.restart("a")
            let found = world.run(on: "a", again) { try? await $0.disk.read("f", limit: 9) }
            #expect(found == .some(truthful ? [2] : nil))
            #expect(world.diskBytes("a") == (truthful ? 1 : 0))
        }
    }

    @Test("a full disk refuses, changes nothing, and works again when there is room")
    func fullDisk() {
        let effects = world.makeNode("a")
        world.setDisk("a", DiskConditions(bytesMax: 100))
        let failures = world.run(on: "a", effects) { effects -> [DiskFailure?] in
            guard let log = try? await effects.disk.openLog("log") else { return [] }
            var failures: [DiskFailure?] = []
            failures.append(
                await Self.failure { () throws(DiskFailure) in
                    try await effects.disk.replace("f", with: [UInt8](repeating: 0, count: 60))
                })
            failures.append(
                await Self.failure { () throws(DiskFailure) in
                    try await log.append([[UInt8](repeating: 0, count: 40)])
                })
            try? await effects.disk.remove("f")
            failures.append(
                await Self.failure { () throws(DiskFailure) in
                    try await log.append([[UInt8](repeating: 0, count: 40)])
                })
            #expect(await log.end == 1)
            return failures
        }
        #expect(failures == [nil, .full(path: "log"), nil])
        #expect(world.diskBytes("a") == 60)
    }

    @Test("a log or store is held by one holder at a time, and by none after a crash")
    func busy() {
        let effects = world.makeNode("a")
        let failure = world.run(on: "a", effects) { effects in
            let log = try? await effects.disk.openLog("log")
            let failure = await Self.failure { () throws(DiskFailure) in
                _ = try await effects.disk.openLog("log")
            }
            await log?.close()
            _ = try? await effects.disk.openLog("log")
            return failure
        }
        #expect(failure == .some(.busy(path: "log")))
        world.crash("a")
        let again = world.restart("a")
        #expect(world.run(on: "a", again) { (try? await $0.disk.openLog("log")) != nil } == true)
    }

    @Test("a store gives pairs in key order, by prefix, after a key, as many as asked for")
    func scan() {
        let effects = world.makeNode("a")
        let keys = world.run(on: "a", effects) { effects -> [[[UInt8]]] in
            guard let store = try? await effects.disk.openStore("s", bytesMax: 1 << 20) else {
                return []
            }
            let keys: [[UInt8]] = [[2, 1], [1], [2], [3], [2, 0], [2, 255]]
            try? await store.commit(keys.map { ($0, [0]) })
            func scan(_ prefix: [UInt8], _ after: [UInt8]?, _ limit: Int) -> [[UInt8]] {
                ((try? store.scan(prefix: prefix, after: after, limit: limit)) ?? []).map(\.key)
            }
            return [scan([], nil, 9), scan([2], nil, 9), scan([2], [2, 0], 1), scan([2], [9], 9)]
        }
        #expect(
            keys == [
                [[1], [2], [2, 0], [2, 1], [2, 255], [3]],
                [[2], [2, 0], [2, 1], [2, 255]], [[2, 1]], [],
            ])
    }

    @Test("a damaged record is reported, and those before it can still be read")
    func damage() {
        let effects = world.makeNode("a")
        _ = world.run(on: "a", effects) { effects in
            let log = try? await effects.disk.openLog("log")
            try? await log?.append([[0], [1], [2]])
            await log?.close()
        }
        world.damage("a", log: "log", record: 1)
        let failure = world.run(on: "a", effects) { effects -> DiskFailure? in
            guard let log = try? await effects.disk.openLog("log") else { return nil }
            #expect((try? await log.read(from: 0, count: 1, bytesMax: 9)) == [[0]])
            return await Self.failure { () throws(DiskFailure) in
                _ = try await log.read(from: 1, count: 1, bytesMax: 9)
            }
        }
        #expect(failure == .some(.damaged(path: "log", reason: "record 1")))
    }

    @Test("paths that leave the root are refused", arguments: ["", "/a", "../a", "a/../b", "a//b"])
    func paths(path: String) {
        let effects = world.makeNode("a")
        let failure = world.run(on: "a", effects) { effects in
            await Self.failure { () throws(DiskFailure) in
                try await effects.disk.replace(path, with: [])
            }
        }
        #expect(failure == .some(.denied(path: path)))
    }

    @Test("files are listed by folder and sorted; moving takes one place of another")
    func listing() {
        let effects = world.makeNode("a")
        let lists = world.run(on: "a", effects) { effects -> [[String]] in
            let disk = effects.disk
            try? await disk.createFolder("x/y")
            try? await disk.replace("x/b", with: [1])
            try? await disk.replace("x/a", with: [2])
            try? await disk.replace("x/y/c", with: [3])
            try? await disk.move("x/y/c", to: "x/b")
            #expect((try? await disk.read("x/b", limit: 9)) == [3])
            return [(try? await disk.list("x")) ?? [], (try? await disk.list("x/y")) ?? []]
        }
        #expect(lists == [["a", "b", "y"], []])
    }

    @Test("a log is looked at up to its damage, moved aside with its folder, and begun anew")
    func lookingAndMoving() {
        let effects = world.makeNode("a")
        world.run(on: "a", effects) { effects in
            let log = try? await effects.disk.openLog("data/log")
            try? await log?.append([[1], [2], [3]])
            #expect(
                await Self.failure { () async throws(DiskFailure) in
                    _ = try await effects.disk.inspectLog("data/log")
                } == .busy(path: "data/log"))
            #expect(
                await Self.failure { () async throws(DiskFailure) in
                    try await effects.disk.move("data/log", to: "data/old")
                } == .busy(path: "data/log"))
            await log?.close()
        }
        world.damage("a", log: "data/log", record: 2)
        world.run(on: "a", effects) { effects in
            let look = try? await effects.disk.inspectLog("data/log")
            #expect((try? await look?.next(count: 9, bytesMax: 99)) == [[1], [2]])
            #expect((try? await look?.next(count: 9, bytesMax: 99)) == [])
            #expect(await look?.flaw?.isTornTail == false)
            await look?.close()
            try? await effects.disk.move("data/log", to: "data/old")
            let fresh = try? await effects.disk.openLog("data/log")
            #expect(await fresh?.end == 0)
            let old = try? await effects.disk.openLog("data/old")
            #expect(await old?.end == 3)
            #expect((try? await effects.disk.list("data")) == ["log", "old"])
        }
    }
}
