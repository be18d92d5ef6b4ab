// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Staking
import Vocabulary

/// Stake that moves: to another validator, into an asset and back; and what operators decide.
enum ShareCommands {
    static let all = [redelegate, shares("tokenize"), shares("redeem"), commission, insure, fund]

    private static let validator = ArgumentSpec(
        name: "validator", help: "the account that governs it")

    private static let redelegate = CommandSpec(
        path: ["redelegate"], summary: "move stake from one validator to another at once",
        discussion: "It answers for both until nothing can be shown of the first any more.",
        example: "atoll redelegate 50 <account> <account>",
        arguments: [
            ArgumentSpec(name: "amount", help: "how much at most, in whole units"),
            ArgumentSpec(name: "from", help: "the account that governs the first"),
            ArgumentSpec(name: "to", help: "the account that governs the other"),
        ],
        options: LawSending.options + [LawSending.compoundOption], hasOutputFormat: true
    ) { invocation, shell in
        let target: AccountID = try invocation.identifier(2, "account")
        let order = try UnbondCommand.order(invocation)
        return try await LawSending(invocation, shell).send(
            StakingMessage.redelegate(MoveOrder(from: order, to: target)).message,
            done: "\(order.amount) stand behind \(target)")
    }

    /// `atoll stake tokenize` and its way back: compounding shares as an asset that can be sent.
    private static func shares(_ verb: String) -> CommandSpec {
        CommandSpec(
            path: ["stake", verb],
            summary: verb == "tokenize"
                ? "turn compounding shares into an asset that can be sent and sold"
                : "turn that asset into compounding shares again",
            discussion: "An offence of the operator costs the asset as it costs every share.",
            example: "atoll stake \(verb) <account> 20",
            arguments: [
                validator, ArgumentSpec(name: "shares", help: "how many, with decimals"),
            ], options: LawSending.options, hasOutputFormat: true
        ) { invocation, shell in
            let account: AccountID = try invocation.identifier(0, "account")
            let shares = try ValidatorSending.amount(invocation.arguments[1], "number of shares")
            let message: StakingMessage =
                verb == "tokenize"
                ? .tokenize(account, shares: shares.units)
                : .redeem(account, shares: shares.units)
            return try await LawSending(invocation, shell).send(
                message.message, done: "\(verb): \(shares) shares behind \(account)")
        }
    }

    private static let commission = CommandSpec(
        path: ["validator", "commission"], summary: "set what you keep of rewards behind you",
        discussion: "It falls at once and rises slowly, announced before.",
        example: "atoll validator commission 50000",
        arguments: [ArgumentSpec(name: "millionths", help: "of the rewards of others' stake")],
        options: LawSending.options, hasOutputFormat: true
    ) { invocation, shell in
        let share = try LawSending.number(invocation.arguments[0], "number of millionths")
        return try await LawSending(invocation, shell).send(
            StakingMessage.setCommission(share).message, done: "the commission is to be \(share)")
    }

    private static let insure = CommandSpec(
        path: ["validator", "insure"],
        summary: "insure those behind you against your offences, or no longer",
        example: "atoll validator insure yes",
        arguments: [ArgumentSpec(name: "answer", help: "yes or no")],
        options: LawSending.options, hasOutputFormat: true
    ) { invocation, shell in
        let isInsured = invocation.arguments[0] == "yes"
        guard isInsured || invocation.arguments[0] == "no" else {
            throw CommandFailure(
                status: .misused, what: "'\(invocation.arguments[0])' is neither yes nor no",
                kept: "nothing was sent")
        }
        return try await LawSending(invocation, shell).send(
            StakingMessage.insure(isInsured).message,
            done: isInsured ? "premiums are paid from now on" : "no premium is paid any more")
    }

    private static let fund = CommandSpec(
        path: ["rewards", "fund"], summary: "pay into the budget that rewards are released from",
        example: "atoll rewards fund 1000",
        arguments: [ArgumentSpec(name: "amount", help: "how much, in whole units")],
        options: LawSending.commonOptions, hasOutputFormat: true
    ) { invocation, shell in
        let amount = try ValidatorSending.amount(invocation.arguments[0], "amount")
        return try await LawSending(invocation, shell).send(
            StakingMessage.fund(amount).message, done: "paid \(amount) into the budget")
    }
}
