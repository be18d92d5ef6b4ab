// SPDX-License-Identifier: Apache-2.0

/// A file of variables (`.env`, `env_file`), as compose reads it (DEPLOY-7).
struct DotEnv {
    /// Names with values in the order of the file; a name without `=` has none.
    private(set) var variables: [(name: String, value: String?)] = []

    /// Reads a file; what is wrong with it goes to the book under the file's own name.
    ///
    /// - Parameter lookup: What a name stands for that the file uses and does not set before.
    init(
        _ bytes: [UInt8], file: String, isRaw: Bool = false, _ book: FindingBook,
        lookup: (String) -> String?
    ) {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0),
            bytes.count <= YAMLReader.bytesMax
        else {
            Self.tell(book, file, 1, "this is no text of variables")
            return
        }
        var values: [String: String] = [:]
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            guard let first = trimmed.first, first != "#" else { continue }
            let variable = Self.variable(trimmed, isRaw) { message in
                Self.tell(book, file, index + 1, message)
            } lookup: {
                values[$0] ?? lookup($0)
            }
            guard let variable else { continue }
            variables.append(variable)
            values[variable.name] = variable.value
        }
    }

    private static func tell(_ book: FindingBook, _ file: String, _ line: Int, _ words: String) {
        book.add(
            Finding(
                file: file, place: SourcePlace(line: line, column: 1), severity: .error, path: "",
                message: words))
    }

    private static func variable(
        _ line: Substring, _ isRaw: Bool, tell: (String) -> Void, lookup: (String) -> String?
    ) -> (name: String, value: String?)? {
        var line = line
        if line.hasPrefix("export ") { line = line.dropFirst(7).drop { $0 == " " } }
        let mark = line.firstIndex(of: "=")
        let name = trimmed(line[..<(mark ?? line.endIndex)])
        guard Interpolation.isName(name.utf8) else {
            tell("'\(name)' names no variable")
            return nil
        }
        guard let mark else { return (name, nil) }
        let rest = line[line.index(after: mark)...]
        guard !isRaw else { return (name, String(rest)) }
        return value(rest, tell: tell, lookup: lookup).map { (name, $0) }
    }

    private static func value(
        _ rest: Substring, tell: (String) -> Void, lookup: (String) -> String?
    ) -> String? {
        let text = rest.drop { $0 == " " || $0 == "\t" }
        guard let quote = text.first, quote == "'" || quote == "\"" else {
            return expanded(trimmed(withoutComment(text)), tell: tell, lookup: lookup)
        }
        var value = ""
        var isEscaped = false
        for character in text.dropFirst() {
            if isEscaped {
                value += escaped(character)
                isEscaped = false
            } else if character == "\\", quote == "\"" {
                isEscaped = true
            } else if character == quote {
                return quote == "'" ? value : expanded(value, tell: tell, lookup: lookup)
            } else {
                value.append(character)
            }
        }
        tell("a quotation mark is not closed")
        return nil
    }

    private static func escaped(_ character: Character) -> String {
        switch character {
        case "n": "\n"
        case "r": "\r"
        case "t": "\t"
        case "$": "$$"
        default: String(character)
        }
    }

    private static func expanded(
        _ text: String, tell: (String) -> Void, lookup: (String) -> String?
    ) -> String? {
        do throws(InterpolationFailure) {
            return try Interpolation.expand(text, lookup: lookup).text
        } catch {
            tell(error.message)
            return nil
        }
    }

    private static func withoutComment(_ text: Substring) -> Substring {
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#", previous == " " || previous == "\t" { return text[..<index] }
            previous = text[index]
        }
        return text
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
