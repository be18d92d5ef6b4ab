// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import Names
import Vocabulary

/// `atoll name renew`: pays for further terms.
enum NameRenew {
    static let command = CommandSpec(
        path: ["name", "renew"],
        summary: "pay for further terms of a name; anybody may, for anybody's",
        example: "atoll name renew harbour-7 --terms 2", arguments: [NameShow.argument],
        options: MessageSending.options + [
            DocumentSignature.option,
            OptionSpec(name: "terms", value: "N", help: "how many terms, 1 to 10; default 1"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let name = try NameState.name(invocation)
        let terms = UInt8(
            try invocation.number("terms", default: 1, in: 1...NamesParameters.termsMax))
        return try await NameSending.send(
            .renew(RenewName(name: name, terms: terms)), "\(terms) terms are paid", invocation,
            shell)
    }
}

/// `atoll name point`: says whom a name stands for.
enum NamePoint {
    static let command = CommandSpec(
        path: ["name", "point"], summary: "say which identity a name of yours stands for",
        example: "atoll name point harbour-7 robot", arguments: NameSending.arguments,
        options: NameSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let (name, whom) = try await NameSending.read(invocation, shell)
        return try await NameSending.send(
            .point(PointName(name: name, target: whom)),
            "it stands for \(AtollMethod.did(of: whom))",
            invocation, shell)
    }
}

/// `atoll name transfer`: gives a name to another.
enum NameTransfer {
    static let command = CommandSpec(
        path: ["name", "transfer"], summary: "give a name of yours to another identity",
        example: "atoll name transfer harbour-7 did:atoll:z...", arguments: NameSending.arguments,
        options: NameSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let (name, whom) = try await NameSending.read(invocation, shell)
        return try await NameSending.send(
            .transfer(TransferName(name: name, owner: whom)),
            "it belongs to \(AtollMethod.did(of: whom))", invocation, shell)
    }
}

/// `atoll name release`: gives a name up.
enum NameRelease {
    static let command = CommandSpec(
        path: ["name", "release"], summary: "give a name of yours up; it is free at once",
        example: "atoll name release harbour-7 --yes", arguments: [NameShow.argument],
        options: NameSending.options + [
            OptionSpec(name: "yes", help: "it is meant: anybody may claim it then")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let name = try NameState.name(invocation)
        guard invocation.has("yes") else {
            throw CommandFailure(
                status: .misused, what: "anybody may claim a name that was given up",
                kept: "nothing was sent", next: "atoll name release \(name) --yes")
        }
        return try await NameSending.send(
            .release(ReleaseName(name: name)), "the name is free", invocation, shell)
    }
}

/// What the commands about a name one holds have in common.
enum NameSending {
    static let arguments = [
        NameShow.argument,
        ArgumentSpec(name: "whom", help: "a DID, an account, or an identity or key here"),
    ]
    static let options = MessageSending.options + [DocumentSignature.option]

    static func read(
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> (name: PlainName, whom: AccountID) {
        let book = IdentityBook(settings: ClientSettings(invocation, shell))
        return (
            try NameState.name(invocation),
            try await book.identity(named: invocation.arguments[1])
        )
    }

    static func send(
        _ message: NamesMessage, _ done: String, _ invocation: Invocation, _ shell: Shell
    ) async throws -> Int32 {
        let book = IdentityBook(settings: ClientSettings(invocation, shell))
        let sending = try await MessageSending(
            invocation, shell, key: try await book.speaker().key)
        sending.write(done, try await sending.send([message.message]))
        return 0
    }
}
