// SPDX-License-Identifier: Apache-2.0

/// Base58 with Bitcoin's alphabet, as multibase `z`, Multikey and peer ids use it: leading zero
/// bytes are ones.
///
/// The cost grows with the square of the length, so lengths are bounded.
public enum Base58 {
    /// The longest text or bytes that are converted: a signature of 64 bytes takes 88 letters, a
    /// peer id of 44 bytes takes 61.
    public static let lengthMax = 128

    private static let letters = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    /// The value of each ASCII letter; 255 where it has none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    /// The text of at most ``lengthMax`` bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count <= lengthMax, "base58 is for short byte strings")
        let zeros = bytes.prefix { $0 == 0 }.count
        var digits: [UInt8] = []
        for byte in bytes.dropFirst(zeros) { carry(UInt(byte), into: &digits, from: 256, to: 58) }
        let text =
            [UInt8](repeating: letters[0], count: zeros)
            + digits.reversed().map { letters[Int($0)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of at most ``lengthMax`` letters, or nothing.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count <= lengthMax else { return nil }
        let zeros = text.prefix { $0 == letters[0] }.count
        var digits: [UInt8] = []
        for letter in text.dropFirst(zeros) {
            let value = values[Int(letter)]
            guard value < 58 else { return nil }
            carry(UInt(value), into: &digits, from: 58, to: 256)
        }
        return [UInt8](repeating: 0, count: zeros) + digits.reversed()
    }

    /// Multiplies a number, lowest digit first, by `base` and adds `digit`.
    private static func carry(
        _ digit: UInt, into number: inout [UInt8], from base: UInt, to other: UInt
    ) {
        var rest = digit
        for index in number.indices {
            rest += UInt(number[index]) * base
            number[index] = UInt8(rest % other)
            rest /= other
        }
        while rest > 0 {
            number.append(UInt8(rest % other))
            rest /= other
        }
    }
}
