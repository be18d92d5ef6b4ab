// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Identities
import Identity
import JSONText
import Vocabulary

/// Sends operations of an identity and shows how it then stands.
struct IdentitySending {
    let book: IdentityBook
    let sending: TransactionSending

    static let options =
        ClientSettings.signing + [
            ClientSettings.payerSecretOption, TransactionSending.timeoutOption,
            TrailFolder.option,
        ]

    init(_ invocation: Invocation, _ shell: Shell) async throws {
        book = IdentityBook(settings: ClientSettings(invocation, shell))
        sending = try await TransactionSending(invocation, shell) { try await $0.payer() }
    }

    var chain: ChainID { sending.chain }

    /// Sends a message and waits until it is final.
    func send(_ message: IdentitiesMessage) async throws -> SentTransaction {
        try await sending.send([message.message])
    }

    /// Signs operations that follow a record, in order, and sends them together.
    func send(
        _ actions: [IdentityAction], after record: IdentityRecord, of entry: IdentityEntry,
        by key: SigningKey
    ) async throws -> SentTransaction {
        var (count, last) = (record.count, record.last)
        var operations: [SignedOperation] = []
        for action in actions {
            let next = SignedOperation(
                IdentityOperation(
                    chain: chain, subject: entry.subject, sequence: count, previous: last,
                    action: action), by: key)
            operations.append(next)
            (count, last) = (count + 1, next.digest)
        }
        return try await send(.submit(SubmitOperations(operations)))
    }

    /// Signs the next operation of an identity, as its log stands now, and sends it.
    func send(
        _ action: IdentityAction, of entry: IdentityEntry, by key: SigningKey
    ) async throws -> SentTransaction {
        let answer = try await IdentityResolver(settings: book.settings).resolve(entry.did)
        guard let record = answer.record else {
            throw CommandFailure(status: .refused, what: "\(entry.did) has no log")
        }
        return try await send([action], after: record, of: entry, by: key)
    }

    /// Writes what was done.
    static func write(
        _ done: String, _ entry: IdentityEntry, _ sent: SentTransaction?, _ format: OutputFormat
    ) {
        var members = entry.json.members ?? []
        if let sent {
            members.append(JSON.Member("transaction", JSON("\(sent.outcome.hash)")))
            members.append(JSON.Member("height", JSON(sent.outcome.height.value)))
        }
        ResultText.write(.object(members), as: format) {
            var facts = TextFacts()
            facts.add("done", done)
            facts.add("did", "\(entry.did)")
            facts.add("key", entry.key)
            facts.add("recovery key", entry.recovery)
            if let sent {
                facts.add("transaction", "\(sent.outcome.hash)")
                facts.add("final", "block \(sent.outcome.height)")
            }
            return facts.text
        }
    }
}
