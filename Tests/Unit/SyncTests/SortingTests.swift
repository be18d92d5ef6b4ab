// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("Pairs are sorted and merged as they lie")
struct SortingTests {
    private static func keys(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var dice = seed
        func draw() -> UInt64 {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return dice >> 33
        }
        let keys = (0..<count).map { _ in
            // Few distinct bytes and many lengths: keys that are the beginnings of others.
            (0..<Int(draw() % 14)).map { _ in UInt8(draw() % 3) }
        }
        return Array(Set(keys))
    }

    private static func list(_ keys: some Sequence<[UInt8]>) -> PairList {
        var list = PairList()
        for key in keys { list.append(key, key + [9]) }
        return list
    }

    @Test("sorting gives every pair once, in ascending order", arguments: [UInt64](1...5))
    func sorting(seed: UInt64) {
        let keys = Self.keys(500, seed: seed)
        let half = keys.count / 2
        let sorted = PairSorting.sorted([Self.list(keys[..<half]), Self.list(keys[half...])])
        #expect(sorted.count == keys.count)
        #expect(
            sorted.pairs.map(\.key) == keys.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(sorted.pairs.allSatisfy { $0.value == $0.key + [9] })
        #expect(sorted.lastKey == sorted.pairs.last?.key)
    }

    @Test(
        "merging runs fed in pieces of any size gives what sorting all gives",
        arguments: [1, 2, 7, 40], [3, 17, 4_096])
    func merging(runs count: Int, piece: Int) {
        let keys = Self.keys(400, seed: UInt64(count * piece))
        let runs = (0..<count).map { run in
            PairSorting.sorted([
                Self.list(keys.enumerated().filter { $0.offset % count == run }.map(\.element))
            ]).bytes
        }
        var merge = RunMerge(runs: count)
        var offsets = [Int](repeating: 0, count: count)
        var found: [[UInt8]] = []
        var steps = 0
        while steps < 200_000 {
            steps += 1
            let step = merge.step(bytesMax: 64)
            found += step.page.pairs.map(\.key)
            if step.isDone { break }
            guard let run = step.hungry else { continue }
            let end = min(offsets[run] + piece, runs[run].count)
            merge.feed(
                run, Array(runs[run][offsets[run]..<end]), isEnd: end == runs[run].count)
            offsets[run] = end
        }
        #expect(found == keys.sorted { $0.lexicographicallyPrecedes($1) })
        #expect((0..<count).allSatisfy { merge.rest(of: $0) == 0 })
    }

    @Test("a run that ends within a pair is damage")
    func torn() throws {
        let world = SimulatedWorld(seed: 1)
        let failure = world.run(on: "node", world.makeNode("node")) { effects -> DiskFailure? in
            let runs = RunFolder(effects: effects, folder: "runs")
            do throws(DiskFailure) {
                try await effects.disk.createFolder("runs")
                try await runs.write([Self.list([[1], [2]])], as: 0)
                let whole = try await effects.disk.read(runs.path(0), limit: 999)
                try await effects.disk.replace(runs.path(0), with: Array(whole.dropLast()))
                try await runs.merge([0], failing: { $0 }) { (_) async throws(DiskFailure) in }
                return nil
            } catch {
                return error
            }
        }
        #expect(
            try #require(failure) == .damaged(path: "runs", reason: "a run ends within a pair"))
    }

    @Test("a list of pairs takes no bytes that are not whole pairs within their limits")
    func lists() {
        let good = Self.list([[1, 2], [3]]).bytes
        #expect(PairList(bytes: good, keyBytesMax: 2, valueBytesMax: 3)?.count == 2)
        #expect(PairList(bytes: good, keyBytesMax: 1, valueBytesMax: 3) == nil)
        #expect(PairList(bytes: good, keyBytesMax: 2, valueBytesMax: 2) == nil)
        for length in 1..<good.count where length != 11 {
            #expect(
                PairList(bytes: Array(good[..<length]), keyBytesMax: 9, valueBytesMax: 9) == nil)
        }
    }
}
