// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// Signatures that are gathered while documents are read, and decided together.
struct SignatureBatch {
    private var claims: [SignatureClaim] = []

    /// Adds a signature, and gives its place.
    mutating func add(_ claim: SignatureClaim) -> Int {
        claims.append(claim)
        return claims.count - 1
    }

    /// The verdicts, eight at a time where the machine can.
    func decided() -> [Bool] { Ed25519Verifier.verify(claims) }
}
