// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Batches of one lane that have to be asked for.
private struct LaneWant {
    /// The highest of them.
    let tip: LaneTip
    /// How many, from it downwards.
    let count: UInt64
    /// Those who said to hold them.
    let holders: ValidatorMask
    /// The final block that waits for them, if any.
    var block: BlockHeight?

    /// Whether a final block waits for them.
    var isFinal: Bool { block != nil }
}

extension LaneMachine {
    /// Asks for what changed lanes lack; each lane searches for itself (LANES-12).
    mutating func pursueTouched() {
        while let lane = touched.removeFirst() { pursue(lane) }
    }

    private mutating func pursue(_ index: Int) {
        guard let want = want(of: index) else {
            lanes[index].fetch.stop()
            return
        }
        let fetch = lanes[index].fetch
        if want.isFinal, !fetch.isFinal {
            lanes[index].fetch.stop()
            ask(want, for: index)
        } else if fetch.wanted == nil {
            // It may be on its way.
            lanes[index].fetch.wanted = want.tip
            arm(index, afterMilliseconds: configuration.timing.fetchMilliseconds)
        } else if fetch.asked == 0 {
            lanes[index].fetch.wanted = want.tip
        }
    }

    mutating func fetchExpired(_ index: Int, _ serial: UInt64) {
        guard index < lanes.count, lanes[index].fetch.serial == serial else { return }
        guard lanes[index].fetch.wanted != nil else { return }
        guard let want = want(of: index) else {
            lanes[index].fetch.stop()
            return
        }
        ask(want, for: index)
    }

    /// Asks the next peers, more of them each time: one that holds the batches and answers is
    /// among the first holders asked, unless all before it are faulty.
    private mutating func ask(_ want: LaneWant, for index: Int, first: PublicKey? = nil) {
        let timing = configuration.timing
        if lanes[index].fetch.wanted != want.tip { lanes[index].fetch.askedPeers = [] }
        lanes[index].fetch.wanted = want.tip
        lanes[index].fetch.isFinal = want.isFinal
        let candidates = first.map { [$0] } ?? self.candidates(for: want)
        let attempts = lanes[index].fetch.attempts
        let number = min(candidates.count, LaneLimits.askedAtOnceMax, 1 << min(attempts, 8))
        let request = BatchRequest(
            tip: want.tip, count: UInt16(min(want.count, LaneLimits.windowMax)),
            block: want.block ?? BlockHeight(0))
        for _ in 0..<number {
            let peer = candidates[lanes[index].fetch.asked % candidates.count]
            lanes[index].fetch.asked += 1
            if !lanes[index].fetch.askedPeers.contains(peer) {
                lanes[index].fetch.askedPeers.append(peer)
            }
            emit(.send(to: peer, .request(request)))
            emit(.note(.fetching(want.tip, from: peer)))
        }
        lanes[index].fetch.attempts += 1
        let wait = timing.fetchMilliseconds << UInt64(min(attempts, 8))
        arm(index, afterMilliseconds: min(wait, timing.fetchMillisecondsMax))
    }

    private mutating func arm(_ index: Int, afterMilliseconds wait: UInt64) {
        lanes[index].fetch.serial += 1
        let timer = LaneTimer.fetch(lane: UInt16(index), attempt: lanes[index].fetch.serial)
        emit(.setTimer(timer, afterMilliseconds: wait))
    }

    /// The connected holders, each machine beginning with another, and the owner, from whom the
    /// batches should have come, last of them; then all other peers.
    private func candidates(for want: LaneWant) -> [PublicKey] {
        let start = (ownIndex ?? 0) + Int(want.tip.lane)
        var list: [PublicKey] = []
        for offset in lanes.indices {
            let index = (start + offset) % lanes.count
            let key = configuration.validators.validators[index].key
            let isOther = index != ownIndex && index != Int(want.tip.lane)
            if isOther, want.holders.contains(index), peers.contains(key) { list.append(key) }
        }
        let owner = configuration.validators.validators[Int(want.tip.lane)].key
        if peers.contains(owner) { list.append(owner) }
        let holders = Set(list)
        return list + peers.keys.filter { !holders.contains($0) }
    }

    // MARK: - What is lacking

    private func want(of index: Int) -> LaneWant? {
        if lanes[index].missingSegments > 0, let want = finalWant(of: index) { return want }
        let lane = lanes[index]
        let isFull = lane.bytes >= LaneLimits.heldBytesMax(lanes: lanes.count)
        guard lane.isOpen, !isFull else { return nil }
        if lane.claims.available > lane.tip.height {
            let tip = LaneTip(
                lane: UInt16(index), height: lane.claims.available,
                hash: lane.claims.availableHash)
            if let want = want(of: tip, in: lane) { return want }
        }
        for cut in waiting {
            for step in cut.missing where Int(step.tip.lane) == index {
                if let want = want(of: step.tip, in: lane) { return want }
            }
        }
        guard let highest = lane.loose.max(by: { $0.header.height < $1.header.height })
        else { return nil }
        return want(of: highest.tip, in: lane)
    }

    /// The highest batch that is not here on the way from `tip` down to what is held.
    private func want(of tip: LaneTip, in lane: LaneState) -> LaneWant? {
        var wanted = tip
        while wanted.height > lane.tip.height, let batch = lane.looseBatch(wanted.hash) {
            wanted = LaneTip(
                lane: tip.lane, height: wanted.height - 1, hash: batch.header.parent)
        }
        guard wanted.height > lane.tip.height else { return nil }
        let holders = lane.claims.holders(of: tip)
        return LaneWant(
            tip: wanted, count: wanted.height - lane.tip.height, holders: holders)
    }

    /// What the oldest unfinished cut lacks in a lane, and later ones as far as room allows.
    private func finalWant(of index: Int) -> LaneWant? {
        guard !order.isClosed(UInt16(index)) else { return nil }
        var want: LaneWant?
        var lowest: UInt64 = 0
        var fetched = 0
        for cut in cuts where !cut.isHandedOn {
            guard fetched < LaneLimits.fetchedBytesMax else { break }
            for segment in cut.segments where Int(segment.tip.lane) == index {
                guard let wanted = segment.wanted else { continue }
                if want == nil { lowest = segment.base.height }
                // Later cuts are asked for along with it where one answer holds them all.
                let isWithin = wanted.height - lowest <= LaneLimits.batchesPerAskMax
                if want == nil || (wanted == segment.tip && isWithin) {
                    want = LaneWant(
                        tip: wanted, count: wanted.height - lowest, holders: segment.holders,
                        block: cut.height)
                }
                if wanted != segment.tip || !isWithin { return want }
            }
            fetched += cut.segments.reduce(0) { $0 + $1.fetchedBytes }
        }
        return want
    }

    // MARK: - Answers

    /// Whether an answer is to a question of this machine: the batch asked for, then each one's
    /// parent. Then its batches are what they say, for their hashes are.
    func isAwaited(_ batches: [Batch], from peer: PublicKey) -> Bool {
        guard let first = batches.first, Int(first.header.lane) < lanes.count else { return false }
        let fetch = lanes[Int(first.header.lane)].fetch
        guard first.tip == fetch.wanted, fetch.askedPeers.contains(peer) else { return false }
        let isChain = zip(batches, batches.dropFirst()).allSatisfy {
            $0.header.parent == $1.hash && $0.header.height == $1.header.height + 1
                && $0.header.lane == $1.header.lane
        }
        return isChain && batches.allSatisfy { isAddressed($0.header) }
    }

    /// Whether an answer may come from one of several that were asked, after another answered.
    mutating func isLate(_ batches: [Batch]) -> Bool {
        guard let lane = batches.first?.header.lane, Int(lane) < lanes.count else { return false }
        guard lanes[Int(lane)].fetch.late > 0 else { return false }
        lanes[Int(lane)].fetch.late -= 1
        return true
    }

    mutating func takeAnswer(_ batches: [Batch], from peer: PublicKey) {
        guard isAwaited(batches, from: peer), let lane = batches.first?.header.lane else { return }
        let index = Int(lane)
        for batch in batches {
            guard batch.isIntact else {
                reject(peer, .badPayload)
                return
            }
            if !gather(batch, in: index) { placeFetched(batch, in: index) }
        }
        touched.insert(index)
        lanes[index].fetch.stop()
        if let want = want(of: index) { ask(want, for: index, first: peer) }
    }

    /// Gives a batch to the final cut that waits for it.
    mutating func gather(_ batch: Batch, in index: Int) -> Bool {
        guard lanes[index].missingSegments > 0 else { return false }
        for place in cuts.indices where !cuts[place].isHandedOn {
            for number in cuts[place].segments.indices
            where cuts[place].segments[number].wanted == batch.tip {
                let before = cuts[place].segments[number].bytes
                cuts[place].segments[number].gather(batch)
                let segment = cuts[place].segments[number]
                lanes[index].orderedBytes += segment.bytes - before
                if segment.wanted == nil { lanes[index].missingSegments -= 1 }
                return true
            }
        }
        return false
    }

    private mutating func placeFetched(_ batch: Batch, in index: Int) {
        let lane = lanes[index]
        guard lane.isOpen, batch.header.height > lane.base.height else { return }
        if let known = lane.known(at: batch.header.height) {
            accuse(known, batch)
        } else if hasRoom(for: batch, in: lane) {
            if index == ownIndex { meetTwin() }
            place(batch, in: index)
        } else {
            emit(.note(.dropped(lane: UInt16(index), bytes: batch.payload.count)))
        }
    }

    // MARK: - Serving

    /// Answers a request from memory, or has the host answer it from the archive.
    mutating func serve(_ request: BatchRequest, to peer: PublicKey) {
        let index = Int(request.tip.lane)
        // A lane of an earlier epoch may lie beyond those of this one.
        let isArchived = request.block.value > 0 && request.block <= orderedHeight
        guard index < lanes.count || isArchived else { return reject(peer, .misaddressed) }
        guard peers.mayAnswer(peer) else { return reject(peer, .overAllowance) }
        var batches: [Batch] = []
        var (height, hash) = (request.tip.height, request.tip.hash)
        while index < lanes.count, batches.count < Int(request.count),
            let batch = find(height, hash, in: index)
        {
            batches.append(batch)
            height -= 1
            hash = batch.header.parent
        }
        if !batches.isEmpty {
            emit(.send(to: peer, .answer(gathering: batches)))
        } else if isArchived {
            emit(.serveBatches(to: peer, request))
        }
    }

    private func find(_ height: UInt64, _ hash: Digest, in index: Int) -> Batch? {
        if let batch = lanes[index].batch(at: height, hash: hash) { return batch }
        for cut in cuts {
            for segment in cut.segments
            where Int(segment.tip.lane) == index && segment.tip.height >= height
                && segment.base.height < height
            {
                return (segment.gathered + segment.candidates).first { $0.hash == hash }
            }
        }
        return nil
    }
}
