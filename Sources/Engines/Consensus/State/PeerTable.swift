// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The connected peers: where they stand, and what they may still ask for.
struct PeerTable {
    /// One peer.
    struct Peer {
        var status: ConsensusStatus?
        var slotAnswers = 0
        var statusAnswers = 0
        /// What it said of a state that is not executed here.
        var word: StateWord?
        /// The height of the last word that was compared.
        var comparedHeight = BlockHeight(0)
        /// Whether its state was another then.
        var differs = false
    }

    private var peers: [PublicKey: Peer] = [:]
    /// Those whose connection was lost since; at most as many as are remembered.
    private var away: Set<PublicKey> = []

    /// The connected peers in the order of their keys.
    var keys: [PublicKey] { peers.keys.sorted() }

    /// Adds a peer if there is room.
    mutating func connect(_ key: PublicKey) {
        away.remove(key)
        guard peers[key] == nil, peers.count < ConsensusLimits.peersMax else { return }
        peers[key] = Peer()
    }

    /// Forgets a peer.
    mutating func disconnect(_ key: PublicKey) {
        peers[key] = nil
        if away.count < ConsensusLimits.peersMax { away.insert(key) }
    }

    /// Whether the peer is known to be out of reach.
    func isAway(_ key: PublicKey) -> Bool { away.contains(key) }

    /// Whether the peer is connected.
    func contains(_ key: PublicKey) -> Bool { peers[key] != nil }

    /// Remembers where a peer stands; nothing takes back its word.
    mutating func update(_ key: PublicKey, status: ConsensusStatus?) {
        peers[key]?.status = status
    }

    /// Whether a word is of a later height than what was compared before.
    func isNews(_ word: StateWord, of key: PublicKey) -> Bool {
        peers[key].map { word.height > $0.comparedHeight } ?? false
    }

    /// Keeps a word until its height is executed here; a later one takes its place.
    mutating func keep(_ word: StateWord, of key: PublicKey) { peers[key]?.word = word }

    /// Takes out the words up to a height, in the order of the keys.
    mutating func takeWords(through height: BlockHeight) -> [(peer: PublicKey, word: StateWord)] {
        var taken: [(peer: PublicKey, word: StateWord)] = []
        for key in keys {
            guard let word = peers[key]?.word, word.height <= height else { continue }
            peers[key]?.word = nil
            taken.append((key, word))
        }
        return taken
    }

    /// Remembers how a peer's state compares.
    ///
    /// - Returns: Whether that is news: it differs now and did not before, or the other way round.
    mutating func note(_ comparison: StateComparison) -> Bool {
        guard let peer = peers[comparison.peer] else { return false }
        peers[comparison.peer]?.comparedHeight = comparison.height
        peers[comparison.peer]?.differs = !comparison.isSame
        return peer.differs == comparison.isSame
    }

    /// The peers that claim a final height above `height`, in the order of their keys.
    func ahead(of height: BlockHeight) -> [PublicKey] {
        keys.filter { key in
            guard let status = peers[key]?.status else { return false }
            return status.finalHeight > height
        }
    }

    /// Counts one answer to a slot request; false when the peer has had its share.
    mutating func mayAnswerSlot(_ key: PublicKey) -> Bool {
        guard let peer = peers[key], peer.slotAnswers < ConsensusLimits.slotAnswersMax
        else { return false }
        peers[key]?.slotAnswers += 1
        return true
    }

    /// Counts one answer to a status; false when the peer has had its share.
    mutating func mayAnswerStatus(_ key: PublicKey) -> Bool {
        guard let peer = peers[key], peer.statusAnswers < 2 else { return false }
        peers[key]?.statusAnswers += 1
        return true
    }

    /// Gives every peer a new share.
    mutating func renewShares() {
        for key in keys {
            peers[key]?.slotAnswers = 0
            peers[key]?.statusAnswers = 0
        }
    }
}
