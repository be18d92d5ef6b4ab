// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@Suite("SHA-256, HMAC and HKDF")
struct DerivationTests {
    @Test(
        "the hashes of FIPS 180-4's examples come out, whole and in pieces",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(text: String, digest: String) {
        var hasher = SHA256()
        for byte in text.utf8 { hasher.update([byte]) }
        #expect(hasher.finish().description == digest)
        #expect(SHA256.hash(Array(text.utf8)).description == digest)
    }

    @Test("the authenticators of RFC 4231, cases 1, 2 and 6, come out")
    func hmac() throws {
        let first = HMACSHA256.authenticate(
            Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20))
        let second = HMACSHA256.authenticate(
            Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        let longKey = HMACSHA256.authenticate(
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            key: [UInt8](repeating: 0xaa, count: 131))
        #expect(
            first
                == (try bytes32("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"))
        )
        #expect(
            second
                == (try bytes32("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
        )
        #expect(
            longKey
                == (try bytes32("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"))
        )
    }

    @Test("an authenticator is accepted for its message and key alone")
    func authentication() {
        let authenticator = HMACSHA256.authenticate([1, 2], key: [3])
        #expect(HMACSHA256.accepts(authenticator, of: [1, 2], key: [3]))
        #expect(!HMACSHA256.accepts(authenticator, of: [1, 3], key: [3]))
        #expect(!HMACSHA256.accepts(authenticator, of: [1, 2], key: [4]))
    }

    @Test("the keys of RFC 5869 appendix A.1 and A.3 come out")
    func rfc5869() throws {
        let secret = [UInt8](repeating: 0x0b, count: 22)
        let extracted = HKDF.extract(salt: [UInt8](0...0x0c), secret: secret)
        #expect(
            extracted
                == (try bytes32("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"))
        )
        let expanded = HKDF.expand(extracted, info: [UInt8](0xf0...0xf9), count: 42)
        #expect(
            expanded
                == (try bytes(
                    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                        + "34007208d5b887185865")))
        let plain = HKDF.derive(from: secret, salt: [], info: [], count: 42)
        #expect(
            plain
                == (try bytes(
                    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                        + "9d201395faa4b61a96c8")))
    }

    @Test("an expansion's length does not change its beginning, up to the limit")
    func lengths() {
        let key = SHA256.hash([]).raw
        let longest = HKDF.expand(key, info: [1], count: HKDF.outputBytesMax)
        #expect(longest.count == 8_160)
        for count in [0, 1, 31, 32, 33, 64, 8_159] {
            #expect(HKDF.expand(key, info: [1], count: count) == Array(longest.prefix(count)))
        }
    }

    @Test("byte strings are equal when every byte and the length are")
    func comparison() {
        #expect(ConstantTime.areEqual([], []))
        #expect(ConstantTime.areEqual([1, 2], [1, 2]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 3]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 2, 3]))
    }

    @Test("a digest depends on the domain, and no domain can run into the bytes")
    func domains() {
        let value = Amount(5)
        #expect(value.signedBytes(domain: "a") == [0x61, 0, 5] + [UInt8](repeating: 0, count: 15))
        #expect(value.digest(domain: "a") != value.digest(domain: "b"))
        #expect(value.digest(domain: "a") == SHA256.hash(value.signedBytes(domain: "a")))
    }
}
