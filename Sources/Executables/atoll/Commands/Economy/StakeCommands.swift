// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Staking
import Vocabulary

/// `atoll stake`: what an account has at stake.
enum StakeShow {
    static let command = CommandSpec(
        path: ["stake"], summary: "show what an account has at stake, and what it may claim",
        example: "atoll stake",
        arguments: [
            ArgumentSpec(name: "account", help: "whose; default your key's", isRequired: false)
        ],
        options: [ClientSettings.keyOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let account: AccountID =
            invocation.arguments.isEmpty
            ? try await settings.account() : try invocation.identifier(0, "account")
        let client = try await settings.client()
        let stakes = try await calling { () async throws(ClientFailure) in
            try await client.stakes(of: account)
        }
        ResultText.write(stakes, as: invocation.format) { text(stakes) }
        return 0
    }

    static func text(_ stakes: JSON) -> String {
        var facts = TextFacts()
        facts.add("account", stakes["account"]?.text ?? "")
        facts.add("votes with", LawSending.amount(stakes["power"]))
        facts.add("locked for votes", LawSending.amount(stakes["lockedForVotes"]))
        var table = TextTable(
            ["steady", "compounding", "to claim", "operator"], rightAligned: [0, 1, 2])
        for entry in stakes["delegations"]?.elements ?? [] {
            table.add([
                LawSending.amount(entry["steady"]), LawSending.amount(entry["compounding"]),
                LawSending.amount(entry["reward"]), entry["operator"]?.text ?? "",
            ])
        }
        var bonds = TextTable(["role", "bond", "state"], rightAligned: [1])
        for bond in stakes["bonds"]?.elements ?? [] {
            bonds.add([
                bond["role"]?.text ?? "", LawSending.amount(bond["base"]),
                bond["state"]?.text ?? "",
            ])
        }
        return facts.text + table.text + bonds.text
    }
}

/// `atoll delegate`: puts stake behind a validator.
enum DelegateCommand {
    static let command = CommandSpec(
        path: ["delegate"], summary: "put stake behind a validator and share in its rewards",
        discussion: """
            The stake counts in the validator's weight from the next epoch on, earns with it and
            answers for its offences. Taking it back takes as long as offences can be shown.
            """,
        example: "atoll delegate 100 <account>",
        arguments: [
            ArgumentSpec(name: "amount", help: "how much, in whole units"),
            ArgumentSpec(name: "validator", help: "the account that governs it"),
        ],
        options: LawSending.options + [LawSending.compoundOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let order = try UnbondCommand.order(invocation)
        return try await LawSending(invocation, shell).send(
            StakingMessage.delegate(order).message,
            done: "\(order.amount) stand behind \(order.operator)")
    }
}

/// `atoll unbond`: lets stake come back from a validator.
enum UnbondCommand {
    static let command = CommandSpec(
        path: ["unbond"], summary: "let stake come back from a validator",
        example: "atoll unbond 50 <account>",
        arguments: [
            ArgumentSpec(name: "amount", help: "how much at most, in whole units"),
            ArgumentSpec(name: "validator", help: "the account that governs it"),
        ],
        options: LawSending.options + [LawSending.compoundOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let order = try order(invocation)
        return try await LawSending(invocation, shell).send(
            StakingMessage.undelegate(order).message,
            done: "it comes back by itself when its last epoch is out of reach")
    }

    static func order(_ invocation: Invocation) throws -> StakeOrder {
        StakeOrder(
            operator: try invocation.identifier(1, "account"),
            amount: try ValidatorSending.amount(invocation.arguments[0], "amount"),
            compounds: invocation.has(LawSending.compoundOption.name))
    }
}

/// `atoll rewards claim`: has rewards paid.
enum RewardsClaim {
    static let command = CommandSpec(
        path: ["rewards", "claim"],
        summary: "have rewards behind a validator paid, or your own as a validator",
        example: "atoll rewards claim <account>",
        arguments: [ArgumentSpec(name: "validator", help: "the account that governs it")],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let account: AccountID = try invocation.identifier(0, "account")
        return try await LawSending(invocation, shell).send(
            StakingMessage.claim(account).message, done: "paid what was earned behind \(account)")
    }
}
