// SPDX-License-Identifier: Apache-2.0
import JSONText

/// A JSON value as YAML 1.2 block style; strings are always quoted, so none changes its type.
enum YAMLText {
    /// The document, with a final newline.
    static func write(_ value: JSON) -> String {
        lines(of: value).joined(separator: "\n") + "\n"
    }

    private static func lines(of value: JSON) -> [String] {
        switch value {
        case .object(let members) where !members.isEmpty:
            members.flatMap { member in entry("\(JSON.string(member.name).compact):", member.value)
            }
        case .array(let elements) where !elements.isEmpty:
            elements.flatMap { element in entry("-", element) }
        default: [scalar(value)]
        }
    }

    private static func entry(_ head: String, _ value: JSON) -> [String] {
        let body = lines(of: value)
        let isNested: Bool =
            switch value {
            case .object(let members): !members.isEmpty
            case .array(let elements): !elements.isEmpty
            default: false
            }
        return isNested ? [head] + body.map { "  " + $0 } : ["\(head) \(body[0])"]
    }

    private static func scalar(_ value: JSON) -> String {
        switch value {
        case .object: "{}"
        case .array: "[]"
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let text): text
        case .string: value.compact
        }
    }
}
