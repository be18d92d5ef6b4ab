// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import Identity

/// IDENTITY-4 to IDENTITY-6.
@Suite("Names")
struct NameTests {
    @Test(
        "what DID core calls a DID is one",
        arguments: [
            "did:key:z6Mk", "did:web:example.org%3A3000:user:alice", "did:a:b", "did:9:._-",
            "did:x:a::b",
        ])
    func wellFormed(text: String) throws {
        #expect(try #require(DID(text)).description == text)
    }

    @Test(
        "what it does not is none",
        arguments: [
            "", "did", "did:", "did:key", "did:key:", "did::x", "DID:key:x", "did:Key:x",
            "did:k:x:",
            "did:k:x#a", "did:k:x/a", "did:k:%4", "did:k:%zz", "did:k:x y", "did:k:ü", " did:k:x",
            "did:k:" + String(repeating: "x", count: 507),
        ])
    func malformed(text: String) { #expect(DID(text) == nil) }

    @Test("a DID URL keeps its parts, and a fragment alone belongs to the document it stands in")
    func urls() throws {
        let url = try #require(DIDURL("did:k:x/path?service=a#key-1"))
        #expect(url.did == DID("did:k:x") && url.path == "/path?service=a")
        #expect(url.fragment == "key-1" && url.description == "did:k:x/path?service=a#key-1")
        #expect(DIDURL("#key-1", base: url.did)?.description == "did:k:x#key-1")
        #expect(DIDURL("#key-1") == nil)
        #expect(DIDURL("did:k:x#a#b") == nil)
    }

    @Test("a document comes back from its JSON")
    func documents() throws {
        let did = KeyMethod.did(of: .ed25519(try key(1).publicKey))
        var document = try KeyMethod.resolve(did)
        document.alsoKnownAs = ["https://robots.example/7"]
        document.controllers = [did]
        document.services = [
            ServiceEndpoint(id: "\(did)#api", type: "Robot", addresses: ["https://a.example"]),
            ServiceEndpoint(id: "\(did)#two", type: "Relay", addresses: ["a:1", "b:2"]),
        ]
        #expect(try DIDDocument(reading: document.json) == document)
    }

    @Test("a key serves the uses that the document names, and no others")
    func uses() throws {
        let signer = VerificationKey.ed25519(try key(1).publicKey)
        let did = KeyMethod.did(of: signer)
        let document = try KeyMethod.resolve(did)
        let url = KeyMethod.url(of: signer)
        #expect(document.key(named: url, for: .assertionMethod) == signer)
        #expect(document.key(named: url, for: .keyAgreement) == nil)
        #expect(document.key(named: DIDURL(did, fragment: "other"), for: .assertionMethod) == nil)
        #expect(throws: ResolutionFailure.unknownMethod("web")) {
            try KeyMethod.resolve(#require(DID("did:web:example.org")))
        }
    }

    @Test("a damaged document is refused, or read as one that comes back")
    func damage() throws {
        var dice = Dice(seed: 5)
        let document = try KeyMethod.resolve(KeyMethod.did(of: .ed25519(try key(1).publicKey)))
        for _ in 0..<500 {
            guard let json = try? CanonicalJSON.read(dice.damaged(document.json.bytes)),
                let read = try? DIDDocument(reading: json),
                read.methods.allSatisfy({ $0.key != nil })
            else { continue }
            #expect(try DIDDocument(reading: read.json) == read)
        }
    }

    @Test("two keys of one name are refused")
    func duplicates() throws {
        let document = try KeyMethod.resolve(KeyMethod.did(of: .ed25519(try key(1).publicKey)))
        let method = try #require(document.json["verificationMethod"]?.elements?.first)
        let json: JSON = [
            "id": .string(document.id.description), "verificationMethod": [method, method],
        ]
        #expect(throws: DocumentFailure.self) { try DIDDocument(reading: json) }
    }
}
