// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText

/// `atoll law`: the tables that hold on the chain.
enum LawCommand {
    static let command = CommandSpec(
        path: ["law"],
        summary: "show the tables of the law: assets, roles, offences, votes, the rules' version",
        example: "atoll law", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let law = try await calling { () async throws(ClientFailure) in try await client.law() }
        ResultText.write(law, as: invocation.format) { text(law) }
        return 0
    }

    static func text(_ law: JSON) -> String {
        var facts = TextFacts()
        facts.add("rules", "version \(law["rules"]?.unsigned ?? 1)")
        if let upgrade = law["upgrade"] {
            let version = upgrade["version"]?.unsigned ?? 0
            facts.add(
                "upgrade", "version \(version) from epoch \(upgrade["epoch"]?.unsigned ?? 0) on")
        }
        for asset in law["assets"]?.elements ?? [] {
            facts.add(
                "supply",
                "\(LawSending.amount(asset["supply"])) \(asset["symbol"]?.text ?? "")")
        }
        return facts.text + roles(law) + offences(law) + kinds(law)
    }

    private static func roles(_ law: JSON) -> String {
        var table = TextTable(["role", "bond", "second", "asset"], rightAligned: [1, 2, 3])
        for role in law["roles"]?.elements ?? [] {
            table.add([
                role["role"]?.text ?? "", LawSending.amount(role["baseMin"]),
                LawSending.amount(role["secondMin"]),
                role["asset"]?.unsigned.map { "\($0)" } ?? "-",
            ])
        }
        return table.text
    }

    private static func offences(_ law: JSON) -> String {
        var table = TextTable(["offence", "of", "bond", "second"], rightAligned: [2, 3])
        for row in law["offences"]?.elements ?? [] {
            table.add([
                row["cause"]?.text ?? "", row["role"]?.text ?? "every role",
                ExchangeOptions.percent(row["base"]), ExchangeOptions.percent(row["second"]),
            ])
        }
        return table.text
    }

    private static func kinds(_ law: JSON) -> String {
        var table = TextTable(
            ["vote", "discussion", "voting", "lock", "passes with"], rightAligned: [1, 2, 3])
        for kind in law["kinds"]?.elements ?? [] {
            let houses = (kind["houses"]?.elements ?? []).map { house in
                "\(house["electorate"]?.text ?? ""): \(ExchangeOptions.percent(house["quorum"]))"
                    + " vote, \(ExchangeOptions.percent(house["approval"])) agree"
            }
            table.add(
                [kind["kind"]?.text ?? ""]
                    + ["discussionMilliseconds", "votingMilliseconds", "timeLockMilliseconds"].map {
                        "\((kind[$0]?.unsigned ?? 0) / 1_000) s"
                    } + [houses.joined(separator: "; ")])
        }
        return table.text
    }
}
