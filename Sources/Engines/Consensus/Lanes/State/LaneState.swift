// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What a node holds of one lane beyond its last ordered batch.
struct LaneState {
    /// The last ordered place, as final cuts name it.
    private(set) var base: LaneTip
    /// Checked and durable batches, each on the one before, the first on ``base``.
    private(set) var chain: [Batch] = []
    private(set) var chainBytes = 0
    /// Checked batches that cannot be linked yet, in the order of their arrival.
    private(set) var loose: [Batch] = []
    private(set) var looseBytes = 0
    /// Batches this node said to hold and that the order went past: others may need them to see
    /// that the lane forked (LANES-14).
    private(set) var forked: [Batch] = []
    /// Bytes of ordered batches that are not executed yet.
    var orderedBytes = 0
    var claims: LaneClaims
    /// The height up to which this node has said what it holds.
    var announced: UInt64
    /// Closed by the order, for everybody and for good.
    var isClosed = false
    /// This node knows that the owner signed two batches for one height; it takes no more.
    var isDistrusted = false
    var fetch = LaneFetch()
    /// Final cuts of which batches of this lane are missing.
    var missingSegments = 0
    /// The base at the last look, to see whether the lane stands still.
    var baseAtLook: UInt64?

    init(base: LaneTip) {
        self.base = base
        claims = LaneClaims(base: base)
        announced = base.height
    }

    /// The highest batch held, or the last ordered one.
    var tip: LaneTip { chain.last?.tip ?? base }
    /// All bytes that count against the lane's budget.
    var bytes: Int { chainBytes + looseBytes + orderedBytes }
    /// Whether new batches are taken.
    var isOpen: Bool { !isClosed && !isDistrusted }

    /// The held batch at a height above the base.
    func held(at height: UInt64) -> Batch? {
        guard height > base.height, height <= tip.height else { return nil }
        return chain[Int(height - base.height - 1)]
    }

    /// Whether this place is the base or a held batch.
    func holds(_ tip: LaneTip) -> Bool { tip == base || held(at: tip.height)?.hash == tip.hash }

    /// A batch by its hash, wherever it lies.
    func batch(at height: UInt64, hash: Digest) -> Batch? {
        if let batch = held(at: height), batch.hash == hash { return batch }
        return looseBatch(hash) ?? forked.first { $0.hash == hash }
    }

    func looseBatch(_ hash: Digest) -> Batch? { loose.first { $0.hash == hash } }

    /// The header known for a height, to compare another with.
    func known(at height: UInt64) -> Batch? {
        held(at: height) ?? loose.first { $0.header.height == height }
            ?? forked.first { $0.header.height == height }
    }

    /// Links a batch that follows the tip.
    mutating func append(_ batch: Batch) {
        chain.append(batch)
        chainBytes += batch.payload.count
    }

    /// Keeps a batch for later.
    mutating func keepLoose(_ batch: Batch) {
        loose.append(batch)
        looseBytes += batch.payload.count
    }

    /// Takes out the loose batch that follows the tip.
    mutating func nextLoose() -> Batch? {
        let tip = tip
        guard
            let place = loose.firstIndex(where: {
                $0.header.height == tip.height + 1 && $0.header.parent == tip.hash
            })
        else { return nil }
        return removeLoose(at: place)
    }

    /// Drops the loose batch that came first.
    mutating func dropOldestLoose() -> Batch? { loose.isEmpty ? nil : removeLoose(at: 0) }

    private mutating func removeLoose(at place: Int) -> Batch {
        let batch = loose.remove(at: place)
        looseBytes -= batch.payload.count
        return batch
    }

    /// Moves the base to a final tip.
    ///
    /// - Returns: The batches up to `tip` when the chain holds it; otherwise nothing, and all else
    ///   that is here as candidates: the whole chain, and what the order went past before.
    mutating func advance(to tip: LaneTip) -> (linked: [Batch]?, candidates: [Batch]) {
        var linked: [Batch]?
        var candidates: [Batch] = []
        if holds(tip) {
            let count = Int(tip.height - base.height)
            linked = Array(chain.prefix(count))
            chain.removeFirst(count)
        } else {
            candidates = chain + loose.filter { $0.header.height <= tip.height }
            candidates += forked.filter { $0.header.height > base.height }
            chain = []
        }
        chainBytes = chain.reduce(0) { $0 + $1.payload.count }
        base = tip
        loose.removeAll { $0.header.height <= tip.height }
        looseBytes = loose.reduce(0) { $0 + $1.payload.count }
        claims.advance(to: tip)
        announced = max(announced, tip.height)
        return (linked, candidates)
    }

    /// Keeps batches that the order went past until the epoch ends. Where they show that the owner
    /// forked, it is trusted no more: so a lane leaves no more than one chain behind.
    mutating func keepForked(_ batches: [Batch], distrusting: Bool) {
        for batch in batches where !forked.contains(where: { $0.hash == batch.hash }) {
            forked.append(batch)
        }
        guard distrusting else { return }
        isDistrusted = true
        dropLoose()
    }

    /// Closes the lane for good.
    mutating func close() {
        isClosed = true
        forked += chain
        chain = []
        chainBytes = 0
        dropLoose()
    }

    mutating func dropLoose() {
        loose = []
        looseBytes = 0
    }
}

/// The search for batches of one lane.
struct LaneFetch {
    /// The name of the timer that counts.
    var serial: UInt64 = 0
    /// What is being asked for; none when nothing is.
    var wanted: LaneTip?
    /// How often somebody was asked in vain.
    var attempts = 0
    /// How many peers, in the order of asking, have been asked.
    var asked = 0
    /// Those asked for ``wanted``: only their answers count.
    var askedPeers: [PublicKey] = []
    /// Whether a final block waits for it.
    var isFinal = false

    /// How many answers may still come from peers asked in vain, or in excess: no fault of theirs.
    var late = 0

    /// Ends the search; timers under way have lost their name.
    mutating func stop() {
        guard wanted != nil else { return }
        self = LaneFetch(serial: serial + 1, late: min(late + asked, LaneLimits.lateAnswersMax))
    }
}
