// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import JSONText
import Ledger
import Vocabulary

/// Sends messages of a module, and says what became of them.
struct MessageSending {
    let sending: TransactionSending
    let format: OutputFormat

    static let options = TransactionSending.options

    init(_ invocation: Invocation, _ shell: Shell, key: SigningKey? = nil) async throws {
        sending = try await TransactionSending(invocation, shell) { settings in
            if let key { key } else { try await settings.key() }
        }
        format = invocation.format
    }

    var account: AccountID { sending.account }

    /// Sends messages and waits until they are final.
    func send(_ messages: [Message]) async throws -> SentTransaction {
        try await sending.send(messages)
    }

    /// Says what was done.
    func write(_ done: String, _ sent: SentTransaction, _ members: [JSON.Member] = []) {
        let outcome = sent.outcome
        let all =
            members + [
                JSON.Member("transaction", JSON("\(outcome.hash)")),
                JSON.Member("height", JSON(outcome.height.value)),
                JSON.Member("fee", JSON("\(outcome.fee.units)")),
            ]
        ResultText.write(.object(all), as: format) {
            var facts = TextFacts()
            facts.add("done", done)
            for member in members {
                facts.add(member.name, member.value.text ?? member.value.compact)
            }
            facts.add("transaction", "\(outcome.hash)")
            facts.add("final", "block \(outcome.height)")
            facts.add("fee", "\(outcome.fee)")
            return facts.text
        }
    }

    /// The span of time of `--valid`, from now on by the chain's own rule of milliseconds.
    static func span(
        _ invocation: Invocation, _ shell: Shell
    ) throws -> (from: Timestamp, until: Timestamp) {
        let valid = try invocation.quantity(
            "valid", default: 86_400_000, in: 1_000...3_660 * 86_400_000, such: "24h",
            read: QuantityText.milliseconds)
        let now = shell.effects.time.wallClock()
        // The blocks' time may be a little behind this machine's.
        let from = Timestamp(now.value - min(now.value, 60_000))
        return (from, now.advanced(by: valid))
    }

    static let validOption = OptionSpec(
        name: "valid", value: "TIME", help: "for how long it counts; default 24h")
}
