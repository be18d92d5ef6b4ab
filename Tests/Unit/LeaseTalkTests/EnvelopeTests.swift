// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import LeaseTalk

/// A tenant and a provider who talk, in a world where chance is counted.
struct Parlour {
    let chain = ChainID(Bytes32(filledWith: 7))
    let lease = Bytes32(filledWith: 9)
    let tenant: SigningKey
    let provider: SigningKey
    let answerKey = AgreementKey(seed: Bytes32(filledWith: 3))
    let now = Timestamp(1_000_000)

    init() throws {
        tenant = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        provider = try #require(SigningKey(seed: [UInt8](repeating: 2, count: 32)))
    }

    func signed(
        _ question: LeaseQuestion = .status, at time: Timestamp? = nil, answerKey byte: UInt8 = 3
    ) -> SignedQuestion {
        SignedQuestion(
            question, about: lease, on: chain, to: provider.publicKey, at: time ?? now,
            answerKey: AgreementKey(seed: Bytes32(filledWith: byte)).publicKey, signedBy: tenant)
    }

    func sealed(_ question: SignedQuestion) throws -> [UInt8] {
        try LeaseEnvelope.seal(question, ephemeral: AgreementKey(seed: Bytes32(filledWith: 4)))
    }
}

extension Bytes32 {
    init(filledWith byte: UInt8) { self = Bytes32([UInt8](repeating: byte, count: 32)) ?? .zero }
}

@Suite("Lease talk: envelopes")
struct EnvelopeTests {
    let parlour: Parlour

    init() throws { parlour = try Parlour() }

    @Test("a provider reads what was sealed to it, and an asker what was answered (TALK-1)")
    func both() throws {
        let question = parlour.signed(.execute(service: "web", copy: 1, words: ["ls"], input: [1]))
        let opened = try LeaseEnvelope.open(
            parlour.sealed(question), with: parlour.provider, on: parlour.chain)
        #expect(opened == question)
        let answer = LeaseAnswer.ended(code: 0, output: Array("etc".utf8), errors: [])
        let envelope = try LeaseEnvelope.seal(
            answer, to: opened, ephemeral: AgreementKey(seed: Bytes32(filledWith: 5)),
            signedBy: parlour.provider)
        #expect(
            try LeaseEnvelope.open(
                envelope, with: parlour.answerKey, from: parlour.provider.publicKey) == answer)
    }

    @Test("nobody else reads it, and nothing of it shows in the envelope (TALK-1)")
    func closed() throws {
        let word = Array("a word that nobody guesses".utf8)
        let question = parlour.signed(
            .deliver(manifest: word, secrets: word, volumeKey: Bytes32(filledWith: 8)))
        let envelope = try parlour.sealed(question)
        #expect(throws: LeaseTalkFailure.notForMe) {
            try LeaseEnvelope.open(envelope, with: parlour.tenant, on: parlour.chain)
        }
        let shown = (0...(envelope.count - word.count)).contains { place in
            envelope[place..<(place + word.count)].elementsEqual(word)
        }
        #expect(!shown)
    }

    @Test("a changed byte anywhere is noticed (TALK-1)")
    func changed() throws {
        let envelope = try parlour.sealed(parlour.signed())
        for place in envelope.indices {
            var other = envelope
            other[place] ^= 1
            #expect(throws: LeaseTalkFailure.self) {
                try LeaseEnvelope.open(other, with: parlour.provider, on: parlour.chain)
            }
        }
    }

    @Test(
        "a question for another provider or chain is not heard, though sealed to this one (TALK-1)")
    func foreign() throws {
        let question = parlour.signed()
        #expect(throws: LeaseTalkFailure.foreign) {
            try LeaseEnvelope.open(
                parlour.sealed(question), with: parlour.provider,
                on: ChainID(Bytes32(filledWith: 6)))
        }
        let passedOn = SignedQuestion(
            .status, about: parlour.lease, on: parlour.chain,
            to: parlour.tenant.publicKey, at: parlour.now,
            answerKey: parlour.answerKey.publicKey, signedBy: parlour.tenant)
        let key = try #require(parlour.provider.publicKey.agreementKey)
        let envelope = try HPKE.seal(
            passedOn.canonicalBytes, to: key,
            ephemeral: AgreementKey(seed: Bytes32(filledWith: 4)),
            info: Array("atoll/lease-question-envelope/1".utf8))
        #expect(throws: LeaseTalkFailure.foreign) {
            try LeaseEnvelope.open(envelope, with: parlour.provider, on: parlour.chain)
        }
    }

    @Test("an answer to one question does not pass for the answer to another (TALK-1)")
    func mixedUp() throws {
        let question = parlour.signed()
        let envelope = try LeaseEnvelope.seal(
            .done, to: question, ephemeral: AgreementKey(seed: Bytes32(filledWith: 5)),
            signedBy: parlour.provider)
        #expect(throws: LeaseTalkFailure.notForMe) {
            try LeaseEnvelope.open(
                envelope, with: AgreementKey(seed: Bytes32(filledWith: 11)),
                from: parlour.provider.publicKey)
        }
        #expect(throws: LeaseTalkFailure.forged) {
            try LeaseEnvelope.open(
                envelope, with: parlour.answerKey, from: parlour.tenant.publicKey)
        }
    }

    @Test("a question passes once, and only while it is young (TALK-2)")
    func replayed() throws {
        var gate = ReplayGuard()
        let question = parlour.signed()
        try gate.admit(question, at: parlour.now)
        #expect(throws: LeaseTalkFailure.repeated) {
            try gate.admit(question, at: parlour.now.advanced(by: 1_000))
        }
        #expect(throws: LeaseTalkFailure.stale) {
            try gate.admit(question, at: parlour.now.advanced(by: 60_001))
        }
        var later = ReplayGuard()
        #expect(throws: LeaseTalkFailure.stale) {
            try later.admit(question, at: Timestamp(parlour.now.value - 60_001))
        }
    }

    @Test("at no moment may a question that was heard be heard again (TALK-2)")
    func alwaysOnce() throws {
        for asked in stride(from: 0, through: 60_000, by: 15_000) {
            var gate = ReplayGuard()
            // A calendar that runs ahead: the question seems to come from the future.
            let question = parlour.signed(at: parlour.now.advanced(by: UInt64(asked)))
            try gate.admit(question, at: parlour.now)
            for later in stride(from: 0 as UInt64, through: 180_000, by: 500) {
                #expect(throws: LeaseTalkFailure.self) {
                    try gate.admit(question, at: parlour.now.advanced(by: later))
                }
            }
        }
    }

    @Test("a guard that can remember no more lets nothing pass (TALK-2)")
    func full() throws {
        var gate = ReplayGuard(rememberedMax: 3)
        for byte in 20..<23 as Range<UInt8> {
            try gate.admit(parlour.signed(answerKey: byte), at: parlour.now)
        }
        #expect(throws: LeaseTalkFailure.stale) {
            try gate.admit(parlour.signed(), at: parlour.now)
        }
        let later = parlour.now.advanced(by: 120_001)
        try gate.admit(parlour.signed(at: later), at: later)
    }
}
