// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import NodeAssembly
import Presets
import Vocabulary

/// A preset as the economy of a town: the same figures, with what a simulation needs besides
/// (docs/economy/README.md says each assumption).
struct EconomyPlan {
    let preset: Preset
    /// The parts of the modules.
    let parts: JSON
    /// The pools that are everybody's treasury; what they pay is voted on.
    let treasuries: [UInt64]
    /// The grants; those of pools that are not common go to the desk, which hands out what it gets.
    let grants: [UInt64]

    /// What exists where a preset names no supply.
    static let supply = Amount(whole: 1_000_000_000)
    /// Who validates, and who else is there.
    static let validators = 21
    static let people = 180
    static let founders = 4
    /// Who holds everything before it is divided; then the desk that sells and pays out.
    static let desk = LawTown.account(people)
    /// Pools that stay common. All others are sold, paid out or earned by people.
    static let commonPools = ["treasury", "liquidity"]
    /// Presets whose epochs last a day as they are; those of the others last half an hour.
    static let dailyPresets = ["optimus", "pocket"]
    static let halfHoursOfDay: UInt64 = 48

    init(_ preset: Preset) throws(JSONFailure) {
        self.preset = preset
        let parts = try preset.parts(allocation: Self.desk, governance: GovernanceKeys.account)
        let given = parts["modules"] ?? [:]
        let isWhole = given["accounts"]?["balances"] != nil
        let treasury = Self.treasury(of: given["treasury"], isWhole: isWhole)
        self.parts = given.replacing([
            ("accounts", Self.accounts(of: given["accounts"], isWhole: isWhole)),
            ("validators", Self.validators(of: given["validators"], preset)),
            ("staking", Self.staking(of: given["staking"], preset, isWhole: isWhole)),
            ("treasury", treasury.part),
            (
                "governance",
                (given["governance"] ?? [:]).replacing([("version", JSON(House.rulesNewest))])
            ),
        ])
        treasuries = treasury.common
        grants = treasury.grants
    }

    private static func accounts(of given: JSON?, isWhole: Bool) -> JSON {
        guard !isWhole else { return given ?? [:] }
        return (given ?? [:]).replacing([
            ("balances", [["account": .string("\(desk)"), "amount": .string("\(supply)")]])
        ])
    }

    /// Delays in epochs of half an hour become delays in days, rounded up.
    private static func validators(of given: JSON?, _ preset: Preset) -> JSON {
        guard !dailyPresets.contains(preset.name) else { return given ?? [:] }
        let unbonding = given?["unbondingEpochs"]?.unsigned ?? 336
        let jail = given?["jailEpochs"]?.unsigned ?? 48
        return (given ?? [:]).replacing([
            ("unbondingEpochs", JSON(days(unbonding))), ("jailEpochs", JSON(days(jail))),
        ])
    }

    private static func staking(of given: JSON?, _ preset: Preset, isWhole: Bool) -> JSON {
        var members: [(String, JSON)] = []
        if !dailyPresets.contains(preset.name) {
            for name in ["commissionEpochs", "insuranceEpochs"] {
                members.append((name, JSON(days(given?[name]?.unsigned ?? 48))))
            }
        }
        if given?["budget"] == nil {
            let amount = isWhole ? rewardsOfEcosystem : supplyParts.rewards
            members.append(
                ("budget", ["account": .string("\(desk)"), "amount": .string("\(amount)")]))
            if isWhole { members.append(("budgetMilliseconds", JSON(12 * Self.year))) }
        }
        return (given ?? [:]).replacing(members)
    }

    private static func days(_ halfHours: UInt64) -> UInt64 {
        (halfHours + halfHoursOfDay - 1) / halfHoursOfDay
    }

    static let year: UInt64 = 31_557_600_000
    /// CO-03: 400, 200 and 40 million in four years each, out of the ecosystem's pool (R16).
    private static let rewardsOfEcosystem = Amount(whole: 640_000_000)
    /// How a supply is divided where the preset does not: 30 in a hundred for rewards, 35 for the
    /// treasury, the rest for people, as Optimus does.
    private static let supplyParts = (
        rewards: Amount(whole: 300_000_000), treasury: Amount(whole: 350_000_000)
    )

    /// The pools that stay common, and grants to the desk in the place of all others.
    private static func treasury(
        of given: JSON?, isWhole: Bool
    ) -> (part: JSON, common: [UInt64], grants: [UInt64]) {
        guard isWhole, let pools = given?["pools"]?.elements else {
            let holding: JSON = [
                "account": .string("\(desk)"), "amount": .string("\(supplyParts.treasury)"),
            ]
            // The preset's first pool, with its limit, and what it would hold.
            let first = given?["pools"]?.elements?.first ?? [:]
            let pool = first.replacing([("holdings", [holding])])
            return (
                (given ?? [:]).replacing([
                    ("pools", .array([pool] + (given?["pools"]?.elements ?? []).dropFirst()))
                ]), [0], []
            )
        }
        let isCommon = pools.map { commonPools.contains($0["name"]?.text ?? "") }
        let kept = zip(pools, isCommon).map { pool, isCommon in
            isCommon ? pool : pool.replacing([("holdings", [])])
        }
        let grants = (given?["grants"]?.elements ?? []).map { grant in
            guard let pool = grant["pool"]?.unsigned, !isCommon[Int(pool)] else { return grant }
            let amount = ecosystem(grant, named: pools[Int(pool)]["name"]?.text)
            return JSON.object(
                (grant.members ?? []).filter { $0.name != "pool" && $0.name != "amount" }
                    + [
                        JSON.Member("receiver", .string("\(desk)")),
                        JSON.Member("amount", .string("\(amount)")),
                    ])
        }
        let common = isCommon.indices.filter { isCommon[$0] }.map { UInt64($0) }
        return (
            (given ?? [:]).replacing([("pools", .array(kept)), ("grants", .array(grants))]),
            common, grants.indices.map { UInt64($0) }
        )
    }

    /// What a grant holds once rewards were set aside out of the ecosystem's.
    private static func ecosystem(_ grant: JSON, named name: String?) -> Amount {
        let whole = grant["amount"]?.text.flatMap { Amount($0) } ?? .zero
        guard name == "ecosystem" else { return whole }
        return whole.subtracting(rewardsOfEcosystem) ?? whole
    }
}

extension JSON {
    /// The object with members in the place of those of the same name, or at its end.
    func replacing(_ changes: [(name: String, value: JSON)]) -> JSON {
        var all = members ?? []
        for change in changes {
            let member = JSON.Member(change.name, change.value)
            if let place = all.firstIndex(where: { $0.name == change.name }) {
                all[place] = member
            } else {
                all.append(member)
            }
        }
        return .object(all)
    }
}
