// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing

@testable import SystemEffects

/// A store's file changed by another hand (EFFECTS-18).
@Suite("damaged stores", .timeLimit(.minutes(10)))
struct StoreDamageTests {
    private struct Numbers {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static let bytesMax = 1 << 24

    /// Random changes: small and large values, overwritten and removed.
    private static func changes(
        _ count: Int, _ numbers: inout Numbers
    ) -> [(key: [UInt8], value: [UInt8]?)] {
        (0..<count).map { _ in
            let key = pattern(1 + numbers.next(40), seed: UInt64(numbers.next(500)))
            switch numbers.next(10) {
            case 0..<3: return (key, nil)
            case 3..<4: return (key, pattern(2_000 + numbers.next(30_000)))
            default: return (key, pattern(numbers.next(900)))
            }
        }
    }

    /// The store's folder after so many commits, reopened on the way.
    private static func grow(
        _ effects: Effects, commits: Int, seed: UInt64
    ) async throws -> [UInt8] {
        var numbers = Numbers(state: seed)
        for _ in 0..<4 {
            let store = try await effects.disk.openStore("state", bytesMax: bytesMax)
            for _ in 0..<commits / 4 {
                try await store.commit(changes(1 + numbers.next(60), &numbers))
            }
            await store.close()
        }
        return try await effects.disk.read("state/data", limit: bytesMax)
    }

    @Test("a store that was only ever written by itself is never called damaged")
    func sound() async throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let world = try TestWorld()
            try await world.run { effects in
                _ = try await Self.grow(effects, commits: 40, seed: seed)
                let store = try await effects.disk.openStore("state", bytesMax: Self.bytesMax)
                #expect(try !store.scan(prefix: [], after: nil, limit: 1_000).isEmpty)
                await store.close()
            }
        }
    }

    @Test("whatever bytes are changed, opening, reading and writing end in an answer")
    func mutations() async throws {
        let world = try TestWorld()
        try await world.run { effects in
            let whole = try await Self.grow(effects, commits: 40, seed: 99)
            var numbers = Numbers(state: 7)
            var found = 0
            for _ in 0..<150 {
                var bytes = whole
                for _ in 0...numbers.next(3) { Self.damage(&bytes, &numbers) }
                try await effects.disk.replace("state/data", with: bytes)
                if await Self.isFound(effects, &numbers) { found += 1 }
            }
            #expect(found > 10, "\(found)")
        }
    }

    /// Damages one page: mostly its header, its offsets or its nodes, where the form lies.
    private static func damage(_ bytes: inout [UInt8], _ numbers: inout Numbers) {
        let page = numbers.next(bytes.count / 4_096) * 4_096
        switch numbers.next(6) {
        case 0:
            let other = numbers.next(bytes.count / 4_096) * 4_096
            bytes.replaceSubrange(page..<page + 4_096, with: bytes[other..<other + 4_096])
        case 1:
            for place in page..<page + 512 { bytes[place] = 0 }
        case 2:
            bytes[page + 16 + numbers.next(136)] ^= UInt8(1 << numbers.next(8))
        case 3:
            bytes[page + numbers.next(4_096)] = UInt8(numbers.next(256))
        default:
            bytes[page + 8 + numbers.next(24)] = UInt8(numbers.next(256))
        }
    }

    /// Opens, reads all and writes; true when the damage was named.
    private static func isFound(_ effects: Effects, _ numbers: inout Numbers) async -> Bool {
        let store: any KeyValueStore
        do throws(DiskFailure) {
            store = try await effects.disk.openStore("state", bytesMax: bytesMax)
        } catch {
            guard case .damaged = error else {
                Issue.record("\(error)")
                return false
            }
            return true
        }
        do throws(DiskFailure) {
            _ = try store.scan(prefix: [], after: nil, limit: 10_000)
            for _ in 0..<3 { try await store.commit(changes(20, &numbers)) }
            await store.close()
            return false
        } catch {
            await store.close()
            return true
        }
    }
}
