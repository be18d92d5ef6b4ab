// SPDX-License-Identifier: Apache-2.0

import Testing
import Vocabulary

@testable import Cryptography

private struct SignatureGroup: Decodable {
    struct Key: Decodable { let pk: String }
    struct Case: Decodable {
        let tcId: Int
        let comment: String
        let msg: String
        let sig: String
        let result: WycheproofResult
    }
    let publicKey: Key
    let tests: [Case]
}

@Suite("Wycheproof: Ed25519")
struct WycheproofSignatureTests {
    /// Cases that RFC 8032 refuses and CRYPTO-2 accepts, each with its reason.
    private static let acceptedByRule: [Int: String] = [
        151: "R is (0, 1) with the sign bit of x set: CRYPTO-3 reads either sign of x = 0"
    ]

    @Test(
        "every verdict is Wycheproof's, but for the cases the rule names",
        .needs("wycheproof/ed25519_test.json"))
    func verdicts() throws {
        let file = try VectorsFolder.read(
            WycheproofFile<SignatureGroup>.self, from: "wycheproof/ed25519_test.json")
        var seen = 0
        for group in file.testGroups {
            let key = PublicKey(try bytes32(group.publicKey.pk))
            for test in group.tests {
                seen += 1
                let expected = test.result == .valid || Self.acceptedByRule[test.tcId] != nil
                // Signatures of another length than 64 bytes end here.
                let signature = try Signature(bytes(test.sig))
                let message = try bytes(test.msg)
                let verdict = signature.map { key.accepts($0, over: message) } ?? false
                #expect(verdict == expected, "case \(test.tcId): \(test.comment)")
                let portable =
                    signature.map { PortableVerifier.accepts($0, by: key, over: message) } ?? false
                #expect(portable == expected, "case \(test.tcId) by the portable verifier")
            }
        }
        #expect(seen == file.numberOfTests)
    }
}
