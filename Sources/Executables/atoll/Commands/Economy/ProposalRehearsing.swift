// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects
import JSONText
import Ledger
import Vocabulary

/// `atoll proposal simulate`: what a proposal would change, before anybody votes.
enum ProposalSimulate {
    static let command = CommandSpec(
        path: ["proposal", "simulate"],
        summary: "show what a proposal would change if it were carried out now",
        discussion: """
            The gateway's node carries it out over its present state and undoes it. What would be
            refused is said, and the command ends with 1.
            """,
        example: "atoll proposal simulate 0",
        arguments: [ArgumentSpec(name: "number", help: "which")], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let number = try LawSending.number(invocation.arguments[0], "number of a proposal")
        let client = try await ClientSettings(invocation, shell).client()
        let found = try await calling { () async throws(ClientFailure) in
            try await client.changes(ofProposal: number)
        }
        ResultText.write(found, as: invocation.format) {
            if let refusal = found["refusal"]?.text { return "it would be refused: \(refusal)\n" }
            var facts = TextFacts()
            for change in found["changes"]?.elements ?? [] {
                facts.add("would change", words(change))
            }
            return facts.text
        }
        return found["refusal"] == nil ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
    }

    /// A change in its own words, else its module and key with both values.
    private static func words(_ change: JSON) -> String {
        if let words = change["words"]?.text { return words }
        let values = [change["before"], change["after"]].map { $0?.text ?? "nothing" }
        return "\(change["module"]?.text ?? "") \(change["key"]?.text ?? ""): "
            + "\(values[0]) to \(values[1])"
    }
}

/// `atoll proposal execute`: waits until the ledger has done what passed.
enum ProposalExecute {
    static let command = CommandSpec(
        path: ["proposal", "execute"],
        summary: "wait until what passed is done; the ledger does it by itself",
        discussion: """
            Nothing is sent: what passed executes itself when its time lock ends. The command waits
            as long as --wait says and ends with 0 when it was done, with 1 when it was not to be.
            """,
        example: "atoll proposal execute 0 --wait 1m",
        arguments: [ArgumentSpec(name: "number", help: "which")],
        options: [
            OptionSpec(name: "wait", value: "TIME", help: "how long to wait; default 0s")
        ], hasOutputFormat: true, run: run)

    /// Between two looks at the proposal.
    private static let pauseMilliseconds: UInt64 = 500

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let number = try LawSending.number(invocation.arguments[0], "number of a proposal")
        let patience = try invocation.quantity(
            "wait", default: 0, in: 0...366 * 86_400_000, such: "1m",
            read: QuantityText.milliseconds)
        let client = try await ClientSettings(invocation, shell).client()
        let time = shell.effects.time
        let begin = time.now()
        while true {
            let proposal = try await calling { () async throws(ClientFailure) in
                try await client.proposal(number)
            }
            let stage = proposal["stage"]?.text ?? ""
            let isOpen = ["discussion", "voting", "queued"].contains(stage)
            guard isOpen, time.now().milliseconds(since: begin) < patience else {
                return tell(proposal, stage, isOpen: isOpen, invocation.format)
            }
            await time.sleep(milliseconds: pauseMilliseconds)
        }
    }

    private static func tell(
        _ proposal: JSON, _ stage: String, isOpen: Bool, _ format: OutputFormat
    ) -> Int32 {
        ResultText.write(proposal, as: format) {
            let end = proposal["ends"]?.unsigned.map { Timestamp($0).utc } ?? ""
            let rest = isOpen ? "; the stage ends at \(end), and the ledger goes on by itself" : ""
            return "\(stage)\(rest)\n"
        }
        if isOpen { return ExitStatus.timedOut.rawValue }
        return stage == "executed" ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
    }
}
