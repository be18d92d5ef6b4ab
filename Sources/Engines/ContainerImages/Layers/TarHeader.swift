// SPDX-License-Identifier: Apache-2.0

/// One header block, its numbers read and its checksum right.
struct TarHeader {
    var kind: UInt8
    var path: [UInt8]
    var target: [UInt8]
    var mode: Int64
    var user: Int64
    var group: Int64
    var size: Int64
    var modified: TarEntry.Moment
    let major: Int64
    let minor: Int64

    /// Reads a block of 512 bytes.
    ///
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)``.
    init(_ block: [UInt8]) throws(ImageFailure) {
        guard Self.checksums(block).contains(try Self.number(block[148..<156])) else {
            throw .badLayer(entry: "", reason: "a header's checksum is wrong")
        }
        kind = block[156]
        path = Self.text(block[0..<100])
        target = Self.text(block[157..<257])
        mode = try Self.number(block[100..<108])
        user = try Self.number(block[108..<116])
        group = try Self.number(block[116..<124])
        size = try Self.number(block[124..<136])
        modified = TarEntry.Moment(seconds: try Self.number(block[136..<148]))
        let hasPrefix = block[257..<263].elementsEqual("ustar\0".utf8)
        let isGNU = block[257..<265].elementsEqual("ustar  \0".utf8)
        major = hasPrefix || isGNU ? try Self.number(block[329..<337]) : 0
        minor = hasPrefix || isGNU ? try Self.number(block[337..<345]) : 0
        if hasPrefix {
            let prefix = Self.text(block[345..<500])
            if !prefix.isEmpty { path = prefix + [UInt8(ascii: "/")] + path }
        }
        guard size >= 0 else { throw .badLayer(entry: "", reason: "a size below zero") }
    }

    /// The entry the header and its extensions describe.
    func entry(
        attributes: [(name: [UInt8], value: [UInt8])]
    ) throws(ImageFailure) -> TarEntry {
        let name = String(decoding: path.prefix(256), as: UTF8.self)
        func refuse(_ reason: String) -> ImageFailure { .badLayer(entry: name, reason: reason) }
        guard let user = UInt32(exactly: user), let group = UInt32(exactly: group) else {
            throw refuse("a user or group beyond 32 bits")
        }
        guard let major = UInt32(exactly: major), let minor = UInt32(exactly: minor) else {
            throw refuse("a device's number beyond 32 bits")
        }
        let kind: TarEntry.Kind
        switch self.kind {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
            kind = path.last == UInt8(ascii: "/") ? .folder : .file
        case UInt8(ascii: "1"): kind = .hardLink
        case UInt8(ascii: "2"): kind = .symbolicLink
        case UInt8(ascii: "3"): kind = .characterDevice(major: major, minor: minor)
        case UInt8(ascii: "4"): kind = .blockDevice(major: major, minor: minor)
        case UInt8(ascii: "5"): kind = .folder
        case UInt8(ascii: "6"): kind = .pipe
        case UInt8(ascii: "S"): throw refuse("sparse files are not taken")
        default: throw refuse("an entry of the unknown kind \(self.kind)")
        }
        return TarEntry(
            kind: kind, path: path, target: target, mode: UInt32(truncatingIfNeeded: mode) & 0o7777,
            user: user, group: group, size: kind == .file ? size : 0, modified: modified,
            attributes: attributes)
    }

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] {
        Array(field.prefix { $0 != 0 })
    }

    /// Octal digits among spaces and zeros, or GNU's base 256 with its highest bit set.
    static func number(_ field: ArraySlice<UInt8>) throws(ImageFailure) -> Int64 {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 { return try binary(field) }
        let digits = field.drop { $0 == 0x20 || $0 == 0 }.prefix { $0 != 0x20 && $0 != 0 }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x37).contains(digit), value < 1 << 59 else {
                throw .badLayer(entry: "", reason: "a header's number is not octal")
            }
            value = value << 3 | Int64(digit - 0x30)
        }
        return value
    }

    private static func binary(_ field: ArraySlice<UInt8>) throws(ImageFailure) -> Int64 {
        let isNegative = field.first.map { $0 & 0x40 != 0 } ?? false
        var value: Int64 = isNegative ? -1 : 0
        for (place, byte) in field.enumerated() {
            let bits = place == 0 ? (isNegative ? byte | 0x80 : byte & 0x7F) : byte
            guard value >= -(1 << 55), value < 1 << 55 else {
                throw .badLayer(entry: "", reason: "a header's number is beyond 64 bits")
            }
            value = value << 8 | Int64(bits)
        }
        return value
    }

    // The sum with the checksum's own field as spaces; old programs added signed bytes.
    private static func checksums(_ block: [UInt8]) -> [Int64] {
        var unsigned: Int64 = 0
        var signed: Int64 = 0
        for (index, byte) in block.enumerated() {
            let value = (148..<156).contains(index) ? 0x20 : byte
            unsigned += Int64(value)
            signed += Int64(Int8(bitPattern: value))
        }
        return [unsigned, signed]
    }
}
