// SPDX-License-Identifier: Apache-2.0

/// A question of the domain name system, as a resolver in a container asks it.
///
/// Source: RFC 1035 §4.1.
public struct NameQuery: Hashable, Sendable {
    /// Kinds of records that are answered here (RFC 1035 §3.2.2, RFC 3596 §2).
    public enum Kind {
        /// An IPv4 address.
        public static let four: UInt16 = 1
        /// The name of an address.
        public static let pointer: UInt16 = 12
        /// An IPv6 address.
        public static let six: UInt16 = 28
    }

    /// The longest question that is read: 12 bytes of head, a name of 255, and what may be added
    /// about the asker (RFC 6891) fit into it with room.
    public static let bytesMax = 4_096
    /// The longest label and the longest name (RFC 1035 §2.3.4).
    static let labelBytesMax = 63
    /// See ``labelBytesMax``.
    static let nameBytesMax = 255
    private static let headBytes = 12

    /// Who asks gets the same number back.
    public let id: UInt16
    /// Whether the asker wants what is asked of others on its behalf.
    public let wantsRecursion: Bool
    /// The name's labels, in small letters.
    public let labels: [[UInt8]]
    /// What is wanted to know of it.
    public let kind: UInt16
    /// The question as it was asked, with the case of its letters.
    public let question: [UInt8]

    /// Reads a message with one question of the internet's class; nil for anything else, also for
    /// an answer.
    public init?(_ bytes: [UInt8]) {
        func number(_ place: Int) -> UInt16 { UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]) }
        // Neither an answer nor another operation; one question.
        guard (Self.headBytes...Self.bytesMax).contains(bytes.count), bytes[2] & 0xF8 == 0,
            number(4) == 1
        else { return nil }
        var labels: [[UInt8]] = []
        var place = Self.headBytes
        while true {
            guard place < bytes.count else { return nil }
            let length = Int(bytes[place])
            place += 1
            if length == 0 { break }
            // In a question nothing stands before the name that it could go on at.
            guard length <= Self.labelBytesMax, place + length <= bytes.count else { return nil }
            labels.append(bytes[place..<place + length].map(Self.lowered))
            place += length
            guard place - Self.headBytes < Self.nameBytesMax else { return nil }
        }
        guard place + 4 <= bytes.count, number(place + 2) == 1 else { return nil }
        id = number(0)
        wantsRecursion = bytes[2] & 1 != 0
        self.labels = labels
        kind = number(place)
        question = Array(bytes[Self.headBytes..<place + 4])
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    /// The name with dots; nil when a label has bytes that no container's name has.
    public var name: String? {
        let isPlain = labels.allSatisfy { label in
            label.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2E }
        }
        guard isPlain else { return nil }
        return labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }

    /// The address whose name is wanted: `2.0.17.172.in-addr.arpa`, or 32 digits below `ip6.arpa`.
    public var pointedAddress: IPAddress? {
        guard kind == Kind.pointer, let name else { return nil }
        let parts = name.split(separator: ".").map(String.init)
        if parts.count == 6, parts.suffix(2) == ["in-addr", "arpa"] {
            return IPAddress(parts.prefix(4).reversed().joined(separator: "."))
        }
        guard parts.count == 34, parts.suffix(2) == ["ip6", "arpa"] else { return nil }
        let digits = parts.prefix(32).reversed()
        guard digits.allSatisfy({ $0.utf8.count == 1 }),
            let value = UInt128(digits.joined(), radix: 16)
        else { return nil }
        return IPAddress(.six, value)
    }
}
