// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The project's own Swift files, read once.
struct SourceTree {
    struct File {
        let path: String
        let lines: [Substring]

        /// Whether the file is a test or a fixture of one.
        var isTest: Bool { path.hasPrefix("Tests/") || path.contains("/Tests/") }
        /// Lines without comments and string contents, so that words in prose do not count.
        var code: [(number: Int, text: String)] {
            lines.enumerated().map { ($0.offset + 1, SourceTree.withoutProse($0.element)) }
        }
        /// The name of the target: the folder after the floor's.
        var target: String {
            let parts = path.split(separator: "/")
            switch parts.first {
            case "Sources": return parts[1] == "Ledger" ? "Ledger" : String(parts[2])
            case "Modules": return String(parts[1])
            default: return ""
            }
        }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below the folders of the project.
    static let files: [File] = [
        "Sources", "Modules", "Tests", "Benchmarks", "Fuzz", "examples",
    ].flatMap(swiftFiles(below:))

    /// The files of the product: neither tests nor benchmarks.
    static var product: [File] {
        files.filter {
            !$0.isTest && ($0.path.hasPrefix("Sources") || $0.path.hasPrefix("Modules"))
        }
    }

    /// The text of a file below the root.
    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }

    /// The paths below a folder that satisfy a condition.
    static func paths(below folder: String, where keep: (String) -> Bool) -> [String] {
        let base = root.appendingPathComponent(folder).path
        guard let walker = FileManager.default.enumerator(atPath: base) else { return [] }
        return walker.compactMap { $0 as? String }.filter { !$0.contains(".build") && keep($0) }
            .map { "\(folder)/\($0)" }.sorted()
    }

    private static func swiftFiles(below folder: String) -> [File] {
        paths(below: folder) { $0.hasSuffix(".swift") }.map { path in
            File(
                path: path,
                lines: text(path).split(separator: "\n", omittingEmptySubsequences: false))
        }
    }

    private static func withoutProse(_ line: Substring) -> String {
        var kept = ""
        var inString = false
        var previous: Character = " "
        for character in line {
            if character == "\"" && previous != "\\" { inString.toggle() }
            if !inString {
                if character == "/" && previous == "/" { return String(kept.dropLast()) }
                kept.append(character)
            }
            previous = character
        }
        return kept
    }
}
