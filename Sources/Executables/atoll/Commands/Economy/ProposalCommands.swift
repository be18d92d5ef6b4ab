// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Governance
import JSONText
import Ledger
import Vocabulary

/// `atoll proposal list`: what is and was proposed.
enum ProposalList {
    static let command = CommandSpec(
        path: ["proposal", "list"], summary: "list proposals and where they stand",
        example: "atoll proposal list", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let page = try await calling { () async throws(ClientFailure) in
            try await client.proposals()
        }
        ResultText.write(page, as: invocation.format) {
            var table = TextTable(["number", "kind", "stage", "title"], rightAligned: [0])
            for proposal in page["proposals"]?.elements ?? [] {
                table.add([
                    proposal["number"]?.unsigned.map { "\($0)" } ?? "",
                    proposal["kind"]?.text ?? "", proposal["stage"]?.text ?? "",
                    proposal["title"]?.text ?? "",
                ])
            }
            return table.text
        }
        return 0
    }
}

/// `atoll proposal show`: one proposal and its votes.
enum ProposalShow {
    static let command = CommandSpec(
        path: ["proposal", "show"], summary: "show one proposal: what it changes, how votes stand",
        example: "atoll proposal show 0",
        arguments: [ArgumentSpec(name: "number", help: "which")], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let number = try LawSending.number(invocation.arguments[0], "number of a proposal")
        let client = try await ClientSettings(invocation, shell).client()
        let proposal = try await calling { () async throws(ClientFailure) in
            try await client.proposal(number)
        }
        ResultText.write(proposal, as: invocation.format) { text(proposal) }
        return 0
    }

    static func text(_ proposal: JSON) -> String {
        var facts = TextFacts()
        for name in ["title", "kind", "stage", "proposer"] {
            facts.add(name, proposal[name]?.text ?? "")
        }
        facts.add("ends", proposal["ends"]?.unsigned.map { "\($0) ms" } ?? "")
        for change in proposal["changes"]?.elements ?? [] {
            let name = "\(change["module"]?.text ?? "").\(change["name"]?.text ?? "")"
            facts.add("changes", "\(name) to \(change["value"]?.text ?? "")")
        }
        for tally in proposal["tallies"]?.elements ?? [] {
            let counts = ["yes", "no", "abstain", "veto"].map {
                "\($0) \(LawSending.amount(tally[$0]))"
            }
            facts.add(
                "votes",
                counts.joined(separator: ", ") + " of \(LawSending.amount(tally["total"]))")
        }
        return facts.text
    }
}

/// `atoll proposal vote`: says yes or no.
enum ProposalVote {
    static let command = CommandSpec(
        path: ["proposal", "vote"], summary: "vote on a proposal, or vote otherwise",
        discussion: """
            A vote counts with what was at stake when voting began: units locked with
            `atoll vote-lock`, holders' bonds and steady delegations.
            """,
        example: "atoll proposal vote 0 yes",
        arguments: [
            ArgumentSpec(name: "number", help: "which"),
            ArgumentSpec(
                name: "choice", help: "yes, no, abstain or veto",
                choices: Choice.allCases.map { "\($0)" }),
        ],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let number = try LawSending.number(invocation.arguments[0], "number of a proposal")
        let word = invocation.arguments[1]
        guard let choice = Choice.allCases.first(where: { "\($0)" == word }) else {
            throw CommandFailure(
                status: .misused, what: "'\(word)' is neither yes, no, abstain nor veto",
                kept: "nothing was sent")
        }
        return try await LawSending(invocation, shell).send(
            GovernanceMessage.vote(number, choice).message, done: "voted \(choice)")
    }
}

/// `atoll vote-lock`: locks units to vote with.
enum VoteLockCommand {
    static let command = CommandSpec(
        path: ["vote-lock"], summary: "lock units to vote with, or take them back with --release",
        example: "atoll vote-lock 1000",
        arguments: [ArgumentSpec(name: "amount", help: "how much, in whole units")],
        options: LawSending.options + [
            OptionSpec(name: "release", value: nil, help: "take them back")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let amount = try ValidatorSending.amount(invocation.arguments[0], "amount")
        let isRelease = invocation.has("release")
        let message: GovernanceMessage = isRelease ? .unlock(amount) : .lock(amount)
        return try await LawSending(invocation, shell).send(
            message.message, done: isRelease ? "took back \(amount)" : "locked \(amount)")
    }
}

/// `atoll params`: the figures that governance can change.
enum ParamsCommand {
    static let command = CommandSpec(
        path: ["params"], summary: "show the figures of the law that governance can change",
        example: "atoll params", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let figures = try await calling { () async throws(ClientFailure) in
            try await client.figures()
        }
        ResultText.write(figures, as: invocation.format) { text(figures) }
        return 0
    }

    static func text(_ figures: JSON) -> String {
        var table = TextTable(["figure", "value"], rightAligned: [1])
        for module in figures.members ?? [] {
            for figure in module.value.members ?? [] {
                table.add(["\(module.name).\(figure.name)", figure.value.compact])
            }
        }
        return table.text
    }
}
