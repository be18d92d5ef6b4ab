// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// IDENTITY-13 and IDENTITY-14: the holder shows what it wants, and nothing else comes through.
@Suite("Selective disclosure")
struct DisclosureTests {
    private let now = Moment(seconds: 1_700_000_000)
    private let vct = "https://atoll.example/OwnerAuthorization"
    private let request = KeyBindingRequest(audience: "https://v.example", nonce: "n-1")

    private func issued() throws -> String {
        let claims: JSON = [
            "iss": "https://i.example", "vct": .string(vct), "exp": 1_800_000_000,
            "nbf": 1_600_000_000, "owner": "Ada", "robot": ["model": "R7", "serial": 42],
            "budget": "1000",
        ]
        return try DisclosureIssuer.issue(
            claims,
            hidden: ["owner", "robot", "budget"].enumerated().map {
                ($0.element, [UInt8](repeating: UInt8($0.offset), count: 16))
            }, decoys: [[9, 9, 9]], holder: .ed25519(try key(2).publicKey), by: key(1))
    }

    private func shown(_ names: Set<String>) throws -> String {
        try SelectiveCredential.bind(
            SelectiveCredential(issued()).showing(names), audience: request.audience,
            nonce: request.nonce, at: now, by: key(2))
    }

    private func failure(
        _ text: String, at moment: Moment? = nil, asking: KeyBindingRequest? = nil,
        by byte: UInt8 = 1
    ) throws -> DisclosureFailure? {
        let key = VerificationKey.ed25519(try key(byte).publicKey)
        do throws(DisclosureFailure) {
            _ = try SelectiveCredential(text).verifiedCredential(
                type: vct, by: key, at: moment ?? now, request: asking ?? request)
            return nil
        } catch {
            return error
        }
    }

    @Test("what is shown comes through, what is kept leaves no trace")
    func showing() throws {
        let text = try shown(["robot"])
        let claims = try SelectiveCredential(text).verifiedCredential(
            type: vct, by: .ed25519(key(1).publicKey), at: now, request: request)
        #expect(claims["robot"]?["serial"] == 42)
        #expect(claims["owner"] == nil && claims["budget"] == nil && claims["_sd"] == nil)
        #expect(throws: DisclosureFailure.nothingToDisclose("age")) { try shown(["age"]) }
    }

    @Test("a name with a slash is not the path of a claim within another")
    func paths() throws {
        #expect(SelectiveCredential.pathPart("a/b~c") == "a~1b~0c")
        let claims: JSON = ["iss": "a", "vct": "b", "x/y": 1, "x": ["y": 2]]
        let text = try DisclosureIssuer.issue(
            claims,
            hidden: ["x/y", "x"].enumerated().map {
                ($0.element, [UInt8](repeating: UInt8($0.offset), count: 16))
            }, holder: nil, by: key(1))
        let credential = try SelectiveCredential(text)
        #expect(throws: DisclosureFailure.nothingToDisclose("x/y")) {
            try credential.showing(["x/y"])
        }
        let shown = try SelectiveCredential(credential.showing(["x~1y"]))
            .verified(by: .ed25519(key(1).publicKey), at: now)
        #expect(shown["x/y"] == 1 && shown["x"] == nil)
    }

    @Test("another issuer's key, another time and another type are refused by name")
    func validity() throws {
        let text = try shown(["owner"])
        #expect(try failure(text) == nil)
        #expect(try failure(text, by: 3) == .badSignature)
        #expect(try failure(text, at: Moment(seconds: 1_800_000_000)) == .expired)
        #expect(try failure(text, at: Moment(seconds: 1_599_999_999)) == .notYetValid)
        #expect(throws: DisclosureFailure.wrongType(vct)) {
            try SelectiveCredential(text).verifiedCredential(
                type: "other", by: .ed25519(key(1).publicKey), at: now)
        }
    }

    @Test("a shown credential cannot be shown again, elsewhere, later, with more or with less")
    func replay() throws {
        let text = try shown(["owner"])
        let elsewhere = KeyBindingRequest(audience: "https://w.example", nonce: "n-1")
        #expect(try failure(text, asking: elsewhere) == .wrongKeyBinding("aud"))
        let again = KeyBindingRequest(audience: request.audience, nonce: "n-2")
        #expect(try failure(text, asking: again) == .wrongKeyBinding("nonce"))
        #expect(
            try failure(text, at: Moment(seconds: now.seconds + 301)) == .staleKeyBinding)
        #expect(try failure(text, at: Moment(seconds: now.seconds - 61)) == .staleKeyBinding)
        let parts = text.split(separator: "~").map(String.init)
        let less = parts[0] + "~" + parts[2]
        #expect(try failure(less) == .wrongKeyBinding("sd_hash"))
        #expect(try failure(issued()) == .keyBindingMissing)
        let thief = try SelectiveCredential.bind(
            issued(), audience: request.audience, nonce: request.nonce, at: now, by: key(3))
        #expect(try failure(thief) == .badKeyBinding)
    }

    @Test("a disclosure of one's own, a doubled one and a doubled digest are refused")
    func forged() throws {
        let text = try SelectiveCredential(issued()).showing(["owner"])
        let own = Disclosure(salt: [1, 2, 3], name: "admin", value: true)
        func bound(_ text: String) throws -> String {
            try SelectiveCredential.bind(
                text, audience: request.audience, nonce: request.nonce, at: now, by: key(2))
        }
        #expect(try failure(bound(text + own.text + "~")) == .strayDisclosure)
        let parts = text.split(separator: "~").map(String.init)
        #expect(try failure(bound(text + parts[1] + "~")) == .strayDisclosure)
        var walk = DisclosureWalk([])
        #expect(throws: DisclosureFailure.duplicateDigest) {
            try walk.opened(["_sd": ["a", "a"]])
        }
    }

    @Test("a disclosure cannot bring what decides whether the rest counts")
    func reservedNames() throws {
        for name in ["exp", "vct", "cnf", "iss"] {
            let claims: JSON = [
                "iss": "https://i.example", "vct": .string(vct), "x": 1,
            ]
            #expect(throws: DisclosureFailure.badName(name)) {
                try DisclosureIssuer.issue(
                    claims, hidden: [(name, [UInt8](repeating: 1, count: 16))], holder: nil,
                    by: key(1))
            }
        }
        let later = Disclosure(salt: [1], name: "_sd", value: [])
        #expect(throws: DisclosureFailure.badName("_sd")) {
            try Disclosure(reading: later.text[...])
        }
        var walk = DisclosureWalk([])
        #expect(throws: DisclosureFailure.badName("...")) {
            try walk.opened(["a": ["...": "x", "b": 1]])
        }
    }

    @Test("an unsigned token, another algorithm and a short salt are refused")
    func algorithms() throws {
        func token(_ header: JSON) -> String {
            CompactJWS.sign(header: header, payload: ["iss": "x"], by: signer) + "~"
        }
        let signer = try key(1)
        #expect(throws: DisclosureFailure.unknownAlgorithm("none")) {
            try SelectiveCredential(token(["alg": "none"]))
        }
        #expect(throws: DisclosureFailure.unknownAlgorithm("crit")) {
            try SelectiveCredential(token(["alg": "EdDSA", "crit": ["b64"]]))
        }
        let confused = try SelectiveCredential(token(["alg": "ES256", "typ": "dc+sd-jwt"]))
        #expect(throws: DisclosureFailure.badSignature) {
            try confused.verified(by: .ed25519(signer.publicKey), at: now)
        }
        let claims: JSON = ["iss": "a", "vct": "b", "c": 1]
        #expect(throws: DisclosureFailure.malformed("salt")) {
            try DisclosureIssuer.issue(claims, hidden: [("c", [1])], holder: nil, by: signer)
        }
    }

    @Test("a damaged text is refused")
    func damage() throws {
        var dice = Dice(seed: 8)
        let text = Array(try shown(["owner", "robot"]).utf8)
        for _ in 0..<1_500 {
            let damaged = dice.damaged(text)
            guard damaged != text else { continue }
            let result = try failure(String(decoding: damaged, as: UTF8.self))
            #expect(result != nil)
        }
    }
}
