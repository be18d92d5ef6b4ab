// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import LedgerSupport
import Staking
import Testing
import Treasury
import Validators
import Vocabulary

@Suite("Random economies")
struct RandomEconomyTests {
    static let parts: JSON = [
        "validators": ["unbondingEpochs": 2, "jailEpochs": 2],
        "staking": [
            "insuranceEpochs": 1,
            "budget": ["account": .string("\(Reef.account(19))"), "amount": "10000"],
        ],
        "treasury": [
            "pools": [["name": "common", "owner": .string("\(GovernanceKeys.account)")]]
        ],
        "governance": ["depositMin": "1", "proposerMin": "10"],
    ]

    @Test("whatever people do, every room keeps its law and no unit is made", arguments: 1...6)
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let reef = try Reef(Self.parts)
        let accounts = (0..<10).map(Reef.account)
        let before = reef.supply
        var applied = 0
        for step in 0..<360 {
            let place = Int(random.next(upperBound: 10 as UInt64))
            let message = message(place, accounts, reef, using: &random)
            applied += refusal { try reef.send(message, from: place) } == nil ? 1 : 0
            if step % 61 == 60 { try offend(on: reef, using: &random) }
            if step % 6 == 5 { reef.end(step % 48 == 47 ? 604_800_000 : 1_800_000) }
        }
        #expect(applied > 100)
        #expect(reef.supply <= before)
        reef.cut(4)
    }

    private func message(
        _ place: Int, _ accounts: [AccountID], _ reef: Reef,
        using random: inout SeededGenerator
    ) -> Message {
        switch random.next(upperBound: 9 as UInt64) {
        case 0...3:
            StakingWorkload.message(
                behind: Array(accounts.prefix(5)), among: accounts, using: &random)
        case 4, 5:
            TreasuryWorkload.message(
                of: accounts[place], among: accounts, selling: AssetID(5),
                at: reef.context.block.time, using: &random)
        case 6: GovernanceWorkload.message(among: accounts, using: &random)
        case 7:
            ValidatorsWorkload.message(of: Reef.key(place), on: Reef.chain, using: &random)
        default: AccountsWorkload.message(among: accounts, using: &random)
        }
    }

    /// A validator of the newest set contradicts itself.
    private func offend(on reef: Reef, using random: inout SeededGenerator) throws {
        let queries = ValidatorsQueries(reef.context)
        guard let next = queries.nextSet, let seats = queries.seats(of: next.epoch) else { return }
        let seat = seats.seats[Int(random.next(upperBound: UInt64(seats.seats.count)))]
        guard let place = (0..<20).first(where: { Reef.account($0) == seat.account }),
            seat.key == Reef.key(place).publicKey
        else { return }
        let evidence = try reef.evidence(against: place, in: next.epoch.value)
        _ = refusal { try reef.send(evidence, from: 9) }
    }
}
