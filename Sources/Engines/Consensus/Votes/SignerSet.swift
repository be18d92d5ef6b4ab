// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Which validators signed: one bit each, the lowest bit of the first byte for the first.
///
/// The last byte is never zero, so that a set has one form.
public struct SignerSet: CanonicalCodable, Hashable {
    /// The most bytes: one bit for each of ``ValidatorSet/validatorsMax``.
    public static let bytesMax = (ValidatorSet.validatorsMax + 7) / 8

    private var bits: [UInt8] = []

    /// Gathers places in a validator set.
    ///
    /// - Parameter indices: Each below ``ValidatorSet/validatorsMax``.
    public init(_ indices: [Int]) {
        for index in indices {
            precondition(
                index >= 0 && index < ValidatorSet.validatorsMax, "a validator's place is small")
            while bits.count <= index / 8 { bits.append(0) }
            bits[index / 8] |= 1 << UInt8(index % 8)
        }
    }

    /// The places in ascending order.
    public var indices: [Int] {
        bits.indices.flatMap { byte in
            (0..<8).filter { bits[byte] >> UInt8($0) & 1 == 1 }.map { byte * 8 + $0 }
        }
    }

    /// Appends the bytes with their length.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeBytes(bits) }

    /// Reads the bytes in their shortest form.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        bits = try decoder.readBytes(limit: Self.bytesMax)
        if let last = bits.last, last == 0 { throw .outOfRange("SignerSet") }
    }
}
