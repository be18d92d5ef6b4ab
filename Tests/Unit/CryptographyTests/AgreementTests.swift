// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@Suite("X25519")
struct AgreementTests {
    @Test("the two keys of RFC 7748 §6.1 agree on its shared secret")
    func rfc7748() throws {
        let alice = AgreementKey(
            seed: try bytes32("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
        let bob = AgreementKey(
            seed: try bytes32("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
        let shared = try bytes32(
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
        let alicePublic = try bytes32(
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
        let bobPublic = try bytes32(
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")

        #expect(alice.publicKey == alicePublic)
        #expect(bob.publicKey == bobPublic)
        #expect(try alice.sharedSecret(with: bob.publicKey) == shared)
        #expect(try bob.sharedSecret(with: alice.publicKey) == shared)
    }

    @Test("scalar multiplication gives the two results of RFC 7748 §5.2")
    func multiplication() throws {
        let first = AgreementKey(
            seed: try bytes32("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"))
        let firstPoint = try bytes32(
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
        let firstResult = try bytes32(
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
        #expect(try first.sharedSecret(with: firstPoint) == firstResult)

        // The highest bit of a u-coordinate does not count (RFC 7748 §5).
        let second = AgreementKey(
            seed: try bytes32("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"))
        let secondPoint = try bytes32(
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")
        let secondResult = try bytes32(
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")
        #expect(try second.sharedSecret(with: secondPoint) == secondResult)
    }

    @Test(
        "a key of small order is refused instead of giving zeros",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ])
    func smallOrder(encoding: String) throws {
        let key = AgreementKey(seed: try bytes32(String(repeating: "42", count: 32)))
        let other = try bytes32(encoding)
        #expect(throws: AgreementFailure.degenerateKey) { try key.sharedSecret(with: other) }
    }

    @Test("a seed of another length than 32 bytes gives no key", arguments: [0, 31, 33])
    func seedLength(count: Int) {
        #expect(AgreementKey(seed: [UInt8](repeating: 1, count: count)) == nil)
    }
}
