// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Ledger

@Suite("The cache of short values")
struct LineCacheTests {
    private static func key(_ number: UInt64, bytes: Int = 43) -> [UInt8] {
        var key = [UInt8](repeating: 7, count: bytes)
        withUnsafeBytes(of: number) { for (index, byte) in $0.enumerated() { key[index] = byte } }
        return key
    }

    /// What the cache says: nothing when it does not know, an inner nothing for no value.
    private static func look(_ cache: LineCache, _ key: [UInt8]) -> [UInt8]?? {
        key.withUnsafeBytes { key in
            cache.withValue(of: key) { value -> [UInt8]? in value.map(Array.init) }
        }
    }

    private static func put(_ cache: LineCache, _ key: [UInt8], _ value: [UInt8]?) {
        key.withUnsafeBytes { key in
            guard let value else { return cache.put(key, nil) }
            value.withUnsafeBytes { cache.put(key, $0) }
        }
    }

    @Test("it says what was put last or nothing, however many keys push each other out (STATE-16)")
    func truth() {
        let cache = LineCache(bytesMax: 1 << 18)
        var dice = Dice(seed: 11)
        var known: [UInt64: [UInt8]?] = [:]
        var hits = 0
        for _ in 0..<60_000 {
            let number = UInt64(dice.below(9_000))
            if let said = Self.look(cache, Self.key(number)) {
                hits += 1
                #expect(said == known[number] ?? nil)
            }
            let value = [UInt8](repeating: UInt8(dice.below(256)), count: dice.below(20))
            let isRemoval = dice.below(5) == 0
            known[number] = isRemoval ? .some(nil) : value
            Self.put(cache, Self.key(number), isRemoval ? nil : value)
        }
        #expect(hits > 10_000)
        #expect(cache.bytes <= 1 << 18 + 256)
    }

    @Test("while there is room nearly all keys stay, and memory follows what is kept")
    func room() {
        let cache = LineCache(bytesMax: 1 << 22)
        let small = cache.bytes
        for number in 0..<UInt64(20_000) { Self.put(cache, Self.key(number), [1, 2]) }
        let kept = (0..<UInt64(20_000)).filter { Self.look(cache, Self.key($0)) == [1, 2] }
        #expect(kept.count > 18_000)
        #expect(small < 1 << 17)
        #expect(cache.bytes > 20_000 * LineCache.lineBytes)
    }

    @Test("a value that became too long for a line is not told by its old one")
    func longer() {
        let cache = LineCache(bytesMax: 1 << 18)
        Self.put(cache, Self.key(1), [5])
        Self.put(cache, Self.key(1), [UInt8](repeating: 6, count: 17))
        #expect(Self.look(cache, Self.key(1)) == nil)
        Self.put(cache, Self.key(1), [7])
        #expect(Self.look(cache, Self.key(1)) == [7])
    }

    @Test("keys of different lengths are different keys")
    func lengths() {
        let cache = LineCache(bytesMax: 1 << 18)
        for bytes in 8...LineCache.keyBytesMax {
            Self.put(cache, Self.key(3, bytes: bytes), [UInt8(bytes)])
        }
        for bytes in 8...LineCache.keyBytesMax {
            #expect(Self.look(cache, Self.key(3, bytes: bytes)) == [UInt8(bytes)])
        }
    }
}

/// A generator whose numbers follow from its seed.
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
    }
}
