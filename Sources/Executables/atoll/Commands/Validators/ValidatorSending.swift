// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import JSONText
import Ledger
import Validators
import Vocabulary

/// Sends one message of a validator, waits until it is final, and shows how the member then stands.
struct ValidatorSending {
    let sending: TransactionSending
    let format: OutputFormat

    static let nodeKeyOption = OptionSpec(
        name: "node-key", value: "FILE",
        help: "the sealed key the node votes with: NODE/node.key")
    static let nodePassphraseOption = OptionSpec(
        name: "node-passphrase", value: "FILE",
        help: "a file that opens it; default as for the key that signs")

    /// The options of every command here.
    static let options = TransactionSending.options

    init(_ invocation: Invocation, _ shell: Shell) async throws {
        sending = try await TransactionSending(invocation, shell)
        format = invocation.format
    }

    /// The account that governs the member.
    var account: AccountID { sending.account }

    /// Sends and shows; `done` says what happened, in the past, and `next` what is left to do.
    func send(
        _ message: ValidatorsMessage, done: String, next: String? = nil
    ) async throws -> Int32 {
        let sent = try await sending.send([message.message])
        let member = try await standing()
        let members = sent.members + [JSON.Member("validator", member.json)]
        ResultText.write(.object(members), as: format) {
            var facts = ValidatorRow(member: member).facts
            facts.add("done", done)
            facts.add(sent)
            if let next { facts.add("next", next) }
            return facts.text
        }
        return 0
    }

    /// How the member stands now.
    func standing() async throws -> MemberView {
        try await calling { () async throws(ClientFailure) in
            try await sending.sender.client.validator(account)
        }
    }

    /// Opens the consensus key that was named and signs for this account with it.
    func claim(_ invocation: Invocation, _ shell: Shell) async throws -> KeyClaim {
        let key = try await Self.nodeKey("the key the node votes with", invocation, shell)
        return KeyClaim(key, for: account, on: sending.chain)
    }

    /// Opens the key that --node-key names.
    ///
    /// - Parameter what: What the key is, for the case that it is not named.
    static func nodeKey(
        _ what: String, _ invocation: Invocation, _ shell: Shell
    ) async throws -> SigningKey {
        try await KeyAccess.open(
            nodeKeyPath(what, invocation),
            passphraseFile: invocation.value(nodePassphraseOption.name)
                ?? invocation.value(ClientSettings.passphraseOption.name),
            invocation: invocation, shell: shell)
    }

    /// The file that --node-key names.
    static func nodeKeyPath(_ what: String, _ invocation: Invocation) throws -> String {
        guard let path = invocation.value(nodeKeyOption.name) else {
            throw CommandFailure(
                status: .misused, what: "\(what) is not named", kept: "nothing was sent",
                next: "name its sealed file with --node-key FILE")
        }
        return path
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
