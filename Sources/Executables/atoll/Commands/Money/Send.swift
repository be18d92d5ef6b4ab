// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import JSONText
import Vocabulary

/// `atoll send`: moves money and waits until that is final.
enum SendCommand {
    static let command = CommandSpec(
        path: ["send"],
        summary: "send an amount to an account and wait until it is final",
        example: "atoll send 1.5 <account>",
        arguments: [
            ArgumentSpec(name: "amount", help: "whole units with up to 18 decimals, such as 1.5"),
            ArgumentSpec(name: "account", help: "who receives it: an account or a key of yours"),
        ],
        options: ClientSettings.signing + [
            OptionSpec(name: "asset", value: "N", help: "the asset's number; default 0, native"),
            OptionSpec(
                name: "timeout", value: "TIME", help: "how long to wait, such as 30s; default 30s"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        guard let amount = Amount(invocation.arguments[0]), amount > .zero else {
            throw CommandFailure(
                status: .misused,
                what: "'\(invocation.arguments[0])' is no amount above zero, such as 1.5")
        }
        let target = try await settings.account(named: invocation.arguments[1])
        let asset = AssetID(try invocation.number("asset", default: 0, in: 0...UInt64.max))
        let timeout = try invocation.quantity(
            "timeout", default: 30_000, in: 1...3_600_000, such: "30s",
            read: QuantityText.milliseconds)
        let sender = TransactionSender(
            client: try await settings.client(), genesis: try await settings.genesis(),
            key: try await settings.key())
        let transfer = AccountsMessage.transfer(
            Transfer([Transfer.Part(to: target, amount, of: asset)]))
        let (sent, left) = try await calling { () async throws(ClientFailure) in
            let sent = try await sender.send([transfer.message], timeoutMilliseconds: timeout)
            return (sent, try await sender.client.account(sender.builder.account))
        }
        write(sent, amount, asset, to: target, left: left.balance(of: asset), invocation.format)
        return 0
    }

    private static func write(
        _ sent: SentTransaction, _ amount: Amount, _ asset: AssetID, to target: AccountID,
        left: Amount, _ format: OutputFormat
    ) {
        let outcome = sent.outcome
        let value: JSON = [
            "hash": JSON("\(outcome.hash)"), "height": JSON(outcome.height.value),
            "to": JSON("\(target)"), "asset": JSON(asset.value),
            "amount": JSON("\(amount.units)"), "fee": JSON("\(outcome.fee.units)"),
            "balance": JSON("\(left.units)"),
            "finalityMilliseconds": JSON(sent.finalityMilliseconds),
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            facts.add("sent", "\(amount) of asset \(asset) to \(target)")
            facts.add("transaction", "\(outcome.hash)")
            facts.add("final", "block \(outcome.height), after \(sent.finalityMilliseconds) ms")
            facts.add("fee", "\(outcome.fee)")
            facts.add("balance", "\(left)")
            return facts.text
        }
    }
}
