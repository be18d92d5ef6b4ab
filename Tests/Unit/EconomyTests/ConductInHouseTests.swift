// SPDX-License-Identifier: Apache-2.0
import Governance
import JSONText
import Ledger
import LedgerSupport
import Staking
import Testing
import Vocabulary

@Suite("What validators do, between the real rooms")
struct ConductInHouseTests {
    private func earned(_ reef: Reef, _ place: Int) -> UInt128 {
        StakingQueries(reef.context).pool(of: Reef.account(place))?.earned.units ?? 0
    }

    @Test("who is new, and who votes, weighs more in the sharing of rewards (OP-16, STAKING-26)")
    func bonuses() throws {
        let reef = try Reef(DelegationInHouseTests.parts)
        try reef.join(5, stake: 100)
        reef.cut()
        try reef.send(GovernanceMessage.lock(Amount(whole: 2_000)).message, from: 0)
        let draft = Draft(kind: .text, title: "an opinion")
        try reef.send(
            GovernanceMessage.propose(draft, deposit: Amount(whole: 100)).message, from: 0)
        reef.end(LawInHouseTests.day)
        reef.end()
        try reef.send(GovernanceMessage.vote(0, .yes).message, from: 0)
        reef.end(8 * LawInHouseTests.day)
        reef.cut()
        let before = [0, 1, 5].map { earned(reef, $0) }
        reef.cut()
        let parts = zip([0, 1, 5], before).map { earned(reef, $0) - $1 }
        #expect(parts[0] * 1_000 / parts[1] == 1_050 || parts[0] * 1_000 / parts[1] == 1_049)
        #expect(parts[2] * 1_000 / parts[1] == 1_150 || parts[2] * 1_000 / parts[1] == 1_149)
    }
}
