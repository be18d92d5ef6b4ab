// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Ledger
import Vocabulary

/// Sends one message of money or law, waits until it is final, and says what became of it.
struct LawSending {
    let sending: TransactionSending
    let format: OutputFormat

    /// The options of every command here.
    static let options = TransactionSending.options
    static let compoundOption = OptionSpec(
        name: "compound", value: nil, help: "the kind whose rewards are added to it")

    init(_ invocation: Invocation, _ shell: Shell) async throws {
        sending = try await TransactionSending(invocation, shell)
        format = invocation.format
    }

    /// Sends; `done` says what happened, in the past.
    func send(_ message: Message, done: String) async throws -> Int32 {
        let sent = try await sending.send([message])
        ResultText.write(.object(sent.members), as: format) {
            var facts = TextFacts()
            facts.add("done", done)
            facts.add(sent)
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
