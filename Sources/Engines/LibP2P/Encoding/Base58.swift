// SPDX-License-Identifier: Apache-2.0

/// Base58 with Bitcoin's alphabet, in which leading zero bytes are ones.
///
/// The cost grows with the square of the length, so lengths are bounded. Source: LIBP-4.
public enum Base58 {
    /// The longest text or bytes that are converted: the longest peer id has 44 bytes, 61 letters.
    public static let lengthMax = 128

    private static let alphabet = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    private static let values: [UInt8: UInt8] = Dictionary(
        uniqueKeysWithValues: zip(alphabet, 0...))

    /// The text of at most ``lengthMax`` bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count <= lengthMax, "base58 is for short byte strings")
        let zeros = bytes.prefix { $0 == 0 }.count
        let digits = convert(bytes.dropFirst(zeros), from: 256, to: 58)
        let text = [UInt8](repeating: alphabet[0], count: zeros) + digits.map { alphabet[Int($0)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text.
    ///
    /// - Throws: ``WireFailure/malformed(_:)``, ``WireFailure/tooLong(limit:)``.
    public static func decode(_ text: some StringProtocol) throws(WireFailure) -> [UInt8] {
        let letters = Array(text.utf8)
        guard letters.count <= lengthMax else { throw .tooLong(limit: lengthMax) }
        var digits: [UInt8] = []
        for letter in letters {
            guard let value = values[letter] else { throw .malformed(.base58) }
            digits.append(value)
        }
        let zeros = digits.prefix { $0 == 0 }.count
        return [UInt8](repeating: 0, count: zeros)
            + convert(digits.dropFirst(zeros), from: 58, to: 256)
    }

    // A number's digits in another base, without leading zeros.
    private static func convert(
        _ digits: ArraySlice<UInt8>, from base: Int, to other: Int
    ) -> [UInt8] {
        var result: [UInt8] = []
        for digit in digits {
            var carry = Int(digit)
            for index in result.indices {
                carry += Int(result[index]) * base
                result[index] = UInt8(carry % other)
                carry /= other
            }
            while carry > 0 {
                result.append(UInt8(carry % other))
                carry /= other
            }
        }
        return result.reversed()
    }
}
