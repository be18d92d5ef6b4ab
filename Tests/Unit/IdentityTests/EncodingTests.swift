// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing
import Vocabulary

@testable import Identity

@Suite("Encodings")
struct EncodingTests {
    @Test("base64url comes back, and no other text reads as the same bytes")
    func base64() {
        var dice = Dice(seed: 1)
        for length in 0..<70 {
            let bytes = dice.bytes(length)
            let text = Base64URL.encode(bytes)
            #expect(Base64URL.decode(text) == bytes)
            let damaged = String(decoding: dice.damaged(Array(text.utf8)), as: UTF8.self)
            if let other = Base64URL.decode(damaged) { #expect(Base64URL.encode(other) == damaged) }
        }
        for text in ["QQ==", "QR", "Q", "Q Q", "Q+Q", "Q/Q", "Q\nQ"] {
            #expect(Base64URL.decode(text) == nil, "\(text)")
        }
    }

    @Test("base58 comes back, zeros in front included, and long texts are refused")
    func base58() {
        var dice = Dice(seed: 2)
        for length in 0..<64 {
            let bytes = [UInt8](repeating: 0, count: dice.below(4)) + dice.bytes(length)
            #expect(Base58.decode(Base58.encode(bytes)[...].utf8) == bytes)
        }
        #expect(Base58.decode("0OIl"[...].utf8) == nil)
        #expect(Base58.decode(String(repeating: "2", count: 129)[...].utf8) == nil)
    }

    @Test("a damaged key is refused, or is another key")
    func keys() throws {
        var dice = Dice(seed: 3)
        let text = VerificationKey.ed25519(try key(1).publicKey).multibase
        for _ in 0..<2_000 {
            let damaged = String(decoding: dice.damaged(Array(text.utf8)), as: UTF8.self)
            guard let key = try? VerificationKey(multibase: damaged) else { continue }
            #expect(key.multibase == damaged)
        }
        #expect(throws: VerificationKey.Failure.notMultibase) { try VerificationKey(multibase: "") }
        #expect(throws: VerificationKey.Failure.unknownKind) {
            try VerificationKey(multicodec: [0x12, 0x20] + dice.bytes(32))
        }
        #expect(throws: VerificationKey.Failure.malformed) {
            try VerificationKey(multicodec: [0xED, 0x01] + dice.bytes(31))
        }
    }

    @Test("a private JSON Web Key has no place among public ones")
    func privateKey() throws {
        let text = Base64URL.encode([UInt8](repeating: 7, count: 32))
        let jwk: JSON = ["kty": "OKP", "crv": "Ed25519", "x": .string(text), "d": .string(text)]
        #expect(throws: VerificationKey.Failure.malformed) { try VerificationKey(jwk: jwk) }
    }

    @Test("moments are read as the calendar has them")
    func moments() throws {
        #expect(Moment("1970-01-01T00:00:00Z")?.seconds == 0)
        #expect(Moment("2023-02-24T23:36:38Z")?.seconds == 1_677_281_798)
        #expect(Moment("2023-02-24T23:36:38.123456+01:30")?.seconds == 1_677_276_398)
        #expect(Moment("2000-02-29T12:00:00-05:00")?.seconds == 951_843_600)
        #expect(Moment("0001-01-01T00:00:00Z")?.seconds == -62_135_596_800)
        for text in [
            "2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-01-01T24:00:00Z",
            "2023-01-01T00:00:60Z", "2023-01-01T00:00:00", "2023-01-01 00:00:00Z",
            "2023-01-01T00:00:00.Z", "2023-01-01T00:00:00+15:00", "2023-1-01T00:00:00ZZ", "",
        ] { #expect(Moment(text) == nil, "\(text)") }
    }

    @Test("every moment's text reads as that moment")
    func momentTexts() {
        var dice = Dice(seed: 4)
        for _ in 0..<2_000 {
            let moment = Moment(
                seconds: Int64(dice.below(253_402_300_800 + 62_135_596_800))
                    - 62_135_596_800)
            #expect(Moment(moment.description) == moment)
        }
        #expect(Moment(seconds: 1_677_281_798).description == "2023-02-24T23:36:38Z")
    }
}
