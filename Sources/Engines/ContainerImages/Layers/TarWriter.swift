// SPDX-License-Identifier: Apache-2.0

/// Writes archives in the one form that the same entries always have: `ustar` where it holds all,
/// pax records where it does not.
struct TarWriter {
    private(set) var bytes: [UInt8] = []
    private var contentLeft: Int64 = 0
    private var padding = 0

    /// Gives what was written so far to the caller.
    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// Writes an entry's header; its content follows by ``append(_:)``.
    mutating func begin(_ entry: TarEntry) {
        let records = Self.records(of: entry)
        if !records.isEmpty {
            let last = entry.path.split(separator: 0x2F).last ?? []
            let name = Array("PaxHeaders/".utf8) + last.prefix(80)
            var header = TarEntry(kind: .file, path: name, mode: 0o644)
            header.size = Int64(records.count)
            block(header, kind: UInt8(ascii: "x"))
            bytes += records
            pad(records.count)
        }
        block(entry, kind: Self.letter(entry.kind))
        contentLeft = entry.size
        padding = Int(TarReader.padding(entry.size))
        finishContent()
    }

    /// Adds content of the entry begun last, in all as much as it said.
    mutating func append(_ content: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: content)
        contentLeft -= Int64(content.count)
        finishContent()
    }

    /// Writes the end.
    mutating func finish() { bytes += [UInt8](repeating: 0, count: 2 * TarReader.blockBytes) }

    private mutating func finishContent() {
        guard contentLeft == 0, padding > 0 else { return }
        bytes += [UInt8](repeating: 0, count: padding)
        padding = 0
    }

    private mutating func pad(_ count: Int) {
        bytes += [UInt8](repeating: 0, count: Int(TarReader.padding(Int64(count))))
    }

    private mutating func block(_ entry: TarEntry, kind: UInt8) {
        var block = [UInt8](repeating: 0, count: TarReader.blockBytes)
        func put(_ value: some Sequence<UInt8>, at place: Int, _ count: Int) {
            for (index, byte) in value.prefix(count).enumerated() { block[place + index] = byte }
        }
        func octal(_ value: Int64, at place: Int, _ digits: Int) {
            let text = String(Self.fits(value, digits) ? value : 0, radix: 8)
            put(String(repeating: "0", count: digits - text.utf8.count).utf8, at: place, digits)
            put(text.utf8, at: place + digits - text.utf8.count, digits)
        }
        put(entry.path, at: 0, 100)
        octal(Int64(entry.mode), at: 100, 7)
        octal(Int64(entry.user), at: 108, 7)
        octal(Int64(entry.group), at: 116, 7)
        octal(entry.size, at: 124, 11)
        octal(entry.modified.seconds, at: 136, 11)
        put("        ".utf8, at: 148, 8)
        block[156] = kind
        put(entry.target, at: 157, 100)
        put("ustar\u{0}00".utf8, at: 257, 8)
        if case .characterDevice(let major, let minor) = entry.kind {
            octal(Int64(major), at: 329, 7)
            octal(Int64(minor), at: 337, 7)
        } else if case .blockDevice(let major, let minor) = entry.kind {
            octal(Int64(major), at: 329, 7)
            octal(Int64(minor), at: 337, 7)
        }
        octal(block.reduce(0) { $0 + Int64($1) }, at: 148, 6)
        block[154] = 0
        bytes += block
    }

    private static func fits(_ value: Int64, _ digits: Int) -> Bool {
        value >= 0 && value < 1 << Int64(3 * digits)
    }

    // Only what the header cannot say, in order of names.
    private static func records(of entry: TarEntry) -> [UInt8] {
        var pairs: [(String, [UInt8])] = []
        for attribute in entry.attributes {
            let name = String(decoding: attribute.name, as: UTF8.self)
            pairs.append(("SCHILY.xattr.\(name)", attribute.value))
        }
        if !fits(Int64(entry.group), 7) { pairs.append(("gid", Array("\(entry.group)".utf8))) }
        if entry.target.count > 100 { pairs.append(("linkpath", entry.target)) }
        if entry.modified.nanoseconds != 0 || !fits(entry.modified.seconds, 11) {
            pairs.append(("mtime", Self.text(of: entry.modified)))
        }
        if entry.path.count > 100 { pairs.append(("path", entry.path)) }
        if !fits(entry.size, 11) { pairs.append(("size", Array("\(entry.size)".utf8))) }
        if !fits(Int64(entry.user), 7) { pairs.append(("uid", Array("\(entry.user)".utf8))) }
        return pairs.flatMap { record($0.0, $0.1) }
    }

    private static func text(of moment: TarEntry.Moment) -> [UInt8] {
        // Before 1970 the fraction counts backwards.
        let isNegative = moment.seconds < 0 && moment.nanoseconds > 0
        let seconds = isNegative ? -(moment.seconds + 1) : moment.seconds
        let fraction = isNegative ? 1_000_000_000 - moment.nanoseconds : moment.nanoseconds
        var text = (isNegative ? "-" : "") + "\(seconds)"
        if fraction != 0 {
            let digits = String(fraction)
            text += "." + String(repeating: "0", count: 9 - digits.utf8.count) + digits
        }
        return Array(text.utf8)
    }

    // The length counts its own digits.
    private static func record(_ name: String, _ value: [UInt8]) -> [UInt8] {
        let rest = 3 + name.utf8.count + value.count
        var length = rest + String(rest).utf8.count
        if String(length).utf8.count != String(rest).utf8.count {
            length = rest + String(length).utf8.count
        }
        return Array("\(length) \(name)=".utf8) + value + [0x0A]
    }

    private static func letter(_ kind: TarEntry.Kind) -> UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symbolicLink: UInt8(ascii: "2")
        case .characterDevice: UInt8(ascii: "3")
        case .blockDevice: UInt8(ascii: "4")
        case .folder: UInt8(ascii: "5")
        case .pipe: UInt8(ascii: "6")
        }
    }
}
