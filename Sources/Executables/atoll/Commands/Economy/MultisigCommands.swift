// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Ledger
import Treasury
import Vocabulary

/// `atoll multisig`: accounts that act when enough of their members agree. What they are to do is
/// asked with `--as ACCOUNT` of the command that does it.
enum MultisigCommands {
    static let all = [new, show, approve, withdraw, members]

    private static let account = ArgumentSpec(name: "account", help: "of several signers")
    private static let number = ArgumentSpec(name: "number", help: "of what waits")
    private static let memberOption = OptionSpec(
        name: "member", value: "ACCOUNT", help: "who decides; an account or a key's name",
        repeats: true)
    private static let thresholdOption = OptionSpec(
        name: "threshold", value: "N", help: "how many must agree; default all")

    /// Members in order, and how many must agree.
    private static func rule(
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> (members: [AccountID], threshold: UInt8) {
        let settings = ClientSettings(invocation, shell)
        var members: [AccountID] = []
        for name in invocation.values(memberOption.name) {
            members.append(try await settings.account(named: name))
        }
        guard !members.isEmpty else {
            throw CommandFailure(
                status: .misused, what: "nobody is named", kept: "nothing was sent",
                next: "name each member with --member ACCOUNT")
        }
        let threshold = try invocation.number(
            thresholdOption.name, default: UInt64(members.count), in: 1...UInt64(members.count))
        return (members.sorted(), UInt8(clamping: threshold))
    }

    private static let new = CommandSpec(
        path: ["multisig", "new"], summary: "make an account of several signers",
        discussion: """
            It has no key. Any member asks it to do something with --as ACCOUNT; once enough agree
            it is done, wholly or not at all.
            """,
        example: "atoll multisig new --member default --member <account> --threshold 2",
        options: LawSending.options + [memberOption, thresholdOption], hasOutputFormat: true
    ) { invocation, shell in
        let rule = try await rule(invocation, shell)
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.createMultisig(members: rule.members, threshold: rule.threshold)
                .message, done: "\(rule.threshold) of \(rule.members.count) decide for it")
    }

    private static let show = CommandSpec(
        path: ["multisig", "show"], summary: "show its members, and what waits for them",
        example: "atoll multisig show <account>", arguments: [account], hasOutputFormat: true
    ) { invocation, shell in
        let account: AccountID = try invocation.identifier(0, "account")
        let client = try await ClientSettings(invocation, shell).client()
        let multisig = try await calling { () async throws(ClientFailure) in
            try await client.multisig(account)
        }
        ResultText.write(multisig, as: invocation.format) { text(multisig) }
        return 0
    }

    private static func text(_ multisig: JSON) -> String {
        var facts = TextFacts()
        facts.add("account", multisig["account"]?.text ?? "")
        facts.add("must agree", multisig["threshold"]?.compact ?? "")
        for member in multisig["members"]?.elements ?? [] {
            facts.add("member", member.text ?? "")
        }
        for decision in multisig["decisions"]?.elements ?? [] {
            let modules = (decision["messages"]?.elements ?? []).map { $0["module"]?.text ?? "" }
            let agreed = decision["approvals"]?.elements?.count ?? 0
            facts.add(
                "waits",
                "\(decision["number"]?.compact ?? ""): \(modules.joined(separator: ", ")), "
                    + "\(agreed) agreed\(decision["isVoid"] == true ? ", void" : "")")
        }
        return facts.text
    }

    private static let approve = CommandSpec(
        path: ["multisig", "approve"], summary: "agree; the last that is needed makes it happen",
        example: "atoll multisig approve <account> 0", arguments: [account, number],
        options: LawSending.options, hasOutputFormat: true
    ) { invocation, shell in
        let account: AccountID = try invocation.identifier(0, "account")
        let number = try LawSending.number(invocation.arguments[1], "number")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.approve(account, number: number).message, done: "agreed to \(number)")
    }

    private static let withdraw = CommandSpec(
        path: ["multisig", "withdraw"], summary: "take back what you asked the others for",
        example: "atoll multisig withdraw <account> 0", arguments: [account, number],
        options: LawSending.options, hasOutputFormat: true
    ) { invocation, shell in
        let account: AccountID = try invocation.identifier(0, "account")
        let number = try LawSending.number(invocation.arguments[1], "number")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.withdraw(account, number: number).message, done: "took it back")
    }

    private static let members = CommandSpec(
        path: ["multisig", "members"], summary: "ask the others for other members (with --as)",
        example: "atoll multisig members --as <account> --member default --threshold 1",
        options: LawSending.options + [memberOption, thresholdOption], hasOutputFormat: true
    ) { invocation, shell in
        guard invocation.has(LawSending.asOption.name) else {
            throw CommandFailure(
                status: .misused, what: "whose members is not said", kept: "nothing was sent",
                next: "name the account with --as ACCOUNT")
        }
        let rule = try await rule(invocation, shell)
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.setMembers(rule.members, threshold: rule.threshold).message,
            done: "\(rule.threshold) of \(rule.members.count) decide")
    }
}
