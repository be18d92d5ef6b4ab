// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText

/// `atoll cancel`: takes an order back.
enum CancelCommand {
    static let command = CommandSpec(
        path: ["cancel"],
        summary: "take a job back; its escrow returns, less the base price of who runs it",
        discussion: "Only who ordered a job can take it back, and only before it has ended.",
        example: "atoll cancel 4f2a91c0",
        arguments: [JobArgument.spec], options: ClientSettings.signing,
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let session = try await settings.session()
        let job = try await JobArgument.read(invocation, settings, session.client)
        let (sent, view) = try await calling { () async throws(ClientFailure) in
            let sent = try await session.cancel(job)
            return (sent, try await session.client.job(job))
        }
        let value: JSON = [
            "job": JSON("\(job)"), "state": JSON(view.state),
            "cost": JSON("\(view.settlement?.cost.units ?? 0)"),
            "refund": JSON("\(view.settlement?.refund.units ?? 0)"),
            "fee": JSON("\(sent.outcome.fee.units)"), "height": JSON(sent.outcome.height.value),
        ]
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("job", "\(job)")
            facts.add("state", view.state)
            if let settlement = view.settlement {
                facts.add("cost", "\(settlement.cost), \(settlement.refund) came back")
            }
            facts.add("fee", "\(sent.outcome.fee)")
            return facts.text
        }
        return 0
    }
}
