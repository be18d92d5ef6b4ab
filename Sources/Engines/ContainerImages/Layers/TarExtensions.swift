// SPDX-License-Identifier: Apache-2.0

/// What extended headers say of the entry after them.
struct TarExtensions {
    /// The prefix of extended attributes among pax records.
    static let attributePrefix = Array("SCHILY.xattr.".utf8)

    var path: [UInt8]?
    var target: [UInt8]?
    var size: Int64?
    var user: Int64?
    var group: Int64?
    var modified: TarEntry.Moment?
    var attributes: [(name: [UInt8], value: [UInt8])] = []

    /// Reads pax records: length in decimal, a space, name, `=`, value, a newline.
    ///
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)``, ``ImageFailure/tooLarge(_:limit:)``.
    mutating func read(pax bytes: [UInt8]) throws(ImageFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != 0x20 }
            guard digits.count <= 8, let length = Self.decimal(digits),
                length > digits.count + 2, length <= rest.count,
                rest[rest.startIndex + length - 1] == 0x0A
            else { throw .badLayer(entry: "", reason: "an extended header is malformed") }
            let record = rest[(rest.startIndex + digits.count + 1)..<(rest.startIndex + length - 1)]
            rest = rest.dropFirst(length)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw .badLayer(entry: "", reason: "an extended header is malformed")
            }
            try take(record[..<equals], Array(record[(equals + 1)...]))
        }
    }

    /// Puts what was read in the place of what the header says.
    func apply(to header: inout TarHeader) {
        header.path = path ?? header.path
        header.target = target ?? header.target
        header.size = size ?? header.size
        header.user = user ?? header.user
        header.group = group ?? header.group
        header.modified = modified ?? header.modified
    }

    private mutating func take(
        _ name: ArraySlice<UInt8>, _ value: [UInt8]
    ) throws(ImageFailure) {
        switch String(decoding: name.prefix(64), as: UTF8.self) {
        case "path": path = value
        case "linkpath": target = value
        case "size": size = try number(value)
        case "uid": user = try number(value)
        case "gid": group = try number(value)
        case "mtime": modified = try moment(value)
        case let key where key.hasPrefix("GNU.sparse."):
            throw .badLayer(entry: "", reason: "sparse files are not taken")
        default:
            guard name.starts(with: Self.attributePrefix) else { return }
            guard value.count <= ImageLimits.attributeBytesMax else {
                throw .tooLarge("attribute", limit: Int64(ImageLimits.attributeBytesMax))
            }
            guard attributes.count < ImageLimits.attributesMax else {
                throw .tooLarge("attributes", limit: Int64(ImageLimits.attributesMax))
            }
            attributes.append((Array(name.dropFirst(Self.attributePrefix.count)), value))
        }
    }

    private func number(_ text: [UInt8]) throws(ImageFailure) -> Int64 {
        guard let value = Self.decimal(text[...]) else {
            throw .badLayer(entry: "", reason: "an extended header's number is not decimal")
        }
        return Int64(value)
    }

    // Seconds with a fraction, perhaps before 1970.
    private func moment(_ text: [UInt8]) throws(ImageFailure) -> TarEntry.Moment {
        let isNegative = text.first == UInt8(ascii: "-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? Array(parts[1].prefix(9)) : []
        let padded = fraction + [UInt8](repeating: 0x30, count: 9 - fraction.count)
        guard let whole = parts.first, let seconds = Self.decimal(whole),
            let billionths = Self.decimal(padded[...])
        else { throw .badLayer(entry: "", reason: "an extended header's time is malformed") }
        guard isNegative else {
            return TarEntry.Moment(seconds: Int64(seconds), nanoseconds: Int64(billionths))
        }
        return billionths == 0
            ? TarEntry.Moment(seconds: -Int64(seconds))
            : TarEntry.Moment(
                seconds: -Int64(seconds) - 1, nanoseconds: 1_000_000_000 - Int64(billionths))
    }

    static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }
}
