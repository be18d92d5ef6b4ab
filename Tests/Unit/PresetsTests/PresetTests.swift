// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import NodeAssembly
import Presets
import Staking
import Testing
import Treasury
import Validators
import Vocabulary

/// What one of the five systems is at the beginning.
private struct Beginning {
    let context: ExecutionContext
    let house = House()
    static let allocation = AccountID(Bytes32 { $0[0] = 1 })

    init(_ preset: Preset) throws {
        let parts = try preset.parts(
            allocation: Self.allocation, governance: GovernanceKeys.account)
        context = ExecutionContext(
            block: BlockContext(
                chain: ChainID(.zero), height: BlockHeight(0), time: Timestamp(0),
                proposer: AccountID(.zero)), base: EmptyState())
        for module in house.modules {
            try module.initialise(from: parts["modules"]?[module.name] ?? [:], in: context)
        }
    }

    var breaches: [String] { house.modules.flatMap { $0.breaches(in: context) } }
    var staking: StakingQueries { StakingQueries(context) }
    var treasury: TreasuryQueries { TreasuryQueries(context) }
    var governance: GovernanceQueries { GovernanceQueries(context) }
    var validators: ValidatorsParameters { ValidatorsQueries(context).parameters }
    var supply: Amount { house.accounts.asset(.native, in: context)?.supply ?? .zero }
    var left: Amount { house.accounts.balance(of: Self.allocation, in: context) }

    /// What of a grant has been earned so many months after the beginning.
    func earned(_ grant: UInt64, months: UInt64) -> Amount? {
        treasury.grant(grant)?.earned(at: Timestamp(months * 31_557_600_000 / 12))
    }
}

@Suite("Presets")
struct PresetTests {
    @Test("every preset begins a chain that keeps its law", arguments: Preset.all.map(\.name))
    func begins(_ name: String) throws {
        let preset = try #require(Preset.named(name))
        let beginning = try Beginning(preset)
        #expect(beginning.breaches == [])
        #expect(beginning.left == .zero, "everything is divided")
    }

    @Test("the default says what modules say without a genesis")
    func standard() throws {
        let beginning = try Beginning(.atoll)
        #expect(beginning.staking.parameters == .standard)
        #expect(beginning.validators == .standard)
        #expect(beginning.governance.parameters == .standard)
    }

    @Test("Optimus: 1,000 M, divided as promised (OP-12, OP-13, OP-14)")
    func optimusAllocation() throws {
        let beginning = try Beginning(.optimus)
        #expect(beginning.supply == Amount(whole: 1_000_000_000))
        let pools = beginning.treasury.pools().map(\.pool.name)
        #expect(
            pools == [
                "treasury", "auction", "airdrop", "liquidity", "team", "strategic", "grants",
                "partners",
            ])
        let year: UInt64 = 12
        #expect(beginning.earned(0, months: 5) == .zero)
        #expect(beginning.earned(0, months: 6) == Amount(whole: 10_000_000))
        #expect(beginning.earned(1, months: year - 1) == .zero)
        #expect(beginning.earned(1, months: year) == Amount(whole: 37_500_000))
        #expect(beginning.earned(1, months: 4 * year) == Amount(whole: 150_000_000))
        #expect(beginning.earned(2, months: 6) == Amount(whole: 37_500_000))
        #expect(beginning.earned(2, months: 24) == Amount(whole: 150_000_000))
    }

    @Test("Optimus: validators, stakes and votes (OP-09, OP-10, OP-15, OP-17, OP-18, OP-20)")
    func optimusFigures() throws {
        let beginning = try Beginning(.optimus)
        let validators = beginning.validators
        #expect(validators.seatsMax == 21 && validators.stakeMin == Amount(whole: 100_000))
        #expect(validators.unbondingEpochs == 21 && validators.slashPartsPerMillion == 300_000)
        #expect(validators.capPartsPerMillion == 200_000)
        let staking = beginning.staking.parameters
        #expect(staking.delegationMin == Amount(whole: 10) && staking.commissionMax == 200_000)
        #expect(staking.rateStart == 80_000 && staking.rateEnd == 20_000)
        #expect(staking.budgetMilliseconds == 10 * 31_557_600_000)
        for (cause, share) in [
            ("downtime", 5), ("invalid-block", 15), ("censorship", 20), ("double-sign", 30),
            ("byzantine", 50),
        ] as [(String, UInt64)] {
            #expect(beginning.staking.slash(cause, of: .node)?.base == share * 10_000)
        }
        let rules = beginning.governance.rules(of: .parameter)
        #expect(rules.houses.map(\.quorum) == [100_000])
        #expect(rules.voting == 7 * 86_400_000 && rules.timeLock == 2 * 86_400_000)
        #expect(beginning.governance.parameters.proposerMin == Amount(whole: 10_000))
        let ledger = try Preset.optimus.parts(
            allocation: Beginning.allocation, governance: GovernanceKeys.account)["ledger"]
        let blocks =
            (ledger?["checkpointBlocks"]?.unsigned ?? 0)
            * (ledger?["epochCheckpoints"]?.unsigned ?? 0)
        #expect(blocks == 28_800)
    }

    @Test("CipherOcto: 10 G by the distribution schedule (CO-01, CO-02)")
    func octoAllocation() throws {
        let beginning = try Beginning(.octo)
        #expect(beginning.supply == Amount(whole: 10_000_000_000))
        for (grant, months, whole) in [
            (0, 24, 875_000_000), (0, 60, 3_500_000_000), (1, 0, 200_000_000),
            (1, 96, 2_000_000_000), (2, 0, 300_000_000), (2, 36, 1_500_000_000), (3, 20, 0),
            (3, 21, 75_000_000), (3, 66, 1_200_000_000), (4, 6, 200_000_000),
            (4, 36, 800_000_000), (5, 100, 0),
        ] as [(UInt64, UInt64, UInt64)] {
            #expect(
                beginning.earned(grant, months: months) == Amount(whole: whole),
                "grant \(grant) after \(months) months")
        }
    }

    @Test("CipherOcto: both bonds of each role, and its chambers (CO-05, CO-06, CO-17, CO-19)")
    func octoFigures() throws {
        let beginning = try Beginning(.octo)
        for (role, base, second) in [
            (.compute, 1_000, 500), (.storage, 500, 1_000), (.bandwidth, 300, 200),
            (.orchestrator, 2_000, 500), (.wholesaler, 5_000, 1_000), (.developer, 200, 100),
            (.marketer, 100, 50), (.node, 1_500, 500), (.holder, 1_000, 0),
        ] as [(Role, UInt64, UInt64)] {
            let terms = try #require(beginning.staking.terms(of: role))
            #expect(
                terms.baseMin == Amount(whole: base) && terms.secondMin == Amount(whole: second))
            #expect(terms.unbonding == 7 * 86_400_000)
        }
        #expect(beginning.validators.stakeMin == Amount(whole: 10_000))
        let expected: [(ProposalKind, UInt64, UInt64)] = [
            (.parameter, 500_000, 600_000), (.treasury, 500_000, 600_000),
            (.role, 670_000, 670_000), (.constitutional, 750_000, 950_000),
        ]
        for (kind, quorum, approval) in expected {
            let rules = beginning.governance.rules(of: kind)
            #expect(rules.houses.map(\.electorate) == [.roots, .council])
            #expect(rules.houses.allSatisfy { $0.quorum == quorum && $0.approval == approval })
            #expect(rules.discussion == 7 * 86_400_000 && rules.voting == 5 * 86_400_000)
        }
    }

    @Test("Pocket: bonds and delays of the mainnet (PK-04, PK-21)")
    func pocket() throws {
        let beginning = try Beginning(.pocket)
        for (role, base) in [
            (.application, 1_000), (.supplier, 59_500), (.gateway, 5_000), (.fisherman, 15_000),
        ] as [(Role, UInt64)] {
            #expect(beginning.staking.terms(of: role)?.baseMin == Amount(whole: base))
        }
        #expect(beginning.staking.terms(of: .compute) == nil)
        #expect(beginning.validators.seatsMax == 21 && beginning.validators.unbondingEpochs == 21)
        #expect(beginning.staking.slash("double-sign", of: .supplier)?.base == 50_000)
        #expect(beginning.staking.slash("missed", of: .supplier)?.base == 10_000)
    }

    @Test("OCOS: a threshold of 50,000, a tenth votes, more than half approves (OC-09, R11)")
    func ocos() throws {
        let beginning = try Beginning(.ocos)
        #expect(beginning.governance.parameters.proposerMin == Amount(whole: 50_000))
        let rules = beginning.governance.rules(of: .treasury)
        #expect(rules.houses == [HouseRule(.stake, quorum: 100_000, approval: 500_001)])
        #expect((3...7).contains(rules.voting / 86_400_000))
    }

    @Test("two presets differ where they say, and not where they agree")
    func differences() throws {
        let account = Beginning.allocation
        let parts = try [Preset.atoll, .optimus].map {
            try $0.parts(allocation: account, governance: account)
        }
        let found = Preset.differences(parts[0], parts[1])
        let seats = try #require(found.first { $0.pointer == "/modules/validators/seatsMax" })
        #expect(seats.first == "100" && seats.second == "21")
        #expect(!found.contains { $0.pointer == "/modules/staking/delegationMin" })
        #expect(Preset.differences(parts[1], parts[1]).isEmpty)
    }
}
