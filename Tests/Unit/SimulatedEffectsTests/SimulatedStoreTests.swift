// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing
import Vocabulary

@Suite("looks at a simulated store, loading, folders that go (EFFECTS-25)")
struct SimulatedStoreTests {
    private static func run(
        _ body: @escaping @Sendable (Effects) async throws -> Void
    ) throws {
        let world = SimulatedWorld(seed: 1)
        let outcome = world.run(on: "node", world.makeNode("node")) { effects in
            do {
                try await body(effects)
                return nil as String?
            } catch {
                return "\(error)"
            }
        }
        #expect(try #require(outcome) == nil)
    }

    @Test("a look sees what was there when it began, and ends with the store")
    func look() throws {
        try Self.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 20)
            try await store.commit((0..<9).map { ([1, $0], [$0]) })
            let look = try store.snapshot()
            try await store.commit([([1, 3], nil), ([1, 4], [99])])
            let page = try await look.page(prefix: [1], after: [1, 1], bytesMax: 30)
            #expect(page.pairs.map(\.key) == [[1, 2], [1, 3], [1, 4]])
            #expect(page.pairs.map(\.value) == [[2], [3], [4]])
            #expect(try await look.get([1, 4]) == [4])
            await store.close()
            await #expect(throws: DiskFailure.self) { _ = try await look.get([1, 4]) }
        }
    }

    @Test("what is loaded ascends beyond all that is there")
    func load() throws {
        try Self.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 20)
            var pairs = PairList()
            pairs.append([2], [1])
            pairs.append([3], [1])
            try await store.load(pairs)
            await #expect(throws: DiskFailure.self) { try await store.load(pairs) }
            #expect(try store.scan(prefix: [], after: nil, limit: 9).count == 2)
        }
    }

    @Test("a folder goes with files, logs and stores, and its bytes with it")
    func removeFolder() throws {
        try Self.run { effects in
            try await effects.disk.createFolder("a")
            try await effects.disk.replace("a/file", with: [1])
            let log = try await effects.disk.openLog("a/log", first: 7)
            try await log.append([[1]])
            #expect(await log.first == 7)
            await #expect(throws: DiskFailure.self) { try await effects.disk.removeFolder("a") }
            await log.close()
            try await effects.disk.removeFolder("a")
            #expect(try await effects.disk.list("") == [])
            let again = try await effects.disk.openLog("a/log")
            #expect(await again.end == 0)
        }
    }
}
