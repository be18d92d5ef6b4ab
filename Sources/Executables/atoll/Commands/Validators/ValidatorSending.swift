// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import JSONText
import Ledger
import Validators
import Vocabulary

/// Sends one message of a validator, waits until it is final, and shows how the member then stands.
struct ValidatorSending {
    let sender: TransactionSender
    let timeoutMilliseconds: UInt64
    let format: OutputFormat

    static let timeoutOption = OptionSpec(
        name: "timeout", value: "TIME", help: "how long to wait, such as 30s; default 30s")
    static let nodeKeyOption = OptionSpec(
        name: "node-key", value: "FILE",
        help: "the sealed key the node votes with: NODE/node.key")
    static let nodePassphraseOption = OptionSpec(
        name: "node-passphrase", value: "FILE",
        help: "a file that opens it; default as for the key that signs")

    /// The options of every command here.
    static let options = ClientSettings.signing + [timeoutOption]

    init(_ invocation: Invocation, _ shell: Shell) async throws {
        let settings = ClientSettings(invocation, shell)
        timeoutMilliseconds = try invocation.quantity(
            "timeout", default: 30_000, in: 1...3_600_000, such: "30s",
            read: QuantityText.milliseconds)
        sender = TransactionSender(
            client: try await settings.client(), genesis: try await settings.genesis(),
            key: try await settings.key())
        format = invocation.format
    }

    /// The account that governs the member.
    var account: AccountID { sender.builder.account }

    /// Sends and shows; `done` says what happened, in the past, and `next` what is left to do.
    func send(
        _ message: ValidatorsMessage, done: String, next: String? = nil
    ) async throws -> Int32 {
        let (sent, member) = try await calling { () async throws(ClientFailure) in
            let sent = try await sender.send(
                [message.message], timeoutMilliseconds: timeoutMilliseconds)
            return (sent, try await sender.client.validator(account))
        }
        let outcome = sent.outcome
        let value: JSON = [
            "hash": JSON("\(outcome.hash)"), "height": JSON(outcome.height.value),
            "fee": JSON("\(outcome.fee.units)"),
            "finalityMilliseconds": JSON(sent.finalityMilliseconds), "validator": member.json,
        ]
        ResultText.write(value, as: format) {
            var facts = ValidatorRow(member: member).facts
            facts.add("done", done)
            facts.add("transaction", "\(outcome.hash)")
            facts.add("final", "block \(outcome.height), after \(sent.finalityMilliseconds) ms")
            facts.add("fee", "\(outcome.fee)")
            if let next { facts.add("next", next) }
            return facts.text
        }
        return 0
    }

    /// Opens the consensus key that was named and signs for this account with it.
    func claim(_ invocation: Invocation, _ shell: Shell) async throws -> KeyClaim {
        guard let path = invocation.value(Self.nodeKeyOption.name) else {
            throw CommandFailure(
                status: .misused,
                what: "the key the node votes with is not named", kept: "nothing was sent",
                next: "name its sealed file with --node-key FILE")
        }
        let key = try await KeyAccess.open(
            path,
            passphraseFile: invocation.value(Self.nodePassphraseOption.name)
                ?? invocation.value(ClientSettings.passphraseOption.name),
            invocation: invocation, shell: shell)
        return KeyClaim(key, for: account, on: sender.builder.genesis.chain)
    }

    /// An amount above zero given as an argument or an option.
    static func amount(_ text: String?, _ what: String) throws -> Amount {
        guard let text, let amount = Amount(text), amount > .zero else {
            throw CommandFailure(
                status: .misused,
                what: "'\(text ?? "")' is no \(what) above zero, such as 1000",
                kept: "nothing was sent")
        }
        return amount
    }
}
