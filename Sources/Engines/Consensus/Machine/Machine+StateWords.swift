// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension ConsensusMachine {
    /// Says which state this host came to, and holds against it what peers said before.
    mutating func sayState(_ height: BlockHeight, root: Digest) {
        guard isStarted, height.value > 0,
            height.value.isMultiple(of: ConsensusLimits.stateWordHeights)
        else { return }
        emit(.broadcast(.stateWord(StateWord(height: height, root: root))))
        for (peer, word) in peers.takeWords(through: height) where word.height == height {
            compare(word, of: peer, with: root)
        }
    }

    /// Takes a peer's word: compared at once, or kept until this host has come as far; one of each
    /// peer, and of each height once.
    mutating func receive(_ word: StateWord, from peer: PublicKey) {
        guard word.height.value.isMultiple(of: ConsensusLimits.stateWordHeights),
            peers.isNews(word, of: peer)
        else { return }
        switch roots.knowledge(of: word.height) {
        case .forgotten: return
        case .notExecuted: peers.keep(word, of: peer)
        case .root(let ours): compare(word, of: peer, with: ours)
        }
    }

    private mutating func compare(_ word: StateWord, of peer: PublicKey, with ours: Digest) {
        let comparison = StateComparison(
            peer: peer, height: word.height, ours: ours, theirs: word.root)
        guard peers.note(comparison) else { return }
        emit(.stateCompared(comparison))
    }
}
