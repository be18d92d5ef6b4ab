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
        let claims = try cases.map { test in
            SignatureClaim(
                key: PublicKey(try bytes32(test.pubKey)),
                signature: try #require(Signature(bytes(test.signature))),
                message: try bytes(test.message))
        }
        for (index, (claim, expected)) in zip(claims, Self.verdicts).enumerated() {
            let verdict = claim.key.accepts(claim.signature, over: claim.message)
            #expect(verdict == expected.accepted, "case \(index): \(expected.reason)")
        }
        for backend in Ed25519Backend.allCases where backend.isAvailable {
            // Turned round by one at a time, every case comes to every lane.
            for turn in 0..<(backend == .lanes ? 12 : 1) {
                let turned = claims[turn...] + claims[..<turn]
                let expected = Self.verdicts[turn...] + Self.verdicts[..<turn]
                let verdicts = Ed25519Verifier.verify(Array(turned), by: backend)
                #expect(verdicts == expected.map(\.accepted), "\(backend), from case \(turn)")
            }
        }
    }
}
