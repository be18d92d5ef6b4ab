// SPDX-License-Identifier: Apache-2.0

/// Writes values in the distinguished encoding of ASN.1 (X.690), as certificates use them.
enum DERWriter {
    /// Tags that certificates use.
    enum Tag: UInt8 {
        case boolean = 0x01
        case integer = 0x02
        case bitString = 0x03
        case octetString = 0x04
        case objectIdentifier = 0x06
        case text = 0x0C
        case utcTime = 0x17
        case generalizedTime = 0x18
        case sequence = 0x30
        case set = 0x31
    }

    /// A value: tag, length, content.
    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    static func value(_ tag: Tag, _ content: [UInt8]) -> [UInt8] { value(tag.rawValue, content) }

    /// Values in a row.
    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        value(.sequence, parts.flatMap(\.self))
    }

    /// Bits that fill whole bytes.
    static func bits(_ bytes: [UInt8]) -> [UInt8] { value(.bitString, [0] + bytes) }

    /// A whole number above zero.
    static func positive(_ magnitude: [UInt8]) -> [UInt8] {
        var bytes = Array(magnitude.drop { $0 == 0 })
        if bytes.first.map({ $0 >= 0x80 }) ?? true { bytes.insert(0, at: 0) }
        return value(.integer, bytes)
    }

    /// Up to 127 as it is; beyond, how many bytes the length has, then those.
    private static func length(_ count: Int) -> [UInt8] {
        guard count > 127 else { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}
