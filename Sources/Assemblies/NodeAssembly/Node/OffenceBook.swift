// SPDX-License-Identifier: Apache-2.0
import NodeInterface
import Vocabulary

/// What this run of the node has learnt about validators that broke the rules, by validator.
struct OffenceBook {
    /// The most pieces written of one validator: 16 of some 1 KiB are 2 MiB for 128 validators, and
    /// no offender uses up the room of another.
    static let keptMax: UInt64 = 16

    /// Offences of one validator in one epoch are punished as one (VALIDATORS-11).
    private struct Charge: Hashable {
        let offender: PublicKey
        let epoch: Epoch
    }

    private var tallies: [PublicKey: NodeStatus.Offence] = [:]
    private var charges: Set<Charge> = []

    /// Whether this is the first piece against a validator for what it did in an epoch.
    mutating func isFirst(against offender: PublicKey, in epoch: Epoch) -> Bool {
        charges.insert(Charge(offender: offender, epoch: epoch)).inserted
    }

    /// What two contradicting statements were.
    enum Kind { case votes, proposals, batches }

    /// Counts one piece; says how many there are now of this validator, all kinds together.
    mutating func count(_ kind: Kind, against offender: PublicKey) -> UInt64 {
        var tally = tallies[offender] ?? NodeStatus.Offence(publicKey: offender)
        switch kind {
        case .votes: tally.votes += 1
        case .proposals: tally.proposals += 1
        case .batches: tally.batches += 1
        }
        tallies[offender] = tally
        return tally.votes + tally.proposals + tally.batches
    }

    /// All tallies, in the order of the keys.
    var all: [NodeStatus.Offence] { tallies.keys.sorted().compactMap { tallies[$0] } }
}
