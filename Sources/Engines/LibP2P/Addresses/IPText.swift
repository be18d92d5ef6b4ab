// SPDX-License-Identifier: Apache-2.0

/// IP addresses between text and bytes.
///
/// Source: RFC 4291 §2.2, RFC 5952.
enum IPText {
    /// The four bytes of a dotted address without leading zeros.
    static func ip4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let byte = UInt8(part),
                part.utf8.count == 1 || part.first != "0"
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// The sixteen bytes of an address in any of its three forms.
    static func ip6(_ text: some StringProtocol) -> [UInt8]? {
        // Eight groups of four digits, or six and a dotted address.
        guard text.utf8.count <= 45 else { return nil }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        switch halves.count {
        case 1:
            guard let bytes = groups(halves[0]), bytes.count == 16 else { return nil }
            return bytes
        case 2:
            guard let head = halves[0].isEmpty ? [] : groups(halves[0]),
                let tail = halves[1].isEmpty ? [] : groups(halves[1]),
                head.count + tail.count <= 14
            else { return nil }
            return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
        default: return nil
        }
    }

    private static func groups(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard index == parts.count - 1, let last = ip4(part) else { return nil }
                bytes += last
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != 0x2b }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(truncatingIfNeeded: group)]
        }
        return bytes
    }

    /// Four numbers with dots.
    static func text(ip4 bytes: [UInt8]) -> String {
        bytes.map { "\($0)" }.joined(separator: ".")
    }

    /// The one canonical text: lower case, the longest run of zero groups as `::`.
    static func text(ip6 bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: 16, by: 2).map {
            UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
        }
        if groups.prefix(5).allSatisfy({ $0 == 0 }), groups[5] == 0xffff {
            return "::ffff:" + text(ip4: Array(bytes.suffix(4)))
        }
        let run = longestZeros(groups)
        func join(_ range: Range<Int>) -> String {
            range.map { String(groups[$0], radix: 16) }.joined(separator: ":")
        }
        guard let run else { return join(0..<8) }
        return join(0..<run.lowerBound) + "::" + join(run.upperBound..<8)
    }

    // The first longest run of two zero groups or more.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var index = 0
        while index < groups.count {
            var end = index
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - index >= 2, end - index > best?.count ?? 0 { best = index..<end }
            index = max(end, index + 1)
        }
        return best
    }
}
