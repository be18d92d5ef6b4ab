// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import JSONText
import Vocabulary

/// `atoll issuer vouch`: says that one person stands behind an account.
enum IssuerVouch {
    static let command = CommandSpec(
        path: ["issuer", "vouch"],
        summary: "vouch as an issuer that one person stands behind an account, and no other",
        discussion: """
            Votes by persons, and caps for each of them, count one account for each person. The
            ledger keeps a hash of what tells persons apart, such as the number of a credential:
            the same person must have the same one, whoever attests it. The chain's list says whose
            word counts (`atoll proposal new --vouching`).
            """,
        example: "atoll issuer vouch <account> --person passport-1234 --as workshop",
        arguments: [ArgumentSpec(name: "account", help: "the account of the person")],
        options: IssuerSending.options + [
            OptionSpec(name: "person", value: "TEXT", help: "what tells the person apart"),
            OptionSpec(name: "for", value: "TIME", help: "how long it counts; default 365d"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        guard let person = invocation.value("person") else {
            throw CommandFailure(
                status: .misused, what: "the person is not named", kept: "nothing was sent",
                next: "say with --person what tells it apart")
        }
        let account = try await ClientSettings(invocation, shell)
            .account(named: invocation.arguments[0])
        let span = try invocation.quantity(
            "for", default: 365 * 86_400_000, in: 1...PersonRecord.lifeMillisecondsMax,
            such: "365d", read: CommonArguments.span)
        let issuing = try await IssuerSending(invocation, shell)
        let vouch = VouchForPerson(
            issuer: issuing.identity, account: account,
            person: SHA256.hash(Array(person.utf8)),
            until: shell.effects.time.wallClock().advanced(by: span))
        return try await issuing.send(
            .vouchForPerson(vouch), done: "one person stands behind \(account)")
    }

    /// The account of an issuer, named by its DID or by itself.
    static func account(of text: String) throws -> AccountID {
        if let account = AccountID(hexadecimal: text) { return account }
        guard let account = DID(text).flatMap({ try? AtollMethod.account(of: $0) }) else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no issuer: one is did:atoll:…",
                kept: "nothing was sent")
        }
        return account
    }
}

/// `atoll issuer unvouch`: takes such a word back.
enum IssuerUnvouch {
    static let command = CommandSpec(
        path: ["issuer", "unvouch"],
        summary: "take back an issuer's word that a person stands behind an account",
        example: "atoll issuer unvouch <account> --as workshop",
        arguments: [ArgumentSpec(name: "account", help: "the account of the person")],
        options: IssuerSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let account = try await ClientSettings(invocation, shell)
            .account(named: invocation.arguments[0])
        let issuing = try await IssuerSending(invocation, shell)
        return try await issuing.send(
            .endVouch(EndVouch(issuer: issuing.identity, account: account)),
            done: "nobody vouches for \(account) any more")
    }
}

/// `atoll person`: who vouches for an account, proven.
enum PersonShow {
    static let command = CommandSpec(
        path: ["person"],
        summary: "show who vouches that a person stands behind an account, proven by the genesis",
        example: "atoll person",
        arguments: [
            ArgumentSpec(name: "account", help: "whose; default your key's", isRequired: false)
        ],
        options: [ClientSettings.keyOption] + ProvenState.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let account =
            invocation.arguments.isEmpty
            ? try await settings.account()
            : try await settings.account(named: invocation.arguments[0])
        let (record, header) = try await ProvenState(settings: settings).read(
            .identities, IdentitiesKeys.person(of: account), as: PersonRecord.self)
        guard let record else {
            throw CommandFailure(
                status: .refused, what: "nobody vouches that a person stands behind \(account)")
        }
        let value: JSON = [
            "account": JSON("\(account)"), "person": JSON("\(record.person)"),
            "issuer": JSON("\(AtollMethod.did(of: record.issuer))"),
            "until": JSON(record.until.value),
        ]
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("account", "\(account)")
            facts.add("person", "\(record.person)")
            facts.add(
                "by",
                record.issuer == AccountID(.zero)
                    ? "the genesis" : "\(AtollMethod.did(of: record.issuer))")
            facts.add("until", record.until.utc)
            facts.add("proven", header.words)
            return facts.text
        }
        return 0
    }
}
