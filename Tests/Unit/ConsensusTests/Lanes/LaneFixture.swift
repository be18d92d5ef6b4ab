// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

@testable import Consensus

extension Fixture {
    static let epoch = Epoch(3)

    var laneConfiguration: LaneConfiguration {
        LaneConfiguration(chain: chain, epoch: Self.epoch, validators: validators)
    }

    func batch(
        lane: Int, after parent: Batch? = nil, payload: [UInt8] = [1],
        change: (inout BatchHeader) -> Void = { _ in }
    ) -> Batch {
        var header = BatchHeader(
            chain: chain, epoch: Self.epoch, lane: UInt16(lane),
            height: (parent?.header.height ?? 0) + 1, parent: parent?.hash ?? .zero,
            payloadDigest: SHA256.hash(payload), transactionCount: 1,
            payloadBytes: UInt32(payload.count))
        change(&header)
        return Batch(signed: SignedBatchHeader(header, by: keys[lane]), payload: payload)
    }

    /// A chain of so many batches whose payloads begin with `mark`.
    func batches(lane: Int, _ count: Int, mark: UInt8 = 0, after parent: Batch? = nil) -> [Batch] {
        var list: [Batch] = []
        for number in 0..<count {
            list.append(
                batch(lane: lane, after: list.last ?? parent, payload: [mark, UInt8(number)]))
        }
        return list
    }

    func vector(_ tips: [LaneTip], by index: Int, sequence: UInt64 = 1) -> AvailabilityVector {
        AvailabilityVector(
            tips, sequence: sequence, chain: chain, epoch: Self.epoch, validator: UInt16(index),
            by: keys[index])
    }

    /// A started machine with all other validators connected.
    func laneMachine(_ index: Int?, recovered: RecoveredLanes? = nil) -> LaneMachine {
        var machine = LaneMachine(
            configuration: laneConfiguration, identity: index.map { keys[$0] },
            recovered: recovered ?? .fresh(lanes: keys.count, after: BlockHeight(0)))
        _ = machine.receive(.started)
        for (other, key) in keys.enumerated() where other != index {
            _ = machine.receive(.connected(key.publicKey))
        }
        return machine
    }

    func cut(_ tips: LaneTip...) -> Cut {
        guard let cut = Cut(tips) else { preconditionFailure("lanes rise") }
        return cut
    }

    func ordered(_ height: UInt64, _ cut: Cut, slot: UInt64? = nil) -> LaneInput {
        .ordered(OrderedCut(height: BlockHeight(height), slot: Slot(slot ?? height), cut: cut))
    }

    func question(_ cut: Cut, ancestors: [Cut] = [], block: UInt8 = 50, slot: UInt64 = 9)
        -> LaneInput
    {
        .judge(
            CutQuestion(
                block: Fixture.digest(block), slot: Slot(slot), cut: cut, ancestors: ancestors))
    }
}

extension LaneMachine {
    /// Takes messages from the validator at a place in the set.
    mutating func hear(_ messages: LaneMessage..., from index: Int) -> [LaneEffect] {
        let peer = configuration.validators.validators[index].key
        return receive(.messages(messages.map { LaneDelivery(from: peer, $0) }))
    }

    mutating func hear(_ batches: [Batch], from index: Int) -> [LaneEffect] {
        let peer = configuration.validators.validators[index].key
        return receive(.messages(batches.map { LaneDelivery(from: peer, .batch($0)) }))
    }
}

extension [LaneEffect] {
    var vectors: [AvailabilityVector] {
        compactMap { if case .broadcast(.vector(let vector)) = $0 { vector } else { nil } }
    }

    var records: [Batch] {
        compactMap { if case .persist(.batch(let batch)) = $0 { batch } else { nil } }
    }

    var verdicts: [Bool] {
        compactMap { if case .verdict(_, let accepted) = $0 { accepted } else { nil } }
    }

    var executions: [LaneExecution] {
        compactMap { if case .execute(let execution) = $0 { execution } else { nil } }
    }

    var evidence: [LaneEvidence] {
        compactMap { if case .evidence(let evidence) = $0 { evidence } else { nil } }
    }

    var faults: [LaneFault] {
        compactMap { if case .note(.rejected(_, let fault)) = $0 { fault } else { nil } }
    }

    var requests: [(peer: PublicKey, request: BatchRequest)] {
        compactMap {
            if case .send(let peer, .request(let request)) = $0 { (peer, request) } else { nil }
        }
    }

    var answers: [[Batch]] {
        compactMap { if case .send(_, .answer(let batches)) = $0 { batches } else { nil } }
    }

    var rooms: [LaneRoom] {
        compactMap { if case .room(let room) = $0 { room } else { nil } }
    }

    var prunable: [Digest] {
        flatMap { effect -> [Digest] in
            if case .prunable(let hashes) = effect { hashes } else { [] }
        }
    }

    var timers: [LaneTimer] {
        compactMap { if case .setTimer(let timer, _) = $0 { timer } else { nil } }
    }
}
