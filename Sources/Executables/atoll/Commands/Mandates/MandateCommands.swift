// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import JSONText
import Ledger
import Mandates
import Market
import Vocabulary

/// Kinds of messages by the words people use.
enum MandateWord {
    /// Every word and what it covers.
    static let known: [(word: String, kind: MessageKind)] = [
        ("send", MessageKind(.accounts, tag: 0)), ("run", MessageKind(.market, tag: 0)),
        ("cancel", MessageKind(.market, tag: 5)),
    ]

    /// A word, or `MODULE.TAG` in numbers.
    static func kind(_ text: String) throws -> MessageKind {
        if let found = known.first(where: { $0.word == text }) { return found.kind }
        let parts = text.split(separator: ".")
        guard parts.count == 2, let module = UInt8(parts[0]), let tag = UInt32(parts[1]) else {
            let words = known.map(\.word).joined(separator: ", ")
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no kind of message",
                next: "write \(words), or MODULE.TAG in numbers")
        }
        return MessageKind(ModuleID(module), tag: tag)
    }

    static func text(_ kind: MessageKind) -> String {
        known.first { $0.kind == kind }?.word ?? "\(kind.module.value).\(kind.tag)"
    }
}

/// `atoll mandate grant`: lets somebody act, within a budget that the ledger keeps.
enum MandateGrant {
    static let command = CommandSpec(
        path: ["mandate", "grant"],
        summary: "let somebody act for you, within a budget that the ledger keeps",
        discussion: """
            The delegate is an account: a person's, an agent's, a session's key. With --of a
            delegate passes on a part of the mandate it has itself; a part that goes further than
            its whole is refused.
            """,
        example: "atoll mandate grant <account> --may send --budget 10 --valid 24h",
        arguments: [ArgumentSpec(name: "delegate", help: "whose account may act")],
        options: MessageSending.options + [
            OptionSpec(
                name: "may", value: "KIND", help: "send, run, cancel, or MODULE.TAG",
                repeats: true),
            OptionSpec(name: "budget", value: "AMOUNT", help: "what may be spent in all"),
            OptionSpec(name: "per-period", value: "AMOUNT", help: "what may be spent in a period"),
            OptionSpec(name: "period", value: "TIME", help: "how long a period is"),
            OptionSpec(
                name: "only", value: "ID",
                help: "a receiver, a program or a job it is limited to", repeats: true),
            MessageSending.validOption,
            OptionSpec(name: "pays-fees", help: "fees are paid out of the budget too"),
            OptionSpec(name: "of", value: "MANDATE", help: "pass on a part of this mandate"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let delegate = try await ClientSettings(invocation, shell)
            .account(named: invocation.arguments[0])
        let scope = try scope(invocation, shell)
        let parent = try invocation.value("of").map { text in
            guard let parent = MandateID(hexadecimal: text) else {
                throw CommandFailure(status: .misused, what: "'\(text)' is no mandate")
            }
            return parent
        }
        let sending = try await MessageSending(invocation, shell)
        let (sent, id) = try await send(delegate, scope, parent, sending)
        sending.write(
            "the mandate is granted", sent,
            [JSON.Member("mandate", JSON("\(id)")), JSON.Member("delegate", JSON("\(delegate)"))])
        return 0
    }

    private static func send(
        _ delegate: AccountID, _ scope: MandateScope, _ parent: MandateID?,
        _ sending: MessageSending
    ) async throws -> (SentTransaction, MandateID) {
        guard let parent else {
            let grant = GrantMandate(delegate: delegate, scope: scope)
            let sent = try await sending.send([MandatesMessage.grant(grant).message])
            return (sent, grant.id(sender: sending.account, transaction: sent.outcome.hash))
        }
        let narrow = NarrowMandate(parent: parent, delegate: delegate, scope: scope)
        let sent = try await sending.send([MandatesMessage.narrow(narrow).message])
        return (sent, narrow.id(sender: sending.account, transaction: sent.outcome.hash))
    }

    private static func scope(
        _ invocation: Invocation, _ shell: Shell
    ) throws -> MandateScope {
        let kinds = try invocation.values("may").map(MandateWord.kind)
        guard !kinds.isEmpty else {
            throw CommandFailure(
                status: .misused, what: "the mandate covers nothing", kept: "nothing was sent",
                next: "name what the delegate may do with --may")
        }
        let resources = try invocation.values("only").map { text in
            guard let resource = Digest(hexadecimal: text) else {
                throw CommandFailure(
                    status: .misused, what: "'\(text)' has no 64 hexadecimal digits")
            }
            return resource.raw
        }
        let period = try invocation.quantity(
            "period", default: 0, in: 0...3_660 * 86_400_000, such: "24h",
            read: QuantityText.milliseconds)
        let span = try MessageSending.span(invocation, shell)
        let budget = try invocation.amount("budget").map {
            Budget(total: $0, perPeriod: try invocation.amount("per-period"))
        }
        return MandateScope(
            kinds: kinds, resources: resources.isEmpty ? nil : resources,
            budgets: budget.map { [$0] } ?? [], periodMilliseconds: period, from: span.from,
            until: span.until, paysFees: invocation.has("pays-fees"))
    }
}

/// `atoll mandate show`: a mandate and what was spent under it, proven.
enum MandateShow {
    static let command = CommandSpec(
        path: ["mandate", "show"],
        summary: "show a mandate and what was spent under it, proven from your genesis",
        example: "atoll mandate show <mandate>",
        arguments: [ArgumentSpec(name: "mandate", help: "the mandate's id")],
        options: ProvenState.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let id: MandateID = try invocation.identifier(0, "mandate")
        let state = ProvenState(settings: ClientSettings(invocation, shell))
        let (found, header) = try await state.read(
            .mandates, MandatesKeys.mandate(id), as: Mandate.self)
        guard let mandate = found else {
            throw CommandFailure(
                status: .refused, what: "there is no mandate \(id), or it has been ended")
        }
        let (expenses, _) = try await state.read(
            .mandates, MandatesKeys.expenses(id), as: Expenses.self)
        let spent = expenses?.item(of: .native)?.total ?? .zero
        let scope = mandate.scope
        let kinds = scope.kinds.map(MandateWord.text)
        let budget = scope.budget(of: .native)?.total
        let value = JSON.object(
            [
                JSON.Member("mandate", JSON("\(id)")),
                JSON.Member("principal", JSON("\(mandate.principal)")),
                JSON.Member("delegate", JSON("\(mandate.delegate)")),
                JSON.Member("may", .array(kinds.map { JSON($0) })),
                JSON.Member("budget", budget.map { JSON("\($0.units)") } ?? .null),
                JSON.Member("spent", JSON("\(spent.units)")),
                JSON.Member("from", JSON(scope.from.value)),
                JSON.Member("until", JSON(scope.until.value)),
            ])
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("principal", "\(mandate.principal)")
            facts.add("delegate", "\(mandate.delegate)")
            if let parent = mandate.parent { facts.add("part of", "\(parent)") }
            facts.add("may", kinds.joined(separator: ", "))
            facts.add("budget", budget.map { "\($0)" } ?? "nothing")
            facts.add("spent", "\(spent)")
            facts.add("until", scope.until.utc)
            facts.add("as of", header.words)
            return facts.text
        }
        return 0
    }
}

/// `atoll mandate revoke`: ends a mandate and all its parts.
enum MandateRevoke {
    static let command = CommandSpec(
        path: ["mandate", "revoke"],
        summary: "end a mandate and all its parts, at once",
        example: "atoll mandate revoke <mandate>",
        arguments: [ArgumentSpec(name: "mandate", help: "the mandate's id")],
        options: MessageSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let id: MandateID = try invocation.identifier(0, "mandate")
        let sending = try await MessageSending(invocation, shell)
        let sent = try await sending.send([MandatesMessage.revoke(RevokeMandate(id)).message])
        sending.write("the mandate has ended", sent)
        return 0
    }
}

/// `atoll mandate send`: spends a principal's money under a mandate.
enum MandateSend {
    static let command = CommandSpec(
        path: ["mandate", "send"],
        summary: "send an amount for whom a mandate is from; its budget is the ledger's to keep",
        example: "atoll mandate send <mandate> 1.5 <account> --key agent",
        arguments: [
            ArgumentSpec(name: "mandate", help: "the mandate's id"),
            ArgumentSpec(name: "amount", help: "whole units, such as 1.5"),
            ArgumentSpec(name: "account", help: "who receives it"),
        ],
        options: MessageSending.options + [
            OptionSpec(name: "fee-from-mandate", help: "the principal pays the fee as well")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let id: MandateID = try invocation.identifier(0, "mandate")
        guard let amount = Amount(invocation.arguments[1]), amount > .zero else {
            throw CommandFailure(
                status: .misused,
                what: "'\(invocation.arguments[1])' is no amount above zero, such as 1.5")
        }
        let target = try await ClientSettings(invocation, shell)
            .account(named: invocation.arguments[2])
        let transfer = AccountsMessage.transfer(Transfer([Transfer.Part(to: target, amount)]))
        var messages = [MandatesMessage.act(ActForPrincipal(id, transfer.message)).message]
        if invocation.has("fee-from-mandate") {
            messages.insert(MandatesMessage.payFees(PayFees(id)).message, at: 0)
        }
        let sending = try await MessageSending(invocation, shell)
        sending.write("sent \(amount)", try await sending.send(messages))
        return 0
    }
}
