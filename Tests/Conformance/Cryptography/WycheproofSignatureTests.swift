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
        var claims: [SignatureClaim] = []
        var expected: [(accepted: Bool, name: String)] = []
        for group in file.testGroups {
            for test in group.tests {
                let isAccepted = test.result == .valid || Self.acceptedByRule[test.tcId] != nil
                // Signatures of another length than 64 bytes end here.
                guard let signature = try Signature(bytes(test.sig)) else {
                    #expect(!isAccepted, "case \(test.tcId): \(test.comment)")
                    continue
                }
                claims.append(
                    SignatureClaim(
                        key: PublicKey(try bytes32(group.publicKey.pk)), signature: signature,
                        message: try bytes(test.msg)))
                expected.append((isAccepted, "case \(test.tcId): \(test.comment)"))
            }
        }
        #expect(file.testGroups.map(\.tests.count).reduce(0, +) == file.numberOfTests)
        for backend in Ed25519Backend.allCases where backend.isAvailable {
            let verdicts = Ed25519Verifier.verify(claims, by: backend)
            for (verdict, expected) in zip(verdicts, expected) {
                #expect(verdict == expected.accepted, "\(expected.name), by \(backend)")
            }
        }
    }
}
