// SPDX-License-Identifier: Apache-2.0
import Effects
import SystemEffects
import Testing

@Suite("key-value store", .timeLimit(.minutes(10)))
struct StoreTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    @Test("pairs come in key order, by prefix, after a key, as many as asked for")
    func scan() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 20)
            let keys: [[UInt8]] = [[2, 1], [1], [2], [3], [2, 0], [2, 255], [255, 255]]
            try await store.commit(keys.map { ($0, $0 + [7]) })
            func scan(_ prefix: [UInt8], _ after: [UInt8]?, _ limit: Int = 9) throws -> [[UInt8]] {
                let pairs = try store.scan(prefix: prefix, after: after, limit: limit)
                #expect(pairs.allSatisfy { $0.value == $0.key + [7] })
                return pairs.map(\.key)
            }
            let sorted: [[UInt8]] = [[1], [2], [2, 0], [2, 1], [2, 255], [3], [255, 255]]
            #expect(try scan([], nil) == sorted)
            #expect(try scan([], nil, 0) == [])
            #expect(try scan([2], nil) == [[2], [2, 0], [2, 1], [2, 255]])
            #expect(try scan([2], [2, 0], 1) == [[2, 1]])
            #expect(try scan([2], [2, 0, 0]) == [[2, 1], [2, 255]])
            #expect(try scan([2], [1]) == [[2], [2, 0], [2, 1], [2, 255]])
            #expect(try scan([2], [9]) == [])
            #expect(try scan([], [255, 255]) == [])
            #expect(try scan([255], nil) == [[255, 255]])
            #expect(try scan([4], nil) == [])
        }
    }

    @Test("an empty store gives nothing")
    func empty() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1)
            #expect(try store.get([1]) == nil)
            #expect(try store.scan(prefix: [], after: nil, limit: 1).isEmpty)
        }
    }

    @Test("a commit is done whole, and later changes of a key win")
    func commit() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 20)
            try await store.commit([([1], [1]), ([2], []), ([1], [3]), ([9], nil)])
            #expect(try store.get([1]) == [3])
            #expect(try store.get([2]) == [])
            try await store.commit([([1], nil), ([3], [3])])
            #expect(try store.get([1]) == nil)
            #expect(try store.get([3]) == [3])
        }
    }

    @Test("a commit that does not fit changes nothing, and the store goes on")
    func full() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 20)
            try await store.commit([([1], [1])])
            let big = [UInt8](repeating: 0, count: 100_000)
            let failure = await LogTests.failure { () throws(DiskFailure) in
                try await store.commit([([1], [2])] + (2..<40).map { ([$0], big) })
            }
            #expect(failure == .full(path: "state"))
            #expect(try store.scan(prefix: [], after: nil, limit: 99).map(\.value) == [[1]])
            try await store.commit([([1], [5])])
            #expect(try store.get([1]) == [5])
        }
    }

    @Test("keys that are empty or too long are refused, and nothing stands under them")
    func keys() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 20)
            for length in [0, 512] {
                let key = [UInt8](repeating: 1, count: length)
                let failure = await LogTests.failure { () throws(DiskFailure) in
                    try await store.commit([([7], [7]), (key, [1])])
                }
                #expect(failure != nil)
                #expect(try store.get(key) == nil)
            }
            #expect(try store.get([7]) == nil)
            let longest = [UInt8](repeating: 1, count: 511)
            try await store.commit([(longest, [1])])
            #expect(try store.get(longest) == [1])
            #expect(try store.scan(prefix: longest + [1], after: nil, limit: 1).isEmpty)
        }
    }

    @Test("what was committed is there after reopening, and one holder has the store")
    func reopen() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("deep/state", bytesMax: 1 << 20)
            for number in 0..<20 as Range<UInt8> { try await store.commit([([number], [number])]) }
            let failure = await LogTests.failure { () throws(DiskFailure) in
                _ = try await effects.disk.openStore("deep/state", bytesMax: 1 << 20)
            }
            #expect(failure == .busy(path: "deep/state"))
            await store.close()
            await store.close()
            #expect(throws: DiskFailure.self) { try store.get([1]) }
            let again = try await effects.disk.openStore("deep/state", bytesMax: 1 << 21)
            #expect(try again.scan(prefix: [], after: nil, limit: 99).count == 20)
        }
    }

    @Test("readers on many threads see whole commits while a writer commits")
    func readersAndWriter() async throws {
        try await world.run { effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            try await store.commit([([1], [0]), ([2], [0])])
            let torn = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask(executorPreference: globalConcurrentExecutor) {
                        var torn = 0
                        for _ in 0..<300 {
                            let pairs = try? store.scan(prefix: [], after: nil, limit: 2)
                            if pairs?.count != 2 || pairs?[0].value != pairs?[1].value { torn += 1 }
                        }
                        return torn
                    }
                }
                for number in 0..<30 as Range<UInt8> {
                    try? await store.commit([([1], [number]), ([2], [number])])
                }
                return await group.reduce(0, +)
            }
            #expect(torn == 0)
        }
    }

    @Test("a store cut off anywhere is damaged, empty or as it was: it never ends the process")
    func cutOff() async throws {
        try await world.run { [world] effects in
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            let pairs = (0..<400).map { number in
                (key: [UInt8(number / 256), UInt8(number % 256)], value: pattern(300) as [UInt8]?)
            }
            try await store.commit(pairs)
            let large: [UInt8]? = pattern(20_000)
            try await store.commit([([9], large)])
            await store.close()
            let whole = try await effects.disk.read("state/data", limit: 1 << 22)
            for count in stride(from: whole.count, through: 0, by: -4_096) {
                try await effects.disk.replace("state/data", with: Array(whole.prefix(count)))
                let seen = await Self.survey(try world.again())
                #expect(seen == "damaged" || seen == "0 pairs" || seen == "401 pairs", "\(count)")
                if count == whole.count { #expect(seen == "401 pairs") }
            }
        }
    }

    /// What reading everything in the store comes to.
    private static func survey(_ effects: Effects) async -> String {
        do throws(DiskFailure) {
            let store = try await effects.disk.openStore("state", bytesMax: 1 << 22)
            do throws(DiskFailure) {
                let count = try store.scan(prefix: [], after: nil, limit: 1_000).count
                await store.close()
                return "\(count) pairs"
            } catch {
                await store.close()
                throw error
            }
        } catch .damaged {
            return "damaged"
        } catch {
            return "\(error)"
        }
    }
}
