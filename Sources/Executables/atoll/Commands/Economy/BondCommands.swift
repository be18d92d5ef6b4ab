// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Staking
import Vocabulary

/// `atoll bond`: what stands behind the promises of a role.
enum BondCommands {
    static let all = [
        open, change("add", "add to a bond") { .addBond($0) },
        change("reduce", "let a part of a bond come back") { .reduceBond($0) },
        simple("leave", "leave a role: all of its bond comes back") { .leave($0) },
        simple("pause", "take no new duties of a role for now") { .pause($0) },
        simple("resume", "stand for a role again, after a pause or a jail") { .resume($0) },
        simple("break", "end a lock early, for a part of the bond") { .breakLock($0) },
        lock, signer,
    ]

    private static let role = ArgumentSpec(
        name: "role", help: "compute, storage, holder and so on, as `atoll law` lists them")
    private static let second = OptionSpec(
        name: "second", value: "AMOUNT", help: "in the role's own asset; default none")
    /// The rows of the lock table in days (STAKING-10).
    private static let locks: [UInt64] = [0, 90, 180, 365, 1_460]
    private static let lockOption = OptionSpec(
        name: "lock", value: "DAYS", help: "0, 90, 180, 365 or 1460; default 0")

    private static let open = CommandSpec(
        path: ["bond", "open"], summary: "stand for a role with a bond",
        discussion: """
            The bond answers for what you sign in the role. A lock makes a holder's vote weigh more
            and the way back longer. --where says where the machines are and whose: more than a
            fifth of a role in one country, region or hand counts as nothing.
            """,
        example: "atoll bond open holder 1000 --lock 365",
        arguments: [role, ArgumentSpec(name: "amount", help: "how much, in whole units")],
        options: LawSending.options + [
            second, lockOption,
            OptionSpec(name: "signer", value: "ACCOUNT", help: "who signs for it; default you"),
            OptionSpec(name: "where", value: "PLACE", help: "CC/REGION/OWNER, such as CH/EU/reef"),
        ], hasOutputFormat: true
    ) { invocation, shell in
        let role = try named(invocation.arguments[0])
        var signer: AccountID?
        if let name = invocation.value("signer") {
            signer = try await ClientSettings(invocation, shell).account(named: name)
        }
        let bond = OpenBond(
            role: role, base: try ValidatorSending.amount(invocation.arguments[1], "amount"),
            second: try invocation.amount("second") ?? .zero, lock: try row(invocation),
            signer: signer, domain: try invocation.value("where").map(domain))
        return try await LawSending(invocation, shell).send(
            StakingMessage.openBond(bond).message, done: "\(bond.base) stand for \(role)")
    }

    private static func change(
        _ verb: String, _ summary: String,
        _ message: @escaping @Sendable (BondAmounts) -> StakingMessage
    ) -> CommandSpec {
        CommandSpec(
            path: ["bond", verb], summary: summary, example: "atoll bond \(verb) compute 100",
            arguments: [role, ArgumentSpec(name: "amount", help: "how much, in whole units")],
            options: LawSending.options + [second], hasOutputFormat: true
        ) { invocation, shell in
            let role = try named(invocation.arguments[0])
            let base = try ValidatorSending.amount(invocation.arguments[1], "amount")
            let amounts = BondAmounts(
                role: role, base: base, second: try invocation.amount("second") ?? .zero)
            return try await LawSending(invocation, shell).send(
                message(amounts).message, done: "the bond as \(role) was changed by \(base)")
        }
    }

    private static func simple(
        _ verb: String, _ summary: String,
        _ message: @escaping @Sendable (Role) -> StakingMessage
    ) -> CommandSpec {
        CommandSpec(
            path: ["bond", verb], summary: summary, example: "atoll bond \(verb) compute",
            arguments: [role], options: LawSending.options, hasOutputFormat: true
        ) { invocation, shell in
            let role = try named(invocation.arguments[0])
            return try await LawSending(invocation, shell).send(
                message(role).message, done: "\(verb): \(role)")
        }
    }

    private static let lock = CommandSpec(
        path: ["bond", "lock"], summary: "lock a bond for longer",
        example: "atoll bond lock holder --lock 365", arguments: [role],
        options: LawSending.options + [lockOption], hasOutputFormat: true
    ) { invocation, shell in
        let role = try named(invocation.arguments[0])
        let row = try row(invocation)
        return try await LawSending(invocation, shell).send(
            StakingMessage.extendLock(role, lock: row).message,
            done: "the bond as \(role) is locked for \(locks[Int(row)]) days")
    }

    private static let signer = CommandSpec(
        path: ["bond", "signer"], summary: "let another key sign for a role, or nobody else",
        discussion: "What the one before signed binds the bond for the role's delay.",
        example: "atoll bond signer compute <account>",
        arguments: [
            role, ArgumentSpec(name: "account", help: "default nobody else", isRequired: false),
        ], options: LawSending.options, hasOutputFormat: true
    ) { invocation, shell in
        let role = try named(invocation.arguments[0])
        var signer: AccountID?
        if invocation.arguments.count > 1 {
            signer = try await ClientSettings(invocation, shell)
                .account(named: invocation.arguments[1])
        }
        return try await LawSending(invocation, shell).send(
            StakingMessage.setSigner(SetSigner(role: role, signer: signer)).message,
            done: "\(signer.map { "\($0) signs" } ?? "nobody else signs") for \(role)")
    }

    private static func named(_ text: String) throws -> Role {
        guard let role = Role(name: text) else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no role", kept: "nothing was sent",
                next: "atoll law lists them")
        }
        return role
    }

    private static func row(_ invocation: Invocation) throws -> UInt8 {
        let days = try invocation.number("lock", default: 0, in: 0...1_460)
        guard let row = locks.firstIndex(of: days) else {
            throw CommandFailure(
                status: .misused, what: "there is no lock of \(days) days",
                kept: "nothing was sent", next: "choose 0, 90, 180, 365 or 1460")
        }
        return UInt8(row)
    }

    private static func domain(_ text: String) throws -> FailureDomain {
        let parts = text.split(separator: "/").map(String.init)
        guard parts.count == 3 else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no CC/REGION/OWNER, such as CH/EU/reef",
                kept: "nothing was sent")
        }
        return FailureDomain(country: parts[0], region: parts[1], entity: parts[2])
    }
}
