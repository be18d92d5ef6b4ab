// SPDX-License-Identifier: Apache-2.0

import Testing
import Vocabulary

@testable import Cryptography

private struct SealingGroup: Decodable {
    struct Case: Decodable {
        let tcId: Int
        let comment: String
        let key: String
        let iv: String
        let aad: String
        let msg: String
        let ct: String
        let tag: String
        let result: WycheproofResult
    }
    let ivSize: Int
    let tests: [Case]
}

@Suite("Wycheproof: ChaCha20-Poly1305")
struct WycheproofSealingTests {
    @Test(
        "valid cases seal and open as given, in both implementations; the others do not open",
        .needs("wycheproof/chacha20_poly1305_test.json"))
    func cases() throws {
        let file = try VectorsFolder.read(
            WycheproofFile<SealingGroup>.self, from: "wycheproof/chacha20_poly1305_test.json")
        var seen = 0
        for test in file.testGroups.flatMap(\.tests) {
            seen += 1
            try check(test)
        }
        #expect(seen == file.numberOfTests)
    }

    private func check(_ test: SealingGroup.Case) throws {
        let (key, nonce) = (try bytes32(test.key), try bytes(test.iv))
        let (associated, message) = (try bytes(test.aad), try bytes(test.msg))
        let sealed = try bytes(test.ct) + bytes(test.tag)
        guard test.result == .valid else {
            #expect(throws: OpeningFailure.self, "case \(test.tcId): \(test.comment)") {
                try ChaCha20Poly1305.open(
                    sealed, key: key, nonce: nonce, associatedData: associated)
            }
            return
        }
        for seal in [SmallBuffers.seal, LargeBuffers.seal] {
            #expect(seal(message, key, nonce, associated) == sealed, "case \(test.tcId)")
        }
        for open in [SmallBuffers.open, LargeBuffers.open] {
            #expect(open(sealed, key, nonce, associated) == message, "case \(test.tcId)")
        }
    }
}
