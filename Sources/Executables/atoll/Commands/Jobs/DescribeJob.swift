// SPDX-License-Identifier: Apache-2.0
import ClientKit

/// `atoll describe job`: everything the chain knows of a job.
enum DescribeJob {
    static let command = CommandSpec(
        path: ["describe", "job"],
        summary: "show everything about a job: terms, providers, result, money",
        example: "atoll describe job 4f2a91c0",
        arguments: [JobArgument.spec], options: [ClientSettings.keyOption],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let client = try await settings.client()
        let job = try await JobArgument.read(invocation, settings, client)
        let view = try await calling { () async throws(ClientFailure) in
            try await client.job(job)
        }
        ResultText.write(view.json, as: invocation.format) { JobText.description(of: view) }
        return 0
    }
}
