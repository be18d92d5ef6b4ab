// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Vocabulary

/// `atoll jobs`: an account's jobs, or everybody's live ones.
enum JobsList {
    static let command = CommandSpec(
        path: ["jobs"],
        summary: "list your jobs, the newest first",
        example: "atoll jobs --limit 5",
        options: [
            ClientSettings.keyOption,
            OptionSpec(name: "account", value: "ACCOUNT", help: "whose; default your key's"),
            OptionSpec(name: "live", value: nil, help: "everybody's jobs that have not ended"),
            OptionSpec(name: "limit", value: "N", help: "how many, 1 to 100; default 20"),
            OptionSpec(
                name: "cursor", value: "TEXT", help: "where the next page starts, as shown"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let client = try await settings.client()
        let limit = Int(try invocation.number("limit", default: 20, in: 1...100))
        let cursor = invocation.value("cursor")
        let account = invocation.has("live") ? nil : try await whose(invocation, settings)
        let page = try await calling { () async throws(ClientFailure) in
            guard let account else {
                return try await client.liveJobs(limit: limit, cursor: cursor)
            }
            return try await client.jobs(of: account, limit: limit, cursor: cursor)
        }
        ResultText.write(page.json, as: invocation.format) { table(of: page.items).text }
        if let next = page.next, invocation.format == .table {
            Terminal.say("more: atoll jobs --cursor \(next)")
        }
        return 0
    }

    private static func whose(
        _ invocation: Invocation, _ settings: ClientSettings
    ) async throws -> AccountID {
        guard let named = invocation.value("account") else { return try await settings.account() }
        guard let account = AccountID(hexadecimal: named) else {
            throw CommandFailure(
                status: .misused,
                what: "--account is '\(named)'; an account has 64 hexadecimal digits")
        }
        return account
    }

    private static func table(of jobs: [JobView]) -> TextTable {
        var table = TextTable(
            ["job", "state", "outcome", "replicas", "cost", "opened"], rightAligned: [3, 4])
        for job in jobs {
            table.add([
                QuantityText.short(job.job), job.state, JobText.outcome(of: job) ?? "-",
                "\(job.replicas)", job.settlement.map { "\($0.cost)" } ?? "-",
                job.openedAt.utc,
            ])
        }
        return table
    }
}
