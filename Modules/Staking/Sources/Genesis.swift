// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

/// The module's part of a genesis file: figures, the tables of roles and offences, the budget.
struct StakingGenesis {
    let parameters: StakingParameters
    let roles: [(Role, RoleTerms)]
    let slashes: [(Role?, String, SlashTerms)]
    let budget: (account: AccountID, amount: Amount)?

    /// The most rows of offences of one file: sixteen roles with sixteen causes each.
    static let slashesMax = 256

    /// Reads the part; a table that it does not name is the standard one, and rows of offences are
    /// added to the standard ones.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ json: JSON) throws(GenesisFailure) {
        let names = ["delegationMin"] + StakingParameters.figures().map(\.name)
        let part = try GenesisObject(json, at: "", known: names + ["roles", "slashes", "budget"])
        parameters = try StakingParameters(part)
        roles =
            part.has("roles")
            ? try part.list("roles", countMax: Role.allCases.count).map(Self.role)
            : StandardTables.roles
        slashes =
            StandardTables.slashes
            + (try part.list("slashes", countMax: Self.slashesMax).map(Self.slash))
        guard part.has("budget") else {
            budget = nil
            return
        }
        let object = try GenesisObject(
            part.value("budget"), at: part.pointer(to: "budget"), known: ["account", "amount"])
        budget = try (object.identifier("account"), object.amount("amount"))
    }

    private static func role(
        _ element: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> (Role, RoleTerms) {
        let object = try GenesisObject(
            element.json, at: element.pointer,
            known: ["role", "baseMin", "asset", "secondMin", "unbondingMilliseconds"])
        let role = try role(object)
        let asset = object.has("asset") ? AssetID(try object.unsigned("asset")) : nil
        let second = try object.amount("secondMin", standard: .zero)
        guard asset != nil || second == .zero else {
            throw object.failure("secondMin", "needs an asset")
        }
        guard asset != .native else { throw object.failure("asset", "must not be the native one") }
        let terms = try RoleTerms(
            baseMin: object.amount("baseMin"), asset: asset, secondMin: second,
            unbonding: object.unsigned(
                "unbondingMilliseconds", in: 0...10 * StakingParameters.year,
                standard: 7 * StakingParameters.day))
        guard terms.baseMin > .zero else { throw object.failure("baseMin", "must be above zero") }
        return (role, terms)
    }

    private static func role(_ object: GenesisObject) throws(GenesisFailure) -> Role {
        guard let role = try Role(name: object.text("role", bytesMax: 32)) else {
            let known = Role.allCases.map { "\($0)" }.joined(separator: ", ")
            throw object.failure("role", "must be one of \(known)")
        }
        return role
    }

    private static func slash(
        _ element: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> (Role?, String, SlashTerms) {
        let object = try GenesisObject(
            element.json, at: element.pointer,
            known: [
                "role", "cause", "base", "second", "repeated", "jailMilliseconds", "bansFrom",
            ])
        let cause = try object.text("cause", bytesMax: SlashTerms.causeBytesMax)
        guard SlashTerms.isCause(cause) else {
            throw object.failure("cause", "must be of a-z, 0-9 and -")
        }
        let share = 0...SlashTerms.million
        let terms = try SlashTerms(
            base: object.unsigned("base", in: share, standard: 0),
            second: object.unsigned("second", in: share, standard: 0),
            repeated: object.unsigned(
                "repeated", in: SlashTerms.million...10 * SlashTerms.million,
                standard: SlashTerms.million),
            jail: object.unsigned(
                "jailMilliseconds", in: 0...StakingParameters.year, standard: 0),
            bansFrom: object.has("bansFrom") ? object.unsigned("bansFrom", in: share) : nil)
        return (object.has("role") ? try role(object) : nil, cause, terms)
    }

    /// Writes all of it and takes the budget out of its account.
    func write(by module: StakingModule, in context: ExecutionContext) throws(GenesisFailure) {
        context.set(.staking, StakingKeys.parameters, parameters.canonicalBytes)
        context.set(
            .staking, StakingKeys.clock, StakingClock(at: context.block.time).canonicalBytes)
        for (role, terms) in roles {
            context.set(.staking, StakingKeys.terms(of: role), terms.canonicalBytes)
        }
        for (role, cause, terms) in slashes {
            context.set(.staking, StakingKeys.slash(cause, of: role), terms.canonicalBytes)
        }
        guard let budget, budget.amount > .zero else { return }
        do {
            try module.bank.deposit(
                budget.amount, of: .native, from: budget.account, into: .budget, in: context)
        } catch {
            throw GenesisFailure(pointer: "/budget/amount", reason: error.detail)
        }
    }
}
