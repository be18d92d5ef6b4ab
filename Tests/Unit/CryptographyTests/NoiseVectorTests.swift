// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Cryptography

/// The vector `Noise_XX_25519_ChaChaPoly_SHA256` published with the cacophony library
/// (github.com/haskell-cryptography/cacophony, vectors/cacophony.txt at 36c1e5c3).
@Suite("The published vector of Noise XX")
struct NoiseVectorTests {
    private static let prologue = "4a6f686e2047616c74"
    private static let initiatorStatic =
        "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1"
    private static let initiatorEphemeral =
        "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a"
    private static let responderStatic =
        "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893"
    private static let responderEphemeral =
        "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"

    /// Payload and message, alternating from the initiator.
    private static let messages: [(payload: String, message: String)] = [
        (
            "4c756477696720766f6e204d69736573",
            "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944"
                + "4c756477696720766f6e204d69736573"
        ),
        (
            "4d757272617920526f746862617264",
            "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843"
                + "81cbad1f276e038c48378ffce2b65285e08d6b68aaa3629a5a8639392490e5b9"
                + "bd5269c2f1e4f488ed8831161f19b7815528f8982ffe09be9b5c412f8a0db50f"
                + "8814c7194e83f23dbd8d162c9326ad"
        ),
        (
            "462e20412e20486179656b",
            "c7195ffacac1307ff99046f219750fc47693e23c3cb08b89c2af808b444850a8"
                + "0ae475b9df0f169ae80a89be0865b57f58c9fea0d4ec82a286427402f113e4b6"
                + "ae769a1d95941d49b25030"
        ),
        (
            "4361726c204d656e676572",
            "96763ed773f8e47bb3712f0e29b3060ffc956ffc146cee53d5e1df"
        ),
        (
            "4a65616e2d426170746973746520536179",
            "3e40f15f6f3a46ae446b253bf8b1d9ffb6ed9b174d272328ff91a7e2e5c79c07f5"
        ),
        (
            "457567656e2042f6686d20766f6e2042617765726b",
            "eb3f3515110702e047a6c9da4478b6ead94873c11c0f2d710ddb3f09fce024b3a58502ae3f"
        ),
    ]

    private static func bytes(_ text: String) -> [UInt8] { must(Hexadecimal.decode(text)) }

    private static func side(
        _ side: NoiseHandshake.Side, _ staticKey: String, _ ephemeralKey: String
    ) -> NoiseHandshake {
        NoiseHandshake(
            side: side, staticKey: must(AgreementKey(seed: bytes(staticKey))),
            ephemeralKey: must(AgreementKey(seed: bytes(ephemeralKey))),
            prologue: bytes(prologue))
    }

    @Test("both sides write and read exactly its bytes")
    func vector() throws {
        var initiator = Self.side(.initiator, Self.initiatorStatic, Self.initiatorEphemeral)
        var responder = Self.side(.responder, Self.responderStatic, Self.responderEphemeral)
        for (index, step) in Self.messages.prefix(3).enumerated() {
            let payload = Self.bytes(step.payload)
            let isInitiators = index.isMultiple(of: 2)
            let message =
                try isInitiators
                ? initiator.write(payload: payload) : responder.write(payload: payload)
            #expect(Hexadecimal.encode(message) == step.message)
            let read = try isInitiators ? responder.read(message) : initiator.read(message)
            #expect(read == payload)
        }
        var first = must(initiator.session())
        var second = must(responder.session())
        #expect(first.transcript == second.transcript)
        for (index, step) in Self.messages.dropFirst(3).enumerated() {
            let payload = Self.bytes(step.payload)
            let isResponders = index.isMultiple(of: 2)
            let message =
                try isResponders
                ? second.sending.seal(payload) : first.sending.seal(payload)
            #expect(Hexadecimal.encode(message) == step.message)
            let read =
                try isResponders
                ? first.receiving.open(message) : second.receiving.open(message)
            #expect(read == payload)
        }
    }
}
