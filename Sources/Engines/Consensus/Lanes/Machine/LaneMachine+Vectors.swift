// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

extension LaneMachine {
    /// Whether a vector is of this epoch and says something new; only then is it verified.
    func isNews(_ vector: AvailabilityVector) -> Bool {
        let author = Int(vector.validator)
        return author != ownIndex
            && vector.entries.contains { entry in
                Int(entry.lane) < lanes.count
                    && lanes[Int(entry.lane)].claims.isNews(author, at: entry.height)
            }
    }

    /// Whether a vector speaks of this chain, epoch and a validator.
    func isAddressed(_ vector: AvailabilityVector) -> Bool {
        vector.chain == configuration.chain && vector.epoch == configuration.epoch
            && Int(vector.validator) < lanes.count
    }

    /// Counts what a verified vector says.
    mutating func count(_ vector: AvailabilityVector) {
        for entry in vector.entries where Int(entry.lane) < lanes.count {
            claim(entry, by: Int(vector.validator))
        }
    }

    mutating func claim(_ tip: LaneTip, by author: Int) {
        let isNew = lanes[Int(tip.lane)].claims.add(
            tip, by: author, stake: stake(of: author), availableAt: configuration.availableStake)
        if isNew { touched.insert(Int(tip.lane)) }
    }

    /// Says once what was not said yet, and nothing more for a tick (LANES-6).
    mutating func sayWhatIsHeld() {
        guard let ownIndex, let identity, !unsaid.isEmpty else { return }
        var entries: [LaneTip] = []
        var rest = unsaid
        while let lane = rest.removeFirst() {
            let from = max(lanes[lane].announced, lanes[lane].base.height)
            let through = min(lanes[lane].tip.height, from + LaneLimits.unavailableBatchesMax)
            var height = from + 1
            while height <= through, let batch = lanes[lane].held(at: height) {
                entries.append(batch.tip)
                height += 1
            }
            lanes[lane].announced = max(lanes[lane].announced, through)
            if lanes[lane].tip.height <= through { unsaid.remove(lane) }
        }
        guard !entries.isEmpty else { return }
        emit(.broadcast(.vector(vector(of: entries, by: identity, at: ownIndex))))
        isTicking = true
        tick += 1
        emit(.setTimer(.tick(tick), afterMilliseconds: configuration.timing.tickMilliseconds))
    }

    mutating func tickExpired(_ serial: UInt64) {
        if serial == tick { isTicking = false }
    }

    private mutating func vector(
        of entries: [LaneTip], by key: SigningKey, at index: Int
    ) -> AvailabilityVector {
        sequence += 1
        return AvailabilityVector(
            entries, sequence: sequence, chain: configuration.chain, epoch: configuration.epoch,
            validator: UInt16(index), by: key)
    }

    /// All that is held beyond the order in some lanes, as far as one vector goes; the next begins
    /// where this one ended.
    mutating func wholeVector(of wanted: [Int]) -> AvailabilityVector? {
        guard let ownIndex, let identity else { return nil }
        let turned = wanted.filter { $0 >= repeatFrom } + wanted.filter { $0 < repeatFrom }
        var chosen = ValidatorMask()
        var count = 0
        for lane in turned {
            repeatFrom = lane
            guard count + lanes[lane].chain.count <= AvailabilityVector.entriesMax else { break }
            count += lanes[lane].chain.count
            chosen.insert(lane)
        }
        guard count > 0 else { return nil }
        var entries: [LaneTip] = []
        entries.reserveCapacity(count)
        while let lane = chosen.removeFirst() {
            for batch in lanes[lane].chain { entries.append(batch.tip) }
        }
        return vector(of: entries, by: identity, at: ownIndex)
    }
}
