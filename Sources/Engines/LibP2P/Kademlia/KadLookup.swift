// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// One search for the peers nearest to a place, as a value: answers in, whom to ask next out.
///
/// Source: libp2p kad-dht specification, "Peer routing"; LIBP-43.
public struct KadLookup: Sendable {
    /// The most questions under way at a time: alpha.
    public static let concurrency = 10
    /// The most peers heard of in one search: hostile answers end here.
    public static let heardMax = 1_024

    private enum Stage {
        case heard
        case asking
        case answered
        case failed
    }

    private struct Candidate {
        let peer: PeerID
        let distance: Bytes32
        var stage: Stage
    }

    private let target: KadKey
    private let own: PeerID
    private let resiliency: Int
    // Sorted by distance.
    private var candidates: [Candidate] = []
    private var known: Set<PeerID> = []
    private var inFlight = 0
    private var isStopped = false

    /// Starts a search.
    ///
    /// - Parameter resiliency: How many of the nearest must have answered: k to know the nearest,
    ///   3 (beta) where one good answer is enough.
    public init(
        for target: KadKey, own: PeerID, seeds: [PeerID],
        resiliency: Int = RoutingTable.bucketMax
    ) {
        self.target = target
        self.own = own
        self.resiliency = resiliency
        for seed in seeds { hear(seed) }
    }

    private mutating func hear(_ peer: PeerID) {
        guard peer != own, known.count < Self.heardMax, known.insert(peer).inserted else { return }
        let distance = KadKey(peer).distance(to: target)
        var low = 0
        var high = candidates.count
        while low < high {
            let middle = (low + high) / 2
            if candidates[middle].distance < distance { low = middle + 1 } else { high = middle }
        }
        candidates.insert(Candidate(peer: peer, distance: distance, stage: .heard), at: low)
    }

    /// Whom to ask now; each must be followed by ``answered(_:closer:)`` or ``failed(_:)``.
    public mutating func next() -> [PeerID] {
        var chosen: [PeerID] = []
        while !isStopped, inFlight < Self.concurrency, let index = nextIndex() {
            candidates[index].stage = .asking
            inFlight += 1
            chosen.append(candidates[index].peer)
        }
        return chosen
    }

    // The nearest not asked yet among those that still count.
    private func nextIndex() -> Int? {
        var alive = 0
        for index in candidates.indices where candidates[index].stage != .failed {
            if candidates[index].stage == .heard { return index }
            alive += 1
            if alive >= resiliency { return nil }
        }
        return nil
    }

    /// Takes an answer with the peers it names.
    public mutating func answered(_ peer: PeerID, closer: [PeerID]) {
        settle(peer, .answered)
        for peer in closer { hear(peer) }
    }

    /// Takes that a peer did not answer.
    public mutating func failed(_ peer: PeerID) { settle(peer, .failed) }

    private mutating func settle(_ peer: PeerID, _ stage: Stage) {
        guard let index = candidates.firstIndex(where: { $0.peer == peer }),
            candidates[index].stage == .asking
        else { return }
        candidates[index].stage = stage
        inFlight -= 1
    }

    /// Asks nobody more.
    public mutating func stop() { isStopped = true }

    /// Whether all that will be known is known.
    public var isFinished: Bool {
        isStopped || (inFlight == 0 && nextIndex() == nil)
    }

    /// The nearest peers that answered, the nearest first: at most k.
    public var nearest: [PeerID] {
        candidates.filter { $0.stage == .answered }.prefix(RoutingTable.bucketMax).map(\.peer)
    }

    /// Whether a peer is among the heard.
    public func hasHeard(of peer: PeerID) -> Bool { known.contains(peer) }
}
