// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Vocabulary

/// `atoll validator list`: who votes in the newest epoch, and who would.
enum ValidatorList {
    static let command = CommandSpec(
        path: ["validator", "list"],
        summary: "list the validators: who votes, with which weight and stake",
        discussion: """
            Shows the set of the newest epoch that is known, the heaviest first, then the members
            without a seat in it. Those who withdrew are left out unless --all is given.
            """,
        example: "atoll validator list",
        options: [
            OptionSpec(name: "all", value: nil, help: "also those who left and have their stake")
        ], hasOutputFormat: true, run: run)

    /// The most pages asked for: 1,000 members.
    private static let pagesMax = 10

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let (page, members) = try await calling { () async throws(ClientFailure) in
            try await all(of: client)
        }
        let shown = sorted(members.filter { invocation.has("all") || $0.state != "withdrawn" })
        let value: JSON = [
            "epoch": JSON(page.epoch.value), "seats": JSON(page.seats),
            "totalWeight": JSON(page.totalWeight), "stakeMin": JSON("\(page.stakeMin.units)"),
            "validators": .array(shown.map(\.json)),
        ]
        ResultText.write(value, as: invocation.format) { text(page, shown) }
        return 0
    }

    private static func all(
        of client: GatewayClient
    ) async throws(ClientFailure) -> (MemberPage, [MemberView]) {
        let first = try await client.validators()
        var members = first.members
        var next = first.next
        for _ in 1..<pagesMax {
            guard let cursor = next else { break }
            let page = try await client.validators(cursor: cursor)
            members += page.members
            next = page.next
        }
        return (first, members)
    }

    private static func sorted(_ members: [MemberView]) -> [MemberView] {
        members.sorted { left, right in
            let (heavy, light) = (left.weight ?? 0, right.weight ?? 0)
            return heavy == light ? left.account < right.account : heavy > light
        }
    }

    static func text(_ page: MemberPage, _ members: [MemberView]) -> String {
        var table = TextTable(
            ["name", "weight", "share", "stake", "state", "account"], rightAligned: [1, 2, 3])
        for member in members {
            let row = ValidatorRow(member: member)
            table.add([
                member.name, member.weight.map { "\($0)" } ?? "-",
                share(member.weight, of: page.totalWeight), row.stake, row.state,
                "\(member.account)",
            ])
        }
        return "epoch \(page.epoch): \(page.seats) seats\n" + table.text
    }

    /// A weight in per cent with one decimal.
    static func share(_ weight: UInt64?, of total: UInt64) -> String {
        guard let weight, total > 0 else { return "-" }
        let permille = UInt128(weight) * 1_000 / UInt128(total)
        return "\(permille / 10).\(permille % 10)%"
    }
}
