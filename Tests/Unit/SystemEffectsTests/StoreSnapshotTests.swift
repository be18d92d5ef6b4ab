// SPDX-License-Identifier: Apache-2.0
import Effects
import SystemEffects
import Testing
import Vocabulary

@Suite("looks at a store, loading, folders that go (EFFECTS-25)", .timeLimit(.minutes(1)))
struct StoreSnapshotTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    @Test("a look sees what was there when it began, whatever is committed after")
    func steady() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            try await store.commit((0..<100).map { ([1, $0], [$0]) })
            let look = try store.snapshot()
            for round in UInt8(0)..<20 {
                try await store.commit((0..<100).map { ([1, $0], $0 % 2 == 0 ? nil : [round]) })
            }
            #expect(try await look.get([1, 4]) == [4])
            #expect(try store.get([1, 4]) == nil)
            let all = try await look.page(prefix: [1], after: nil, bytesMax: 1 << 20)
            #expect(all.pairs.map(\.value) == (0..<100).map { [$0] })
            look.close()
            look.close()
            await #expect(throws: DiskFailure.self) { _ = try await look.get([1, 4]) }
            await store.close()
        }
    }

    @Test("pages end where their bytes do, hold one pair at least, and go on after a key")
    func pages() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            try await store.commit((0..<50).map { ([2, $0], [UInt8](repeating: $0, count: 12)) })
            try await store.commit([([1], [1]), ([3], [3])])
            let look = try store.snapshot()
            var after: [UInt8]?
            var found: [[UInt8]] = []
            while true {
                let page = try await look.page(prefix: [2], after: after, bytesMax: 60)
                guard let last = page.lastKey else { break }
                #expect(page.count == 3 || found.count + page.count == 50)
                found += page.pairs.map(\.key)
                after = last
            }
            #expect(found == (0..<50).map { [2, $0] })
            let one = try await look.page(prefix: [2], after: [2, 7], bytesMax: 1)
            #expect(one.pairs.map(\.key) == [[2, 8]])
            look.close()
            await store.close()
        }
    }

    @Test("what is loaded is there, in one step; what does not ascend changes nothing")
    func load() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            var pairs = PairList()
            for number in UInt8(0)..<200 { pairs.append([5, number], [number, number]) }
            try await store.load(pairs)
            #expect(try store.get([5, 77]) == [77, 77])
            var late = PairList()
            late.append([6], [])
            late.append([5, 1], [1])
            await #expect(throws: DiskFailure.self) { try await store.load(late) }
            #expect(try store.get([6]) == nil)
            try await store.commit([([0], [9])])
            await store.close()
            let again = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            #expect(try again.scan(prefix: [], after: nil, limit: 999).count == 201)
            await again.close()
        }
    }

    @Test("what a store is filled with is there at once, and stays with the next commit")
    func fill() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            for start in stride(from: UInt8(0), to: 200, by: 50) {
                var pairs = PairList()
                for number in start..<start + 50 { pairs.append([5, number], [number]) }
                try await store.fill(pairs)
                #expect(try store.get([5, start + 49]) == [start + 49])
            }
            var late = PairList()
            late.append([5, 3], [1])
            await #expect(throws: DiskFailure.self) { try await store.fill(late) }
            try await store.commit([([0], [9])])
            await store.close()
            let again = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            #expect(try again.scan(prefix: [], after: nil, limit: 999).count == 201)
            await again.close()
        }
    }

    @Test("a folder goes with all in it, unless somebody holds a part; none is fine")
    func removeFolder() async throws {
        try await world.run { effects in
            try await effects.disk.createFolder("a/b/c")
            try await effects.disk.replace("a/b/c/file", with: [1])
            let store = try await effects.disk.openStore("a/state", bytesMax: 1 << 20)
            await #expect(throws: DiskFailure.busy(path: "a/state")) {
                try await effects.disk.removeFolder("a")
            }
            await store.close()
            try await effects.disk.removeFolder("a")
            #expect(try await !effects.disk.list("").contains("a"))
            try await effects.disk.removeFolder("a")
        }
    }

    @Test("a log that is made begins with the index it was told")
    func firstIndex() async throws {
        try await world.run { effects in
            let log = try await effects.disk.openLog("log", first: 41)
            #expect(await log.first == 41)
            #expect(await log.end == 41)
            try await log.append([[1], [2]])
            await log.close()
            let again = try await effects.disk.openLog("log")
            #expect(await again.first == 41)
            #expect(try await again.read(from: 42, count: 1, bytesMax: 9) == [[2]])
            await #expect(throws: DiskFailure.self) {
                _ = try await again.read(from: 40, count: 1, bytesMax: 9)
            }
            await again.close()
        }
    }
}
