// SPDX-License-Identifier: Apache-2.0
import Consensus
import NodeAssembly
import Vocabulary

/// Remembers what a member that keeps the rules signs, in all its lives.
///
/// Touched only by the world's tasks, one at a time.
final class Witness: @unchecked Sendable {
    fileprivate let member: Member
    fileprivate let judge: Judge
    /// What it signed and sent lately.
    private var signed: [EpochSlot: [Statement]] = [:]

    /// Older slots are forgotten: as many as a machine keeps undecided, a quarter of a day.
    private static let slotsMax = 4_096

    init(member: Member, judge: Judge) {
        self.member = member
        self.judge = judge
    }

    /// Begins another life: what was under way in the one before may never have been sent.
    func rise() -> WitnessedLife { WitnessedLife(self) }

    fileprivate func note(_ vote: Vote) {
        guard !judge.isCareless(member.name) else { return }
        let place = EpochSlot(vote.epoch, vote.statement.slot)
        let earlier = signed[place] ?? []
        guard !earlier.contains(vote.statement) else { return }
        if let other = earlier.first(where: { $0.contradicts(vote.statement) }) {
            judge.accuse(
                .votes,
                "\(member.name) signed \(vote.statement) in epoch \(vote.epoch) after it had "
                    + "signed \(other)")
        }
        signed[place] = earlier + [vote.statement]
        guard signed.count > Self.slotsMax, let oldest = signed.keys.min() else { return }
        signed[oldest] = nil
    }
}

/// The conduct of a member that keeps the rules, for one life: nothing is changed, and the judge
/// learns what it signs, what it holds proved, and whom it accuses.
///
/// A machine that has just crashed may take one more turn; its words are lost with it.
/// Touched only by the world's tasks, one at a time.
final class WitnessedLife: ValidatorConduct, @unchecked Sendable {
    private let witness: Witness
    /// What the last turn signs: sent only once it is durable, which the next turn shows.
    private var underWay: [Vote] = []

    fileprivate init(_ witness: Witness) { self.witness = witness }

    func rewrite(_ effects: [ConsensusEffect]) -> [ConsensusEffect] {
        for vote in underWay { witness.note(vote) }
        underWay = []
        let (judge, name) = (witness.judge, witness.member.name)
        for effect in effects {
            switch effect {
            case .persist(.certificate(let certificate)): judge.holds(certificate, name)
            case .broadcast(.vote(let vote)): underWay.append(vote)
            case .evidence(let evidence): judge.took(evidence, name)
            default: break
            }
        }
        return effects
    }

    func rewrite(_ effects: [LaneEffect]) -> [LaneEffect] {
        for case .evidence(let evidence) in effects {
            witness.judge.took(evidence, witness.member.name)
        }
        return effects
    }
}
