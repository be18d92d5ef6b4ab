// SPDX-License-Identifier: Apache-2.0

import Testing
import Vocabulary

@testable import Cryptography

/// CRYPTO-12: no way of turning a key into text shows its secret.
@Suite("Secrecy")
struct SecrecyTests {
    private let seed = [UInt8](repeating: 0xa7, count: 32)

    /// The seed as hexadecimal and as the elements of an array.
    private var traces: [String] { ["a7a7", "167, 167"] }

    @Test("a signing key prints, describes, interpolates and dumps without its seed")
    func signingKey() throws {
        let key = try #require(SigningKey(seed: seed))
        expectNoTrace(in: texts(of: key))
        expectNoTrace(in: texts(of: [key]))
        expectNoTrace(in: texts(of: Optional(key)))
        #expect("\(key)".contains("\(key.publicKey)"))
    }

    @Test("an agreement key prints, describes, interpolates and dumps without its seed")
    func agreementKey() throws {
        let key = try #require(AgreementKey(seed: seed))
        expectNoTrace(in: texts(of: key))
        expectNoTrace(in: texts(of: ["session": key]))
    }

    @Test("secret bytes say only how many they are")
    func secretBytes() {
        let secret = SecretBytes(copying: seed)
        expectNoTrace(in: texts(of: secret))
        #expect("\(secret)" == "SecretBytes(32)")
        #expect(secret.copied() == seed)
    }

    private func expectNoTrace(in texts: [String]) {
        for text in texts {
            for trace in traces { #expect(!text.contains(trace)) }
        }
    }

    private func texts(of value: some Any) -> [String] {
        var printed = ""
        var dumped = ""
        var debugged = ""
        print(value, to: &printed)
        debugPrint(value, to: &debugged)
        dump(value, to: &dumped)
        return [
            printed, debugged, dumped, "\(value)", String(describing: value),
            String(reflecting: value),
        ]
    }
}
