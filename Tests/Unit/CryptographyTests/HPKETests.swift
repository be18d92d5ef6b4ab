// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@Suite("Sealing to a public key (CRYPTO-17)")
struct HPKETests {
    private let info = Array("Ode on a Grecian Urn".utf8)
    private let message = Array("Beauty is truth, truth beauty".utf8)

    @Test("RFC 9180, A.2.1: the first message of the base mode")
    func vector() throws {
        let sender = AgreementKey(
            seed: try bytes32("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600"))
        let recipient = AgreementKey(
            seed: try bytes32("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"))
        let sealed = try HPKE.seal(
            message, to: recipient.publicKey, ephemeral: sender, info: info,
            associatedData: Array("Count-0".utf8))
        let expected = try bytes(
            """
            1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a
            1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db
            21993c62ce81883d2dd1b51a28
            """)
        #expect(sealed == expected)
        let opened = try HPKE.open(
            sealed, with: recipient, info: info, associatedData: Array("Count-0".utf8))
        #expect(opened == message)
    }

    @Test("a message opens with its key, for its purpose, unchanged, and not otherwise")
    func bound() throws {
        var numbers = SeededNumbers(seed: 3)
        let recipient = AgreementKey(seed: try numbers.bytes32())
        let other = AgreementKey(seed: try numbers.bytes32())
        for count in [0, 1, 100, 5_000] {
            let plaintext = numbers.bytes(count)
            let sealed = try HPKE.seal(
                plaintext, to: recipient.publicKey,
                ephemeral: AgreementKey(seed: try numbers.bytes32()), info: info,
                associatedData: [1])
            #expect(sealed.count == count + HPKE.overheadCount)
            #expect(
                try HPKE.open(sealed, with: recipient, info: info, associatedData: [1])
                    == plaintext)
            #expect(throws: OpeningFailure.forged) {
                try HPKE.open(sealed, with: other, info: info, associatedData: [1])
            }
            #expect(throws: OpeningFailure.forged) {
                try HPKE.open(sealed, with: recipient, info: [], associatedData: [1])
            }
            #expect(throws: OpeningFailure.forged) {
                try HPKE.open(sealed, with: recipient, info: info)
            }
            for index in [0, 31, 32, sealed.count - 1] {
                var changed = sealed
                changed[index] ^= 1
                #expect(throws: OpeningFailure.forged) {
                    try HPKE.open(changed, with: recipient, info: info, associatedData: [1])
                }
            }
            for length in [0, 31, 47, sealed.count - 1] {
                #expect(throws: OpeningFailure.forged) {
                    try HPKE.open(
                        Array(sealed.prefix(length)), with: recipient, info: info,
                        associatedData: [1])
                }
            }
        }
    }

    @Test("a key of small order is refused at both ends")
    func degenerate() throws {
        var numbers = SeededNumbers(seed: 4)
        let key = AgreementKey(seed: try numbers.bytes32())
        #expect(throws: AgreementFailure.degenerateKey) {
            try HPKE.seal([1], to: .zero, ephemeral: key, info: [])
        }
        let sealed = [UInt8](repeating: 0, count: 64)
        #expect(throws: OpeningFailure.forged) { try HPKE.open(sealed, with: key, info: []) }
    }

    @Test("a signing key and its public key name one agreement key")
    func converted() throws {
        var numbers = SeededNumbers(seed: 5)
        for _ in 0..<20 {
            let key = try #require(SigningKey(seed: numbers.bytes(32)))
            #expect(key.agreementKey.publicKey == key.publicKey.agreementKey)
        }
    }
}
