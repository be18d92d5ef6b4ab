// SPDX-License-Identifier: Apache-2.0
import JSONText

/// Checks values against the part of JSON Schema 2020-12 that the gateway's document uses.
struct SchemaCheck {
    let document: JSON

    /// What is wrong with a value, each with its place; nothing when it fits.
    func flaws(of value: JSON, against schema: JSON, at place: String = "") -> [String] {
        if let name = schema["$ref"]?.text {
            guard let target = resolve(name) else { return ["\(place): no schema \(name)"] }
            return flaws(of: value, against: target, at: place)
        }
        if let choices = schema["anyOf"]?.elements {
            let fits = choices.contains { flaws(of: value, against: $0, at: place).isEmpty }
            return fits ? [] : ["\(place): \(value.compact) fits no choice"]
        }
        if let words = schema["enum"]?.elements, !words.contains(value) {
            return ["\(place): \(value.compact) is none of the words"]
        }
        return typeFlaws(of: value, schema, place)
    }

    /// The target of a reference within the document.
    func resolve(_ reference: String) -> JSON? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(JSON?.some(document)) {
            $0?[String($1)]
        }
    }

    private func typeFlaws(of value: JSON, _ schema: JSON, _ place: String) -> [String] {
        let wrong = ["\(place): \(value.compact.prefix(80)) is no \(schema["type"]?.text ?? "?")"]
        switch schema["type"]?.text {
        case "object": return objectFlaws(of: value, schema, place)
        case "array":
            guard let elements = value.elements else { return wrong }
            return elements.enumerated().flatMap { index, element in
                flaws(of: element, against: schema["items"] ?? .null, at: "\(place)/\(index)")
            }
        case "string":
            guard let text = value.text else { return wrong }
            guard let pattern = schema["pattern"]?.text else { return [] }
            let fits = (try? Regex(pattern).wholeMatch(in: text)) ?? nil
            return fits == nil ? ["\(place): \(text) does not match \(pattern)"] : []
        case "integer":
            guard let number = value.unsigned else { return wrong }
            let least = schema["minimum"]?.unsigned ?? 0
            let most = schema["maximum"]?.unsigned ?? .max
            return (least...most).contains(number) ? [] : ["\(place): \(number) is out of range"]
        case "number":
            guard case .number = value else { return wrong }
            return []
        case "boolean": return value.flag == nil ? wrong : []
        case "null": return value == .null ? [] : wrong
        default: return ["\(place): a schema without a type"]
        }
    }

    private func objectFlaws(of value: JSON, _ schema: JSON, _ place: String) -> [String] {
        guard let members = value.members else { return ["\(place): is no object"] }
        var flaws: [String] = []
        for name in schema["required"]?.elements ?? [] where value[name.text ?? ""] == nil {
            flaws.append("\(place): \(name.compact) is missing")
        }
        for member in members {
            if let own = schema["properties"]?[member.name] {
                flaws += self.flaws(
                    of: member.value, against: own, at: "\(place)/\(member.name)")
            } else if schema["additionalProperties"]?.flag == false {
                flaws.append("\(place)/\(member.name): is not described")
            }
        }
        return flaws
    }
}
