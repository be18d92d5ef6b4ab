// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Leases
import Vocabulary

/// `atoll lease list`: what you lease.
enum LeaseList {
    static let command = CommandSpec(
        path: ["lease", "list"], summary: "list your leases, the newest first",
        example: "atoll lease list",
        options: [
            ClientSettings.keyOption,
            OptionSpec(name: "live", value: nil, help: "everybody's that have not ended"),
            OptionSpec(name: "held", value: nil, help: "what your account holds as a provider"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let client = try await settings.client()
        let selection: LeaseSelection
        if invocation.has("live") {
            selection = .live
        } else {
            let account = try await settings.account()
            selection = invocation.has("held") ? .provider(account) : .tenant(account)
        }
        let page = try await calling { () async throws(ClientFailure) in
            try await client.leases(selection)
        }
        ResultText.write(page, as: invocation.format) { LeaseOptions.table(of: page) }
        return 0
    }
}

/// `atoll lease show`: one lease.
enum LeaseShow {
    static let command = CommandSpec(
        path: ["lease", "show"],
        summary: "show a lease: who runs it, who stands by, how long its funds last",
        example: "atoll lease show 4f2a91c0", arguments: [LeaseOptions.lease],
        options: [ClientSettings.keyOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let client = try await settings.client()
        let lease = try await LeaseOptions.show(
            LeaseOptions.lease(invocation, settings, client), client)
        ResultText.write(lease, as: invocation.format) { LeaseOptions.text(lease) }
        return 0
    }
}

/// `atoll lease close`: ends a lease.
enum LeaseClose {
    static let command = CommandSpec(
        path: ["lease", "close"], summary: "end a lease; what is left of its funds comes back",
        discussion: """
            A lease that ran is settled for a while first: its provider is paid what you signed, or
            claims its base price. Then the rest comes back by itself.
            """,
        example: "atoll lease close 4f2a91c0", arguments: [LeaseOptions.lease],
        options: LawSending.options + [
            OptionSpec(
                name: "reason", value: "REASON", help: "why; default finished",
                choices: CloseReason.allCases.filter { $0.isTenants || $0.isProviders }
                    .map(\.name))
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let sending = try await LawSending(invocation, shell)
        let client = sending.sending.sender.client
        let lease = try await LeaseOptions.lease(invocation, settings, client)
        let word = invocation.value("reason") ?? CloseReason.finished.name
        guard let reason = CloseReason.allCases.first(where: { $0.name == word }) else {
            throw CommandFailure(
                status: .misused, what: "'\(word)' is no reason", kept: "nothing was sent")
        }
        return try await sending.send(
            LeasesMessage.closeLease(CloseLease(lease: lease, reason: reason)).message,
            done: "ended; `atoll lease show` says until when it is settled")
    }
}

/// `atoll lease top-up`: adds to a lease's funds.
enum LeaseTopUp {
    static let command = CommandSpec(
        path: ["lease", "top-up"], summary: "add to a lease's funds; a paused one goes on",
        example: "atoll lease top-up 4f2a91c0 25",
        arguments: [
            LeaseOptions.lease,
            ArgumentSpec(name: "amount", help: "how much, in whole units of the lease's asset"),
        ],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let sending = try await LawSending(invocation, shell)
        let client = sending.sending.sender.client
        let lease = try await LeaseOptions.lease(invocation, settings, client)
        let amount = try ValidatorSending.amount(invocation.arguments[1], "amount")
        return try await sending.send(
            LeasesMessage.topUpLease(TopUpLease(lease: lease, amount: amount)).message,
            done: "added \(amount)")
    }
}

/// `atoll lease contest`: says that a claim is not owed.
enum LeaseContest {
    static let command = CommandSpec(
        path: ["lease", "contest"],
        summary: "say that what your provider claims alone is not owed; the lease ends",
        example: "atoll lease contest 4f2a91c0", arguments: [LeaseOptions.lease],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let sending = try await LawSending(invocation, shell)
        let lease = try await LeaseOptions.lease(
            invocation, settings, sending.sending.sender.client)
        return try await sending.send(
            LeasesMessage.contestClaim(ContestClaim(lease: lease)).message,
            done: "contested; nobody is paid for that time")
    }
}
