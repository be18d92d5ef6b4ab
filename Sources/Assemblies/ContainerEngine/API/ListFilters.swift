// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// The parameter `filters` of lists, events and prunes: names, each with values of which one has
/// to fit.
struct ListFilters: Sendable {
    private let values: [String: [String]]

    /// The most values of all names together.
    static let valuesMax = 1_024

    /// Nothing is asked for.
    static let none = ListFilters(values: [:])

    private init(values: [String: [String]]) { self.values = values }

    /// Reads `{"name": ["value"]}`, and the older `{"name": {"value": true}}`.
    init(_ request: HTTPRequest) throws(EngineFailure) {
        guard let text = request.query("filters"), !text.isEmpty else {
            self = .none
            return
        }
        guard let members = (try? JSON(parsing: text))?.members else {
            throw EngineFailure(.badRequest, "invalid filters: no JSON object")
        }
        var values: [String: [String]] = [:]
        for member in members {
            values[member.name] =
                ContainerOptions.texts(member.value)
                ?? (member.value.members ?? []).filter { $0.value.flag == true }.map(\.name)
        }
        guard values.values.reduce(0, { $0 + $1.count }) <= Self.valuesMax else {
            throw EngineFailure(.badRequest, "more than \(Self.valuesMax) filters")
        }
        self.values = values
    }

    /// The values of a name; none when it is not asked for.
    subscript(_ name: String) -> [String] { values[name] ?? [] }

    /// Refuses names that are not understood.
    func check(_ known: Set<String>) throws(EngineFailure) {
        for name in values.keys.sorted() where !known.contains(name) {
            throw EngineFailure(.badRequest, "invalid filter '\(name)'")
        }
    }

    /// Whether a value of a name fits, or none is asked for.
    func allows(_ name: String, _ fits: (String) -> Bool) -> Bool {
        let wanted = self[name]
        return wanted.isEmpty || wanted.contains(where: fits)
    }

    /// Whether labels are all that `label` asks for and none of what `label!` names: each a name,
    /// or a name and its value.
    func matches(labels: JSON?) -> Bool {
        func has(_ wanted: String) -> Bool {
            let parts = wanted.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let value = labels?[String(parts[0])]?.text else { return false }
            return parts.count == 1 || value == parts[1]
        }
        return self["label"].allSatisfy(has) && !self["label!"].contains(where: has)
    }
}
