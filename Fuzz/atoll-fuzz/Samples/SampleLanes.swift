// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Vocabulary

/// Lanes of the sample chain's validators: three trunks with a fork each, all validly signed.
struct SampleLanes {
    /// Of the places 1 to 3; each lane's trunk from the first batch on, then its forks.
    let batches: [Batch]

    /// The lanes all targets share.
    static let shared = SampleLanes()

    private init() {
        let chain = SampleChain.shared
        func grow(_ count: Int, from parent: LaneTip, mark: UInt8) -> [Batch] {
            var list: [Batch] = []
            for number in 0..<count {
                list.append(
                    Batch(
                        [mark, UInt8(number)], transactionCount: 1, after: list.last?.tip ?? parent,
                        chain: chain.genesis.chain, epoch: Epoch(0),
                        by: chain.key(Int(parent.lane))))
            }
            return list
        }
        batches = (1..<4).flatMap { place -> [Batch] in
            let trunk = grow(6, from: .start(of: UInt16(place)), mark: 0)
            let fork = grow(3, from: trunk[2].tip, mark: 1)
            return trunk + fork + grow(2, from: .start(of: UInt16(place)), mark: 2)
        }
    }

    /// What a place says it holds.
    func vector(_ tips: [LaneTip], by place: Int) -> AvailabilityVector {
        let chain = SampleChain.shared
        return AvailabilityVector(
            tips, sequence: 1, chain: chain.genesis.chain, epoch: Epoch(0),
            validator: UInt16(place), by: chain.key(place))
    }

    /// One of each message.
    var messages: [LaneMessage] {
        [
            .batch(batches[0]), .vector(vector([batches[1].tip, batches[11].tip], by: 1)),
            .request(BatchRequest(tip: batches[5].tip, count: 4, block: BlockHeight(9))),
            .answer([batches[2], batches[1], batches[0]]),
        ]
    }

    /// Two batches of one height.
    var evidence: LaneEvidence {
        LaneEvidence(first: batches[0].signed, second: batches[9].signed)
    }

    /// Tips of two lanes.
    var cut: Cut { Cut([batches[5].tip, batches[11].tip]) ?? .empty }
}
