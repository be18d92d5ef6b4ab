// SPDX-License-Identifier: Apache-2.0

/// A value of a YAML file with its place (DEPLOY-4).
public struct YAMLNode: Sendable {
    /// What it is.
    public indirect enum Content: Sendable {
        /// A text; plain when it stands without quotes, so that it may be a number or null.
        case scalar(String, isPlain: Bool)
        /// A list.
        case list([YAMLNode])
        /// Names with values, in the order of the file; each name once.
        case map([YAMLEntry])
    }

    /// Where it begins.
    public let place: SourcePlace
    /// What it is.
    public let content: Content
    /// About how much memory it would take without sharing: 16 bytes a node and its text.
    let weight: Int

    /// The weight of a node beside its text.
    static let weightBase = 16

    init(_ place: SourcePlace, _ content: Content) {
        self.place = place
        self.content = content
        weight =
            switch content {
            case .scalar(let text, _): Self.weightBase + text.utf8.count
            case .list(let elements): elements.reduce(Self.weightBase) { $0 + $1.weight }
            case .map(let entries):
                entries.reduce(Self.weightBase) { $0 + $1.name.utf8.count + $1.value.weight }
            }
    }

    /// Whether it says nothing: nothing at all, `~` or `null` without quotes.
    public var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The text of a scalar that says something.
    public var text: String? {
        guard case .scalar(let text, _) = content, !isNull else { return nil }
        return text
    }

    /// The elements of a list.
    public var elements: [YAMLNode]? {
        guard case .list(let elements) = content else { return nil }
        return elements
    }

    /// The entries of a mapping.
    public var entries: [YAMLEntry]? {
        guard case .map(let entries) = content else { return nil }
        return entries
    }

    /// The value of a name in a mapping.
    public subscript(_ name: String) -> YAMLNode? {
        entries?.first { $0.name == name }?.value
    }

    /// What it is, for people.
    var kind: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a text"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}

/// A name and its value in a mapping.
public struct YAMLEntry: Sendable {
    /// The name.
    public let name: String
    /// Where the name begins.
    public let place: SourcePlace
    /// The value.
    public let value: YAMLNode

    init(_ name: String, _ place: SourcePlace, _ value: YAMLNode) {
        self.name = name
        self.place = place
        self.value = value
    }
}
