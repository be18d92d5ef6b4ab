// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

@testable import Consensus

/// The sequencer that stands for consensus.
extension LaneCluster {
    private var undecided: [Cut] { chain.dropFirst(finalCount).map(\.cut) }

    mutating func propose() {
        slot += 1
        let leader = Int(slot) % nodes.count
        let slot = slot
        let isLying = nodes[leader].conduct == .liar || nodes[leader].conduct == .equivocator
        let cut = isLying ? falseCut(by: leader) : nodes[leader].machine?.proposal(after: undecided)
        guard nodes[leader].isUp, let cut else {
            queue.add(.slot, at: now + 50)
            return
        }
        let block = SHA256.hash(cut.payload + [UInt8(slot & 255), UInt8(slot >> 8)])
        proposal = (slot, block, cut, chain.count)
        accepted = Set(nodes.indices.filter { nodes[$0].isUp && nodes[$0].conduct != .honest })
        queue.add(.timeout(slot), at: now + 300)
        let question = LaneInput.judge(
            CutQuestion(block: block, slot: Slot(slot), cut: cut, ancestors: undecided))
        for node in honest where nodes[node].isUp {
            // A voter judges when it knows the same final blocks as the proposal builds on.
            guard nodes[node].ordered == finalCount else { continue }
            queue.add(
                .input(node, life: nodes[node].life, question),
                at: now + dice.within(weather.delayMilliseconds))
        }
    }

    mutating func accept(_ node: Int) {
        guard let current = proposal else { return }
        accepted.insert(node)
        guard accepted.count >= Int(fixture.validators.quorum) else { return }
        chain.append(
            OrderedCut(
                height: BlockHeight(UInt64(chain.count + 1)), slot: Slot(current.slot),
                cut: current.cut))
        proposal = nil
        finalCount = chain.count - 1
        for node in nodes.indices where nodes[node].isUp { orderLater(node) }
        queue.add(.slot, at: now + 60)
    }

    mutating func skip() {
        proposal = nil
        skipped += 1
        queue.add(.slot, at: now + 1)
    }

    mutating func orderLater(_ node: Int) {
        queue.add(.order(node, life: nodes[node].life), at: now + dice.within(1...25))
    }

    mutating func orderNext(_ node: Int) {
        while nodes[node].ordered < finalCount {
            nodes[node].ordered += 1
            feed(node, .ordered(chain[nodes[node].ordered - 1]))
            guard nodes[node].isUp else { return }
        }
    }

    /// A cut that is invented, stale, or takes the other branch of a fork.
    private mutating func falseCut(by leader: Int) -> Cut? {
        let honestCut = nodes[leader].machine?.proposal(after: undecided)
        let lane = UInt16(leader)
        let current = (undecided.reversed().compactMap { $0[lane] }.first)?.height
        let base = current ?? nodes[leader].machine?.lanes[leader].base.height ?? 0
        let height = base + 1 + UInt64(dice.below(3))
        if nodes[leader].conduct == .equivocator {
            // One branch after the other, from the hands of those who hold them.
            let holder = Int(slot) / nodes.count % 2 == 0 ? nodes.count - 1 : 1
            return highest(of: lane, at: holder, above: base) ?? honestCut
        }
        switch dice.below(4) {
        case 0: return honestCut
        case 1: return Cut([LaneTip(lane: lane, height: height, hash: Fixture.digest(7))])
        case 2: return undecided.last ?? honestCut
        default:
            return highest(of: lane, at: dice.below(nodes.count), above: base) ?? honestCut
        }
    }

    private func highest(of lane: UInt16, at node: Int, above base: UInt64) -> Cut? {
        let known = nodes[node].records.filter { $0.header.lane == lane }
        guard let batch = known.last(where: { $0.header.height > base }) else { return nil }
        return Cut([batch.tip])
    }

    // MARK: - Villains

    mutating func withhold(_ message: LaneMessage, from node: Int, to: Int) {
        switch message {
        case .batch:
            let isFavourite = (to + nodes.count - node) % nodes.count <= (nodes.count + 1) / 2
            if isFavourite { transmit(message, from: node, to: to) }
        case .vector: transmit(message, from: node, to: to)
        case .request, .answer: break
        }
    }

    /// The same for even nodes; for odd ones a chain of its own beside it.
    mutating func forked(_ message: LaneMessage, by node: Int, for to: Int) -> LaneMessage {
        guard !to.isMultiple(of: 2) else { return message }
        let key = nodes[node].key
        switch message {
        case .batch(let batch):
            let parent = LaneTip(
                lane: batch.header.lane, height: batch.header.height - 1,
                hash: twin(of: batch.header.height - 1, by: node))
            let other = Batch(
                batch.payload + [1], transactionCount: 1, after: parent, chain: fixture.chain,
                epoch: Fixture.epoch, by: key)
            let place = LaneTip(
                lane: batch.header.lane, height: batch.header.height, hash: .zero)
            made[place] = made[place] ?? other.hash
            nodes[node].archive[other.hash] = other
            return .batch(other)
        case .vector(let vector):
            let entries = vector.entries.map { entry in
                guard Int(entry.lane) == node else { return entry }
                return LaneTip(
                    lane: entry.lane, height: entry.height, hash: twin(of: entry.height, by: node))
            }
            return .vector(
                AvailabilityVector(
                    entries, sequence: vector.sequence, chain: vector.chain, epoch: vector.epoch,
                    validator: vector.validator, by: key))
        case .request, .answer: return message
        }
    }

    private func twin(of height: UInt64, by node: Int) -> Digest {
        made[LaneTip(lane: UInt16(node), height: height, hash: .zero)] ?? .zero
    }

    mutating func flood(_ message: LaneMessage, from node: Int, to: Int) {
        transmit(message, from: node, to: to)
        let key = nodes[node].key
        for _ in 0..<3 {
            let height = UInt64(2 + dice.below(300))
            let parent = LaneTip(
                lane: UInt16(node), height: height, hash: Fixture.digest(UInt8(dice.below(256))))
            let junk = Batch(
                [UInt8](repeating: 0, count: 2_000 + dice.below(30_000)), transactionCount: 1,
                after: parent, chain: fixture.chain, epoch: Fixture.epoch, by: key)
            let stranger = Batch(
                signed: SignedBatchHeader(
                    header: fixture.batch(lane: to).header, signature: junk.signed.signature),
                payload: [1])
            let claims = fixture.vector([junk.tip], by: node, sequence: 0)
            let choices: [LaneMessage] = [
                .batch(junk), .batch(junk), .vector(claims), .vector(claims), .answer([junk]),
                .batch(dice.happens(perMille: 200) ? stranger : junk),
                .request(BatchRequest(tip: junk.tip, count: 64)),
                nodes[node].records.first.map { .batch($0) } ?? message,
            ]
            transmit(choices[dice.below(choices.count)], from: node, to: to)
        }
    }
}
