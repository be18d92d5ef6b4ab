// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Governance
import JSONText
import Ledger
import Treasury
import Vocabulary

/// Sends one message of money or law, waits until it is final, and says what became of it: as the
/// key's account, as an account of several signers, or as everybody by a vote.
struct LawSending {
    let sending: TransactionSending
    let format: OutputFormat
    private let path: Path

    /// In whose name a message is sent.
    private enum Path {
        /// The key's own account.
        case own
        /// An account of several signers, once enough of them agree before this time is over.
        case several(AccountID, milliseconds: UInt64)
        /// Everybody, once a proposal of this title has passed.
        case vote(title: String, deposit: Amount)
    }

    static let asOption = OptionSpec(
        name: "as", value: "ACCOUNT",
        help: "as an account of several signers: the others must agree")
    static let validOption = OptionSpec(
        name: "valid", value: "TIME", help: "with --as, for how long they may; default 168h")
    static let voteOption = OptionSpec(
        name: "by-vote", value: "TITLE", help: "as everybody: propose it under this title")
    static let depositOption = OptionSpec(
        name: "deposit", value: "AMOUNT", help: "of a proposal, in whole units; default 100")
    /// The options of every command here.
    static let options = TransactionSending.options + [asOption, validOption]
    /// Those of commands about common money, which a vote can decide as well.
    static let commonOptions = options + [voteOption, depositOption]
    static let compoundOption = OptionSpec(
        name: "compound", value: nil, help: "the kind whose rewards are added to it")

    init(_ invocation: Invocation, _ shell: Shell) async throws {
        path = try await Self.path(invocation, ClientSettings(invocation, shell))
        sending = try await TransactionSending(invocation, shell)
        format = invocation.format
    }

    private static func path(
        _ invocation: Invocation, _ settings: ClientSettings
    ) async throws -> Path {
        if let name = invocation.value(asOption.name) {
            let milliseconds = try invocation.quantity(
                validOption.name, default: 168 * 3_600_000, in: 1...366 * 86_400_000,
                such: "168h", read: QuantityText.milliseconds)
            return .several(try await settings.account(named: name), milliseconds: milliseconds)
        }
        guard let title = invocation.value(voteOption.name) else { return .own }
        let deposit = try ValidatorSending.amount(
            invocation.value(depositOption.name) ?? "100", "deposit")
        return .vote(title: title, deposit: deposit)
    }

    /// The account that acts: of several signers, everybody's, or the key's own.
    var account: AccountID {
        switch path {
        case .own: sending.account
        case .several(let account, _): account
        case .vote: GovernanceKeys.account
        }
    }

    /// Sends; `done` says what happened, in the past.
    func send(_ message: Message, done: String) async throws -> Int32 {
        let (message, done) = named(message, done)
        let sent = try await sending.send([message])
        let events = try await calling { () async throws(ClientFailure) in
            try await sending.sender.client.happenings(in: sent.outcome.hash)
        }
        let told = events.filter { ["treasury", "governance"].contains($0["module"]?.text ?? "") }
        let value = sent.members + [JSON.Member("events", .array(told))]
        ResultText.write(.object(value), as: format) {
            var facts = TextFacts()
            facts.add("done", done)
            for event in told { facts.add("happened", Self.words(of: event)) }
            facts.add(sent)
            return facts.text
        }
        return 0
    }

    /// The message in the name that was asked for, and what is then done.
    private func named(_ message: Message, _ done: String) -> (Message, String) {
        switch path {
        case .own: return (message, done)
        case .several(let account, let milliseconds):
            let now = sending.sender.client.effects.time.wallClock()
            let wish = TreasuryMessage.propose(
                account, messages: [message], expires: now.advanced(by: milliseconds))
            return (wish.message, "asked the other signers; `atoll multisig show` shows it")
        case .vote(let title, let deposit):
            let draft = Draft(kind: .treasury, title: title, messages: [message])
            return (
                GovernanceMessage.propose(draft, deposit: deposit).message,
                "proposed; `atoll proposal list` shows it"
            )
        }
    }

    /// An event in a line: its name, its number, whom it concerns, how much.
    private static func words(of event: JSON) -> String {
        var words = [event["name"]?.text ?? "event"]
        if let number = event["number"]?.unsigned { words.append("number \(number)") }
        if let account = event["account"]?.text { words.append("account \(account)") }
        let amount = amount(event["amount"])
        if amount != "-", amount != "0" { words.append(amount) }
        return words.joined(separator: ", ")
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
