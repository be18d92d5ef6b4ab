// SPDX-License-Identifier: Apache-2.0
import SimulatedEffects
import Testing
import Vocabulary

@testable import LeaseTalk

@Suite("Lease talk: bytes")
struct TalkCodecTests {
    static let aSignature = Signature(
        point: Bytes32(filledWith: 3), scalar: Bytes32(filledWith: 4))
    static let everyQuestion: [LeaseQuestion] = [
        .deliver(manifest: [1, 2], secrets: [3], volumeKey: Bytes32(filledWith: 4)), .receipt,
        .cosign(receipt: [1], signature: aSignature), .status,
        .output(service: "web", copy: 2, after: Timestamp(5)),
        .execute(service: "web", copy: 1, words: ["sh", "-c", "true"], input: [0]),
        .snapshot(after: 7), .chunks([Bytes32(filledWith: 1), .zero]), .hold(sequence: 8),
    ]
    static let everyAnswer: [LeaseAnswer] = [
        .done, .refused(.notAllowed, words: "no"),
        .receipt([1, 2], signature: aSignature),
        .status(
            LeaseStatus(
                isSettled: false, hindrance: "the image",
                copies: [
                    CopyStatus(
                        service: "web", number: 1, state: "running", health: "healthy",
                        exitCode: 0, restarts: 3,
                        ports: [ReachedPort(target: 80, isDatagram: false, address: "h:8080")])
                ])), .output([1], next: Timestamp(2)), .ended(code: 3, output: [4], errors: [5]),
        .snapshot(
            SnapshotOffer(
                sequence: 1, takenAt: Timestamp(2), bytes: 3,
                roots: [SnapshotOffer.Root(volume: "data", chunk: .zero)])),
        .chunks([[], [1, 2, 3]]), .held(statement: [1], signature: aSignature),
    ]

    @Test("what is written is read again, and nothing else", arguments: everyQuestion)
    func questions(_ question: LeaseQuestion) throws {
        let bytes = question.canonicalBytes
        #expect(try LeaseQuestion(canonicalBytes: bytes) == question)
        for count in 0..<bytes.count {
            #expect(throws: CanonicalError.self) {
                try LeaseQuestion(canonicalBytes: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: CanonicalError.self) { try LeaseQuestion(canonicalBytes: bytes + [0]) }
    }

    @Test("what is answered is read again, and nothing else", arguments: everyAnswer)
    func answers(_ answer: LeaseAnswer) throws {
        let bytes = answer.canonicalBytes
        #expect(try LeaseAnswer(canonicalBytes: bytes) == answer)
        for count in 0..<bytes.count {
            #expect(throws: CanonicalError.self) {
                try LeaseAnswer(canonicalBytes: Array(bytes.prefix(count)))
            }
        }
    }

    @Test("lists that claim to be longer than they may are refused before they are read (TALK-5)")
    func limits() {
        // A tag, then a length of 2^28 - 1.
        let length: [UInt8] = [0xff, 0xff, 0xff, 0x7f]
        for tag in 0..<9 as Range<UInt8> {
            #expect(throws: CanonicalError.self) {
                try LeaseQuestion(canonicalBytes: [tag] + length)
            }
            #expect(throws: CanonicalError.self) { try LeaseAnswer(canonicalBytes: [tag] + length) }
        }
    }

    @Test("random changes of any message are read or refused, and what is read is written the same")
    func mutations() throws {
        var random = SeededGenerator(seed: 5)
        for bytes in Self.everyQuestion.map(\.canonicalBytes)
            + Self.everyAnswer.map(\.canonicalBytes)
        {
            for _ in 0..<300 {
                var other = bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) where !other.isEmpty {
                    other[Int.random(in: other.indices, using: &random)] = .random(in: 0...255)
                }
                if let question = try? LeaseQuestion(canonicalBytes: other) {
                    #expect(question.canonicalBytes == other)
                }
                if let answer = try? LeaseAnswer(canonicalBytes: other) {
                    #expect(answer.canonicalBytes == other)
                }
            }
        }
    }
}
