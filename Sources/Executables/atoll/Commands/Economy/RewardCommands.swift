// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Staking
import Vocabulary

/// `atoll rewards show`: what an account earns, and how that comes about.
enum RewardsShow {
    static let command = CommandSpec(
        path: ["rewards", "show"],
        summary: "explain what an account's stake earns, and what it may claim now",
        discussion: """
            Rewards are released from a budget, never minted. At each epoch's end what time released
            and all penalties are shared among the validators that were not punished, by weight; a
            validator's part is divided by its own stake and the stake behind it; it keeps its
            commission of the latter. The rest flows evenly to those behind it.
            """,
        example: "atoll rewards show",
        arguments: [
            ArgumentSpec(name: "account", help: "whose; default your key's", isRequired: false)
        ],
        options: [ClientSettings.keyOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let account =
            invocation.arguments.isEmpty
            ? try await settings.account()
            : try await settings.account(named: invocation.arguments[0])
        let client = try await settings.client()
        let (stakes, figures, pools) = try await calling { () async throws(ClientFailure) in
            let stakes = try await client.stakes(of: account)
            var pools: [JSON] = []
            for entry in stakes["delegations"]?.elements ?? [] {
                guard let name = entry["operator"]?.text,
                    let validator = AccountID(hexadecimal: name)
                else { continue }
                pools.append(try await client.pool(of: validator))
            }
            return (stakes, try await client.figures(), pools)
        }
        let value: JSON = [
            "account": .string("\(account)"), "delegations": stakes["delegations"] ?? [],
            "pools": .array(pools), "figures": figures["staking"] ?? [:],
        ]
        ResultText.write(value, as: invocation.format) { text(account, stakes, figures, pools) }
        return 0
    }

    private static func text(
        _ account: AccountID, _ stakes: JSON, _ figures: JSON, _ pools: [JSON]
    ) -> String {
        let staking = figures["staking"]
        func percent(_ name: String) -> String {
            Self.percent(staking?[name]?.unsigned ?? 0)
        }
        var facts = TextFacts()
        facts.add("account", "\(account)")
        facts.add(
            "released",
            "\(percent("rateStart")) of what is staked in the first year, falling to "
                + "\(percent("rateEnd")), as far as the budget goes")
        facts.add(
            "loyalty",
            "\(percent("loyaltyHalfYear")), \(percent("loyaltyYear")), "
                + "\(percent("loyaltyTwoYears")) more after half a year, one, two")
        facts.add(
            "penalties", "\(percent("honestPartsPerMillion")) of each go to honest validators")
        var table = TextTable(
            ["to claim", "steady", "compounding", "commission", "flowing", "operator"],
            rightAligned: [0, 1, 2, 3, 4])
        for (entry, pool) in zip(stakes["delegations"]?.elements ?? [], pools) {
            table.add([
                LawSending.amount(entry["reward"]), LawSending.amount(entry["steady"]),
                LawSending.amount(entry["compounding"]),
                Self.percent(pool["commission"]?.unsigned ?? 0),
                LawSending.amount(pool["flowing"]), entry["operator"]?.text ?? "",
            ])
        }
        return facts.text + table.text
    }

    /// Millionths as per cent.
    static func percent(_ millionths: UInt64) -> String {
        "\(Amount(UInt128(millionths) * (Amount.unitsPerWhole / 10_000))) %"
    }
}
