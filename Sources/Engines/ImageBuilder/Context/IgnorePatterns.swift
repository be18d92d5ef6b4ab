// SPDX-License-Identifier: Apache-2.0
import ContainerImages

/// A `.dockerignore`: which files of a folder are no part of its context (BUILDER-4).
///
/// A line is a pattern; with `!` before it, what it means is part of the context after all. Of all
/// lines that mean a path or a folder above it, the last one counts.
public struct IgnorePatterns: Sendable {
    /// The name of the file.
    public static let name = ".dockerignore"
    /// The most bytes of the file: 1 MiB.
    public static let bytesMax = 1 << 20
    /// The most patterns: 4,096. Each is held against every path.
    public static let patternsMax = 4_096

    private struct Line: Sendable {
        let pattern: PathPattern
        let isException: Bool
    }

    private let lines: [Line]

    /// No patterns: everything is part of the context.
    public init() { lines = [] }

    /// Reads the file.
    ///
    /// - Throws: ``BuildFailure`` for a line that is no pattern.
    public init(_ bytes: [UInt8]) throws(BuildFailure) {
        guard bytes.count <= Self.bytesMax else {
            throw BuildFailure("\(Self.name) has more than \(Self.bytesMax) bytes")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        var lines: [Line] = []
        for (number, raw) in text.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() {
            guard raw.first != UInt8(ascii: "#") else { continue }
            var line = Text.trimmed(raw)
            guard !line.isEmpty else { continue }
            let isException = line.first == UInt8(ascii: "!")
            if isException { line = Text.trimmed(line.dropFirst()) }
            let path = Self.cleaned(line)
            // The folder itself is no part of what is in it.
            guard !path.isEmpty else {
                guard isException, line.isEmpty else { continue }
                throw BuildFailure("\(Self.name) line \(number + 1): '!' without a pattern")
            }
            guard let pattern = PathPattern(path) else {
                throw BuildFailure(
                    "\(Self.name) line \(number + 1): '\(Text.string(line))' is no pattern")
            }
            guard lines.count < Self.patternsMax else {
                throw BuildFailure("\(Self.name) has more than \(Self.patternsMax) patterns")
            }
            lines.append(Line(pattern: pattern, isException: isException))
        }
        self.lines = lines
    }

    /// Whether nothing is left out.
    public var isEmpty: Bool { lines.isEmpty }

    /// Whether a path, without a slash at its ends, is left out.
    public func ignores(_ path: [UInt8]) -> Bool {
        guard !lines.isEmpty else { return false }
        let last = lines.last { $0.pattern.matches(path, orAbove: true) }
        return last.map { !$0.isException } ?? false
    }

    // Without periods, doubled slashes and the slashes at both ends; `..` takes the part before it.
    private static func cleaned(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var parts: [ArraySlice<UInt8>] = []
        for part in line.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(part) }
        }
        return Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }
}
