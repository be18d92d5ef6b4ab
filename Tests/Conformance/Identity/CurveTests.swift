// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import Testing
import Vocabulary

/// Signatures on the curves of ECDSA that the library `cryptography` made.
@Suite("ECDSA keys as Multikey")
struct CurveTests {
    @Test("every signature holds under its key, and under no other message or damage")
    func signatures() throws {
        let cases = try #require(try PublicVectors.kept("ecdsa.json")["cases"]?.elements)
        #expect(cases.count == 48)
        for vector in cases {
            func bytes(_ name: String) throws -> [UInt8] {
                try #require(vector[name]?.text.flatMap { Hexadecimal.decode($0) })
            }
            let point = try bytes("point")
            let key: VerificationKey = vector["curve"] == "p256" ? .p256(point) : .secp256k1(point)
            #expect(try VerificationKey(multibase: key.multibase) == key)
            let (message, signature) = (try bytes("message"), try bytes("signature"))
            #expect(key.accepts(signature, over: message))
            #expect(!key.accepts(signature, over: message + [0]))
            var damaged = signature
            damaged[63] ^= 1
            #expect(!key.accepts(damaged, over: message))
            #expect(!key.accepts([], over: message))
            #expect(!key.accepts([UInt8](repeating: 0, count: 64), over: message))
        }
    }
}
