// SPDX-License-Identifier: Apache-2.0
import Validators
import Vocabulary

/// `atoll validator join`: stands for election with a stake and a consensus key.
enum ValidatorJoin {
    static let command = CommandSpec(
        path: ["validator", "join"],
        summary: "stand for election: bond a stake and name the key your node votes with",
        discussion: """
            Your key's account pays the stake and governs the validator from then on; the node's
            key only votes. The node gets a seat at the next cut when its stake is among the
            largest. Start the node and let it follow the chain before you join.
            """,
        example: "atoll validator join 1000 --name reef --node-key my-node/node.key",
        arguments: [ArgumentSpec(name: "stake", help: "what you bond, in whole units")],
        options: ValidatorSending.options + [
            ValidatorSending.nodeKeyOption, ValidatorSending.nodePassphraseOption,
            OptionSpec(name: "name", value: "NAME", help: "what people call it; 1 to 64 bytes"),
            OptionSpec(
                name: "fees", value: "ACCOUNT", help: "who receives its fees; default yourself"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let stake = try ValidatorSending.amount(invocation.arguments[0], "stake")
        guard let name = invocation.value("name") else {
            throw CommandFailure(
                status: .misused, what: "the validator has no name", kept: "nothing was sent",
                next: "give it one with --name NAME")
        }
        let sending = try await ValidatorSending(invocation, shell)
        let fees = try ValidatorUpdate.fees(invocation) ?? sending.account
        let claim = try await sending.claim(invocation, shell)
        let message = JoinValidators(claim: claim, name: name, stake: stake, fees: fees)
        return try await sending.send(
            .join(message), done: "joined with \(stake); it stands for election at the next cut")
    }
}
