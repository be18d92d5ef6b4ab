// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// [s]B + [k]P for public values, in time that varies with them.
enum DoubleScalarProduct {
    // Odd multiples B, 3B, … 127B: 64 points for digits of 8 bits.
    private static let baseDigitBits = 8
    private static let baseMultiples = oddMultiples(of: .base, count: 1 << (baseDigitBits - 2))

    // Eight odd multiples of the other point, made anew for each product.
    private static let pointDigitBits = 5

    /// [s]B + [k]P by interleaved doublings (Straus). Cost: about 250 doublings, 75 additions.
    ///
    /// - Parameters:
    ///   - baseScalar: Below 2^255, little-endian.
    ///   - scalar: Below 2^255, little-endian.
    static func compute(
        baseScalar: Bytes32, scalar: Bytes32, point: EdwardsPoint
    ) -> EdwardsPoint {
        let baseDigits = signedDigits(of: baseScalar, bits: baseDigitBits)
        let pointDigits = signedDigits(of: scalar, bits: pointDigitBits)
        let multiples = oddMultiples(of: point, count: 1 << (pointDigitBits - 2))
        var result = EdwardsPoint.identity
        var running = ProjectivePoint(result)
        for index in stride(from: 255, through: 0, by: -1) {
            var step = running.doubled
            if let multiple = multiple(pointDigits[index], from: multiples) {
                step = step.extended.completed(adding: multiple)
            }
            if let multiple = multiple(baseDigits[index], from: baseMultiples) {
                step = step.extended.completed(adding: multiple)
            }
            if index == 0 { result = step.extended }
            running = step.projective
        }
        return result
    }

    private static func multiple(_ digit: Int16, from multiples: [PreparedPoint]) -> PreparedPoint?
    {
        guard digit != 0 else { return nil }
        let multiple = multiples[Int(digit.magnitude >> 1)]
        return digit > 0 ? multiple : -multiple
    }

    private static func oddMultiples(of point: EdwardsPoint, count: Int) -> [PreparedPoint] {
        let twice = PreparedPoint(point.doubled)
        var odd = point
        var multiples = [PreparedPoint(odd)]
        multiples.reserveCapacity(count)
        while multiples.count < count {
            odd = odd.adding(twice)
            multiples.append(PreparedPoint(odd))
        }
        return multiples
    }

    /// Odd signed digits below 2^(bits-1) in magnitude, at least `bits` places apart; the scalar
    /// is the sum of digit × 2^place. The scalar is below 2^255, so the digits end at place 255.
    static func signedDigits(of scalar: Bytes32, bits: Int) -> [Int16] {
        let words = scalar.littleEndianWords + [0]
        var digits = [Int16](repeating: 0, count: 256)
        let base: UInt64 = 1 << UInt64(bits)
        var place = 0
        var carry: UInt64 = 0
        while place < 256 {
            let (word, shift) = (place >> 6, UInt64(place & 63))
            // Swift gives 0 for a shift by 64, which is right when shift is 0.
            let window = (words[word] >> shift | words[word + 1] << (64 - shift)) & (base - 1)
            let value = window + carry
            guard value & 1 == 1 else {
                place += 1
                continue
            }
            carry = value < base / 2 ? 0 : 1
            digits[place] = Int16(value) - Int16(carry * base)
            place += bits
        }
        return digits
    }
}
