// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What peers that are in the next epoch already say of it, until this machine's successor hears.
///
/// Without it a node that learns a moment later that an epoch has ended would miss the first
/// proposal of the next and wait until it is said again.
struct EarlyWords {
    /// The most messages of one peer: a proposal, certificates and votes of two slots.
    static let messagesPerPeerMax = 8
    /// The most bytes of payloads: those of two full blocks, 8 MiB.
    static let payloadBytesMax = 2 * Block.payloadBytesMax
    /// The most messages: 128 validators of 8. With certificates of 9 KiB they hold 9 MiB at worst.
    static let messagesMax = ValidatorSet.validatorsMax * messagesPerPeerMax

    private(set) var words: [(peer: PublicKey, message: ConsensusMessage)] = []
    private var payloadBytes = 0

    /// Keeps a message if there is room.
    mutating func keep(_ message: ConsensusMessage, of peer: PublicKey) {
        let ofPeer = words.count { $0.peer == peer }
        guard words.count < Self.messagesMax, ofPeer < Self.messagesPerPeerMax else { return }
        if case .proposal(let proposal) = message {
            let bytes = payloadBytes + proposal.block.payload.count
            guard bytes <= Self.payloadBytesMax else { return }
            payloadBytes = bytes
        }
        words.append((peer, message))
    }

    /// Gives back everything, once.
    mutating func take() -> [(peer: PublicKey, message: ConsensusMessage)] {
        defer { self = EarlyWords() }
        return words
    }
}
