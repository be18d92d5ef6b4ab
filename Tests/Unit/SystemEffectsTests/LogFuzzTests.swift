// SPDX-License-Identifier: Apache-2.0
import Effects
import SystemEffects
import Testing

@Suite("record log: fuzz", .timeLimit(.minutes(10)))
struct LogFuzzTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    /// Changes, cuts, removes or repeats bytes.
    static func mutated(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(bound, 1)
        }
        var bytes = bytes
        for _ in 0...below(4) where !bytes.isEmpty {
            let place = below(bytes.count)
            let end = min(bytes.count, place + 1 + below(40))
            switch below(5) {
            case 0: bytes[place] = UInt8(below(256))
            case 1: bytes.removeLast(bytes.count - place)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            default: for changed in place..<end { bytes[changed] = below(2) == 0 ? 0 : 0xFF }
            }
        }
        return bytes
    }

    @Test("whatever is done to a log's file, it opens to its first records or names the damage")
    func anyBytes() async throws {
        try await world.run { effects in
            let records = (0..<12).map { pattern($0 * 5, seed: UInt64($0)) }
            let log = try await effects.disk.openLog("log")
            for start in stride(from: 0, to: 12, by: 3) {
                try await log.append(Array(records[start..<start + 3]))
            }
            await log.close()
            let whole = try await effects.disk.read(LogTests.firstSegment, limit: 1 << 20)
            var outcomes = (opened: 0, damaged: 0)
            for seed in 0..<300 as Range<UInt64> {
                let bytes = Self.mutated(whole, seed: seed)
                try await effects.disk.replace(LogTests.firstSegment, with: bytes)
                do throws(DiskFailure) {
                    let again = try await effects.disk.openLog("log")
                    let found = try await again.read(from: 0, count: 99, bytesMax: .max)
                    await again.close()
                    #expect(found == Array(records.prefix(found.count)), "seed \(seed)")
                    outcomes.opened += 1
                } catch {
                    guard case .damaged(LogTests.firstSegment, _) = error else {
                        Issue.record("seed \(seed): \(error)")
                        continue
                    }
                    outcomes.damaged += 1
                }
            }
            #expect(outcomes.opened > 20 && outcomes.damaged > 20)
        }
    }
}
