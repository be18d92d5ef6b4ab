// SPDX-License-Identifier: Apache-2.0

/// Where something stands in a text file; both count from 1, columns in characters.
public struct SourcePlace: Hashable, Comparable, Sendable {
    /// The line.
    public let line: Int
    /// The column.
    public let column: Int

    /// The first character.
    public static let start = SourcePlace(line: 1, column: 1)

    /// Joins the fields.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Compares lines, then columns.
    public static func < (left: SourcePlace, right: SourcePlace) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// Something to say about a place of a file, as compilers say it (DEPLOY-5).
public struct Finding: Hashable, Sendable {
    /// Whether the file can be used nevertheless.
    public enum Severity: String, Sendable {
        /// The file is refused.
        case error
        /// The file means something else than one may think.
        case warning
    }

    /// The file, as it was named.
    public let file: String
    /// The place in it.
    public let place: SourcePlace
    /// Error or warning.
    public let severity: Severity
    /// What it is about, such as `services.web.privileged`; empty for the whole file.
    public let path: String
    /// What is wrong and why, in words.
    public let message: String

    /// Joins the fields.
    public init(
        file: String, place: SourcePlace, severity: Severity, path: String, message: String
    ) {
        self.file = file
        self.place = place
        self.severity = severity
        self.path = path
        self.message = message
    }

    /// One line: `compose.yaml:12:7: error: …`.
    public var line: String {
        "\(file):\(place.line):\(place.column): \(severity.rawValue): \(message)"
    }
}

/// Gathers findings while a file is read; all of them, up to a number that people can read.
final class FindingBook {
    /// The most findings of one file: 500, some twenty screens.
    static let findingsMax = 500

    let file: String
    private(set) var findings: [Finding] = []

    init(file: String) { self.file = file }

    /// Whether something stands in the way of using the file.
    var hasErrors: Bool { findings.contains { $0.severity == .error } }

    func error(_ place: SourcePlace, _ path: String, _ message: String) {
        add(.error, place, path, message)
    }

    func warn(_ place: SourcePlace, _ path: String, _ message: String) {
        add(.warning, place, path, message)
    }

    /// Takes a finding about another file.
    func add(_ finding: Finding) {
        guard findings.count < Self.findingsMax, !findings.contains(finding) else { return }
        findings.append(finding)
    }

    private func add(
        _ severity: Finding.Severity, _ place: SourcePlace, _ path: String, _ message: String
    ) {
        add(
            Finding(file: file, place: place, severity: severity, path: path, message: message))
    }

    /// The findings in the order of their places, those of the file itself first.
    var sorted: [Finding] {
        findings.sorted {
            ($0.file == file ? 0 : 1, $0.file, $0.place) < (
                $1.file == file ? 0 : 1, $1.file, $1.place
            )
        }
    }
}
