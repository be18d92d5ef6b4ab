// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Cryptography

@Suite("Many Noise messages in one buffer (CRYPTO-15)")
struct NoiseFramingTests {
    private static let lengths = [0, 1, 15, 2_047, 2_048, 65_519, 65_520, 200_000]

    private func ciphers() throws -> (sending: NoiseCipher, receiving: NoiseCipher) {
        let key = try #require(Bytes32([UInt8](repeating: 6, count: 32)))
        return (NoiseCipher(key: key), NoiseCipher(key: key))
    }

    private func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    }

    @Test("a buffer is sealed as message after message would be", arguments: lengths)
    func sameAsOneByOne(count: Int) throws {
        var (framing, single) = try ciphers()
        let plaintext = bytes(count)
        var expected: [UInt8] = []
        for start in stride(from: 0, to: count, by: NoiseCipher.plaintextBytesMax) {
            let end = min(start + NoiseCipher.plaintextBytesMax, count)
            let sealed = try single.seal(Array(plaintext[start..<end]))
            expected += [UInt8(sealed.count >> 8), UInt8(truncatingIfNeeded: sealed.count)]
            expected += sealed
        }
        #expect(try framing.sealFrames(plaintext) == expected)
    }

    @Test("what arrives in pieces opens as far as messages are whole")
    func pieces() throws {
        var (sending, receiving) = try ciphers()
        let plaintext = bytes(150_000)
        let stream = try sending.sealFrames(plaintext) + sending.sealFrames([1, 2, 3])
        var arrived: [UInt8] = []
        var opened: [UInt8] = []
        for start in stride(from: 0, to: stream.count, by: 40_000) {
            arrived += stream[start..<min(start + 40_000, stream.count)]
            var position = 0
            opened += try receiving.openFrames(arrived, from: &position)
            arrived.removeFirst(position)
        }
        #expect(opened == plaintext + [1, 2, 3])
        #expect(arrived.isEmpty)
    }

    @Test("a changed byte anywhere, long or short, opens nothing", arguments: [40, 3_000])
    func forged(count: Int) throws {
        var (sending, _) = try ciphers()
        let stream = try sending.sealFrames(bytes(count))
        for index in stride(from: NoiseCipher.lengthBytes, to: stream.count, by: 7) {
            var (_, receiving) = try ciphers()
            var changed = stream
            changed[index] ^= 1
            var position = 0
            #expect(throws: NoiseFailure.forged) {
                try receiving.openFrames(changed, from: &position)
            }
            #expect(position == 0)
        }
    }

    @Test("a message shorter than its tag is refused, an empty one opens")
    func short() throws {
        var (sending, receiving) = try ciphers()
        var position = 0
        #expect(throws: NoiseFailure.badLength(15)) {
            try receiving.openFrames([0, 15], from: &position)
        }
        let empty = try sending.seal([])
        #expect(try receiving.openFrames([0, 16] + empty, from: &position).isEmpty)
        #expect(position == 18)
    }

    @Test("nonces never run past the last")
    func nonces() throws {
        let key = try #require(Bytes32([UInt8](repeating: 6, count: 32)))
        var last = NoiseCipher(key: key, nonce: .max - 1)
        #expect(throws: NoiseFailure.noncesExhausted) {
            try last.sealFrames([UInt8](repeating: 0, count: NoiseCipher.plaintextBytesMax + 1))
        }
        _ = try last.sealFrames([1])
        #expect(throws: NoiseFailure.noncesExhausted) { try last.sealFrames([1]) }
    }
}
