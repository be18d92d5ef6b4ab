// SPDX-License-Identifier: Apache-2.0
import ClientKit

/// `atoll quote`: what a run may cost, before anything is ordered.
enum QuoteCommand {
    static let command = CommandSpec(
        path: ["quote"],
        summary: "say what a run may cost; orders nothing",
        discussion: """
            The least is enough for the cheapest providers to bid, the most for every active one.
            Only the fuel that is used is paid; what remains of the escrow comes back.
            """,
        example: "atoll quote wordcount.wasm --fuel-max 1G",
        arguments: [ArgumentSpec(name: "program", help: "a module for wasm32-wasip1")],
        options: [RunOptions.replicas, RunOptions.fuelMax], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        do {
            _ = try await ProgramFile(invocation.arguments[0], shell)
        } catch var failure as CommandFailure {
            failure.status = .misused
            throw failure
        }
        let fuel = try RunOptions.fuel(invocation)
        let replicas = try RunOptions.replicas(invocation)
        let client = try await ClientSettings(invocation, shell).client()
        let quote = try await calling { () async throws(ClientFailure) in
            try await client.quote(fuelMax: fuel, replicas: replicas)
        }
        ResultText.write(quote.json, as: invocation.format) {
            var facts = TextFacts()
            facts.add("executions", "\(quote.replicas) of at most \(fuelText(quote)) fuel")
            facts.add("providers", "\(quote.providers) active")
            facts.add("at least", "\(quote.costMin)")
            facts.add("at most", "\(quote.costMax)")
            facts.add("fee", "\(quote.transactionFee)")
            return facts.text
        }
        return 0
    }

    private static func fuelText(_ quote: Quote) -> String {
        QuantityText.grouped(quote.fuelMax.value)
    }
}
