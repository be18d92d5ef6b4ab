// SPDX-License-Identifier: Apache-2.0
import ClientKit

/// `atoll status`: whether the chain moves, and why not when it does not.
enum StatusCommand {
    static let command = CommandSpec(
        path: ["status"],
        summary: "show how the cloud stands: chain, validators, providers",
        discussion: """
            Ends with 0 while a quorum of validators is in reach and blocks come, else with 1 and
            the reason.
            """,
        example: "atoll status", hasOutputFormat: true, run: run)

    /// The age of the last block from which on the chain counts as standing: five heartbeats.
    private static let blockAgeMax: UInt64 = 5_000

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let (status, providers) = try await calling { () async throws(ClientFailure) in
            (try await client.status(), try await client.providers(limit: 100))
        }
        ResultText.write(status.json, as: invocation.format) {
            text(of: status, providers.items, "\(client.address.endpoint)")
        }
        let isWell = trouble(of: status) == nil
        return isWell ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
    }

    /// Why nothing becomes final; nothing when all is well.
    static func trouble(of status: CloudStatus) -> String? {
        if let reason = status.reason { return reason }
        guard status.hasQuorum else {
            return "no quorum: \(status.stakeConnected) of the \(status.quorum) stake that a block "
                + "needs is in reach"
        }
        guard status.lastBlockAgeMilliseconds <= blockAgeMax else {
            return "the last block came \(status.lastBlockAgeMilliseconds) ms ago"
        }
        return nil
    }

    private static func text(
        of status: CloudStatus, _ providers: [ProviderView], _ gateway: String
    ) -> String {
        var facts = TextFacts()
        facts.add("chain", "\(status.name) \(status.chain)")
        facts.add("gateway", "\(gateway), version \(status.version)")
        facts.add("state", trouble(of: status) ?? "well")
        facts.add(
            "height",
            "\(status.height), slot \(status.slot), the last block "
                + "\(status.lastBlockAgeMilliseconds) ms ago")
        facts.add("state root", "\(status.stateRoot)")
        facts.add(
            "stake",
            "\(status.stakeConnected) of \(status.stakeTotal) in reach, "
                + "\(status.quorum) needed")
        facts.add("waiting", "\(status.pendingTransactions) transactions")
        var validators = TextTable(["validator", "stake", "in reach", "key"], rightAligned: [1])
        for one in status.validators {
            validators.add([
                one.name, "\(one.stake)", one.isConnected ? "yes" : "no",
                QuantityText.short(one.publicKey),
            ])
        }
        return facts.text + "\n" + validators.text + "\n" + table(of: providers).text
    }

    private static func table(of providers: [ProviderView]) -> TextTable {
        var table = TextTable(
            ["provider", "state", "base price", "per M fuel", "bond", "done", "faults"],
            rightAligned: [2, 3, 4, 5, 6])
        for one in providers {
            table.add([
                QuantityText.short(one.account), one.state, "\(one.price.base)",
                "\(one.price.perMillionFuel)", "\(one.bond)", "\(one.completed)", "\(one.faults)",
            ])
        }
        return table
    }
}
