// SPDX-License-Identifier: Apache-2.0

import Testing
import Vocabulary

@testable import Cryptography

@Suite("ChaCha20-Poly1305")
struct SealingTests {
    private static let sunscreen = Array(
        ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
            + "future, sunscreen would be it.").utf8)

    @Test("the message of RFC 8439 §2.8.2 seals to its ciphertext and tag, and opens again")
    func rfc8439() throws {
        let key = try bytes32("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")
        let nonce = try bytes("070000004041424344454647")
        let associated = try bytes("50515253c0c1c2c3c4c5c6c7")
        let expected = try bytes(
            """
            d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
            3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
            92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
            3ff4def08e4b7a9de576d26586cec64b6116
            1ae10b594f09e26a7e902ecbd0600691
            """)
        let sealed = ChaCha20Poly1305.seal(
            Self.sunscreen, key: key, nonce: nonce, associatedData: associated)
        let opened = try ChaCha20Poly1305.open(
            expected, key: key, nonce: nonce, associatedData: associated)

        #expect(sealed == expected)
        #expect(opened == Self.sunscreen)
    }

    @Test(
        "the code for small and for large buffers give the same bytes at every length",
        arguments: [0, 1, 15, 16, 17, 63, 64, 65, 1_000, 2_047, 2_048, 2_049, 70_000])
    func backends(count: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(count))
        let key = try numbers.bytes32()
        let nonce = numbers.bytes(12)
        let plaintext = numbers.bytes(count)
        for associated in [[], numbers.bytes(1), numbers.bytes(33)] {
            let small = SmallBuffers.seal(plaintext, key, nonce, associated)
            #expect(small == LargeBuffers.seal(plaintext, key, nonce, associated))
            #expect(SmallBuffers.open(small, key, nonce, associated) == plaintext)
            #expect(LargeBuffers.open(small, key, nonce, associated) == plaintext)
            #expect(
                try ChaCha20Poly1305.open(
                    ChaCha20Poly1305.seal(
                        plaintext, key: key, nonce: nonce, associatedData: associated),
                    key: key, nonce: nonce, associatedData: associated) == plaintext)
        }
    }

    @Test("a changed byte, key, nonce or associated data is refused", arguments: [40, 4_000])
    func forgery(count: Int) throws {
        var numbers = SeededNumbers(seed: 9)
        let key = try numbers.bytes32()
        let nonce = numbers.bytes(12)
        let sealed = ChaCha20Poly1305.seal(
            numbers.bytes(count), key: key, nonce: nonce, associatedData: [1])
        for place in [0, count / 2, count - 1, count, sealed.count - 1] {
            var changed = sealed
            changed[place] ^= 0x10
            expectForged(changed, key, nonce, [1])
        }
        expectForged(sealed, .zero, nonce, [1])
        expectForged(sealed, key, [UInt8](repeating: 0, count: 12), [1])
        expectForged(sealed, key, nonce, [])
        expectForged(sealed.dropLast(), key, nonce, [1])
    }

    @Test("bytes shorter than a tag and nonces of another length are refused")
    func lengths() {
        for count in 0..<ChaCha20Poly1305.tagCount {
            expectForged([UInt8](repeating: 0, count: count), .zero, [UInt8](1...12), [])
        }
        for count in [0, 11, 13, 24] {
            #expect(throws: OpeningFailure.badNonce) {
                try ChaCha20Poly1305.open(
                    [UInt8](repeating: 0, count: 16), key: .zero,
                    nonce: [UInt8](repeating: 0, count: count))
            }
        }
    }

    private func expectForged(
        _ sealed: [UInt8], _ key: Bytes32, _ nonce: [UInt8], _ associated: [UInt8]
    ) {
        #expect(throws: OpeningFailure.forged) {
            try ChaCha20Poly1305.open(sealed, key: key, nonce: nonce, associatedData: associated)
        }
    }
}
