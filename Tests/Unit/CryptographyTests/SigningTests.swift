// SPDX-License-Identifier: Apache-2.0
import CCrypto
import Testing
import Vocabulary

@testable import Cryptography

@Suite("Ed25519 signatures")
struct SigningTests {
    @Test("the keys and signatures of RFC 8032 §7.1 come out, and are accepted")
    func rfc8032() throws {
        for vector in RFC8032Vector.all {
            let key = try #require(SigningKey(seed: bytes(vector.seed)))
            let message = try bytes(vector.message)
            let signature = key.sign(message)
            #expect(key.publicKey.raw == (try bytes32(vector.key)), "\(vector.name)")
            #expect(signature.bytes == (try bytes(vector.signature)), "\(vector.name)")
            #expect(key.publicKey.accepts(signature, over: message))
            #expect(PortableVerifier.accepts(signature, by: key.publicKey, over: message))
        }
    }

    @Test("a seed of another length than 32 bytes gives no key", arguments: [0, 31, 33, 64])
    func seedLength(count: Int) {
        #expect(SigningKey(seed: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("the seed comes back as it went in, for the key file")
    func seed() throws {
        let seed = [UInt8](1...32)
        #expect(try #require(SigningKey(seed: seed)).seed == seed)
    }

    /// Honest keys, where every implementation must agree whatever its rule at the edges.
    @Test(
        "libsodium, OpenSSL and the portable verifier agree on signatures, whole and damaged",
        arguments: 0..<8)
    func agreement(seed: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(seed))
        for round in 0..<80 {
            let key = try #require(SigningKey(seed: numbers.bytes(32)))
            var message = numbers.bytes(Int.random(in: 1...200, using: &numbers))
            var signature = key.sign(message).bytes
            switch round % 5 {
            case 0: flipBit(of: &signature, in: 0..<32, &numbers)
            case 1: flipBit(of: &signature, in: 32..<64, &numbers)
            case 2: flipBit(of: &message, in: 0..<message.count, &numbers)
            default: break
            }
            let isWhole = round % 5 > 2
            let checked = try #require(Signature(signature))
            let publicKey = key.publicKey
            #expect(PortableVerifier.accepts(checked, by: publicKey, over: message) == isWhole)
            #expect(
                Ed25519Verifier.isAcceptedBySodium(checked, by: publicKey, over: message)
                    == isWhole)
            #expect(isAcceptedByOpenSSL(signature, by: publicKey, over: message) == isWhole)
            // A refusal here asks the portable verifier again, so a few are enough.
            if isWhole || round < 20 {
                #expect(publicKey.accepts(checked, over: message) == isWhole)
            }
        }
    }

    private func flipBit(
        of bytes: inout [UInt8], in range: Range<Int>, _ numbers: inout SeededNumbers
    ) {
        bytes[Int.random(in: range, using: &numbers)] ^=
            1 << UInt8.random(in: 0..<8, using: &numbers)
    }

    private func isAcceptedByOpenSSL(
        _ signature: [UInt8], by key: PublicKey, over message: [UInt8]
    ) -> Bool {
        let raw = key.raw.bytes
        let handle = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, raw, raw.count)
        let context = EVP_MD_CTX_new()
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(handle)
        }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, handle) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
