// SPDX-License-Identifier: Apache-2.0
import JSONText

/// The shapes of what the gateway says (JSON Schema 2020-12, as OpenAPI 3.1 uses it).
enum Schema {
    /// 64 lower-case hexadecimal digits.
    static let digest: JSON = ["type": "string", "pattern": "^[0-9a-f]{64}$"]
    /// Base units as decimal text.
    static let amount: JSON = ["type": "string", "pattern": "^[0-9]{1,39}$"]
    /// A whole number from 0.
    static let count: JSON = ["type": "integer", "minimum": 0]
    /// Milliseconds since 1970.
    static let time: JSON = [
        "type": "integer", "minimum": 0, "description": "Milliseconds since 1970.",
    ]
    /// `height.index`.
    static let eventID: JSON = ["type": "string", "pattern": "^[0-9]+\\.[0-9]+$"]
    /// Any text.
    static let text: JSON = ["type": "string"]
    /// True or false.
    static let flag: JSON = ["type": "boolean"]

    /// One of some words.
    static func word(_ words: [String]) -> JSON {
        ["type": "string", "enum": .array(words.map { .string($0) })]
    }

    /// A list.
    static func list(_ items: JSON) -> JSON { ["type": "array", "items": items] }

    /// A value or null.
    static func nullable(_ schema: JSON) -> JSON { ["anyOf": [schema, ["type": "null"]]] }

    /// A named shape.
    static func reference(_ name: String) -> JSON {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    /// An object whose members are these and no others; a name that ends with `?` may be missing.
    static func object(_ members: [(String, JSON)]) -> JSON {
        let required = members.map(\.0).filter { !$0.hasSuffix("?") }
        let properties = members.map { name, schema in
            (name: name.hasSuffix("?") ? String(name.dropLast()) : name, value: JSON?.some(schema))
        }
        return [
            "type": "object", "properties": JSON(members: properties),
            "required": .array(required.map { .string($0) }), "additionalProperties": false,
        ]
    }

    /// A page of a list.
    static func page(_ name: String, of items: String) -> JSON {
        object([(name, list(reference(items))), ("next?", text)])
    }

    /// Every named shape.
    static var all: [(name: String, schema: JSON)] {
        general + chain + market + membership + economy + treasury + exchange + leases + law
            + identity
            + records + network + dashboard + access + index
    }
}
