// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import Testing

/// The vectors of the method `key` (w3c-ccg/did-method-key, test-vectors).
@Suite("did:key")
struct KeyMethodTests {
    private static let files = ["ed25519-x25519", "secp256k1", "x25519"]

    @Test(
        "every name resolves to the keys and uses of its published document",
        .needs("did-key/x25519.json"), arguments: files)
    func documents(file: String) throws {
        // One of the files holds all names in one object, the others an object for each.
        let content = try PublicVectors.json("did-key/\(file).json")
        let vectors = try #require((content["didDocument"] ?? content).members)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let published = vector.value["didDocument"] ?? vector.value
            let expected = try DIDDocument(reading: published)
            let resolved = try KeyMethod.resolve(#require(DID(vector.name)))
            #expect(resolved.id == expected.id)
            #expect(Set(resolved.methods.map(\.key)) == Set(expected.methods.map(\.key)))
            #expect(resolved.methods.allSatisfy { $0.key != nil })
            for use in Relationship.allCases {
                #expect(
                    keys(of: resolved, for: use) == keys(of: expected, for: use),
                    "\(vector.name) \(use)")
            }
        }
    }

    @Test("didkit resolves the same names to the same keys, for Ed25519, P-256 and secp256k1")
    func didkit() throws {
        let cases = try #require(try PublicVectors.kept("didkit.json")["cases"]?.elements)
        #expect(cases.count == 9)
        for vector in cases {
            let key = try VerificationKey(jwk: #require(vector["jwk"]))
            let did = KeyMethod.did(of: key)
            #expect(did.description == vector["did"]?.text)
            let theirs = try DIDDocument(reading: #require(vector["document"]))
            let ours = try KeyMethod.resolve(did)
            #expect(theirs.id == did)
            for use in [Relationship.authentication, .assertionMethod] {
                #expect(keys(of: theirs, for: use) == [key])
                #expect(keys(of: ours, for: use) == [key])
            }
        }
    }

    private func keys(of document: DIDDocument, for use: Relationship) -> Set<VerificationKey> {
        Set(
            (document.relationships[use] ?? []).compactMap {
                document.key(named: $0, for: use)
            })
    }
}
