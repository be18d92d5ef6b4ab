// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// An answer with the provider's signature over it and over the question it belongs to (TALK-1).
struct SignedAnswer: CanonicalCodable {
    let answer: LeaseAnswer
    let signature: Signature

    private static let domain = Array("atoll/lease-answer/1".utf8)

    init(_ answer: LeaseAnswer, to question: Bytes32, signedBy key: SigningKey) {
        self.answer = answer
        signature = key.sign(Self.signedBytes(answer, to: question))
    }

    private static func signedBytes(_ answer: LeaseAnswer, to question: Bytes32) -> [UInt8] {
        domain + [0] + question.bytes + answer.canonicalBytes
    }

    func isGenuine(to question: Bytes32, by provider: PublicKey) -> Bool {
        provider.accepts(signature, over: Self.signedBytes(answer, to: question))
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(answer)
        encoder.write(signature)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        answer = try decoder.read()
        signature = try decoder.read()
    }
}
