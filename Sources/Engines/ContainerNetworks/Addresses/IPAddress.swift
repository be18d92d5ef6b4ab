// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address, without a zone.
public struct IPAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Which protocol an address is of.
    public enum Family: UInt8, Sendable {
        /// IPv4, 32 bits.
        case four = 4
        /// IPv6, 128 bits.
        case six = 6

        /// How long an address is.
        public var bits: Int { self == .four ? 32 : 128 }
    }

    /// Which protocol it is of.
    public let family: Family
    /// The address as a number; below 2^32 for IPv4.
    public let value: UInt128

    /// An address by its number, of which the lowest bits of the family's length count.
    public init(_ family: Family, _ value: UInt128) {
        self.family = family
        self.value = family == .four ? value & 0xFFFF_FFFF : value
    }

    /// Four or sixteen bytes, the highest first; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.init(bytes.count == 4 ? .four : .six, bytes.reduce(0) { $0 << 8 | UInt128($1) })
    }

    /// The bytes, the highest first.
    public var bytes: [UInt8] {
        stride(from: family.bits - 8, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: value >> UInt128($0))
        }
    }

    /// By family, then by number.
    public static func < (one: IPAddress, other: IPAddress) -> Bool {
        one.family == other.family
            ? one.value < other.value : one.family.rawValue < other.family.rawValue
    }

    // MARK: As text

    /// Reads `192.0.2.1` or `2001:db8::1` (RFC 4291 §2.2); nil for anything else.
    public init?(_ text: some StringProtocol) {
        if text.contains(":") {
            guard let value = Self.six(text) else { return nil }
            self.init(.six, value)
        } else {
            guard let value = Self.four(text) else { return nil }
            self.init(.four, value)
        }
    }

    private static func four(_ text: some StringProtocol) -> UInt128? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt128 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(isDigit),
                let number = UInt8(part), part.utf8.count == 1 || part.first != "0"
            else { return nil }
            value = value << 8 | UInt128(number)
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func six(_ text: some StringProtocol) -> UInt128? {
        guard text.utf8.count <= 45 else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            let groups = groups(text[...])
            return groups?.count == 8 ? groups.map(joined) : nil
        }
        let before = text[..<gap.lowerBound]
        let after = text[gap.upperBound...]
        guard let head = before.isEmpty ? [] : groups(before),
            let tail = after.isEmpty ? [] : groups(after), head.count + tail.count <= 7,
            !before.contains(".")
        else { return nil }
        return joined(head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func joined(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// Groups of 16 bits, of which the last two may be written as an IPv4 address.
    private static func groups(_ text: some StringProtocol) -> [UInt16]? {
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            if place == parts.count - 1, part.contains(".") {
                guard let value = four(part) else { return nil }
                groups += [UInt16(value >> 16), UInt16(truncatingIfNeeded: value)]
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    /// As people write it; IPv6 by RFC 5952.
    public var description: String {
        guard family == .six else { return bytes.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 112, through: 0, by: -16).map {
            UInt16(truncatingIfNeeded: value >> UInt128($0))
        }
        let gap = Self.longestZeros(groups)
        func text(_ part: some Sequence<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard gap.count > 1 else { return text(groups) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > longest.count { longest = start..<end }
            start = max(end, start + 1)
        }
        return longest
    }
}
