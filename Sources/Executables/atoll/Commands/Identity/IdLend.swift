// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText
import Vocabulary

/// `atoll id lend`: a session's key that speaks for an identity for a while.
enum IdLend {
    static let command = CommandSpec(
        path: ["id", "lend"],
        summary: "let another key serve an identity for a while, or end that",
        discussion: """
            The key, of a session, a machine or a helper, gets into the document for the uses that
            are named and counts until its time is over; a recovery ends it too. It changes nothing
            of the identity itself, and spends nothing of its money: that is what mandates are for.
            """,
        example: "atoll id lend robot session --for authentication --valid 8h",
        arguments: [
            ArgumentSpec(name: "name", help: "the identity"),
            ArgumentSpec(name: "key", help: "a key of this home, or a did:key"),
        ],
        options: IdentitySending.options + [
            OptionSpec(
                name: "for", value: "USE", help: "what the key is for; default authentication",
                repeats: true, choices: Relationship.allCases.map(\.rawValue)),
            OptionSpec(
                name: "valid", value: "TIME", help: "for how long it counts; default 24h"),
            OptionSpec(name: "end", help: "the key serves no more"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await IdentitySending(invocation, shell)
        let entry = try await sending.book.existing(invocation.arguments[0])
        let key = try await key(invocation.arguments[1], sending.book)
        let answer = try await IdentityResolver(settings: sending.book.settings).resolve(entry.did)
        guard let record = answer.record else {
            throw CommandFailure(status: .refused, what: "\(entry.did) has no log")
        }
        let own = try await sending.book.open(entry.key)
        var delegates = record.delegates.filter { $0.key != key }
        if invocation.has("end") {
            guard delegates.count < record.delegates.count else {
                throw CommandFailure(
                    status: .refused, what: "the key does not serve \(entry.did)",
                    kept: "nothing was sent")
            }
        } else {
            delegates.append(try lent(key, invocation, shell))
        }
        let sent = try await sending.send(
            [.setDelegates(delegates)], after: record, of: entry, by: own)
        let done = invocation.has("end") ? "the key serves no more" : "\(key.multibase) is lent"
        IdentitySending.write(done, entry, sent, invocation.format)
        return 0
    }

    private static func key(_ text: String, _ book: IdentityBook) async throws -> VerificationKey {
        let did = try await book.did(named: text)
        guard let key = try? KeyMethod.key(of: did) else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no key: name one of this home, or a did:key",
                kept: "nothing was sent")
        }
        return key
    }

    private static func lent(
        _ key: VerificationKey, _ invocation: Invocation, _ shell: Shell
    ) throws -> DelegateKey {
        let valid = try invocation.quantity(
            "valid", default: 86_400_000, in: 1_000...3_660 * 86_400_000, such: "24h",
            read: QuantityText.milliseconds)
        let uses = invocation.values("for").compactMap(Relationship.init(rawValue:))
        return DelegateKey(
            key: key, uses: uses.isEmpty ? [.authentication] : Set(uses),
            expiry: Moment(seconds: shell.moment.seconds + Int64(valid / 1_000)))
    }
}
