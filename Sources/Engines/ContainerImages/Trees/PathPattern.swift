// SPDX-License-Identifier: Apache-2.0

/// A pattern of paths, as `.dockerignore` and COPY write them: `*`, `?`, `[a-z]`, `**`, and a
/// backslash before what means itself (BUILDER-4).
///
/// Matching takes time in the product of both lengths, whatever the pattern is.
public struct PathPattern: Sendable {
    private enum Part: Sendable {
        case byte(UInt8)
        /// Any one byte but a slash.
        case one
        /// Any bytes but slashes.
        case some
        /// Nothing, or any folders with the slash behind them.
        case folders
        /// Anything.
        case all
        case oneOf([ClosedRange<UInt8>], isExcluded: Bool)
    }

    /// The most bytes of a pattern: a path of Linux.
    public static let bytesMax = 4_095

    private let parts: [Part]
    /// Whether anything in it stands for something else than itself.
    public let isPlain: Bool

    /// Reads a pattern; nothing when a bracket stays open, a range is empty, a backslash is its
    /// last byte, or it is longer than ``bytesMax``.
    public init?(_ text: [UInt8]) {
        guard text.count <= Self.bytesMax else { return nil }
        var rest = text[...]
        var parts: [Part] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                guard rest.first == UInt8(ascii: "*") else {
                    parts.append(.some)
                    continue
                }
                rest.removeFirst()
                if rest.first == UInt8(ascii: "/") { rest.removeFirst() }
                parts.append(rest.isEmpty ? .all : .folders)
            case UInt8(ascii: "?"): parts.append(.one)
            case UInt8(ascii: "["):
                guard let part = Self.bracket(&rest) else { return nil }
                parts.append(part)
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                parts.append(.byte(next))
            default: parts.append(.byte(byte))
            }
        }
        self.parts = parts
        isPlain = parts.allSatisfy { if case .byte = $0 { true } else { false } }
    }

    private static func bracket(_ rest: inout ArraySlice<UInt8>) -> Part? {
        var isExcluded = false
        if rest.first == UInt8(ascii: "^") {
            isExcluded = true
            rest.removeFirst()
        }
        var ranges: [ClosedRange<UInt8>] = []
        while let byte = rest.first, byte != UInt8(ascii: "]") || ranges.isEmpty {
            guard let low = letter(&rest) else { return nil }
            guard rest.first == UInt8(ascii: "-") else {
                ranges.append(low...low)
                continue
            }
            rest.removeFirst()
            guard rest.first != UInt8(ascii: "]"), let high = letter(&rest), low <= high else {
                return nil
            }
            ranges.append(low...high)
        }
        guard rest.popFirst() != nil else { return nil }
        return .oneOf(ranges, isExcluded: isExcluded)
    }

    private static func letter(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let byte = rest.popFirst() else { return nil }
        return byte == UInt8(ascii: "\\") ? rest.popFirst() : byte
    }

    // MARK: Matching

    /// Whether the whole of a path is what the pattern means.
    ///
    /// - Parameter orAbove: Whether a folder above it being that is enough.
    public func matches(_ path: some Sequence<UInt8>, orAbove: Bool = false) -> Bool {
        // Where in the pattern a reader may be: before a part, or within folders.
        var before = [Bool](repeating: false, count: parts.count + 1)
        var within = [Bool](repeating: false, count: parts.count + 1)
        before[0] = true
        skip(&before, &within)
        for byte in path {
            if orAbove, byte == UInt8(ascii: "/"), before[parts.count] { return true }
            var next = [Bool](repeating: false, count: parts.count + 1)
            var inside = next
            for (place, part) in parts.enumerated() {
                if within[place] {
                    inside[place] = true
                    if byte == UInt8(ascii: "/") { next[place + 1] = true }
                }
                guard before[place] else { continue }
                switch part {
                case .folders: break
                case .all: next[place] = true
                case .some: if byte != UInt8(ascii: "/") { next[place] = true }
                case .byte, .one, .oneOf: if Self.takes(part, byte) { next[place + 1] = true }
                }
            }
            (before, within) = (next, inside)
            skip(&before, &within)
        }
        return before[parts.count]
    }

    // What a reader may pass without a byte.
    private func skip(_ before: inout [Bool], _ within: inout [Bool]) {
        for (place, part) in parts.enumerated() where before[place] {
            switch part {
            case .some, .all: before[place + 1] = true
            case .folders:
                within[place] = true
                before[place + 1] = true
            case .byte, .one, .oneOf: break
            }
        }
    }

    private static func takes(_ part: Part, _ byte: UInt8) -> Bool {
        switch part {
        case .byte(let own): own == byte
        case .one: byte != UInt8(ascii: "/")
        case .oneOf(let ranges, let isExcluded):
            byte != UInt8(ascii: "/") && ranges.contains { $0.contains(byte) } != isExcluded
        case .some, .folders, .all: false
        }
    }
}
