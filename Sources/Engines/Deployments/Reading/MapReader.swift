// SPDX-License-Identifier: Apache-2.0

/// The entries of one mapping, each taken by who understands it; what nobody took is a finding, so
/// nothing is ever ignored (DEPLOY-5).
struct MapReader {
    /// Where it stands, such as `services.web`.
    let path: String
    let place: SourcePlace
    let book: FindingBook
    private var rest: [YAMLEntry]

    /// - Parameter node: A mapping, or nothing; anything else is a finding without entries.
    init(_ node: YAMLNode, _ path: String, _ book: FindingBook) {
        self.path = path
        self.book = book
        place = node.place
        rest = node.entries ?? []
        if node.entries == nil, !node.isNull {
            book.error(node.place, path, "\(path) is \(node.kind); it is a mapping")
        }
    }

    /// The path of an entry.
    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// Takes an entry, which then is understood.
    mutating func take(_ name: String) -> YAMLField? {
        guard let index = rest.firstIndex(where: { $0.name == name }) else { return nil }
        let entry = rest.remove(at: index)
        return YAMLField(entry.value, path(of: name), book, key: entry.place)
    }

    /// Takes an entry that says something.
    mutating func takeValue(_ name: String) -> YAMLField? {
        guard let field = take(name), !field.node.isNull else { return nil }
        return field
    }

    /// Says of each entry that is left why it cannot be honoured; extensions (`x-…`) mean nothing
    /// to others and may stand.
    func refuseRest(_ reasons: [String: String] = [:]) {
        for entry in rest where !entry.name.hasPrefix("x-") {
            let path = path(of: entry.name)
            book.error(
                entry.place, path,
                reasons[entry.name].map { "\(entry.name): \($0)" }
                    ?? "'\(entry.name)' is not known here")
        }
    }
}
