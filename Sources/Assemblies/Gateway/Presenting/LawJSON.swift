// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import Revenue
import Staking
import Vocabulary

/// The tables of the law in one state.
struct LawJSON {
    let json: JSON

    init(_ state: any StateReader) {
        let staking = StakingQueries(state)
        let governance = GovernanceQueries(state)
        json = JSON(members: [
            ("rules", JSON(governance.version)),
            ("upgrade", governance.upgrade.map { JSON(upgrade: $0) }),
            ("assets", .array(Self.assets(state))),
            ("revenue", Self.revenue(RevenueQueries(state))),
            ("roles", .array(Role.allCases.compactMap { Self.role($0, staking) })),
            ("offences", .array(staking.slashes().map(Self.offence))),
            (
                "kinds",
                .array(ProposalKind.allCases.map { Self.kind($0, governance.rules(of: $0)) })
            ),
            (
                "councils",
                .array(
                    [.council, .emergency, .board].map { electorate in
                        JSON(members: [
                            ("name", .string("\(electorate)")),
                            (
                                "seats",
                                .array(
                                    governance.seats(of: electorate).seats.map { seat in
                                        JSON(members: [
                                            ("account", JSON(seat.account)),
                                            ("weight", JSON(seat.weight)),
                                        ])
                                    })
                            ),
                        ])
                    })
            ),
        ])
    }

    /// What services pay, what work earns, whose work counts more, and what was divided so far.
    private static func revenue(_ queries: RevenueQueries) -> JSON {
        let (tables, totals) = (queries.tables, queries.totals)
        return JSON(members: [
            (
                "services",
                .array(
                    tables.services.map {
                        JSON(members: [
                            ("service", .string($0.service)), ("share", JSON($0.share)),
                            ("least", JSON($0.least)), ("most", JSON($0.most)),
                        ])
                    })
            ),
            (
                "work",
                .array(
                    tables.work.map {
                        JSON(members: [
                            ("kind", .string($0.kind)), ("asset", JSON($0.asset)),
                            ("perUnit", JSON($0.perUnit)),
                        ])
                    })
            ),
            (
                "multipliers",
                .array(
                    tables.multipliers.map {
                        JSON(members: [
                            ("capability", .string($0.capability)), ("weight", JSON($0.weight)),
                        ])
                    })
            ),
            (
                "early",
                .array(
                    tables.early.map {
                        JSON(members: [
                            ("count", JSON($0.count)), ("weight", JSON($0.weight)),
                            ("spanMilliseconds", JSON($0.spanMilliseconds)),
                        ])
                    })
            ), ("fees", JSON(Amount(totals.fees))), ("payments", JSON(Amount(totals.payments))),
            ("burnt", JSON(Amount(totals.burnt))), ("treasury", JSON(Amount(totals.treasury))),
            ("validators", JSON(Amount(totals.validators))),
            ("proposers", JSON(Amount(totals.proposers))),
            ("providers", JSON(Amount(totals.providers))),
            ("orchestrators", JSON(Amount(totals.orchestrators))),
        ])
    }

    private static func assets(_ state: any StateReader) -> [JSON] {
        AccountsModule().assets(in: state).map { id, asset in
            JSON(members: [
                ("asset", JSON(id)), ("symbol", .string(asset.symbol)),
                ("supply", JSON(asset.supply)),
            ])
        }
    }

    private static func role(_ role: Role, _ queries: StakingQueries) -> JSON? {
        queries.terms(of: role).map { terms in
            JSON(members: [
                ("role", .string("\(role)")), ("baseMin", JSON(terms.baseMin)),
                ("asset", terms.asset.map { JSON($0) }), ("secondMin", JSON(terms.secondMin)),
                ("unbondingMilliseconds", JSON(terms.unbonding)),
            ])
        }
    }

    private static func offence(
        _ row: (role: Role?, cause: String, terms: SlashTerms)
    ) -> JSON {
        JSON(members: [
            ("role", row.role.map { .string("\($0)") }), ("cause", .string(row.cause)),
            ("base", JSON(row.terms.base)), ("second", JSON(row.terms.second)),
            ("repeated", JSON(row.terms.repeated)), ("jailMilliseconds", JSON(row.terms.jail)),
            ("bansFrom", row.terms.bansFrom.map { JSON($0) }),
        ])
    }

    private static func kind(_ kind: ProposalKind, _ rules: KindRules) -> JSON {
        JSON(members: [
            ("kind", .string("\(kind)")), ("discussionMilliseconds", JSON(rules.discussion)),
            ("votingMilliseconds", JSON(rules.voting)),
            ("timeLockMilliseconds", JSON(rules.timeLock)),
            (
                "houses",
                .array(
                    rules.houses.map { house in
                        JSON(members: [
                            ("electorate", .string("\(house.electorate)")),
                            ("quorum", JSON(house.quorum)), ("approval", JSON(house.approval)),
                        ])
                    })
            ),
        ])
    }
}
