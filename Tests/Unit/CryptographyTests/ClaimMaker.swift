// SPDX-License-Identifier: Apache-2.0
import CSodium
import Testing
import Vocabulary

@testable import Cryptography

/// Makes claims of which CRYPTO-2 has one verdict by the way they are made.
///
/// Points are made by libsodium from known scalars a and r: A = [a]B and R = [r]B, then changed.
/// With k from the bytes as they came, S = r + k a satisfies [8][S]B = [8]R + [8][k]A whatever
/// parts of small order are added to A and R, since eight times those is the neutral element.
struct ClaimMaker {
    enum Kind: CaseIterable, Sendable {
        case honest
        /// Parts of small order added to A, R or both.
        case keyWithTorsion, pointWithTorsion, bothWithTorsion
        /// A, R or both of small order, in any of their 14 encodings.
        case smallKey, smallPoint, smallBoth
        /// What was signed, or one bit of the claim, is another.
        case otherMessage, flippedKey, flippedPoint, flippedScalar
        /// S is right modulo L, and not below L.
        case scalarPlusOrder
        /// S is any number from 2^253 on.
        case largeScalar
        /// A and R have small order, S is any but zero.
        case smallBothWithScalar
        /// Any bytes instead of A, R, or all; about half of them are points.
        case garbageKey, garbagePoint, garbage

        /// The verdict of CRYPTO-2.
        var isAccepted: Bool {
            switch self {
            case .honest, .keyWithTorsion, .pointWithTorsion, .bothWithTorsion, .smallKey,
                .smallPoint, .smallBoth:
                true
            case .otherMessage, .flippedKey, .flippedPoint, .flippedScalar, .scalarPlusOrder,
                .largeScalar, .smallBothWithScalar, .garbageKey, .garbagePoint, .garbage:
                false
            }
        }
    }

    private var numbers: SeededNumbers
    private let smallOrder: [[UInt8]]

    init(seed: UInt64) throws {
        numbers = SeededNumbers(seed: seed)
        smallOrder = try Ed25519RuleTests.smallOrderEncodings.map { try bytes($0) }
    }

    /// A kind drawn from all.
    mutating func kind() -> Kind {
        Kind.allCases[Int.random(in: 0..<Kind.allCases.count, using: &numbers)]
    }

    /// A number drawn from a range.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &numbers)
    }

    /// A claim of this kind over a message of so many bytes, or of 0 to 300 where none is said.
    mutating func claim(_ kind: Kind, messageBytes: Int? = nil) throws -> SignatureClaim {
        var message = numbers.bytes(messageBytes ?? number(in: 0...300))
        var (secret, nonce) = (scalar(), scalar())
        var key = multipleOfBase(secret)
        var point = multipleOfBase(nonce)
        switch kind {
        case .keyWithTorsion: key = withTorsion(key)
        case .pointWithTorsion: point = withTorsion(point)
        case .bothWithTorsion: (key, point) = (withTorsion(key), withTorsion(point))
        case .smallKey: (key, secret) = (small(), Self.zero)
        case .smallPoint: (point, nonce) = (small(), Self.zero)
        case .smallBoth: (key, secret, point, nonce) = (small(), Self.zero, small(), Self.zero)
        case .smallBothWithScalar: (key, secret, point) = (small(), Self.zero, small())
        case .garbageKey: key = numbers.bytes(32)
        case .garbagePoint: point = numbers.bytes(32)
        case .garbage: (key, point) = (numbers.bytes(32), numbers.bytes(32))
        default: break
        }
        var answer = Self.answer(nonce, secret, point + key + message)
        switch kind {
        case .otherMessage: message.append(0)
        case .flippedKey: flipBit(&key)
        case .flippedPoint: flipBit(&point)
        case .flippedScalar: flipBit(&answer)
        case .scalarPlusOrder: answer = plusOrder(answer, times: number(in: 1...14))
        case .largeScalar: answer[31] |= 0x20
        default: break
        }
        return SignatureClaim(
            key: PublicKey(try #require(Bytes32(key))),
            signature: try #require(Signature(point + answer)), message: message)
    }

    // MARK: - Scalars and points

    private static let zero = [UInt8](repeating: 0, count: 32)

    private mutating func scalar() -> [UInt8] { Self.reduced(numbers.bytes(64)) }

    private static func reduced(_ number: [UInt8]) -> [UInt8] {
        var scalar = zero
        crypto_core_ed25519_scalar_reduce(&scalar, number)
        return scalar
    }

    // r + k a, with k the hash of a text.
    private static func answer(_ nonce: [UInt8], _ secret: [UInt8], _ text: [UInt8]) -> [UInt8] {
        var (hash, product, sum) = ([UInt8](repeating: 0, count: 64), zero, zero)
        crypto_hash_sha512(&hash, text, UInt64(text.count))
        crypto_core_ed25519_scalar_mul(&product, reduced(hash), secret)
        crypto_core_ed25519_scalar_add(&sum, nonce, product)
        return sum
    }

    private func plusOrder(_ scalar: [UInt8], times: Int) -> [UInt8] {
        var carry = 0
        return zip(scalar, LanePartsTests.order).map { digit, other in
            let sum = Int(digit) + times * Int(other) + carry
            carry = sum >> 8
            return UInt8(sum & 0xff)
        }
    }

    private func multipleOfBase(_ scalar: [UInt8]) -> [UInt8] {
        var encoding = Self.zero
        #expect(crypto_scalarmult_ed25519_base_noclamp(&encoding, scalar) == 0)
        return encoding
    }

    private mutating func small() -> [UInt8] { smallOrder[number(in: 0...13)] }

    // Plus one of the four points of order 8.
    private mutating func withTorsion(_ point: [UInt8]) -> [UInt8] {
        var sum = Self.zero
        #expect(crypto_core_ed25519_add(&sum, point, smallOrder[number(in: 6...9)]) == 0)
        return sum
    }

    private mutating func flipBit(_ bytes: inout [UInt8]) {
        bytes[number(in: 0...31)] ^= 1 << UInt8(number(in: 0...7))
    }
}
