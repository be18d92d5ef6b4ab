// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

extension FuzzTarget {
    /// What validators say to each other and keep for themselves.
    static let consensus: [FuzzTarget] = [
        FuzzTarget("consensus-message", ConsensusMessage.self, samples: messages),
        FuzzTarget(
            "finalized-block", FinalizedBlock.self, samples: { SampleChain.shared.finalized },
            check: { block in
                let chain = SampleChain.shared
                try? block.verify(validators: chain.validators, chain: chain.genesis.chain)
            }),
        FuzzTarget("proofs-of-votes", of: [certificate, evidence, laneEvidence]),
        FuzzTarget(
            "lane-message", LaneMessage.self, samples: { SampleLanes.shared.messages },
            check: { message in
                if case .batch(let batch) = message { _ = batch.isIntact }
            }),
        FuzzTarget("consensus-machine", samples: MachineScript.samples) { bytes in
            var script = MachineScript(bytes)
            script.run()
        },
        FuzzTarget("lane-machine", samples: LaneScript.samples) { bytes in
            var script = LaneScript(bytes)
            script.run()
        },
    ]

    /// What is kept for a restart.
    static let records: [FuzzTarget] = [
        FuzzTarget("consensus-record", ConsensusRecord.self) {
            let chain = SampleChain.shared
            return [
                .vote(chain.vote(.skip(Slot(1)), by: 1)), .proposal(chain.proposal),
                .certificate(chain.certificate(.skip(Slot(3)))),
            ]
        },
        FuzzTarget("lane-record", LaneRecord.self) { [.batch(SampleLanes.shared.batches[0])] },
        FuzzTarget("lane-cut", Cut.self) { [SampleLanes.shared.cut] },
        FuzzTarget("lane-position", LanePosition.self) {
            [LanePosition(epoch: Epoch(1), order: LaneOrder(lanes: 3))]
        },
    ]

    private static let certificate = FuzzTarget(
        "certificate", Certificate.self,
        samples: {
            let chain = SampleChain.shared
            return [
                chain.certificate(.skip(Slot(1))),
                chain.certificate(.final(Slot(1), .zero), by: [0, 1, 2, 3]),
            ]
        },
        check: { certificate in
            let chain = SampleChain.shared
            try? certificate.verify(validators: chain.validators, chain: chain.genesis.chain)
        })

    private static let evidence = FuzzTarget(
        "evidence", EquivocationEvidence.self, samples: { [SampleChain.shared.evidence] },
        check: { evidence in
            let chain = SampleChain.shared
            _ = evidence.offender(validators: chain.validators, chain: chain.genesis.chain)
        })

    private static let laneEvidence = FuzzTarget(
        "lane-evidence", LaneEvidence.self, samples: { [SampleLanes.shared.evidence] },
        check: { evidence in
            let chain = SampleChain.shared
            _ = evidence.offender(
                validators: chain.validators, chain: chain.genesis.chain, epoch: Epoch(0))
        })

    private static func messages() -> [ConsensusMessage] {
        let chain = SampleChain.shared
        return [
            .proposal(chain.proposal), .vote(chain.vote(.skip(Slot(2)), by: 1)),
            .certificate(chain.certificate(.notar(Slot(1), chain.blocks[0].hash))),
            .status(
                ConsensusStatus(
                    epoch: Epoch(0), finalHeight: BlockHeight(1), finalSlot: Slot(2), slot: Slot(3))
            ),
            .blockRequest(from: BlockHeight(1), count: 64), .blockResponse(chain.finalized),
            .slotRequest(Epoch(0), Slot(9)),
            .stateWord(StateWord(height: BlockHeight(16), root: .zero)),
        ]
    }
}
