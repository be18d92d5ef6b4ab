// SPDX-License-Identifier: Apache-2.0
import Governance
import JSONText
import Staking

extension Schema {
    /// The tables of the law.
    static var law: [(name: String, schema: JSON)] { [("Law", lawTables)] }

    private static var lawTables: JSON {
        let houses = object([("electorate", text), ("quorum", count), ("approval", count)])
        return object([
            ("rules", count),
            ("upgrade?", object([("version", count), ("epoch", count), ("digest", digest)])),
            (
                "assets", list(object([("asset", count), ("symbol", text), ("supply", amount)]))
            ),
            (
                "roles",
                list(
                    object([
                        ("role", word(Role.allCases.map { "\($0)" })), ("baseMin", amount),
                        ("asset?", count), ("secondMin", amount),
                        ("unbondingMilliseconds", count),
                    ]))
            ),
            (
                "offences",
                list(
                    object([
                        ("role?", text), ("cause", text), ("base", count), ("second", count),
                        ("repeated", count), ("jailMilliseconds", count), ("bansFrom?", count),
                    ]))
            ),
            (
                "kinds",
                list(
                    object([
                        ("kind", word(ProposalKind.allCases.map { "\($0)" })),
                        ("discussionMilliseconds", count), ("votingMilliseconds", count),
                        ("timeLockMilliseconds", count), ("houses", list(houses)),
                    ]))
            ),
            (
                "councils",
                list(
                    object([
                        ("name", text),
                        ("seats", list(object([("account", digest), ("weight", count)]))),
                    ]))
            ),
        ])
    }
}
