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
            TransactionSending.timeoutOption,
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
        let sending = try await TransactionSending(invocation, shell)
        let transfer = AccountsMessage.transfer(
            Transfer([Transfer.Part(to: target, amount, of: asset)]))
        let sent = try await sending.send([transfer.message])
        let left = try await calling { () async throws(ClientFailure) in
            try await sending.sender.client.account(sending.account)
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
            facts.add(sent)
            facts.add("balance", "\(left)")
            return facts.text
        }
    }
}
