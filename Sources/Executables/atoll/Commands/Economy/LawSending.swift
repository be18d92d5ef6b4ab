// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Ledger
import Vocabulary

/// Sends one message of money or law, waits until it is final, and says what became of it.
struct LawSending {
    let sender: TransactionSender
    let timeoutMilliseconds: UInt64
    let format: OutputFormat

    /// The options of every command here.
    static let options = ClientSettings.signing + [ValidatorSending.timeoutOption]
    static let compoundOption = OptionSpec(
        name: "compound", value: nil, help: "the kind whose rewards are added to it")

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

    /// Sends; `done` says what happened, in the past.
    func send(_ message: Message, done: String) async throws -> Int32 {
        let sent = try await calling { () async throws(ClientFailure) in
            try await sender.send([message], timeoutMilliseconds: timeoutMilliseconds)
        }
        let outcome = sent.outcome
        let value: JSON = [
            "hash": JSON("\(outcome.hash)"), "height": JSON(outcome.height.value),
            "fee": JSON("\(outcome.fee.units)"),
            "finalityMilliseconds": JSON(sent.finalityMilliseconds),
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            facts.add("done", done)
            facts.add("transaction", "\(outcome.hash)")
            facts.add("final", "block \(outcome.height), after \(sent.finalityMilliseconds) ms")
            facts.add("fee", "\(outcome.fee)")
            return facts.text
        }
        return 0
    }

    /// A number given as an argument.
    static func number(_ text: String, _ what: String) throws -> UInt64 {
        guard let number = UInt64(text) else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no \(what)", kept: "nothing was sent")
        }
        return number
    }

    /// An amount of an answer, in whole units.
    static func amount(_ json: JSON?) -> String {
        json?.text.flatMap { UInt128($0) }.map { "\(Amount($0))" } ?? "-"
    }
}
