// SPDX-License-Identifier: Apache-2.0

/// A value of a netlink message: a kind and bytes, which may be further attributes.
///
/// Numbers are in the machine's order, which is little-endian on every machine this runs on.
/// Source: `man 7 netlink`, linux/netlink.h `struct nlattr`.
public struct NetlinkAttribute: Hashable, Sendable {
    /// What it is about, without the two flags.
    public let kind: UInt16
    /// What it says.
    public let content: [UInt8]

    /// Says that the content is attributes (NLA_F_NESTED).
    private static let nestedFlag: UInt16 = 0x8000
    /// Its 14 lower bits are the kind (NLA_TYPE_MASK).
    private static let kindMask: UInt16 = 0x3FFF
    private static let headBytes = 4
    /// The most attributes of one list: the longest that the kernel writes, of a link, has some 70
    /// kinds.
    public static let countMax = 1_024

    /// Joins kind and bytes; at most 65,531 bytes.
    public init(_ kind: UInt16, _ content: [UInt8]) {
        precondition(content.count <= Int(UInt16.max) - Self.headBytes, "an attribute fits")
        self.kind = kind & Self.kindMask
        self.content = content
    }

    /// A number, in the machine's order.
    public init(_ kind: UInt16, number: some FixedWidthInteger & UnsignedInteger) {
        self.init(kind, number.machineBytes)
    }

    /// A text, which ends with a zero.
    public init(_ kind: UInt16, text: String) { self.init(kind, Array(text.utf8) + [0]) }

    /// Attributes within.
    public init(_ kind: UInt16, _ children: [NetlinkAttribute]) {
        self.init(kind, Self.encode(children))
    }

    /// The bytes of several, each filled up to four.
    public static func encode(_ attributes: [NetlinkAttribute]) -> [UInt8] {
        var bytes: [UInt8] = []
        for attribute in attributes {
            bytes += UInt16(headBytes + attribute.content.count).machineBytes
            bytes += attribute.kind.machineBytes
            bytes += attribute.content
            while !bytes.count.isMultiple(of: 4) { bytes.append(0) }
        }
        return bytes
    }

    /// Reads several.
    ///
    /// - Throws: ``WiringFailure/malformed``.
    public static func decode(_ bytes: ArraySlice<UInt8>) throws(WiringFailure)
        -> [NetlinkAttribute]
    {
        var rest = bytes
        var found: [NetlinkAttribute] = []
        while rest.count >= headBytes {
            let length = Int(rest.machineNumber(UInt16.self, at: 0) ?? 0)
            let kind = rest.machineNumber(UInt16.self, at: 2) ?? 0
            guard (headBytes...rest.count).contains(length), found.count < countMax else {
                throw .malformed
            }
            found.append(
                NetlinkAttribute(kind, Array(rest.dropFirst(headBytes).prefix(length - headBytes)))
            )
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return found
    }

    /// The attributes within.
    public func children() throws(WiringFailure) -> [NetlinkAttribute] {
        try Self.decode(content[...])
    }

    /// The number that the content is, if it is so long.
    public func number<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type) -> Number?
    {
        content.count == MemoryLayout<Number>.size ? content[...].machineNumber(type, at: 0) : nil
    }

    /// The text that the content is, up to its first zero.
    public var text: String { String(decoding: content.prefix { $0 != 0 }, as: UTF8.self) }
}

extension Collection<NetlinkAttribute> {
    /// The first of a kind.
    func first(_ kind: UInt16) -> NetlinkAttribute? { first { $0.kind == kind } }
}

extension FixedWidthInteger {
    /// Its bytes in the machine's order.
    var machineBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    }

    /// Its bytes, the highest first, as protocols have them.
    var networkBytes: [UInt8] { machineBytes.reversed() }
}

extension ArraySlice<UInt8> {
    /// A number in the machine's order; nil when the bytes end before it does.
    func machineNumber<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) -> Number? {
        let size = Number.bitWidth / 8
        guard offset + size <= count else { return nil }
        let start = startIndex + offset
        return self[start..<start + size].reversed().reduce(0) { $0 << 8 | Number($1) }
    }
}
