// SPDX-License-Identifier: Apache-2.0

import Testing
import Vocabulary

@testable import Cryptography

private struct SpeccheckCase: Decodable {
    let message: String
    let pubKey: String
    let signature: String
}

/// The twelve cases of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020, table 5),
/// on which implementations disagree.
@Suite("ed25519-speccheck")
struct SpeccheckTests {
    /// What CRYPTO-2 says of each; the same as the paper's row for ZIP-215 ("Zebra").
    private static let verdicts: [(accepted: Bool, reason: String)] = [
        (true, "A and R have small order and S is zero: both sides are the neutral element"),
        (true, "A has small order, R a part of small order; true without the cofactor too"),
        (true, "A has a part of small order, R has small order; true without the cofactor too"),
        (true, "A and R have parts of small order; true without the cofactor too"),
        (true, "A and R have parts of small order; true with the cofactor only"),
        (true, "true with the cofactor only, and not if 8k were reduced before it meets A"),
        (false, "S is not below L, though congruent to one that would do"),
        (false, "S is several times L, though congruent to one that would do"),
        (false, "R is not canonical, and k was made from its canonical form"),
        (true, "R is not canonical, and k was made from the bytes as they came"),
        (true, "A is not canonical, and k from the bytes as they came needs the cofactor"),
        (true, "A is not canonical, and k from the bytes as they came does without"),
    ]

    @Test(
        "each of the twelve cases has the verdict of ZIP-215",
        .needs("ed25519-speccheck/cases.json"))
    func cases() throws {
        let cases = try VectorsFolder.read(
            [SpeccheckCase].self, from: "ed25519-speccheck/cases.json")
        #expect(cases.count == Self.verdicts.count)
        for (index, (test, expected)) in zip(cases, Self.verdicts).enumerated() {
            let key = PublicKey(try bytes32(test.pubKey))
            let signature = try #require(Signature(bytes(test.signature)))
            let message = try bytes(test.message)
            let verdict = key.accepts(signature, over: message)
            #expect(verdict == expected.accepted, "case \(index): \(expected.reason)")
            let portable = PortableVerifier.accepts(signature, by: key, over: message)
            #expect(portable == expected.accepted, "case \(index) by the portable verifier")
        }
    }
}
