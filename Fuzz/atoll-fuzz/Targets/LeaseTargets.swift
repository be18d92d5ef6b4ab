// SPDX-License-Identifier: Apache-2.0
import Cryptography
import LeaseTalk
import Vocabulary

extension FuzzTarget {
    /// What strangers say about leases, once their envelopes are open (TALK-5).
    static let leases = [
        FuzzTarget("lease-talk", of: [question, answer, envelope])
    ]

    private static let question = FuzzTarget(
        "question", LeaseQuestion.self,
        samples: {
            [
                .deliver(manifest: [1], secrets: [2, 3], volumeKey: .zero), .receipt, .status,
                .execute(service: "web", copy: 1, words: ["sh", "-c"], input: [1]),
                .output(service: "web", copy: 2, after: Timestamp(3)),
                .chunks([.zero, .zero]), .hold(sequence: 1),
            ]
        })

    private static let answer = FuzzTarget(
        "answer", LeaseAnswer.self,
        samples: {
            [
                .refused(.busy, words: "later"), .chunks([[], [1]]),
                .ended(code: 1, output: [2], errors: []),
                .status(
                    LeaseStatus(
                        isSettled: true, hindrance: "",
                        copies: [
                            CopyStatus(
                                service: "web", number: 1, state: "running", health: "none",
                                exitCode: 0, restarts: 0,
                                ports: [
                                    ReachedPort(target: 1, isDatagram: true, address: "a:1")
                                ])
                        ])),
                .snapshot(
                    SnapshotOffer(
                        sequence: 1, takenAt: Timestamp(2), bytes: 3,
                        roots: [SnapshotOffer.Root(volume: "v", chunk: .zero)])),
            ]
        })

    /// Whatever comes in an envelope is opened or refused.
    private static let envelope = FuzzTarget(
        "envelope", samples: { [[UInt8](repeating: 0, count: 64)] }
    ) { bytes in
        guard let key = SigningKey(seed: [UInt8](repeating: 1, count: 32)) else { return }
        let opened = try? LeaseEnvelope.open(bytes, with: key, on: ChainID(.zero))
        precondition(opened == nil, "nobody seals by chance")
    }
}
