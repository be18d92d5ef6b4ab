// SPDX-License-Identifier: Apache-2.0
import Consensus
import NodeInterface
import Vocabulary

/// What was executed of each lane: of every lane one chain, and every batch of it once; and which
/// lanes forked against their order, with the batches that show it.
struct LaneBook {
    private struct Lane: Hashable {
        let epoch: Epoch
        let number: UInt16
    }

    private var tips: [Lane: LaneTip] = [:]
    private var closed: Set<Lane> = []
    /// The owners whose lanes were closed, with the first epoch of each.
    private var forkers: [PublicKey: Epoch] = [:]
    /// What scenarios may wait for and has come about.
    private(set) var seen: Set<Expectation> = []
    /// The lanes that the last block closed, by their owners.
    private(set) var lastClosed: [PublicKey] = []

    /// Takes the next block that somebody executed.
    ///
    /// - Parameter owners: The keys of the lanes of its epoch, by their places.
    /// - Returns: What does not hold, in words.
    mutating func take(_ block: AppliedBlock, owners: [PublicKey]) -> String? {
        lastClosed = []
        guard let cut = try? Cut(payload: block.finalized.block.payload) else {
            return "block \(block.height) carries no cut"
        }
        let fault =
            execute(block.finalized.batches, block, owners)
            ?? close(block.finalized.forked, cut, block, owners)
            ?? missing(cut, block.finalized.block.header.epoch)
        return fault.map { "block \(block.height) \($0)" }
    }

    private mutating func execute(
        _ batches: [Batch], _ block: AppliedBlock, _ owners: [PublicKey]
    ) -> String? {
        let epoch = block.finalized.block.header.epoch
        for batch in batches {
            let lane = Lane(epoch: epoch, number: batch.header.lane)
            let tip = tips[lane] ?? .start(of: lane.number)
            guard batch.header.epoch == epoch, batch.isIntact, Int(lane.number) < owners.count
            else { return "executes a batch of another epoch, or a broken one" }
            guard batch.header.height == tip.height + 1, batch.header.parent == tip.hash else {
                return "executes batch \(batch.header.height) of lane \(lane.number), which does "
                    + "not follow batch \(tip.height)"
            }
            guard !closed.contains(lane) else {
                return "executes a batch of lane \(lane.number), which is closed"
            }
            tips[lane] = batch.tip
            if let fork = forkers[owners[Int(lane.number)]], fork < epoch {
                seen.insert(.reopenedLane)
            }
        }
        return nil
    }

    /// Lanes are closed by what shows that they forked, and by nothing else: batches above the last
    /// one executed, up to the tip that the cut orders, that do not stand on it (LANES-13).
    private mutating func close(
        _ forked: [Batch], _ cut: Cut, _ block: AppliedBlock, _ owners: [PublicKey]
    ) -> String? {
        let epoch = block.finalized.block.header.epoch
        for number in Set(forked.map(\.header.lane)).sorted() {
            let lane = Lane(epoch: epoch, number: number)
            let chain = forked.filter { $0.header.lane == number }
            let tip = tips[lane] ?? .start(of: number)
            let isChain = zip(chain, chain.dropFirst()).allSatisfy {
                $0.hash == $1.header.parent && $0.header.height + 1 == $1.header.height
            }
            guard let first = chain.first?.header, first.height == tip.height + 1, isChain,
                first.parent != tip.hash, chain.last?.tip == cut[number],
                Int(number) < owners.count, closed.insert(lane).inserted
            else { return "closes lane \(number) without a fork to show" }
            forkers[owners[Int(number)]] = forkers[owners[Int(number)]] ?? epoch
            seen.insert(.closedLane)
            lastClosed.append(owners[Int(number)])
        }
        return nil
    }

    /// A tip of the cut that was not reached, in a lane that is not closed.
    private func missing(_ cut: Cut, _ epoch: Epoch) -> String? {
        for tip in cut.tips {
            let lane = Lane(epoch: epoch, number: tip.lane)
            guard !closed.contains(lane), tips[lane] != tip else { continue }
            return "orders batch \(tip.height) of lane \(tip.lane) and does not execute it"
        }
        return nil
    }
}
