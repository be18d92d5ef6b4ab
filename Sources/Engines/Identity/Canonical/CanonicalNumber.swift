// SPDX-License-Identifier: Apache-2.0

/// Numbers in the one form that RFC 8785 §3.2.2.3 takes from ECMAScript (IDENTITY-2).
public enum CanonicalNumber {
    /// The longest number that is read. A binary64 has at most 767 significant digits, so that any
    /// number between two of them is told apart by fewer; sign, point and exponent fit beside them.
    public static let textBytesMax = 800

    /// The digits of a value, the most significant first, and where the decimal point lies.
    private struct Decimal {
        /// Significant digits without zeros at either end, as ASCII.
        let digits: [UInt8]
        /// How many digits lie before the point: negative when zeros follow it.
        let point: Int
    }

    /// The canonical text of a number as JSON writes it, or nothing when it lies beyond binary64.
    ///
    /// Cost: about 0.2 µs; whole numbers of at most fifteen digits cost nothing.
    public static func text(of number: String) -> String? {
        if isPlainInteger(number) { return number }
        guard number.utf8.count <= textBytesMax, let value = Double(number) else { return nil }
        return text(of: value)
    }

    /// The canonical text of a value, or nothing when it is infinite or no number.
    public static func text(of value: Double) -> String? {
        guard value.isFinite else { return nil }
        guard value != 0 else { return "0" }
        let decimal = shortest(value.magnitude)
        var text: [UInt8] = value < 0 ? [UInt8(ascii: "-")] : []
        append(decimal, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// A whole number without a zero in front, of so few digits that binary64 holds it exactly.
    private static func isPlainInteger(_ number: String) -> Bool {
        var digits = number.utf8[...]
        if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
        guard let first = digits.first, digits.count <= 15 else { return false }
        guard first != UInt8(ascii: "0") else { return number == "0" }
        return digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    /// The fewest digits that read back as `value`, and of those the nearest to it.
    ///
    /// The standard library's description has these digits; only their layout is its own.
    private static func shortest(_ value: Double) -> Decimal {
        var digits: [UInt8] = []
        var exponent = 0
        var point: Int?
        var rest = value.description.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: rest, as: UTF8.self)) ?? 0
                break
            }
            if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
        }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        let before = (point ?? digits.count) + exponent - zeros
        digits.removeFirst(zeros)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return Decimal(digits: digits, point: before)
    }

    /// Lays digits out as ECMA-262 §6.1.6.1.20 says, steps 6 to 11.
    private static func append(_ decimal: Decimal, to text: inout [UInt8]) {
        let (digits, point) = (decimal.digits, decimal.point)
        let zero = UInt8(ascii: "0")
        switch point {
        case digits.count...21 where digits.count <= 21:
            text += digits
            text += repeatElement(zero, count: point - digits.count)
        case 1...21:
            text += digits[..<point] + [UInt8(ascii: ".")] + digits[point...]
        case -5...0:
            text += [zero, UInt8(ascii: ".")]
            text += repeatElement(zero, count: -point)
            text += digits
        default:
            text.append(digits[0])
            if digits.count > 1 { text += [UInt8(ascii: ".")] + digits[1...] }
            text += point > 0 ? "e+".utf8 : "e-".utf8
            text += String((point - 1).magnitude).utf8
        }
    }
}
