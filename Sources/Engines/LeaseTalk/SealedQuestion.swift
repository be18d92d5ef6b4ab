// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// A question as it is signed: by whom, about which lease, to whom, when (TALK-1).
public struct SignedQuestion: Hashable, Sendable {
    /// The chain that knows the lease.
    public let chain: ChainID
    /// The lease.
    public let lease: Bytes32
    /// Who is asked.
    public let provider: PublicKey
    /// Who asks, and signs.
    public let asker: PublicKey
    /// When, by the asker's calendar.
    public let askedAt: Timestamp
    /// The X25519 key that the answer is sealed to, made for this question alone.
    public let answerKey: Bytes32
    /// What is asked.
    public let question: LeaseQuestion
    /// The asker's signature.
    public let signature: Signature

    static let domain = "atoll/lease-question/1"

    /// Signs a question.
    ///
    /// - Parameter answerKey: The public half of a key made for this question alone.
    public init(
        _ question: LeaseQuestion, about lease: Bytes32, on chain: ChainID,
        to provider: PublicKey, at now: Timestamp, answerKey: Bytes32, signedBy key: SigningKey
    ) {
        let unsigned = Unsigned(
            chain: chain, lease: lease, provider: provider, asker: key.publicKey, askedAt: now,
            answerKey: answerKey, question: question)
        self.init(unsigned, key.sign(unsigned.signedBytes(domain: Self.domain)))
    }

    private init(_ unsigned: Unsigned, _ signature: Signature) {
        chain = unsigned.chain
        lease = unsigned.lease
        provider = unsigned.provider
        asker = unsigned.asker
        askedAt = unsigned.askedAt
        answerKey = unsigned.answerKey
        question = unsigned.question
        self.signature = signature
    }

    private struct Unsigned: CanonicalCodable {
        let chain: ChainID
        let lease: Bytes32
        let provider: PublicKey
        let asker: PublicKey
        let askedAt: Timestamp
        let answerKey: Bytes32
        let question: LeaseQuestion

        init(
            chain: ChainID, lease: Bytes32, provider: PublicKey, asker: PublicKey,
            askedAt: Timestamp, answerKey: Bytes32, question: LeaseQuestion
        ) {
            self.chain = chain
            self.lease = lease
            self.provider = provider
            self.asker = asker
            self.askedAt = askedAt
            self.answerKey = answerKey
            self.question = question
        }

        func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(chain)
            encoder.write(lease)
            encoder.write(provider)
            encoder.write(asker)
            encoder.write(askedAt)
            encoder.write(answerKey)
            encoder.write(question)
        }

        init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            chain = try decoder.read()
            lease = try decoder.read()
            provider = try decoder.read()
            asker = try decoder.read()
            askedAt = try decoder.read()
            answerKey = try decoder.read()
            question = try decoder.read()
        }
    }

    private var unsigned: Unsigned {
        Unsigned(
            chain: chain, lease: lease, provider: provider, asker: asker, askedAt: askedAt,
            answerKey: answerKey, question: question)
    }

    /// Whether the asker signed this.
    public var isGenuine: Bool {
        asker.accepts(signature, over: unsigned.signedBytes(domain: Self.domain))
    }

    /// What tells it from every other question: no key answers two.
    public var name: Bytes32 { answerKey }
}

extension SignedQuestion: CanonicalCodable {
    /// Appends what is signed, and the signature.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(unsigned)
        encoder.write(signature)
    }

    /// Reads both; the signature is not checked.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let unsigned = try decoder.read(Unsigned.self)
        self.init(unsigned, try decoder.read())
    }
}

/// Why a question is not heard, or an answer not believed.
public enum LeaseTalkFailure: Error, Hashable, Sendable {
    /// It is longer than any.
    case tooLarge
    /// It was sealed to somebody else, or changed on its way.
    case notForMe
    /// It is no question or answer.
    case malformed
    /// It is of another chain, or meant for another provider.
    case foreign
    /// Its signature is wrong.
    case forged
    /// It was asked too long ago, or will be.
    case stale
    /// It was asked already.
    case repeated
    /// The key it was to be sealed to is none.
    case unusableKey
}

/// Questions and answers as they travel: whoever passes them on learns their length alone (TALK-1).
public enum LeaseEnvelope {
    private static let questionPurpose = Array("atoll/lease-question-envelope/1".utf8)
    private static let answerPurpose = Array("atoll/lease-answer-envelope/1".utf8)

    /// Seals a question to the provider whom it names.
    ///
    /// - Parameter ephemeral: A key made from fresh random bytes for this envelope alone.
    /// - Throws: ``LeaseTalkFailure/unusableKey``
    public static func seal(
        _ question: SignedQuestion, ephemeral: AgreementKey
    ) throws(LeaseTalkFailure) -> [UInt8] {
        guard let key = question.provider.agreementKey,
            let sealed = try? HPKE.seal(
                question.canonicalBytes, to: key, ephemeral: ephemeral, info: questionPurpose)
        else { throw .unusableKey }
        return sealed
    }

    /// Opens a question that was sealed to this provider, and checks all that can be checked
    /// without the ledger.
    ///
    /// - Throws: ``LeaseTalkFailure``
    public static func open(
        _ envelope: [UInt8], with key: SigningKey, on chain: ChainID
    ) throws(LeaseTalkFailure) -> SignedQuestion {
        guard envelope.count <= LeaseTalkLimits.questionBytesMax else { throw .tooLarge }
        guard
            let bytes = try? HPKE.open(envelope, with: key.agreementKey, info: questionPurpose)
        else { throw .notForMe }
        guard let question = try? SignedQuestion(canonicalBytes: bytes) else { throw .malformed }
        guard question.chain == chain, question.provider == key.publicKey else { throw .foreign }
        guard question.isGenuine else { throw .forged }
        return question
    }

    /// Seals an answer to the key that the question brought; it belongs to that question alone.
    ///
    /// - Throws: ``LeaseTalkFailure/unusableKey``
    public static func seal(
        _ answer: LeaseAnswer, to question: SignedQuestion, ephemeral: AgreementKey,
        signedBy key: SigningKey
    ) throws(LeaseTalkFailure) -> [UInt8] {
        let signed = SignedAnswer(answer, to: question.name, signedBy: key)
        guard
            let sealed = try? HPKE.seal(
                signed.canonicalBytes, to: question.answerKey, ephemeral: ephemeral,
                info: answerPurpose)
        else { throw .unusableKey }
        return sealed
    }

    /// Opens the answer to a question.
    ///
    /// - Parameter key: Whose public half the question brought.
    /// - Throws: ``LeaseTalkFailure``
    public static func open(
        _ envelope: [UInt8], with key: AgreementKey, from provider: PublicKey
    ) throws(LeaseTalkFailure) -> LeaseAnswer {
        guard envelope.count <= LeaseTalkLimits.answerBytesMax else { throw .tooLarge }
        guard let whole = try? HPKE.open(envelope, with: key, info: answerPurpose) else {
            throw .notForMe
        }
        guard let signed = try? SignedAnswer(canonicalBytes: whole) else { throw .malformed }
        guard signed.isGenuine(to: key.publicKey, by: provider) else { throw .forged }
        return signed.answer
    }
}
