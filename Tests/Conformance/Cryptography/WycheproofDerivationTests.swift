// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

private struct DerivationGroup: Decodable {
    struct Case: Decodable {
        let tcId: Int
        let comment: String
        let ikm: String
        let salt: String
        let info: String
        let size: Int
        let okm: String
        let result: WycheproofResult
    }
    let tests: [Case]
}

@Suite("Wycheproof: HKDF-SHA-256")
struct WycheproofDerivationTests {
    @Test(
        "valid cases derive the given keys; the others ask for more than the limit",
        .needs("wycheproof/hkdf_sha256_test.json"))
    func cases() throws {
        let file = try VectorsFolder.read(
            WycheproofFile<DerivationGroup>.self, from: "wycheproof/hkdf_sha256_test.json")
        var seen = 0
        for test in file.testGroups.flatMap(\.tests) {
            seen += 1
            guard test.result == .valid else {
                #expect(test.size > HKDF.outputBytesMax, "case \(test.tcId): \(test.comment)")
                continue
            }
            let derived = HKDF.derive(
                from: try bytes(test.ikm), salt: try bytes(test.salt),
                info: try bytes(test.info), count: test.size)
            #expect(derived == (try bytes(test.okm)), "case \(test.tcId): \(test.comment)")
        }
        #expect(seen == file.numberOfTests)
    }
}
