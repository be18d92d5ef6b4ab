// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// Attacks on whoever verifies, each refused with a reason of its own. Those on credentials'
/// contents are in `TrustTests`, `PresentationTests` and `DelegationTests`; here are those on the
/// reader, and all of them once more as they come in over a wire: as bytes.
@Suite("Attacks")
struct AttackTests {
    private let world = TrustWorld()

    /// A signed credential as bytes, of which a part is replaced by other text.
    private func wire(_ json: JSON, replacing old: String = "", with new: String = "") -> [UInt8] {
        let text = String(decoding: json.bytes, as: UTF8.self)
        guard let range = text.range(ofText: old) else { return Array(text.utf8) }
        return Array((text[..<range.lowerBound] + new + text[range.upperBound...]).utf8)
    }

    private func failure(_ bytes: [UInt8]) -> CanonicalFailure? {
        do throws(CanonicalFailure) {
            _ = try CanonicalJSON.read(bytes)
            return nil
        } catch {
            return error
        }
    }

    private func reason(_ bytes: [UInt8]) -> JSONFailure.Reason? {
        guard case .malformed(let failure) = failure(bytes) else { return nil }
        return failure.reason
    }

    @Test("JSON with duplicate keys: two readers would see two issuers")
    func duplicateKeys() throws {
        let json = try world.signed(world.authorization())
        let bytes = wire(
            json, replacing: "\"issuer\":", with: "\"issuer\":\"did:key:z6\",\"issuer\":")
        #expect(reason(bytes) == .duplicateName("issuer"))
        // The same name, written another way.
        let escaped = wire(
            json, replacing: "\"issuer\":", with: "\"\\u0069ssuer\":1,\"issuer\":")
        #expect(reason(escaped) == .duplicateName("issuer"))
    }

    @Test("deep nesting: refused at the limit, without a deep stack")
    func deepNesting() throws {
        for opening in ["[", "{\"a\":"] {
            let bytes = Array(String(repeating: opening, count: 100_000).utf8)
            #expect(reason(bytes) == .tooDeep(limit: CanonicalJSON.documentDepthMax))
        }
        let deepest = CanonicalJSON.documentDepthMax
        let allowed =
            String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest)
        #expect(failure(Array(allowed.utf8)) == nil)
    }

    @Test("huge numbers: beyond binary64, and longer than any number needs")
    func hugeNumbers() throws {
        let json = try world.signed(world.authorization())
        for number in ["1e309", "-1e999999999", String(repeating: "9", count: 100_000)] {
            let bytes = wire(json, replacing: "\"1000\"", with: number)
            #expect(failure(bytes) == .numberOutOfRange(number))
        }
    }

    @Test("whole numbers that binary64 rounds count for nobody")
    func roundedNumbers() throws {
        // 2^53 and 2^53 + 1 have one canonical form, so one signature: neither may be counted.
        let score = CredentialType.Kind.whole(0...CredentialType.wholeMax)
        #expect(score.holds(.number("9007199254740991")))
        #expect(!score.holds(.number("9007199254740992")))
        #expect(!score.holds(.number("9007199254740993")))
    }

    @Test("lone surrogates: no text in any encoding, refused before anything is compared")
    func loneSurrogates() throws {
        let json = try world.signed(world.authorization())
        for text in ["\"\\ud800\"", "\"\\udc00x\"", "\"\\ud800\\ud800\""] {
            let bytes = wire(json, replacing: "\"1000\"", with: text)
            #expect(reason(bytes) == .loneSurrogate)
        }
        // The same as raw bytes: CESU-8 is no UTF-8.
        let raw = Array("[\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"]".utf8)
        #expect(reason(raw) == .badUTF8)
    }

    @Test("a document of 100 MB: refused by its length, before it is looked at")
    func hugeDocument() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 100_000_000)
        #expect(reason(bytes) == .tooLong(limit: CanonicalJSON.documentBytesMax))
        let text = String(repeating: "a", count: 2_000_000)
        #expect(throws: TokenFailure.tooLarge) { try CredentialToken(text) }
        #expect(throws: DisclosureFailure.tooLarge("text")) { try SelectiveCredential(text) }
    }

    @Test("a document of many small parts within the limit is read in proportion to its length")
    func manyParts() throws {
        let count = CanonicalJSON.documentBytesMax / 2 - 1
        let zeros = "[" + String(repeating: "0,", count: count - 1) + "0]"
        let value = try CanonicalJSON.read(Array(zeros.utf8))
        #expect(value.elements?.count == count)
        let empty = String(repeating: "{},", count: count / 2) + "{}"
        #expect(try CanonicalJSON.read(Array("[\(empty)]".utf8)).elements?.count == count / 2 + 1)
        // Names that differ only late, all in one object: their uniqueness is not quadratic.
        let names = (0..<40_000).map { "\"\(String(repeating: "n", count: 8))\($0)\":0" }
        let object = "{" + names.joined(separator: ",") + "}"
        #expect(try CanonicalJSON.read(Array(object.utf8)).members?.count == 40_000)
    }

    @Test("a name that only looks like the issuer's is another name")
    func lookalikes() throws {
        let json = try world.authorization()
        let did = try world.did(1).description
        let alike = did.replacing("a", withText: "\u{0430}")
        let forged = json.replacing("issuer", with: .string(alike))
        let report = try world.verifier().verify(world.signed(forged))
        #expect(!report.isAccepted)
        if alike != did { #expect(report.finding(.proof)?.rejection == .notADID) }
    }
}

extension String {
    fileprivate func range(ofText text: String) -> Range<String.Index>? {
        guard !text.isEmpty else { return nil }
        return firstRange(of: text)
    }

    fileprivate func replacing(_ old: String, withText new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
