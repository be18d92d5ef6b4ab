// SPDX-License-Identifier: Apache-2.0
import CShims.Ed25519Lanes
import CSodium
import Testing
import Vocabulary

@testable import Cryptography

/// The other parts of the lanes, each against another computation of the same.
@Suite(
    "The parts of eight lanes",
    .enabled(if: Ed25519Backend.lanes.isAvailable, "this machine has no AVX-512 IFMA"))
struct LanePartsTests {
    @Test("eight texts of mixed lengths have the hashes libsodium gives each alone")
    func sha512() {
        var numbers = SeededNumbers(seed: 61)
        // All lengths around the ends of the first four blocks, then long ones beside short ones.
        let lengths = Array(0...320) + [0, 1, 2_000, 127, 9_999, 65_536, 3, 48]
        for start in stride(from: 0, to: lengths.count - 7, by: 8) {
            let counts = Array(lengths[start..<start + 8])
            let heads = numbers.bytes(8 * 64)
            let rests = counts.map { numbers.bytes($0) }
            var hashes = [UInt8](repeating: 0, count: 8 * 64)
            atoll_ed25519_lanes_sha512(heads, rests.flatMap { $0 }, counts, &hashes)
            for lane in 0..<8 {
                let text = heads[64 * lane..<64 * lane + 64] + rests[lane]
                var expected = [UInt8](repeating: 0, count: 64)
                crypto_hash_sha512(&expected, Array(text), UInt64(text.count))
                #expect(Array(hashes[64 * lane..<64 * lane + 64]) == expected, "\(counts[lane])")
            }
        }
    }

    /// L, little-endian.
    static let order: [UInt8] =
        [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
            0xde, 0x14,
        ] + [UInt8](repeating: 0, count: 15) + [0x10]

    /// A number times L plus or minus a little, as 64 bytes modulo 2^512.
    private func multipleOfOrder(_ factor: [UInt8], plus offset: Int) -> [UInt8] {
        var product = [Int](repeating: 0, count: 64)
        for (i, digit) in factor.enumerated() {
            for (j, other) in Self.order.enumerated() where i + j < 64 {
                product[i + j] += Int(digit) * Int(other)
            }
        }
        product[0] += offset
        var carry = 0
        return product.map { digit in
            let sum = digit + carry
            carry = sum >> 8
            return UInt8(sum & 0xff)
        }
    }

    @Test("64 bytes modulo L are libsodium's, at random and beside multiples of L")
    func reduction() {
        var numbers = SeededNumbers(seed: 62)
        var cases = (0..<2_000).map { _ in numbers.bytes(64) }
        cases += [[UInt8](repeating: 0, count: 64), [UInt8](repeating: 255, count: 64)]
        for round in 0..<300 {
            let factor = round < 16 ? [UInt8(round)] : numbers.bytes(1 + round % 32)
            cases += [-2, -1, 0, 1, 2].map { multipleOfOrder(factor, plus: $0) }
        }
        for number in cases {
            var (ours, theirs) = (
                [UInt8](repeating: 0, count: 32), [UInt8](repeating: 1, count: 32)
            )
            atoll_ed25519_lanes_reduce(number, &ours)
            crypto_core_ed25519_scalar_reduce(&theirs, number)
            #expect(ours == theirs)
        }
    }

    @Test("the table holds 0 to 128 times the base point, as libsodium multiplies it")
    func baseMultiples() throws {
        let dTwice = try FieldElement(
            words: bytes32("59f1b226949bd6eb56b183829a14e00030d1f3eef2808e19e7fcdf56dcd90624")
                .littleEndianWords)
        for number in 0...128 {
            var limbs = [UInt64](repeating: 0, count: 15)
            atoll_ed25519_lanes_base_multiple(number, &limbs)
            #expect(limbs.allSatisfy { $0 >> 51 == 0 })
            let point = number == 0 ? EdwardsPoint.identity : try multipleOfBase(UInt8(number))
            let expected = [point.y + point.x, point.y - point.x, point.t * dTwice]
            let found = (0..<3).map { FieldElement(limbs: Array(limbs[5 * $0..<5 * $0 + 5])) }
            #expect(found.map(\.canonicalWords) == expected.map(\.canonicalWords))
        }
    }

    private func multipleOfBase(_ number: UInt8) throws -> EdwardsPoint {
        let scalar = [number] + [UInt8](repeating: 0, count: 31)
        var encoding = [UInt8](repeating: 0, count: 32)
        #expect(crypto_scalarmult_ed25519_base_noclamp(&encoding, scalar) == 0)
        let bytes = try #require(Bytes32(encoding))
        return try #require(EdwardsPoint(encoding: bytes))
    }

    /// Encodings at every edge: y from 0 to 63 and from 2^255 - 64 to 2^255 - 1, which holds all
    /// that are not canonical, with either sign; then any bytes.
    private func encodings() -> [[UInt8]] {
        var numbers = SeededNumbers(seed: 63)
        let edges = (UInt8(0)..<64).flatMap { low -> [[UInt8]] in
            let small = [low] + [UInt8](repeating: 0, count: 31)
            let large = [255 - low] + [UInt8](repeating: 255, count: 30) + [0x7f]
            return [small, large].flatMap { [$0, $0.dropLast() + [$0[31] | 0x80]] }
        }
        return edges + (0..<256).map { _ in numbers.bytes(32) }
    }

    @Test("encodings are the points, or no points, that the portable reader finds")
    func decoding() throws {
        let all = encodings()
        var points = 0
        for start in stride(from: 0, to: all.count, by: 8) {
            let group = Array(all[start..<start + 8])
            var (x, y) = ([UInt64](repeating: 0, count: 40), [UInt64](repeating: 0, count: 40))
            let found = atoll_ed25519_lanes_decode(group.flatMap { $0 }, &x, &y)
            for (lane, encoding) in group.enumerated() {
                let expected = EdwardsPoint(encoding: try #require(Bytes32(encoding)))
                #expect((found >> UInt8(lane) & 1 == 1) == (expected != nil), "\(encoding)")
                guard let expected else { continue }
                points += 1
                let limbs = [x, y].map { words in (0..<5).map { words[8 * $0 + lane] } }
                #expect(FieldElement(limbs: limbs[0]).isEqual(to: expected.x), "\(encoding)")
                #expect(FieldElement(limbs: limbs[1]).isEqual(to: expected.y), "\(encoding)")
            }
        }
        #expect(points > 200 && points < all.count - 200, "both outcomes occur")
    }
}
