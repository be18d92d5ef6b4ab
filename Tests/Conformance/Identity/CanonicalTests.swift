// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import Testing

/// The documents of cyberphone/json-canonicalization, to which RFC 8785 appendix F points.
@Suite("RFC 8785: documents")
struct CanonicalTests {
    @Test(
        "each document has its published canonical bytes", .needs("jcs/input/values.json"),
        arguments: ["arrays", "french", "structures", "unicode", "values", "weird"])
    func documents(name: String) throws {
        let value = try CanonicalJSON.read(PublicVectors.bytes("jcs/input/\(name).json"))
        let expected = try PublicVectors.bytes("jcs/output/\(name).json")
        #expect(try CanonicalJSON.bytes(of: value) == expected)
        let again = try CanonicalJSON.read(expected)
        #expect(try CanonicalJSON.bytes(of: again) == expected, "canonical bytes stay")
    }
}
