// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import JSONText
import Ledger
import Vocabulary

/// Signs messages, sends them, and waits until they are final: what every command does that
/// changes something on the ledger.
struct TransactionSending {
    let sender: TransactionSender
    let timeoutMilliseconds: UInt64

    static let timeoutOption = OptionSpec(
        name: "timeout", value: "TIME", help: "how long to wait, such as 30s; default 30s")

    /// The options of every command that sends with the person's own key.
    static let options = ClientSettings.signing + [timeoutOption]

    /// - Parameter key: Opens the key that signs; the person's own unless told.
    init(
        _ invocation: Invocation, _ shell: Shell,
        key: (ClientSettings) async throws -> SigningKey = { try await $0.key() }
    ) async throws {
        let settings = ClientSettings(invocation, shell)
        timeoutMilliseconds = try invocation.quantity(
            "timeout", default: 30_000, in: 1...3_600_000, such: "30s",
            read: QuantityText.milliseconds)
        sender = TransactionSender(
            client: try await settings.client(), genesis: try await settings.genesis(),
            key: try await key(settings))
    }

    /// The account that signs.
    var account: AccountID { sender.builder.account }

    /// The chain of the genesis that is trusted.
    var chain: ChainID { sender.builder.genesis.chain }

    /// Sends messages in one transaction and waits until it is final.
    func send(_ messages: [Message]) async throws -> SentTransaction {
        try await calling { () async throws(ClientFailure) in
            try await sender.send(messages, timeoutMilliseconds: timeoutMilliseconds)
        }
    }
}

extension SentTransaction {
    /// Which transaction it is and what it cost, as the first members of an answer.
    var members: [JSON.Member] {
        [
            JSON.Member("hash", JSON("\(outcome.hash)")),
            JSON.Member("height", JSON(outcome.height.value)),
            JSON.Member("fee", JSON("\(outcome.fee.units)")),
            JSON.Member("finalityMilliseconds", JSON(finalityMilliseconds)),
        ]
    }
}

extension TextFacts {
    /// Which transaction it was, when it became final, and what it cost.
    mutating func add(_ sent: SentTransaction) {
        let outcome = sent.outcome
        add("transaction", "\(outcome.hash)")
        add("final", "block \(outcome.height), after \(sent.finalityMilliseconds) ms")
        add("fee", "\(outcome.fee)")
    }
}
