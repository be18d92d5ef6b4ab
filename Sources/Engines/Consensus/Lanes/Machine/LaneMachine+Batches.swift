// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension LaneMachine {
    /// Whether a header is one of this epoch's lanes.
    func isAddressed(_ header: BatchHeader) -> Bool {
        header.chain == configuration.chain && header.epoch == configuration.epoch
            && Int(header.lane) < lanes.count && header.isPlausible
    }

    /// Whether a batch is worth its signature check: new, near, and with room, or a contradiction.
    mutating func canUse(_ batch: Batch, from peer: PublicKey) -> Bool {
        guard isAddressed(batch.header) else {
            reject(peer, .misaddressed)
            return false
        }
        let lane = lanes[Int(batch.header.lane)]
        let height = batch.header.height
        guard lane.isOpen else { return false }
        if let known = lane.known(at: height) { return known.hash != batch.hash }
        guard height > lane.base.height else { return false }
        let isNear = height <= lane.base.height + LaneClaims.heightsMax
        guard isNear, hasRoom(for: batch, in: lane) else {
            reject(peer, .noRoom)
            return false
        }
        return true
    }

    func hasRoom(for batch: Batch, in lane: LaneState) -> Bool {
        lane.bytes + batch.payload.count <= LaneLimits.heldBytesMax(lanes: lanes.count)
    }

    /// Takes a batch whose signature is its owner's.
    mutating func take(_ batch: Batch, from peer: PublicKey) {
        let index = Int(batch.header.lane)
        if let known = lanes[index].known(at: batch.header.height) {
            accuse(known, batch)
            return
        }
        guard batch.isIntact else {
            reject(peer, .badPayload)
            return
        }
        if index == ownIndex { meetTwin() }
        place(batch, in: index)
    }

    /// Links a checked batch, or keeps it until it can be linked.
    mutating func place(_ batch: Batch, in index: Int) {
        touched.insert(index)
        let tip = lanes[index].tip
        if batch.header.height == tip.height + 1, batch.header.parent == tip.hash {
            hold(batch, in: index)
            absorbLoose(in: index)
        } else {
            lanes[index].keepLoose(batch)
            boundLoose()
        }
    }

    /// Links a batch to the chain that this machine holds: a validator durably, and for others
    /// (LANES-4). Who only follows keeps it in memory until it is executed.
    mutating func hold(_ batch: Batch, in index: Int) {
        lanes[index].append(batch)
        touched.insert(index)
        guard let ownIndex else { return }
        emit(.persist(.batch(batch)))
        unsaid.insert(index)
        claim(batch.tip, by: ownIndex)
    }

    mutating func absorbLoose(in index: Int) {
        while lanes[index].isOpen, let next = lanes[index].nextLoose() { hold(next, in: index) }
    }

    /// Two batches of one key for one height: proof against the owner (LANES-16).
    mutating func accuse(_ known: Batch, _ other: Batch) {
        let index = Int(known.header.lane)
        guard known.hash != other.hash, !lanes[index].isDistrusted else { return }
        lanes[index].isDistrusted = true
        lanes[index].dropLoose()
        emit(.evidence(LaneEvidence(first: known.signed, second: other.signed)))
        if index == ownIndex { meetTwin() }
    }

    /// Keeps batches that cannot be linked within their bound: the lane with the most of them
    /// loses its oldest.
    private mutating func boundLoose() {
        var total = lanes.reduce(0) { $0 + $1.looseBytes }
        while total > LaneLimits.looseBytesMax {
            var worst = 0
            for index in lanes.indices where lanes[index].looseBytes > lanes[worst].looseBytes {
                worst = index
            }
            guard let dropped = lanes[worst].dropOldestLoose() else { return }
            total -= dropped.payload.count
            emit(.note(.dropped(lane: UInt16(worst), bytes: dropped.payload.count)))
        }
    }
}
