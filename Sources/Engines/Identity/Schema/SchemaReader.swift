// SPDX-License-Identifier: Apache-2.0
import JSONText

/// Reads a schema into nodes that name each other by place.
struct SchemaReader {
    private let root: JSON
    private var nodes: [SchemaNode] = []
    /// The places of schemas by the pointer that leads to them.
    private var places: [String: Int] = [:]
    /// References whose end is looked up when all is read.
    private var references: [(node: Int, pointer: String)] = []

    /// Keywords that say nothing about a value.
    private static let remarks: Set<String> = [
        "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly",
        "writeOnly",
    ]
    /// The one dialect.
    private static let dialect = "https://json-schema.org/draft/2020-12/schema"

    init(_ root: JSON) { self.root = root }

    mutating func read() throws(SchemaFailure) -> [SchemaNode] {
        _ = try node(root, at: "#")
        for (index, pointer) in references {
            guard let place = places[pointer] else { throw .badReference(pointer) }
            nodes[index].reference = place
        }
        return nodes
    }

    private mutating func node(_ json: JSON, at pointer: String) throws(SchemaFailure) -> Int {
        guard nodes.count < JSONSchema.nodesMax else { throw .tooLarge }
        let index = nodes.count
        nodes.append(SchemaNode())
        places[pointer] = index
        if let flag = json.flag {
            nodes[index].isNever = !flag
            return index
        }
        guard let members = json.members else { throw .malformed(pointer) }
        for member in members {
            let place = pointer + "/" + SelectiveCredential.pathPart(member.name)
            try take(member, into: index, at: place)
        }
        if nodes[index].condition == nil {
            // Without `if` the others say nothing.
            nodes[index].consequence = nil
            nodes[index].alternative = nil
        }
        return index
    }

    private mutating func take(
        _ member: JSON.Member, into index: Int, at pointer: String
    ) throws(SchemaFailure) {
        let value = member.value
        if Self.remarks.contains(member.name) { return }
        if try takeLimit(member.name, value, into: index) { return }
        switch member.name {
        case "$schema": guard value.text == Self.dialect else { throw .malformed("$schema") }
        case "$defs":
            for (name, schema) in try Self.named(value, "$defs") {
                _ = try node(schema, at: pointer + "/" + SelectiveCredential.pathPart(name))
            }
        case "$ref":
            guard let text = value.text else { throw .malformed("$ref") }
            references.append((index, text))
        case "properties":
            for (name, schema) in try Self.named(value, "properties") {
                let place = pointer + "/" + SelectiveCredential.pathPart(name)
                let child = try node(schema, at: place)
                nodes[index].members.append(SchemaNode.Member(name: name, node: child))
            }
        case "additionalProperties": nodes[index].otherMembers = try node(value, at: pointer)
        case "propertyNames": nodes[index].memberNames = try node(value, at: pointer)
        case "items": nodes[index].otherElements = try node(value, at: pointer)
        case "prefixItems": nodes[index].firstElements = try list(value, at: pointer)
        case "contains": nodes[index].someElement = try node(value, at: pointer)
        case "allOf": nodes[index].all = try list(value, at: pointer)
        case "anyOf": nodes[index].any = try list(value, at: pointer)
        case "oneOf": nodes[index].one = try list(value, at: pointer)
        case "not": nodes[index].none = try node(value, at: pointer)
        case "if": nodes[index].condition = try node(value, at: pointer)
        case "then": nodes[index].consequence = try node(value, at: pointer)
        case "else": nodes[index].alternative = try node(value, at: pointer)
        default: throw .unknownKeyword(member.name)
        }
    }

    /// Takes a keyword that holds no schema; says whether it was one.
    private mutating func takeLimit(
        _ name: String, _ value: JSON, into index: Int
    ) throws(SchemaFailure) -> Bool {
        switch name {
        case "type": nodes[index].kinds = try Self.kinds(value)
        case "const": try constrain(index, to: [value], name)
        case "enum":
            guard let values = value.elements else { throw .malformed(name) }
            try constrain(index, to: values, name)
        case "required": nodes[index].required = try Self.names(value, name)
        case "minProperties": nodes[index].memberCount.min = try Self.count(value, name)
        case "maxProperties": nodes[index].memberCount.max = try Self.count(value, name)
        case "minItems": nodes[index].elementCount.min = try Self.count(value, name)
        case "maxItems": nodes[index].elementCount.max = try Self.count(value, name)
        case "minLength": nodes[index].length.min = try Self.count(value, name)
        case "maxLength": nodes[index].length.max = try Self.count(value, name)
        case "uniqueItems":
            guard let flag = value.flag else { throw .malformed(name) }
            nodes[index].hasUniqueElements = flag
        case "minimum": nodes[index].bounds.minimum = try Self.number(value, name)
        case "maximum": nodes[index].bounds.maximum = try Self.number(value, name)
        case "exclusiveMinimum": nodes[index].bounds.exclusiveMinimum = try Self.number(value, name)
        case "exclusiveMaximum": nodes[index].bounds.exclusiveMaximum = try Self.number(value, name)
        case "format":
            guard let format = value.text.flatMap(SchemaNode.Format.init) else {
                throw .unknownKeyword("format \(value.text ?? "")")
            }
            nodes[index].format = format
        default: return false
        }
        return true
    }
}

// MARK: - Values of keywords

extension SchemaReader {
    private static func named(
        _ value: JSON, _ keyword: String
    ) throws(SchemaFailure) -> [(String, JSON)] {
        guard let members = value.members else { throw .malformed(keyword) }
        return members.map { ($0.name, $0.value) }
    }

    private mutating func list(_ value: JSON, at pointer: String) throws(SchemaFailure) -> [Int] {
        guard let elements = value.elements, !elements.isEmpty else { throw .malformed(pointer) }
        var places: [Int] = []
        for (index, element) in elements.enumerated() {
            places.append(try node(element, at: "\(pointer)/\(index)"))
        }
        return places
    }

    private static func kinds(_ value: JSON) throws(SchemaFailure) -> Set<SchemaNode.Kind> {
        let names = value.elements ?? [value]
        let kinds = names.compactMap { $0.text.flatMap(SchemaNode.Kind.init) }
        guard !kinds.isEmpty, kinds.count == names.count else { throw .malformed("type") }
        return Set(kinds)
    }

    /// Both `const` and `enum` may stand; what holds is in both.
    private mutating func constrain(
        _ index: Int, to values: [JSON], _ keyword: String
    ) throws(SchemaFailure) {
        guard values.count <= JSONSchema.listMax else { throw .tooLarge }
        var constants: [[UInt8]] = []
        for value in values {
            guard let bytes = try? CanonicalJSON.bytes(of: value) else { throw .malformed(keyword) }
            constants.append(bytes)
        }
        let known = nodes[index].constants
        nodes[index].constants =
            known.map { known in constants.filter(known.contains) } ?? constants
    }

    private static func names(_ value: JSON, _ keyword: String) throws(SchemaFailure) -> [String] {
        guard let elements = value.elements, elements.count <= JSONSchema.listMax else {
            throw .malformed(keyword)
        }
        let names = elements.compactMap(\.text)
        guard names.count == elements.count else { throw .malformed(keyword) }
        return names
    }

    private static func count(_ value: JSON, _ keyword: String) throws(SchemaFailure) -> Int {
        guard let count = value.unsigned, count <= UInt64(Int32.max) else {
            throw .malformed(keyword)
        }
        return Int(count)
    }

    private static func number(_ value: JSON, _ keyword: String) throws(SchemaFailure) -> Double {
        guard let number = SchemaExamination.number(value) else { throw .malformed(keyword) }
        return number
    }
}
