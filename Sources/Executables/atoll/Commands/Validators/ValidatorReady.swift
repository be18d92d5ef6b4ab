// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Governance
import JSONText
import NodeAssembly
import Vocabulary

/// `atoll validator ready`: says that a validator's node can follow another version of the rules.
enum ValidatorReady {
    static let command = CommandSpec(
        path: ["validator", "ready"],
        summary: "say that your node can follow another version of the rules by its plan",
        discussion: """
            An upgrade that passed begins at its epoch when two thirds of the weight are ready by
            then, by the very plan it names, and is dropped otherwise. Install the program on every
            node first, then say so. Without --plan it is the plan of the newest proposal of this
            version: look at it with `atoll proposal show` before.
            """,
        example: "atoll validator ready 2",
        arguments: [
            ArgumentSpec(
                name: "version", help: "default the newest that this program knows",
                isRequired: false)
        ],
        options: LawSending.options + [
            OptionSpec(name: "plan", value: "DIGEST", help: "which plan; default as proposed")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let known = House.rulesNewest
        let version =
            try invocation.arguments.first.map { try LawSending.number($0, "version") }
            ?? UInt64(known)
        guard version <= UInt64(known) else {
            throw CommandFailure(
                status: .refused, what: "this program knows versions of the rules up to \(known)",
                kept: "nothing was sent", next: "install the program that knows it first")
        }
        let sending = try await LawSending(invocation, shell)
        let plan = try await plan(of: version, invocation, sending.sending.sender.client)
        return try await sending.send(
            GovernanceMessage.signalReady(UInt32(version), plan: plan).message,
            done: "ready for version \(version) of the rules by the plan \(plan)")
    }

    /// The plan that is named, or that the newest proposal of this version names.
    private static func plan(
        of version: UInt64, _ invocation: Invocation, _ client: GatewayClient
    ) async throws -> Digest {
        if let text = invocation.value("plan") {
            guard let plan = Digest(hexadecimal: text) else {
                throw CommandFailure(
                    status: .misused, what: "'\(text)' is no digest", kept: "nothing was sent")
            }
            return plan
        }
        let page = try await calling { () async throws(ClientFailure) in
            try await client.proposals()
        }
        let upgrades = (page["proposals"]?.elements ?? []).compactMap { $0["upgrade"] }
        let newest = upgrades.last { $0["version"]?.unsigned == version }
        guard let plan = newest?["digest"]?.text.flatMap({ Digest(hexadecimal: $0) }) else {
            throw CommandFailure(
                status: .refused, what: "no upgrade to version \(version) is proposed",
                kept: "nothing was sent", next: "name the plan with --plan")
        }
        return plan
    }
}
