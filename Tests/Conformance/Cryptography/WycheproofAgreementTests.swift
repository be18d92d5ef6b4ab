// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

private struct AgreementGroup: Decodable {
    struct Case: Decodable {
        let tcId: Int
        let comment: String
        let flags: [String]
        let `public`: String
        let `private`: String
        let shared: String
        let result: WycheproofResult
    }
    let tests: [Case]
}

@Suite("Wycheproof: X25519")
struct WycheproofAgreementTests {
    /// "Acceptable" are keys on the twist, not canonical, or of small order. RFC 7748 computes
    /// with the first two; CRYPTO-6 refuses the last, which give zeros.
    @Test(
        "every shared secret is Wycheproof's, and every zero secret is refused",
        .needs("wycheproof/x25519_test.json"))
    func secrets() throws {
        let file = try VectorsFolder.read(
            WycheproofFile<AgreementGroup>.self, from: "wycheproof/x25519_test.json")
        var seen = 0
        for test in file.testGroups.flatMap(\.tests) {
            seen += 1
            let key = AgreementKey(seed: try bytes32(test.private))
            let other = try bytes32(test.public)
            if test.flags.contains("ZeroSharedSecret") {
                #expect(throws: AgreementFailure.degenerateKey, "case \(test.tcId)") {
                    try key.sharedSecret(with: other)
                }
            } else {
                let shared = try key.sharedSecret(with: other)
                #expect(
                    shared == (try bytes32(test.shared)), "case \(test.tcId): \(test.comment)")
            }
        }
        #expect(seen == file.numberOfTests)
    }
}
