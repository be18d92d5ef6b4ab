// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import NodeAssembly
import Vocabulary

/// Who behaves how: one conduct a member, for all its lives.
struct Cast {
    /// What villains did that can be proved.
    let crimes = Crimes()
    private var conducts: [String: any ValidatorConduct] = [:]
    private var witnesses: [String: Witness] = [:]

    /// Gives every villain its conduct; honest members are watched instead.
    init(_ scenario: Scenario, members: [Member], genesis: Genesis, judge: Judge) {
        let conspiracy = Conspiracy()
        let honest = members.filter { scenario.villains[$0.name] == nil }
        let outlaws = members.filter { scenario.villains[$0.name] != nil }
        let voters = honest.filter(\.isValidator).map(\.key.publicKey)
        let victims = Set(voters.suffix(voters.count / 2))
        for member in honest {
            witnesses[member.name] = Witness(member: member, judge: judge)
        }
        for member in outlaws {
            let others = (honest + outlaws).map(\.key.publicKey)
                .filter { $0 != member.key.publicKey }
            let villain = Villain(
                key: member.key, chain: genesis.chain, others: others, crimes: crimes)
            conducts[member.name] =
                switch scenario.villains[member.name] {
                case .equivocatingLeader: EquivocatingLeader(villain)
                case .doubleVoter: DoubleVoter(villain: villain)
                case .lyingRoot: LyingRoot(villain)
                case .voteWithholder: VoteWithholder()
                case .silentLeader: SilentLeader(key: member.key.publicKey)
                case .lyingCatchUp: LyingCatchUp()
                case .forkMaker:
                    ForkMaker(villain: villain, conspiracy: conspiracy, victims: victims)
                case .withholdingLaneOwner:
                    WithholdingLaneOwner(villain, confidants: (scenario.validators - 1) / 3)
                case .laneHoarder: WithholdingLaneOwner(villain, confidants: 0)
                case .laneEquivocator: LaneEquivocator(villain)
                case .laneForker:
                    LaneForker(villain, keepers: Set(voters.suffix(scenario.validators / 3)))
                case .flooder: nil
                case nil: nil
                }
        }
    }

    /// How a member behaves in the life that begins.
    func conduct(of name: String) -> (any ValidatorConduct)? {
        witnesses[name]?.rise() ?? conducts[name]
    }
}
