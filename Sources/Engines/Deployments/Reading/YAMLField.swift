// SPDX-License-Identifier: Apache-2.0

/// A value with its path, read as what is expected of it; what is wrong with it is a finding and
/// then nothing is returned.
struct YAMLField {
    let node: YAMLNode
    let path: String
    let book: FindingBook
    /// Where its name stands.
    let key: SourcePlace

    init(_ node: YAMLNode, _ path: String, _ book: FindingBook, key: SourcePlace? = nil) {
        self.node = node
        self.path = path
        self.book = book
        self.key = key ?? node.place
    }

    func error(_ message: String) { book.error(node.place, path, message) }

    /// Refuses it by the place of its name.
    func refuse(_ message: String) { book.error(key, path, message) }

    func warn(_ message: String) { book.warn(key, path, message) }

    /// A mapping's reader.
    var map: MapReader { MapReader(node, path, book) }

    /// The entries of a mapping that declares parts; none, and a finding, when it is something else
    /// or declares too many.
    var parts: [YAMLEntry] {
        _ = map
        let entries = node.entries ?? []
        guard entries.count <= DeploymentLimits.declaredMax else {
            error("\(path) has more than \(DeploymentLimits.declaredMax) entries")
            return []
        }
        return entries
    }

    /// The elements of a list.
    var list: [YAMLField] {
        guard let elements = node.elements else {
            if !node.isNull { error("\(path) is \(node.kind); it is a list") }
            return []
        }
        guard elements.count <= DeploymentLimits.entriesMax else {
            error("\(path) has more than \(DeploymentLimits.entriesMax) entries")
            return []
        }
        return elements.enumerated().map { YAMLField($0.element, "\(path)[\($0.offset)]", book) }
    }

    /// One text or a list of them.
    var oneOrMore: [YAMLField] { node.text == nil ? list : [self] }

    /// A text, within the length of values.
    var text: String? {
        guard let text = node.text else {
            error("\(path) is \(node.kind); it is a text")
            return nil
        }
        guard text.utf8.count <= DeploymentLimits.valueBytesMax, !text.utf8.contains(0) else {
            error("\(path) has zeros or more than \(DeploymentLimits.valueBytesMax) bytes")
            return nil
        }
        return text
    }

    /// The texts of a list.
    var texts: [String] { list.compactMap(\.text) }

    /// A name of a part of a deployment.
    var name: String? {
        guard let text else { return nil }
        guard DeploymentName.isSound(text) else {
            error("'\(text)' is no name: 1 to 63 letters, digits, '.', '_' and '-'")
            return nil
        }
        return text
    }

    /// `true` or `false`.
    var flag: Bool? {
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        case nil: return nil
        case let other?:
            error("'\(other)' is neither true nor false")
            return nil
        }
    }

    /// A whole number within a range.
    func integer<Value: FixedWidthInteger>(_ range: ClosedRange<Value>) -> Value? {
        guard let text else { return nil }
        guard let number = Value(text), range.contains(number) else {
            error(
                "'\(text)' is no whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A quantity that a function reads.
    func quantity<Value>(_ example: String, _ read: (String) -> Value?) -> Value? {
        guard let text else { return nil }
        guard let value = read(text) else {
            error("'\(text)' is not written as \(example)")
            return nil
        }
        return value
    }

    /// One of some words.
    func word<Value>(_ words: KeyValuePairs<String, Value>) -> Value? {
        guard let text else { return nil }
        guard let found = words.first(where: { $0.key == text }) else {
            error("'\(text)' is none of \(words.map(\.key).joined(separator: ", "))")
            return nil
        }
        return found.value
    }

    /// A list of `NAME=VALUE`, or a mapping of names to values; a value may be missing.
    var pairs: [(name: String, value: String?, field: YAMLField)] {
        if let entries = node.entries {
            return entries.compactMap { entry in
                let field = YAMLField(entry.value, "\(path).\(entry.name)", book, key: entry.place)
                if entry.value.isNull { return (entry.name, nil, field) }
                return field.text.map { (entry.name, $0, field) }
            }
        }
        return list.compactMap { field in
            guard let text = field.text else { return nil }
            guard let mark = text.firstIndex(of: "=") else { return (text, nil, field) }
            return (
                String(text[..<mark]), String(text[text.index(after: mark)...]), field
            )
        }
    }

    /// Names with values, sorted, each once.
    var labels: [NamedText] {
        let labels = pairs.map { NamedText($0.name, $0.value ?? "") }
        return uniqueByName(labels)
    }

    /// Sorted by name; a repeated name is a finding.
    func uniqueByName(_ values: [NamedText]) -> [NamedText] {
        let sorted = values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (left, right) in zip(sorted, sorted.dropFirst()) where left.name == right.name {
            error("'\(left.name)' stands there twice")
        }
        return sorted
    }

    /// Words of a command: a list, or one text that is split as a shell would.
    var words: [String]? {
        if node.elements != nil { return texts }
        guard let text else { return nil }
        guard let words = ShellWords.split(text) else {
            error("a quotation mark is not closed")
            return nil
        }
        return words
    }
}
