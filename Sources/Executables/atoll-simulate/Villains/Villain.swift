// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Vocabulary

/// What a villain knows and signs with.
struct Villain: Sendable {
    let key: SigningKey
    let chain: ChainID
    /// The keys of everybody else, villains last; the first halves of each are told one story.
    let others: [PublicKey]
    let crimes: Crimes

    /// Everybody else in two parts.
    var halves: (first: ArraySlice<PublicKey>, second: ArraySlice<PublicKey>) {
        let middle = (others.count + 1) / 2
        return (others[..<middle], others[middle...])
    }

    /// Another block for the slot of its own proposal.
    ///
    /// It differs in its time by a millisecond, which no rule forbids.
    func rival(of proposal: Proposal) -> Proposal? {
        var header = proposal.block.header
        header.timestamp = header.timestamp.advanced(by: 1)
        return Block(header: header, payload: proposal.block.payload).map {
            Proposal($0, by: key, justification: proposal.justification)
        }
    }

    /// The same proposal with a state root that nobody computed.
    func lie(about proposal: Proposal) -> Proposal? {
        var header = proposal.block.header
        header.stateRoot = falseDigest(header.slot)
        return Block(header: header, payload: proposal.block.payload).map {
            Proposal($0, by: key, justification: proposal.justification)
        }
    }

    /// Signs another statement in the seat that a vote was signed in.
    func sign(_ statement: Statement, like vote: Vote) -> Vote {
        Vote(
            statement, by: key, validator: vote.validator, chain: chain, epoch: vote.epoch)
    }

    /// A hash of nothing.
    func falseDigest(_ slot: Slot) -> Digest { SHA256.hash(slot.canonicalBytes) }
}

/// What villains did that two signed messages prove, by key.
///
/// Touched only by the world's tasks and, between its runs, by who drives it: one at a time.
final class Crimes: @unchecked Sendable {
    /// How often one villain can be found out.
    struct Record {
        /// By epoch.
        let epochs: [Epoch: Int]

        /// In all.
        var count: Int { epochs.values.reduce(0, +) }
    }

    private var places: [PublicKey: Set<EpochSlot>] = [:]
    private var heights: [PublicKey: [Epoch: Set<UInt64>]] = [:]

    /// A villain said both to everybody it reaches.
    func note(_ key: PublicKey, in place: EpochSlot) { places[key, default: []].insert(place) }

    /// A villain gave two batches of one height to those who will compare them.
    func noteFork(_ key: PublicKey, in epoch: Epoch, at height: UInt64) {
        heights[key, default: [:]][epoch, default: []].insert(height)
    }

    /// What a villain can be found out for.
    func record(of key: PublicKey) -> Record {
        let slots = Dictionary((places[key] ?? []).map { ($0.epoch, 1) }, uniquingKeysWith: +)
        let forks = (heights[key] ?? [:]).mapValues(\.count)
        return Record(epochs: slots.merging(forks, uniquingKeysWith: +))
    }
}

extension Statement {
    /// The same about another block; a skip stays one.
    func about(_ block: Digest) -> Statement {
        switch self {
        case .notar(let slot, _): .notar(slot, block)
        case .final(let slot, _): .final(slot, block)
        case .skip: self
        }
    }
}
