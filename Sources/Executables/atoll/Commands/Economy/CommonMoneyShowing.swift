// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Vocabulary

/// What the commands that show common money share: a page as a table, one as facts.
struct CommonMoneyShowing {
    let kind: CommonMoney
    /// The columns of a list: a heading, and how a row's cell reads.
    let columns: [(name: String, cell: @Sendable (JSON) -> String)]

    /// The command that lists all of the kind.
    func list(_ path: [String], summary: String) -> CommandSpec {
        CommandSpec(
            path: path, summary: summary, example: "atoll \(path.joined(separator: " "))",
            options: [OptionSpec(name: "cursor", value: "NEXT", help: "the page after this one")],
            hasOutputFormat: true
        ) { invocation, shell in
            let client = try await ClientSettings(invocation, shell).client()
            let page = try await calling { () async throws(ClientFailure) in
                try await client.common(kind, cursor: invocation.value("cursor"))
            }
            ResultText.write(page, as: invocation.format) {
                var table = TextTable(columns.map(\.name), rightAligned: [0])
                for row in page[kind.rawValue]?.elements ?? [] {
                    table.add(columns.map { $0.cell(row) })
                }
                let next = page["next"]?.text.map { "more: --cursor \($0)\n" } ?? ""
                return table.text + next
            }
            return 0
        }
    }

    /// The command that shows one of the kind.
    func show(_ path: [String], summary: String, discussion: String = "") -> CommandSpec {
        CommandSpec(
            path: path, summary: summary, discussion: discussion,
            example: "atoll \(path.joined(separator: " ")) 0",
            arguments: [ArgumentSpec(name: "number", help: "which")], hasOutputFormat: true
        ) { invocation, shell in
            let number = try LawSending.number(invocation.arguments[0], "number")
            let client = try await ClientSettings(invocation, shell).client()
            let one = try await calling { () async throws(ClientFailure) in
                try await client.common(kind, number: number)
            }
            ResultText.write(one, as: invocation.format) { Self.facts(of: one).text }
            return 0
        }
    }

    /// Every member on a line of its own; amounts in whole units, lists one line an entry.
    static func facts(of value: JSON) -> TextFacts {
        var facts = TextFacts()
        for member in value.members ?? [] {
            guard let entries = member.value.elements else {
                facts.add(member.name, text(member.value, named: member.name))
                continue
            }
            for entry in entries {
                let words = entry.members?.map { "\($0.name) \(text($0.value, named: $0.name))" }
                facts.add(member.name, words?.joined(separator: ", ") ?? text(entry, named: ""))
            }
        }
        return facts
    }

    /// The members that are amounts in base units.
    private static let amounts: Set<String> = [
        "amount", "limit", "spentInPeriod", "total", "earned", "claimed", "claimable", "held",
        "supply", "startPrice", "endPrice", "cap", "paid", "price", "goods", "bids", "least",
        "most",
    ]
    /// The members that are points in time.
    private static let times: Set<String> = ["opens", "expires", "start", "end", "revoked"]

    private static func text(_ value: JSON, named name: String) -> String {
        if amounts.contains(name) { return LawSending.amount(value) }
        if times.contains(name), let time = value.unsigned { return Timestamp(time).utc }
        return value.text ?? value.compact
    }

    /// A member of a row as it is.
    static func plain(_ name: String) -> (name: String, cell: @Sendable (JSON) -> String) {
        (name, { text($0[name] ?? .string("-"), named: name) })
    }
}
