// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Governance
import Identities
import JSONText
import Ledger
import Vocabulary

/// `atoll proposal new`: proposes figures, seats, another version of the rules, or an opinion.
enum ProposalNew {
    static let command = CommandSpec(
        path: ["proposal", "new"],
        summary: "propose figures, seats, an upgrade of the rules, or an opinion",
        discussion: """
            Without more it is an opinion. A figure is named MODULE.NAME, as `atoll params` lists
            them, and its value is JSON: a number, or text in quotation marks for amounts. Seats are
            those of a council (--council), all of them: the board's are elected by persons. An
            upgrade names the version of the rules, the digest of its plan and its first epoch.
            What is out of range is refused at once; what passes is done by the ledger itself.
            """,
        example: "atoll proposal new commissions --set staking.commissionMax=150000",
        arguments: [ArgumentSpec(name: "title", help: "what it is called; 1 to 128 bytes")],
        options: LawSending.options + [
            OptionSpec(
                name: "set", value: "FIGURE=VALUE", help: "a figure and its new value",
                repeats: true),
            OptionSpec(
                name: "kind", value: "KIND", help: "default what the rest of the draft asks for",
                choices: ["text", "parameter", "validators", "constitutional", "emergency"]),
            OptionSpec(
                name: "council", value: "COUNCIL", help: "whose seats are filled; default board",
                choices: ["board", "council", "emergency"]),
            OptionSpec(
                name: "seat", value: "ACCOUNT", help: "a seat of it; ACCOUNT=WEIGHT weighs more",
                repeats: true),
            OptionSpec(
                name: "vouching", value: "DID",
                help: "whose word about persons counts; all of them", repeats: true),
            OptionSpec(name: "upgrade", value: "VERSION", help: "the next version of the rules"),
            OptionSpec(name: "plan", value: "DIGEST", help: "of the upgrade's sources"),
            OptionSpec(name: "epoch", value: "EPOCH", help: "the first that it holds in"),
            OptionSpec(name: "ratifies", value: "NUMBER", help: "the emergency it makes lasting"),
            OptionSpec(
                name: "deposit", value: "AMOUNT", help: "in whole units; default 100"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let deposit = try ValidatorSending.amount(
            invocation.value("deposit") ?? "100", "deposit")
        let draft = try await draft(invocation, ClientSettings(invocation, shell))
        return try await LawSending(invocation, shell).send(
            GovernanceMessage.propose(draft, deposit: deposit).message,
            done: "proposed; `atoll proposal list` shows its number")
    }

    private static func draft(
        _ invocation: Invocation, _ settings: ClientSettings
    ) async throws -> Draft {
        let changes = try invocation.values("set").map(change)
        let upgrade = try upgrade(invocation)
        let messages =
            try await seats(invocation, settings) + [issuers(invocation)].compactMap { $0 }
        let ratifies = try invocation.value("ratifies").map {
            try LawSending.number($0, "number of a proposal")
        }
        return Draft(
            kind: try kind(invocation, changes, messages, upgrade),
            title: invocation.arguments[0], changes: changes, messages: messages,
            upgrade: upgrade, ratifies: ratifies)
    }

    /// The kind that the draft asks for, unless another is named.
    private static func kind(
        _ invocation: Invocation, _ changes: [FigureChange], _ messages: [Message],
        _ upgrade: Upgrade?
    ) throws -> ProposalKind {
        if let name = invocation.value("kind"), let kind = ProposalKind(name: name) {
            return kind
        }
        if upgrade != nil { return .upgrade }
        if !messages.isEmpty {
            let isBoard = (invocation.value("council") ?? "board") == "board"
            return isBoard && !invocation.values("seat").isEmpty ? .board : .role
        }
        return changes.isEmpty ? .text : .parameter
    }

    private static func upgrade(_ invocation: Invocation) throws -> Upgrade? {
        guard let version = invocation.value("upgrade") else { return nil }
        guard let number = UInt32(version), let plan = invocation.value("plan"),
            let digest = Digest(hexadecimal: plan)
        else {
            throw CommandFailure(
                status: .misused, what: "an upgrade names a version and its plan's digest",
                kept: "nothing was sent", next: "--upgrade 3 --plan DIGEST --epoch EPOCH")
        }
        let epoch = try invocation.number("epoch", default: 0, in: 0...UInt64.max)
        return Upgrade(version: number, digest: digest, epoch: Epoch(epoch))
    }

    /// The message that fills the seats that are named.
    private static func seats(
        _ invocation: Invocation, _ settings: ClientSettings
    ) async throws -> [Message] {
        var seats: [CouncilSeat] = []
        for text in invocation.values("seat") {
            let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
            let weight = try sides.count > 1 ? LawSending.number(sides[1], "weight") : 1
            let account = try await settings.account(named: sides.first ?? "")
            seats.append(CouncilSeat(account: account, weight: weight))
        }
        guard !seats.isEmpty else { return [] }
        let council: Electorate =
            switch invocation.value("council") {
            case "council": .council
            case "emergency": .emergency
            default: .board
            }
        let ordered = CouncilSeats(seats.sorted { $0.account < $1.account })
        return [GovernanceMessage.setSeats(council, ordered).message]
    }

    private static func issuers(_ invocation: Invocation) throws -> Message? {
        let named = invocation.values("vouching")
        guard !named.isEmpty else { return nil }
        let accounts = try named.map { try IssuerVouch.account(of: $0) }.sorted()
        return IdentitiesMessage.setPersonIssuers(SetPersonIssuers(accounts)).message
    }

    /// Reads `MODULE.NAME=VALUE`.
    static func change(_ text: String) throws -> FigureChange {
        let sides = text.split(separator: "=", maxSplits: 1)
        let names = sides.first?.split(separator: ".") ?? []
        let modules: [String: ModuleID] = [
            "validators": .validators, "staking": .staking, "governance": .governance,
            "exchange": .exchange, "revenue": .revenue,
        ]
        guard sides.count == 2, names.count == 2, let module = modules[String(names[0])] else {
            throw CommandFailure(
                status: .misused,
                what: "'\(text)' is no MODULE.NAME=VALUE, such as staking.commissionMax=150000",
                kept: "nothing was sent")
        }
        return FigureChange(module: module, name: String(names[1]), value: String(sides[1]))
    }
}
