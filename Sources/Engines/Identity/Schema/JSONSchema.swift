// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// Why a text is not a schema that is understood.
public enum SchemaFailure: Error, Hashable, Sendable {
    /// A keyword outside the subset; what is not understood is never taken for fulfilled.
    case unknownKeyword(String)
    /// A keyword whose value has another form.
    case malformed(String)
    /// A reference that leads nowhere, or out of the schema.
    case badReference(String)
    /// More than ``JSONSchema/nodesMax`` schemas inside one another or beside one another.
    case tooLarge
}

/// Where a value breaks a schema.
public struct SchemaViolation: Error, Hashable, Sendable {
    /// The place in the value, as a JSON pointer (RFC 6901).
    public let path: String
    /// The keyword that does not hold; `steps` when the work became too much.
    public let keyword: String
}

/// A subset of JSON Schema 2020-12 that is decided in bounded time (IDENTITY-22).
///
/// Understood are `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`,
/// `propertyNames`, `minProperties`, `maxProperties`, `items`, `prefixItems`, `contains`,
/// `minItems`, `maxItems`, `uniqueItems`, `minLength`, `maxLength`, `minimum`, `maximum`,
/// `exclusiveMinimum`, `exclusiveMaximum`, `format` with `date-time` and `uri`, `allOf`, `anyOf`,
/// `oneOf`, `not`, `if`, `then`, `else`, `$ref` within the schema, and `$defs`. Regular expressions
/// are not: their cost is the writer's choice.
public struct JSONSchema: Hashable, Sendable {
    /// The most schemas of one document: a large one of the public registries has some hundred.
    public static let nodesMax = 2_048
    /// The most values of `enum`, and names of `required`.
    public static let listMax = 1_024
    /// The most times a schema is held against a value in one check: at 200 ns each, 20 ms.
    public static let stepsMax = 100_000
    /// How deep references and values may lead: a reference to itself ends here.
    public static let depthMax = 128

    /// The schemas; others name them by their place. The first is the whole.
    let nodes: [SchemaNode]

    /// Reads a schema.
    ///
    /// - Throws: ``SchemaFailure``.
    public init(reading json: JSON) throws(SchemaFailure) {
        var reader = SchemaReader(json)
        nodes = try reader.read()
    }

    /// The first place where a value breaks the schema, or nothing.
    ///
    /// Cost: at most ``stepsMax`` steps, whatever schema and value.
    public func violation(in value: JSON) -> SchemaViolation? {
        var examination = SchemaExamination(nodes: nodes)
        do {
            try examination.check(value, against: 0)
            return nil
        } catch {
            return error
        }
    }
}

/// What one schema asks of a value.
struct SchemaNode: Hashable, Sendable {
    /// The kinds of JSON.
    enum Kind: String, Hashable, Sendable {
        case null, boolean, number, integer, string, array, object
    }

    /// Texts of a form.
    enum Format: String, Hashable, Sendable {
        case dateTime = "date-time"
        case uri
    }

    /// Limits of numbers by keyword.
    struct Bounds: Hashable, Sendable {
        var minimum: Double?
        var maximum: Double?
        var exclusiveMinimum: Double?
        var exclusiveMaximum: Double?
    }

    /// How many there may be.
    struct Count: Hashable, Sendable {
        var min = 0
        var max = Int.max
    }

    /// A member's name and the place of its schema.
    struct Member: Hashable, Sendable {
        let name: String
        let node: Int
    }

    /// The schema `false`: nothing holds.
    var isNever = false
    var kinds: Set<Kind>?
    /// Canonical bytes of the values of `enum` or `const`.
    var constants: [[UInt8]]?
    var members: [Member] = []
    var required: [String] = []
    var otherMembers: Int?
    var memberNames: Int?
    var memberCount = Count()
    var firstElements: [Int] = []
    var otherElements: Int?
    var someElement: Int?
    var elementCount = Count()
    var hasUniqueElements = false
    var length = Count()
    var bounds = Bounds()
    var format: Format?
    var all: [Int] = []
    var any: [Int]?
    var one: [Int]?
    var none: Int?
    var condition: Int?
    var consequence: Int?
    var alternative: Int?
    var reference: Int?
}
