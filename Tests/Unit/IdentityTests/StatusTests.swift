// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import Identity

/// IDENTITY-15: lists of bits, and the compression they travel in.
@Suite("Status lists")
struct StatusTests {
    @Test("what is set reads as set after the journey, and nothing else does")
    func roundTrip() throws {
        var dice = Dice(seed: 9)
        for density in [0, 1, 100, 5_000] {
            var list = try StatusList()
            var set: Set<UInt64> = []
            for _ in 0..<density {
                let index = UInt64(dice.below(list.count))
                set.insert(index)
                try list.set(index, to: true)
            }
            let back = try StatusList(encoded: list.encoded)
            #expect(back == list)
            for index in set { #expect(try back.isSet(index)) }
            let count = try (0..<UInt64(list.count)).count { try back.isSet($0) }
            #expect(count == set.count)
        }
    }

    @Test("the first entry is the highest bit of the first byte")
    func bitOrder() throws {
        var list = try StatusList()
        try list.set(0, to: true)
        try list.set(15, to: true)
        let compressed = try #require(Base64URL.decode(list.encoded.dropFirst().utf8))
        let bytes = try Gzip.decompress(compressed, outputMax: 1 << 20)
        #expect(bytes.count == 16_384 && bytes[0] == 0x80 && bytes[1] == 0x01)
    }

    @Test("an empty list is short, and a list of bombs does not grow beyond its limit")
    func sizes() throws {
        let list = try StatusList(count: StatusList.entriesMax)
        #expect(list.encoded.utf8.count < 20_000)
        let bomb = "u" + Base64URL.encode(Gzip.compress([UInt8](repeating: 0, count: 1 << 21)))
        #expect(throws: StatusFailure.badCompression(.tooLarge(limit: 1 << 20))) {
            try StatusList(encoded: bomb)
        }
        let short = "u" + Base64URL.encode(Gzip.compress([0, 0]))
        #expect(throws: StatusFailure.wrongLength) { try StatusList(encoded: short) }
        #expect(throws: StatusFailure.malformed("encodedList")) {
            try StatusList(encoded: String(list.encoded.dropFirst()))
        }
        #expect(throws: StatusFailure.outOfRange) { try list.isSet(UInt64(list.count)) }
        #expect(throws: StatusFailure.wrongLength) { try StatusList(count: 1_024) }
    }

    @Test("any bytes come back from compression")
    func compression() throws {
        var dice = Dice(seed: 10)
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            for _ in 0..<dice.below(8) {
                let byte = UInt8(truncatingIfNeeded: dice.next())
                bytes += repeatElement(byte, count: dice.below(700))
                bytes += dice.bytes(dice.below(20))
            }
            let compressed = Gzip.compress(bytes)
            #expect(try Gzip.decompress(compressed, outputMax: 1 << 16) == bytes)
        }
    }

    @Test("damaged compression is refused, or gives the same bytes")
    func damage() throws {
        var dice = Dice(seed: 11)
        let bytes = dice.bytes(300) + [UInt8](repeating: 0, count: 300)
        let compressed = Gzip.compress(bytes)
        for _ in 0..<3_000 {
            let damaged = dice.damaged(compressed)
            guard let result = try? Gzip.decompress(damaged, outputMax: 1 << 16) else { continue }
            #expect(result == bytes)
        }
        for _ in 0..<3_000 {
            var reader = Inflate(dice.bytes(60), from: 0, outputMax: 1 << 12)
            try? reader.run()
            #expect(reader.output.count <= 1 << 12)
        }
    }

    @Test("entries are given out once, at the caller's chance, until seven eighths are gone")
    func allocation() throws {
        var dice = Dice(seed: 12)
        var allocation = try StatusAllocation()
        var taken: Set<UInt64> = []
        for _ in 0..<5_000 {
            let index = try allocation.take { dice.next() }
            #expect(taken.insert(index).inserted && index < 131_072)
        }
        #expect(allocation.used == 5_000)
        var stuck = try StatusAllocation()
        #expect(try stuck.take { 131_072 + 7 } == 7)
        #expect(throws: StatusFailure.full) { try stuck.take { 7 } }
    }
}
