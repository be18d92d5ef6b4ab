// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing
import Vocabulary

/// What a running network says of its law: `law`, `figures`, `windows` and the `genesis` it began
/// with, under these names.
struct NetworkFigures {
    let answers: JSON
    /// By how much the network's spans of time are shorter.
    let haste: UInt64

    /// One figure of the sources, where a running network shows it, and what it must be.
    struct Row: Sendable {
        enum Value: Sendable {
            case number(UInt64)
            /// Whole units; base units or decimal text where the network shows them.
            case amount(UInt64)
            /// Milliseconds, which a hastened network divides.
            case span(UInt64)
            case text(String)
        }
        let id: String
        let path: String
        let value: Value

        init(_ id: String, _ path: String, _ value: Value) {
            self.id = id
            self.path = path
            self.value = value
        }
    }

    /// Compares every row.
    func check(_ rows: [Row], of preset: String) {
        for row in rows {
            let found = Self.find(row.path, in: answers)
            let holds =
                switch row.value {
                case .number(let number): found?.unsigned == number
                case .span(let span): found?.unsigned == span / haste
                case .text(let text): found?.text == text
                case .amount(let whole):
                    found?.text == "\(Amount(whole: whole).units)" || found?.text == "\(whole)"
                }
            #expect(
                holds,
                "\(preset), \(row.id), \(row.path): \(found?.compact ?? "none"), not \(row.value)"
            )
        }
    }

    /// What stands at a path such as `law/roles[role=compute]/baseMin` or `pools[0]/name`.
    static func find(_ path: String, in json: JSON) -> JSON? {
        path.split(separator: "/").reduce(Optional(json)) { json, step in
            let parts = step.split(whereSeparator: { "[]".contains($0) }).map(String.init)
            guard var found = json?[parts[0]] else { return nil }
            for selector in parts.dropFirst() {
                let sides = selector.split(separator: "=").map(String.init)
                let element =
                    sides.count == 1
                    ? Int(selector).flatMap { place in
                        found.elements.flatMap { $0.indices.contains(place) ? $0[place] : nil }
                    } : found.elements?.first { matches($0, sides) }
                guard let element else { return nil }
                found = element
            }
            return found
        }
    }

    private static func matches(_ element: JSON, _ sides: [String]) -> Bool {
        guard sides[1] != "none" else { return element[sides[0]] == nil }
        return element[sides[0]]?.text == sides[1]
            || element[sides[0]]?.unsigned.map { "\($0)" } == sides[1]
    }
}

/// The figures of the sources, by preset (requirement ids OC, CO, PK, OP and resolutions R).
enum SourceFigures {
    typealias Row = NetworkFigures.Row

    static func rows(of preset: String) -> [Row] {
        switch preset {
        case "optimus": optimus
        case "octo": octo
        case "pocket": pocket
        case "ocos": ocos
        default: atoll
        }
    }

    private static let day: UInt64 = 86_400_000
    private static let year: UInt64 = 31_557_600_000

    /// Discussion, voting and lock in days, then quorum and approval of each electorate.
    private static func kind(
        _ id: String, _ name: String, _ days: [UInt64],
        _ houses: [(electorate: String, quorum: UInt64, approval: UInt64)]
    ) -> [Row] {
        let place = "law/kinds[kind=\(name)]"
        let spans = zip(["discussion", "voting", "timeLock"], days).map {
            Row(id, "\(place)/\($0)Milliseconds", .span($1 * day))
        }
        return spans
            + houses.flatMap { house in
                let place = "\(place)/houses[electorate=\(house.electorate)]"
                return [
                    Row(id, "\(place)/quorum", .number(house.quorum)),
                    Row(id, "\(place)/approval", .number(house.approval)),
                ]
            }
    }

    private static func figures(_ id: String, _ module: String, _ rows: [(String, UInt64)]) -> [Row]
    {
        rows.map { Row(id, "figures/\(module)/\($0)", .number($1)) }
    }

    /// What an offence costs in hundredths of both bonds; of every role where none is named.
    private static func offence(
        _ id: String, _ cause: String, _ base: UInt64, _ second: UInt64 = 0,
        of role: String = "none"
    ) -> [Row] {
        // A role's own row stands behind those of every role, so its name selects it first.
        let place = "law/\(role == "none" ? "general" : role)[cause=\(cause)]"
        return [
            Row(id, "\(place)/base", .number(base * 10_000)),
            Row(id, "\(place)/second", .number(second * 10_000)),
        ]
    }

    private static func role(
        _ id: String, _ name: String, _ base: UInt64, _ second: UInt64 = 0
    ) -> [Row] {
        [
            Row(id, "law/roles[role=\(name)]/baseMin", .amount(base)),
            Row(id, "law/roles[role=\(name)]/secondMin", .amount(second)),
        ]
    }

    /// What one period lets out of a pool.
    private static func limit(_ id: String, _ pool: String, _ whole: UInt64, _ days: UInt64)
        -> [Row]
    {
        let place = "genesis/modules/treasury/pools[name=\(pool)]/limits[0]"
        return [
            Row(id, "\(place)/amount", .amount(whole)),
            Row(id, "\(place)/periodMilliseconds", .span(days * day)),
        ]
    }

    /// CO-09, R24.
    private static let payments: [(String, UInt64)] = [
        ("payProvider", 700_000), ("payOrchestrator", 100_000), ("payTreasury", 100_000),
        ("payBurn", 50_000), ("payValidators", 50_000),
    ]

    private static func service(
        _ name: String, _ share: UInt64, _ least: String, _ most: String
    ) -> [Row] {
        let place = "law/revenue/services[service=\(name)]"
        func units(_ text: String) -> String { "\(Amount(text)?.units ?? 0)" }
        return [
            Row("CO-10", "\(place)/share", .number(share)),
            Row("CO-10", "\(place)/least", .text(units(least))),
            Row("CO-10", "\(place)/most", .text(units(most))),
        ]
    }

    private static func holding(_ id: String, _ pool: String, _ whole: UInt64) -> Row {
        Row(id, "genesis/modules/treasury/pools[name=\(pool)]/holdings[0]/amount", .amount(whole))
    }

    private static func grant(
        _ id: String, _ place: Int, _ whole: UInt64, _ spans: [(String, UInt64)]
    )
        -> [Row]
    {
        let grant = "genesis/modules/treasury/grants[\(place)]"
        return [Row(id, "\(grant)/amount", .amount(whole))]
            + spans.map { Row(id, "\(grant)/schedule/\($0)Milliseconds", .span($1)) }
    }

    private static let half = [
        (electorate: "stake", quorum: 100_000 as UInt64, approval: 500_001 as UInt64)
    ]

    /// OP-17 and R7, CO-11 and CO-12: the tables that every chain begins with.
    private static let offences: [Row] =
        offence("OP-17", "downtime", 5) + offence("R7", "invalid-block", 15)
        + offence("R7", "censorship", 20) + offence("OP-17", "double-sign", 30)
        + offence("OP-17", "byzantine", 50)
        + offence("CO-11", "down-hour", 0, 5) + offence("CO-11", "down-day", 5, 20)
        + offence("CO-11", "poor-result", 10, 30) + offence("CO-11", "agreement-breach", 20, 50)
        + offence("CO-11", "fraud", 100, 100) + offence("CO-11", "attack", 100, 100)
        + offence("CO-12", "sybil", 100, 100, of: "compute")
        + offence("CO-12", "invalid", 25, 25, of: "compute")
        + offence("CO-12", "price-manipulation", 50, 50, of: "compute")
        + offence("CO-12", "loss", 50, 50, of: "storage")
        + offence("CO-12", "loss-total", 100, 100, of: "storage")
        + offence("CO-12", "privacy", 100, 100, of: "storage")
        + offence("CO-12", "bad-proof", 25, 25, of: "storage")
        + offence("CO-12", "throttle", 25, 25, of: "bandwidth")
        + offence("CO-12", "manipulation", 100, 100, of: "bandwidth")
        + offence("CO-12", "fraud", 100, 100, of: "orchestrator")
        + offence("CO-12", "collusion", 75, 75, of: "orchestrator")
        + offence("CO-12", "poor-routing", 25, 25, of: "orchestrator")
        + offence("CO-12", "manipulation", 100, 100, of: "node")
        + offence("CO-12", "down-day", 10, 10, of: "node")
        + offence("CO-12", "quota", 10, 10, of: "wholesaler")

    private static let atoll: [Row] =
        offences
        + figures(
            "R6", "validators",
            [("seatsMax", 100), ("capPartsPerMillion", 200_000), ("unbondingEpochs", 336)])
        + figures(
            "OP-15", "staking",
            [("commissionMax", 200_000), ("honestPartsPerMillion", 800_000)])
        + figures("OP-18", "staking", [("rateStart", 80_000), ("rateEnd", 20_000)])
        + [Row("OP-15", "figures/staking/delegationMin", .amount(10))]
        + kind("OP-20", "parameter", [1, 7, 2], half)
        + kind("R21", "constitutional", [7, 7, 7], [("stake", 500_000, 950_000)])
        + kind("CO-21", "emergency", [0, 1, 0], [("emergency", 714_285, 714_285)])
        + kind("R8", "board", [1, 7, 2], [("roots", 100_000, 500_001)])
        + figures("R24", "revenue", payments + [("feeBurn", 200_000), ("feeProposer", 800_000)])

    private static let optimus: [Row] =
        offences
        + [
            Row("OP-12", "law/assets[symbol=OPTIMUS]/supply", .amount(1_000_000_000)),
            holding("OP-14", "treasury", 335_000_000), holding("OP-14", "grants", 5_000_000),
            holding("OP-13", "auction", 25_000_000), holding("OP-13", "airdrop", 15_000_000),
            Row("OP-12", "genesis/modules/staking/budget/amount", .amount(300_000_000)),
            Row("OP-19", "genesis/ledger/feePerMessage", .text("0.0001")),
            Row("OP-19", "genesis/ledger/messageFees[module=3]/fee", .text("0.001")),
            Row("OP-19", "genesis/ledger/messageFees[module=7]/fee", .text("0.002")),
            Row("OP-19", "genesis/ledger/messageFees[2]/fee", .text("1")),
            Row("OP-19", "genesis/ledger/messageFees[tag=6]/fee", .text("0.1")),
            Row("R4", "genesis/validators[0]/stake", .number(500_000)),
            Row("OP-09", "figures/validators/stakeMin", .amount(100_000)),
            Row("OP-15", "figures/staking/delegationMin", .amount(10)),
            Row("OP-20", "figures/governance/proposerMin", .amount(10_000)),
            Row("R2", "figures/staking/budgetMilliseconds", .span(10 * year)),
        ]
        + grant("OP-12", 0, 10_000_000, [("lock", year / 2)])
        + grant("OP-12", 1, 150_000_000, [("cliff", year), ("duration", 4 * year)])
        + grant("R9", 2, 150_000_000, [("cliff", year / 2), ("duration", 2 * year)])
        + figures(
            "OP-09", "validators",
            [
                ("seatsMax", 21), ("capPartsPerMillion", 200_000), ("unbondingEpochs", 21),
                ("slashPartsPerMillion", 300_000), ("downtimePartsPerMillion", 50_000),
            ])
        + figures(
            "OP-15", "staking",
            [
                ("commissionMax", 200_000), ("loyaltyHalfYear", 5_000), ("loyaltyYear", 10_000),
                ("loyaltyTwoYears", 20_000), ("earlyExitPartsPerMillion", 20_000),
                ("honestPartsPerMillion", 800_000), ("rateStart", 80_000), ("rateEnd", 20_000),
            ])
        + ["text", "parameter", "treasury", "upgrade", "validators"].flatMap {
            kind("OP-20", $0, [1, 7, 2], half)
        }
        + kind("OP-20", "emergency", [0, 1, 0], half)
        + figures("OP-19", "revenue", [("feeBurn", 200_000), ("feeProposer", 800_000)])
        + [
            Row("OP-19", "law/revenue/services[service=jobs]/share", .number(100)),
            Row("OP-19", "law/revenue/services[service=jobs]/least", .text("100000000000000")),
        ]
        // 15 M in 26 weeks.
        + limit("OP-14", "treasury", 576_923, 7) + limit("OP-14", "grants", 192_308, 7)
        + kind("OP-21", "board", [1, 7, 2], [("roots", 100_000, 500_001)])

    private static func chambers(_ quorum: UInt64, _ approval: UInt64) -> [(
        electorate: String, quorum: UInt64, approval: UInt64
    )] { [("roots", quorum, approval), ("council", quorum, approval)] }

    private static let octo: [Row] =
        offences
        + [Row("CO-01", "law/assets[symbol=OCTO]/supply", .amount(10_000_000_000))]
        + ["A", "S", "B", "O", "W", "D", "M", "N"].map {
            Row("CO-04", "law/assets[symbol=OCTO-\($0)]/supply", .amount(1_000_000_000))
        }
        + role("CO-05", "compute", 1_000, 500) + role("CO-05", "storage", 500, 1_000)
        + role("CO-05", "bandwidth", 300, 200) + role("CO-05", "orchestrator", 2_000, 500)
        + role("CO-05", "wholesaler", 5_000, 1_000) + role("CO-05", "developer", 200, 100)
        + role("CO-05", "marketer", 100, 50) + role("CO-05", "node", 1_500, 500)
        + role("CO-17", "holder", 1_000)
        + [
            Row("CO-06", "figures/validators/stakeMin", .amount(10_000)),
            Row("CO-12", "figures/validators/slashPartsPerMillion", .number(1_000_000)),
            Row("CO-05", "law/roles[role=compute]/unbondingMilliseconds", .number(7 * day)),
            Row("CO-08", "figures/exchange/conversionMin", .amount(1_000)),
            Row("CO-08", "windows/windows[asset=8]/symbol", .text("OCTO-N")),
            Row("CO-03", "windows/yearlyLeft", .amount(100_000_000)),
            Row("CO-21", "figures/governance/lapseMilliseconds", .span(2 * day)),
        ]
        + grant("CO-02", 0, 3_500_000_000, [("cliff", year), ("duration", 4 * year)])
        + grant("CO-02", 1, 2_000_000_000, [("cliff", 3 * year), ("duration", 5 * year)])
        + grant("CO-02", 2, 1_500_000_000, [("duration", 3 * year)])
        + grant(
            "CO-02", 3, 1_200_000_000,
            [("cliff", year), ("duration", 4 * year), ("period", year / 4), ("lock", year / 2)])
        + grant("CO-02", 4, 800_000_000, [("cliff", year / 2), ("duration", 5 * year / 2)])
        + grant("CO-02", 5, 500_000_000, [])
        + kind("CO-19", "parameter", [7, 5, 2], chambers(500_000, 600_000))
        + kind("CO-19", "treasury", [7, 5, 2], chambers(500_000, 600_000))
        + kind("CO-19", "role", [7, 5, 2], chambers(670_000, 670_000))
        + kind("R21", "constitutional", [7, 5, 7], chambers(750_000, 950_000))
        + kind("CO-20", "upgrade", [7, 5, 7], chambers(500_000, 600_000))
        + kind("CO-21", "emergency", [0, 2, 0], [("emergency", 714_285, 714_285)])
        + figures("CO-09", "revenue", payments)
        + service("ai", 50_000, "1", "100") + service("data", 20_000, "0.5", "50")
        + service("jobs", 30_000, "1", "10") + service("wholesale", 5_000, "0.1", "5")
        + service("agents", 50_000, "1", "100")
        + figures(
            "CO-07", "revenue",
            [("reputationLow", 500_000), ("reputationHigh", 2_000_000), ("workPool", 7)])
        + [
            ("compute", "100000000000000000"), ("storage-hot", "1000000000000000000"),
            ("storage-cold", "100000000000000000"), ("storage-archive", "10000000000000000"),
        ].map { Row("CO-07", "law/revenue/work[kind=\($0.0)]/perUnit", .text($0.1)) }
        + [("h100", 2_000_000), ("edge", 1_500_000)].map {
            Row("CO-07", "law/revenue/multipliers[capability=\($0.0)]/weight", .number($0.1))
        }
        + [(100, 10, 30), (400, 5, 60), (1_000, 2, 90)].flatMap {
            (count: UInt64, weight: UInt64, days: UInt64) -> [Row] in
            let place = "law/revenue/early[count=\(count)]"
            return [
                Row("CO-16", "\(place)/weight", .number(weight * 1_000_000)),
                Row("CO-16", "\(place)/spanMilliseconds", .span(days * day)),
            ]
        }
        + figures(
            "CO-40", "staking",
            [
                ("uptimeFull", 999_000), ("uptimeHigh", 990_000), ("uptimeHighPays", 750_000),
                ("uptimeLow", 950_000), ("uptimeLowPays", 500_000),
            ])
        + limit("CO-01", "treasury", 20_000_000, 30)

    private static let pocket: [Row] =
        role("PK-21", "application", 1_000) + role("PK-21", "supplier", 59_500)
        + role("PK-21", "gateway", 5_000) + role("PK-04", "fisherman", 15_000)
        + [
            Row("PK-21", "law/roles[role=supplier]/unbondingMilliseconds", .span(1_714_800_000)),
            Row("PK-04", "law/roles[role=fisherman]/unbondingMilliseconds", .span(120_960_000)),
            Row("PK-04", "figures/validators/stakeMin", .amount(15_000)),
            Row("PK-04", "genesis/ledger/feeBase", .text("0.01")),
            Row("PK-32", "genesis/modules/treasury/pools[0]/name", .text("dao")),
        ]
        + offence("PK-04", "missed", 1) + offence("PK-04", "double-sign", 5)
        + figures(
            "PK-21", "validators",
            [("seatsMax", 21), ("unbondingEpochs", 21), ("slashPartsPerMillion", 50_000)])
        + figures("PK-32", "revenue", [("feeTreasury", 900_000), ("feeProposer", 100_000)])

    private static let ocos: [Row] =
        [
            Row("OC-09", "figures/governance/proposerMin", .amount(50_000)),
            Row("OC-09", "law/assets[asset=0]/symbol", .text("OCOS")),
            Row("OC-06", "genesis/modules/treasury/pools[1]/name", .text("node rewards")),
        ]
        + kind("R11", "text", [0, 3, 0], half) + kind("OC-09", "treasury", [1, 7, 2], half)
        + kind("OC-10", "parameter", [1, 3, 2], half)
}
