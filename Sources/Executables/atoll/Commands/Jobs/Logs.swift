// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Vocabulary

/// `atoll logs`: what a job wrote, checked against the settled digest.
enum LogsCommand {
    static let command = CommandSpec(
        path: ["logs"],
        summary: "show what a job wrote; with -f, wait for its end first",
        discussion: """
            Output becomes known when the job is settled, for only then have the providers agreed on
            it. Standard output comes out on standard output, standard error on standard error.
            """,
        example: "atoll logs -f 4f2a91c0",
        arguments: [JobArgument.spec],
        options: [
            ClientSettings.keyOption,
            OptionSpec(
                name: "follow", short: "f", value: nil, help: "wait for the end, step by step"),
            OptionSpec(
                name: "timeout", value: "TIME", help: "with -f, how long; default 24h"),
        ], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let client = try await settings.client()
        let job = try await JobArgument.read(invocation, settings, client)
        let timeout = try invocation.quantity(
            "timeout", default: 86_400_000, in: 1...86_400_000, such: "10m",
            read: QuantityText.milliseconds)
        let lines = ProgressLines(isQuiet: false, time: shell.effects.time)
        let follows = invocation.has("follow")
        let view = try await calling { () async throws(ClientFailure) -> JobView in
            let view = try await client.job(job)
            guard follows, !view.isEnded else { return view }
            return try await JobFollower(client: client).wait(
                for: job, milliseconds: timeout, tell: lines.tell)
        }
        let output = try await calling { () async throws(ClientFailure) -> CheckedOutput? in
            try await Self.output(of: view, client)
        }
        guard let output else { throw nothing(view) }
        Terminal.result(output.standardOutput)
        Terminal.errorBytes(output.standardError)
        return 0
    }

    private static func output(
        of view: JobView, _ client: GatewayClient
    ) async throws(ClientFailure) -> CheckedOutput? {
        guard let result = view.result else { return nil }
        return try await client.output(of: view.job, digest: result.outputDigest)
    }

    private static func nothing(_ view: JobView) -> CommandFailure {
        guard view.isEnded else {
            return CommandFailure(
                status: .refused, what: "job \(view.job) is \(view.state); it has no output yet",
                next: "atoll logs -f \(view.job) waits for it", name: "jobNotFinished")
        }
        return CommandFailure(
            status: .refused,
            what: "job \(view.job) ended as \(view.state), without a result that was accepted",
            next: "atoll describe job \(view.job)", name: "noResult")
    }
}
