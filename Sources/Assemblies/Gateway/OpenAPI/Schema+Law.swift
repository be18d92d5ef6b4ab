// SPDX-License-Identifier: Apache-2.0
import Governance
import JSONText
import Staking

extension Schema {
    /// The tables of the law.
    static var law: [(name: String, schema: JSON)] { [("Law", lawTables)] }

    /// How fees and payments are divided, and what was.
    private static var revenue: JSON {
        object([
            (
                "services",
                list(
                    object([
                        ("service", text), ("share", count), ("least", amount), ("most", amount),
                    ]))
            ),
            ("work", list(object([("kind", text), ("asset", count), ("perUnit", amount)]))),
            ("multipliers", list(object([("capability", text), ("weight", count)]))),
            (
                "early",
                list(object([("count", count), ("weight", count), ("spanMilliseconds", count)]))
            ),
            ("fees", amount), ("payments", amount), ("burnt", amount), ("treasury", amount),
            ("validators", amount), ("proposers", amount), ("providers", amount),
            ("orchestrators", amount),
        ])
    }

    private static var lawTables: JSON {
        let houses = object([("electorate", text), ("quorum", count), ("approval", count)])
        return object([
            ("rules", count),
            ("upgrade?", upgrade),
            (
                "assets", list(object([("asset", count), ("symbol", text), ("supply", amount)]))
            ),
            ("revenue", revenue),
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
