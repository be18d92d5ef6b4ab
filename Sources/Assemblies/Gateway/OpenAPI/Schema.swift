// SPDX-License-Identifier: Apache-2.0
import JSONText

/// The shapes of what the gateway says (JSON Schema 2020-12, as OpenAPI 3.1 uses it).
enum Schema {
    /// 64 lower-case hexadecimal digits.
    static let digest: JSON = ["type": "string", "pattern": "^[0-9a-f]{64}$"]
    /// Base units as decimal text.
    static let amount: JSON = ["type": "string", "pattern": "^[0-9]{1,39}$"]
    /// A number that callers name: of something, or of units.
    static let number: JSON = ["type": "integer", "minimum": 0, "maximum": JSON(UInt64.max)]
    /// A number that callers name, no more than this.
    static func upTo(_ most: UInt64) -> JSON {
        ["type": "integer", "minimum": 0, "maximum": JSON(most)]
    }
    /// The same, and not zero.
    static let positive: JSON = ["type": "integer", "minimum": 1, "maximum": JSON(UInt64.max)]
    /// Base units that callers name: any number of 38 digits, below 2¹²⁸.
    static let units: JSON = ["type": "string", "pattern": "^[0-9]{1,38}$"]
    private static let base58 = "[1-9A-HJ-NP-Za-km-z]"
    /// A DID of this chain by any of its names: 32 bytes in base 58 have 43 or 44 digits, fewer
    /// when they begin with zeros.
    private static let chainDID =
        "did:(atoll|octo|optimus):z([7-9A-HJ-NP-Za-km-z]\(base58){42}|[2-9A-HJ]\(base58){43}"
        + "|[1-6]\(base58){30,42})"
    private static let identityPattern = "[0-9a-f]{64}|\(chainDID)"
    /// A DID that is resolved here, by its log or its key.
    static let did: JSON = [
        "type": "string",
        "pattern": .string("^(\(chainDID)|did:key:z\(base58){40,120})$"),
    ]
    /// An identity, by its account or its DID.
    static let identityName: JSON = [
        "type": "string", "pattern": .string("^(\(identityPattern))$"),
    ]
    /// Several of them.
    static func identities(max: Int) -> JSON {
        [
            "type": "string",
            "pattern": .string("^(\(identityPattern))(,(\(identityPattern))){0,\(max - 1)}$"),
        ]
    }
    /// Words with single hyphens between them, of so many letters in all.
    static func hyphened(_ count: ClosedRange<Int>) -> JSON {
        [
            "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
            "minLength": JSON(count.lowerBound), "maxLength": JSON(count.upperBound),
        ]
    }
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
