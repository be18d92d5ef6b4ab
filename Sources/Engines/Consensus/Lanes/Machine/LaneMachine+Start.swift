// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension LaneMachine {
    /// Takes back this machine's own records: executed batches are done with, the others form the
    /// chains again as they were (LANES-17).
    mutating func restore(_ recovered: RecoveredLanes) {
        var byLane = [[Batch]](repeating: [], count: lanes.count)
        for case .batch(let batch) in recovered.records where isAddressed(batch.header) {
            byLane[Int(batch.header.lane)].append(batch)
        }
        for index in lanes.indices { restore(byLane[index], in: index) }
        outbox = []
        touched = ValidatorMask()
    }

    private mutating func restore(_ batches: [Batch], in index: Int) {
        var byHash: [Digest: Batch] = [:]
        var byParent: [Digest: Batch] = [:]
        for batch in batches {
            byHash[batch.hash] = batch
            if byParent[batch.header.parent] == nil { byParent[batch.header.parent] = batch }
        }
        var executed = lanes[index].base.hash
        while let batch = byHash.removeValue(forKey: executed) {
            leftovers.append(batch.hash)
            executed = batch.header.parent
        }
        while !lanes[index].isClosed, let next = byParent[lanes[index].tip.hash],
            next.header.height == lanes[index].tip.height + 1
        {
            byHash[next.hash] = nil
            hold(next, in: index)
        }
        // Said to be held, and not on the order's way: others may ask for them.
        var rest: [Batch] = []
        for batch in batches where byHash.removeValue(forKey: batch.hash) != nil {
            rest.append(batch)
        }
        let isFork = rest.contains { $0.header.height > lanes[index].base.height }
        lanes[index].keepForked(rest, distrusting: isFork)
        if order.isClosed(UInt16(index)) { lanes[index].close() }
    }

    mutating func start() {
        guard !isStarted else { return }
        isStarted = true
        if !leftovers.isEmpty { emit(.prunable(leftovers)) }
        leftovers = []
        for index in lanes.indices { touched.insert(index) }
        // What was filling before is lost; it waits no longer.
        isBatchAged = true
        armLook()
    }

    /// A new peer hears what this machine holds, and the own batches it may lack.
    mutating func greet(_ peer: PublicKey) {
        guard peer != identity?.publicKey, peers.connect(peer), isStarted else { return }
        if let vector = wholeVector(of: Array(lanes.indices)) {
            emit(.send(to: peer, .vector(vector)))
        }
        for batch in unavailableOwn() { emit(.send(to: peer, .batch(batch))) }
    }

    /// The first own batches that are not available: two, so that a repetition stays near 1 MiB.
    private func unavailableOwn() -> [Batch] {
        guard let ownIndex else { return [] }
        let lane = lanes[ownIndex]
        let first = max(lane.claims.available, lane.base.height)
        return [first + 1, first + 2].compactMap { lane.held(at: $0) }
    }

    private mutating func armLook() {
        look += 1
        emit(.setTimer(.look(look), afterMilliseconds: configuration.timing.lookMilliseconds))
    }

    /// Gives peers new allowances, and repeats what stands still (LANES-7).
    mutating func lookAround(_ serial: UInt64) {
        guard serial == look else { return }
        armLook()
        peers.renew()
        repeatVector()
        repeatOwnBatches()
        for index in lanes.indices {
            let lane = lanes[index]
            let lacks = lane.claims.available > lane.tip.height || !lane.loose.isEmpty
            if lacks || lane.missingSegments > 0 { touched.insert(index) }
        }
        for step in waiting.flatMap(\.missing) { touched.insert(Int(step.tip.lane)) }
    }

    /// Says again what is held in lanes that were not ordered since the last look: at the first
    /// look, the second, and every fourth.
    private mutating func repeatVector() {
        let still = lanes.indices.filter { index in
            !lanes[index].chain.isEmpty && lanes[index].baseAtLook == lanes[index].base.height
        }
        for index in lanes.indices {
            lanes[index].baseAtLook = lanes[index].chain.isEmpty ? nil : lanes[index].base.height
        }
        stillLooks = still.isEmpty ? 0 : stillLooks + 1
        guard stillLooks == 1 || stillLooks == 2 || stillLooks % 4 == 0 else { return }
        guard let vector = wholeVector(of: still) else { return }
        emit(.broadcast(.vector(vector)))
    }

    /// Gives own batches that nobody took since the last look to those who do not hold them.
    private mutating func repeatOwnBatches() {
        guard let ownIndex else { return }
        let lane = lanes[ownIndex]
        let oldest = unavailableOwn().first?.header.height
        defer { unavailableAtLook = oldest }
        guard let oldest, oldest == unavailableAtLook else { return }
        for batch in unavailableOwn() {
            let holders = lane.claims.holders(of: batch.tip)
            for (index, validator) in configuration.validators.validators.enumerated()
            where !holders.contains(index) && peers.contains(validator.key) {
                emit(.send(to: validator.key, .batch(batch)))
            }
        }
    }
}
