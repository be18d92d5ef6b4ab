// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

/// Any bytes: the decoder refuses them, or they are the one encoding of what it read.
@Suite("Canonical decoding: fuzz")
struct CanonicalFuzzTests {
    @Test("changed encodings are refused or are canonical themselves", arguments: 0..<10)
    func mutation(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        var accepted = 0
        for _ in 0..<400 {
            var bytes = Parcel(random: &numbers).canonicalBytes
            for _ in 0...Int.random(in: 0..<3, using: &numbers) {
                mutate(&bytes, &numbers)
            }
            accepted += try expectCanonical(Parcel.self, bytes) ? 1 : 0
        }
        // The law says something of both outcomes only when both happen.
        #expect(accepted > 0 && accepted < 400)
    }

    @Test("random bytes are refused or are canonical themselves", arguments: 0..<10)
    func random(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed &+ 1_000)
        for _ in 0..<400 {
            let bytes = numbers.bytes(Int.random(in: 0..<100, using: &numbers))
            _ = try expectCanonical(Parcel.self, bytes)
            _ = try expectCanonical(Parcel.Label.self, bytes)
            _ = try expectCanonical(Digest.self, bytes)
            _ = try expectCanonical(AccountID.self, bytes)
            _ = try expectCanonical(PublicKey.self, bytes)
            _ = try expectCanonical(Signature.self, bytes)
            _ = try expectCanonical(Amount.self, bytes)
            _ = try expectCanonical(BlockHeight.self, bytes)
        }
    }

    @Test("ULEB128 of any bytes is refused or comes back as it was", arguments: 0..<4)
    func lengths(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<2_000 {
            let bytes = numbers.bytes(Int.random(in: 0...6, using: &numbers))
            var decoder = CanonicalDecoder(bytes)
            guard let length = try? decoder.readLength(limit: .max) else { continue }
            var encoder = CanonicalEncoder()
            encoder.writeLength(length)
            #expect(encoder.bytes == Array(bytes.prefix(bytes.count - decoder.remaining)))
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ numbers: inout SeededNumbers) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: bytes.indices, using: &numbers)
        switch numbers.next() % 6 {
        case 0: bytes[place] ^= 1 << UInt8(numbers.next() % 8)
        case 1: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][Int(numbers.next() % 5)]
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(UInt8(truncatingIfNeeded: numbers.next()), at: place)
        case 4: bytes.removeLast(bytes.count - place)
        default: bytes.append(contentsOf: bytes[place...])
        }
    }

    /// Whether the bytes were accepted; when they were, they must be what the value writes.
    private func expectCanonical<Value: CanonicalCodable & Equatable>(
        _ type: Value.Type, _ bytes: [UInt8]
    ) throws -> Bool {
        guard let value = try? Value(canonicalBytes: bytes) else { return false }
        #expect(value.canonicalBytes == bytes)
        #expect(try Value(canonicalBytes: value.canonicalBytes) == value)
        return true
    }
}
