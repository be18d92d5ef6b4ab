// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// IDENTITY-22: what a schema asks holds, what it does not say in words that are understood is
/// refused, and no schema costs more than its bound.
@Suite("Schemas of credentials")
struct SchemaTests {
    private func schema(_ text: String) throws -> JSONSchema {
        try JSONSchema(reading: JSON(parsing: Array(text.utf8)))
    }

    private func holds(_ schema: JSONSchema, _ text: String) throws -> Bool {
        try schema.violation(in: JSON(parsing: Array(text.utf8))) == nil
    }

    @Test(
        "every keyword lets through what it should and nothing else",
        arguments: [
            (#"{"type":"integer"}"#, ["1", "1.0", "-3e2"], ["1.5", "\"1\"", "null"]),
            (#"{"type":["string","null"]}"#, ["\"a\"", "null"], ["1", "[]"]),
            (#"{"enum":[1,"a",{"b":[2]}]}"#, ["1.0", "\"a\"", "{\"b\":[2]}"], ["2", "{}"]),
            (#"{"const":{"a":1,"b":2}}"#, [#"{"b":2,"a":1}"#], [#"{"a":1}"#]),
            (#"{"required":["a"],"minProperties":1}"#, [#"{"a":1}"#, "3"], ["{}", #"{"b":1}"#]),
            (
                #"{"properties":{"a":{"type":"string"}},"additionalProperties":false}"#,
                ["{}", #"{"a":"x"}"#], [#"{"a":1}"#, #"{"b":1}"#]
            ),
            (
                #"{"propertyNames":{"maxLength":2},"maxProperties":1}"#, [#"{"ab":1}"#],
                [#"{"abc":1}"#]
            ),
            (#"{"items":{"minimum":2},"maxItems":2}"#, ["[]", "[2,3]"], ["[1]", "[2,2,2]"]),
            (
                #"{"prefixItems":[{"type":"string"}],"items":{"type":"null"}}"#,
                [#"["a",null]"#, "[]"], ["[1]", #"["a","b"]"#]
            ),
            (#"{"contains":{"const":7}}"#, ["[1,7]"], ["[1]", "[]"]),
            (#"{"uniqueItems":true,"minItems":1}"#, ["[1,2]"], ["[1,1.0]", "[]"]),
            (#"{"minLength":1,"maxLength":2}"#, ["\"é\"", "\"😀😀\""], ["\"\"", "\"abc\""]),
            (#"{"exclusiveMinimum":1,"exclusiveMaximum":3}"#, ["2"], ["1", "3"]),
            (#"{"maximum":1e3}"#, ["1000"], ["1000.5"]),
            (
                #"{"format":"date-time"}"#, ["\"2026-11-20T10:00:00Z\"", "1"],
                ["\"2026-13-20T10:00:00Z\""]
            ),
            (#"{"format":"uri"}"#, ["\"did:key:z6\""], ["\"no address\"", "\"1a:b\""]),
            (#"{"anyOf":[{"const":1},{"const":2}]}"#, ["1", "2"], ["3"]),
            (#"{"oneOf":[{"minimum":1},{"maximum":1}]}"#, ["0", "2"], ["1"]),
            (#"{"allOf":[{"minimum":1},{"maximum":1}],"not":{"const":2}}"#, ["1"], ["2", "0"]),
            (
                #"{"if":{"minimum":10},"then":{"const":11},"else":{"const":1}}"#, ["11", "1"],
                ["12", "2"]
            ),
            (
                ##"{"$ref":"#/$defs/n","$defs":{"n":{"type":"null"}},"title":"t"}"##, ["null"],
                ["1"]
            ),
            ("true", ["1"], []), ("false", [], ["1"]),
            (#"{"minItems":3,"maxItems":1}"#, [], ["[1]", "[1,2,3]", "[1,2]"]),
        ])
    func keywords(text: String, good: [String], bad: [String]) throws {
        let schema = try schema(text)
        for value in good { #expect(try holds(schema, value), "\(text) \(value)") }
        for value in bad { #expect(try !holds(schema, value), "\(text) \(value)") }
    }

    @Test("the first place that breaks a schema is named")
    func places() throws {
        let schema = try schema(
            #"{"properties":{"a/b":{"items":{"properties":{"c":{"type":"string"}}}}}}"#)
        let value = try JSON(parsing: Array(#"{"a/b":[{"c":"x"},{"c":3}]}"#.utf8))
        #expect(
            schema.violation(in: value)
                == SchemaViolation(path: "/a~1b/1/c", keyword: "type"))
    }

    @Test("what is not understood is refused, never taken for fulfilled")
    func refusals() {
        #expect(throws: SchemaFailure.unknownKeyword("pattern")) {
            try schema(#"{"properties":{"a":{"pattern":"(a+)+$"}}}"#)
        }
        #expect(throws: SchemaFailure.unknownKeyword("format email")) {
            try schema(#"{"format":"email"}"#)
        }
        #expect(throws: SchemaFailure.malformed("$schema")) {
            try schema(#"{"$schema":"http://json-schema.org/draft-04/schema#"}"#)
        }
        #expect(throws: SchemaFailure.badReference("https://elsewhere.example/schema")) {
            try schema(#"{"$ref":"https://elsewhere.example/schema"}"#)
        }
        #expect(throws: SchemaFailure.malformed("required")) { try schema(#"{"required":[1]}"#) }
        #expect(throws: SchemaFailure.tooLarge) {
            let many = (0..<JSONSchema.nodesMax).map { _ in JSON.bool(true) }
            return try JSONSchema(reading: ["allOf": .array(many)])
        }
    }

    @Test("a schema that leads back to itself, or doubles at every step, ends at its bound")
    func bounds() throws {
        let loop = try schema(##"{"$ref":"#"}"##)
        #expect(loop.violation(in: 1)?.keyword == "steps")
        let doubling = try schema(
            ##"{"anyOf":[{"allOf":[{"$ref":"#"},{"const":1}]},{"allOf":[{"$ref":"#"}]}]}"##)
        #expect(doubling.violation(in: 1)?.keyword == "steps")
        let long = JSON.array((0..<50_000).map { JSON($0) })
        let repeated = try JSONSchema(
            reading: ["allOf": .array((0..<1_000).map { _ in ["uniqueItems": true] })])
        #expect(repeated.violation(in: long)?.keyword == "steps")
    }

    @Test("a damaged schema is refused, or is another schema that ends")
    func damage() throws {
        var dice = Dice(seed: 22)
        let text =
            ##"{"type":"object","required":["a"],"properties":{"a":{"$ref":"#/$defs/t"}},"##
            + ##""$defs":{"t":{"anyOf":[{"type":"string","maxLength":8},{"enum":[1,2]}]}}}"##
        let values: [JSON] = [["a": "text"], ["a": 1], [], nil, ["b": [1, 2]]]
        for _ in 0..<2_000 {
            guard let json = try? JSON(parsing: dice.damaged(Array(text.utf8))),
                let schema = try? JSONSchema(reading: json)
            else { continue }
            for value in values { _ = schema.violation(in: value) }
        }
    }

    @Test("a credential fulfils every schema it names, or is refused by what is wrong with it")
    func credentials() throws {
        let world = TrustWorld()
        let address = "https://schema.example/robots"
        let schema = try schema(
            #"{"properties":{"credentialSubject":{"required":["emergencyContact"]}}}"#)
        func report(_ entry: JSON?, contact: JSON? = nil) throws -> VerificationReport {
            var json = try world.authorization()
            if let entry { json = json.replacing("credentialSchema", with: entry) }
            if let contact, let subject = json["credentialSubject"] {
                json = json.replacing(
                    "credentialSubject", with: subject.replacing("emergencyContact", with: contact))
            }
            return CredentialVerifier(
                policy: try world.policy(), now: world.now, schemas: [address: schema]
            ).verify(try world.signed(json))
        }
        let entry: JSON = ["id": .string(address), "type": "JsonSchema"]
        #expect(try report(entry, contact: "fire brigade").isAccepted)
        let violation = SchemaViolation(path: "/credentialSubject", keyword: "required")
        #expect(try report(entry).finding(.schema)?.rejection == .schemaViolated(violation))
        let other: JSON = ["id": "https://schema.example/other", "type": "JsonSchema"]
        #expect(
            try report([entry, other], contact: "x").rejections
                == [.schemaMissing("https://schema.example/other")])
        let kind: JSON = ["id": .string(address), "type": "Shapes"]
        #expect(try report(kind).rejections == [.unknownSchemaType("Shapes")])
        #expect(try report("text").rejections == [.malformed(.malformed("credentialSchema"))])
    }
}
