// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import JSONText
import Vocabulary

/// `atoll id new`: draws the keys of an identity and begins its log.
enum IdNew {
    static let command = CommandSpec(
        path: ["id", "new"],
        summary: "draw the keys of a new identity and begin its log on the ledger",
        discussion: """
            Two keys are drawn and kept sealed: one signs, the other is kept away and takes the
            identity back when the first is lost. Move NAME.recovery1 to another place. With
            --offline nothing is sent, and 'atoll id publish' begins the log later.
            """,
        example: "atoll id new robot",
        arguments: [ArgumentSpec(name: "name", help: "what you call it here")],
        options: IdentitySending.options + [
            OptionSpec(name: "offline", help: "draw the keys, and send nothing")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let book = IdentityBook(settings: settings)
        let name = invocation.arguments[0]
        guard try await book.find(name) == nil else {
            throw CommandFailure(
                status: .refused, what: "there is an identity '\(name)' already",
                kept: "it is unchanged", next: "choose another name")
        }
        let sending = invocation.has("offline") ? nil : try await IdentitySending(invocation, shell)
        let (signing, spare) = ("\(name).key1", "\(name).recovery1")
        let key = try await book.draw(signing)
        let recovery = try await book.draw(spare)
        let entry = IdentityEntry(
            name: name, subject: AccountID(of: key.publicKey), key: signing, recovery: spare,
            generation: 1)
        try await book.keep(entry)
        let sent = try await sending?.send(
            .create(
                CreateIdentities([
                    NewIdentity(
                        of: key, recovery: IdentityRecord.commitment(to: recovery.publicKey),
                        chain: sending?.chain ?? ChainID(.zero))
                ])))
        let done = sent == nil ? "drawn; nothing was sent" : "begun on the ledger"
        IdentitySending.write(done, entry, sent, invocation.format)
        return 0
    }
}

/// `atoll id publish`: begins the log of an identity that was drawn offline.
enum IdPublish {
    static let command = CommandSpec(
        path: ["id", "publish"],
        summary: "begin the log of an identity that was drawn offline",
        example: "atoll id publish robot",
        arguments: [ArgumentSpec(name: "name", help: "the identity")],
        options: IdentitySending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await IdentitySending(invocation, shell)
        let entry = try await sending.book.existing(invocation.arguments[0])
        let key = try await sending.book.open(entry.key)
        let recovery = try await sending.book.open(entry.recovery)
        let begun = NewIdentity(
            of: key, recovery: IdentityRecord.commitment(to: recovery.publicKey),
            chain: sending.chain)
        let sent = try await sending.send(.create(CreateIdentities([begun])))
        IdentitySending.write("begun on the ledger", entry, sent, invocation.format)
        return 0
    }
}

/// `atoll id rotate`: another signing key.
enum IdRotate {
    static let command = CommandSpec(
        path: ["id", "rotate"],
        summary: "draw another signing key; the old one signs nothing from then on",
        example: "atoll id rotate robot",
        arguments: [ArgumentSpec(name: "name", help: "the identity")],
        options: IdentitySending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await IdentitySending(invocation, shell)
        var entry = try await sending.book.existing(invocation.arguments[0])
        let old = try await sending.book.open(entry.key)
        let name = entry.next("key")
        let new = try await sending.book.draw(name)
        let sent = try await sending.send(.rotate(key: new.publicKey), of: entry, by: old)
        entry.key = name
        entry.generation += 1
        try await sending.book.keep(entry)
        IdentitySending.write("the key was changed", entry, sent, invocation.format)
        return 0
    }
}

/// `atoll id recover`: takes an identity back with the key that was kept away.
enum IdRecover {
    static let command = CommandSpec(
        path: ["id", "recover"],
        summary: "take an identity back with the key that was kept away",
        discussion: """
            For when the signing key is lost or stolen. Both keys are drawn anew; all that the
            identity had lent to other keys ends.
            """,
        example: "atoll id recover robot",
        arguments: [ArgumentSpec(name: "name", help: "the identity")],
        options: IdentitySending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await IdentitySending(invocation, shell)
        var entry = try await sending.book.existing(invocation.arguments[0])
        let spare = try await sending.book.open(entry.recovery)
        let (signing, next) = (entry.next("key"), entry.next("recovery"))
        let key = try await sending.book.draw(signing)
        let recovery = try await sending.book.draw(next)
        let action = IdentityAction.recover(
            with: spare.publicKey, key: key.publicKey,
            recovery: IdentityRecord.commitment(to: recovery.publicKey))
        let sent = try await sending.send(action, of: entry, by: spare)
        (entry.key, entry.recovery) = (signing, next)
        entry.generation += 1
        try await sending.book.keep(entry)
        IdentitySending.write("the identity was taken back", entry, sent, invocation.format)
        return 0
    }
}

/// `atoll id deactivate`: the end of an identity.
enum IdDeactivate {
    static let command = CommandSpec(
        path: ["id", "deactivate"],
        summary: "end an identity for good; nothing follows",
        example: "atoll id deactivate robot --yes",
        arguments: [ArgumentSpec(name: "name", help: "the identity")],
        options: IdentitySending.options + [
            OptionSpec(name: "yes", help: "it is meant: nobody can undo this")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        guard invocation.has("yes") else {
            throw CommandFailure(
                status: .misused, what: "an identity that has ended never begins again",
                kept: "nothing was sent",
                next: "atoll id deactivate \(invocation.arguments[0]) --yes")
        }
        let sending = try await IdentitySending(invocation, shell)
        let entry = try await sending.book.existing(invocation.arguments[0])
        let key = try await sending.book.open(entry.key)
        let sent = try await sending.send(.deactivate, of: entry, by: key)
        IdentitySending.write("the identity has ended", entry, sent, invocation.format)
        return 0
    }
}

/// `atoll id service`: where an identity can be reached.
enum IdService {
    static let command = CommandSpec(
        path: ["id", "service"],
        summary: "say in the document where an identity can be reached",
        discussion: "The services named replace those that were there; none removes all.",
        example: "atoll id service robot --service '#api=AtollGateway=https://robot.example:8443'",
        arguments: [ArgumentSpec(name: "name", help: "the identity")],
        options: IdentitySending.options + [
            OptionSpec(
                name: "service", value: "TEXT", help: "a service, as ID=TYPE=ADDRESS",
                repeats: true)
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let services = try invocation.values("service").map { text in
            let parts = text.split(separator: "=", maxSplits: 2).map(String.init)
            guard parts.count == 3 else {
                throw CommandFailure(
                    status: .misused, what: "--service is '\(text)'; it takes ID=TYPE=ADDRESS")
            }
            return ServiceEndpoint(id: parts[0], type: parts[1], addresses: [parts[2]])
        }
        let sending = try await IdentitySending(invocation, shell)
        let entry = try await sending.book.existing(invocation.arguments[0])
        let key = try await sending.book.open(entry.key)
        let sent = try await sending.send(.setServices(services), of: entry, by: key)
        IdentitySending.write(
            "\(services.count) services are named", entry, sent, invocation.format)
        return 0
    }
}
