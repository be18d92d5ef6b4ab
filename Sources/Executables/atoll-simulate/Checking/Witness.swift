// SPDX-License-Identifier: Apache-2.0
import Consensus
import NodeAssembly
import Vocabulary

/// The conduct of a member that keeps the rules: nothing is changed, and the judge learns what it
/// signs, what it holds proved, and whom it accuses.
///
/// Touched only by the world's tasks, one at a time.
final class Witness: ValidatorConduct, @unchecked Sendable {
    private let member: Member
    private let judge: Judge
    /// What it signed and sent lately, in all its lives.
    private var signed: [EpochSlot: [Statement]] = [:]
    /// What the last turn signs: sent only once it is durable, which the next turn shows.
    private var underWay: [Vote] = []

    /// Older slots are forgotten: as many as a machine keeps undecided, a quarter of a day.
    private static let slotsMax = 4_096

    init(member: Member, judge: Judge) {
        self.member = member
        self.judge = judge
    }

    /// Begins another life: what was under way in the one before may never have been sent.
    func rise() { underWay = [] }

    func rewrite(_ effects: [ConsensusEffect]) -> [ConsensusEffect] {
        for vote in underWay { note(vote.statement, EpochSlot(vote.epoch, vote.statement.slot)) }
        underWay = []
        for effect in effects {
            switch effect {
            case .persist(.certificate(let certificate)): judge.holds(certificate, member.name)
            case .broadcast(.vote(let vote)): underWay.append(vote)
            case .evidence(let evidence): judge.took(evidence, member.name)
            default: break
            }
        }
        return effects
    }

    private func note(_ statement: Statement, _ place: EpochSlot) {
        guard !judge.isCareless(member.name) else { return }
        let earlier = signed[place] ?? []
        guard !earlier.contains(statement) else { return }
        if let other = earlier.first(where: { $0.contradicts(statement) }) {
            judge.accuse(
                .votes, "\(member.name) signed \(statement) after it had signed \(other)")
        }
        signed[place] = earlier + [statement]
        guard signed.count > Self.slotsMax, let oldest = signed.keys.min() else { return }
        signed[oldest] = nil
    }
}
