// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import Vocabulary

/// `atoll credential chain`: what a chain of delegations lets its last holder do.
enum CredentialChain {
    static let command = CommandSpec(
        path: ["credential", "chain"],
        summary: "check a chain of delegations, and say what is left of it for its last holder",
        discussion: """
            FILES are credentials of the type CapabilityDelegation, the owner's first. Each may only
            narrow the one before it; nobody stands in the chain twice. Ends with 1 when a link does
            not hold, or the chain does not cover what --operation and --resource name.
            """,
        example: "atoll credential chain first.json second.json --of owner",
        arguments: [ArgumentSpec(name: "file", help: "the links, in their order", repeats: true)],
        options: [
            OptionSpec(name: "of", value: "NAME", help: "the owner: a DID or a name here"),
            OptionSpec(name: "operation", value: "NAME", help: "what is to be done"),
            OptionSpec(name: "resource", value: "PATH", help: "with what"),
        ] + CredentialEvidence.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        guard let name = invocation.value("of") else {
            throw CommandFailure(
                status: .misused, what: "the owner is not named", next: "name it with --of NAME")
        }
        let owner = try await IdentityBook(settings: ClientSettings(invocation, shell))
            .did(named: name)
        var links: [JSON] = []
        for path in invocation.arguments { links.append(try await shell.document(path)) }
        let verifier = try await CredentialEvidence(invocation, shell)
            .verifier(for: links.flatMap(CredentialEvidence.signers))
        let chain: DelegationChain
        do throws(DelegationFailure) {
            chain = try verifier.verify(delegations: links, of: owner)
        } catch {
            throw CommandFailure(
                status: .refused, what: "link \(error.link + 1) does not hold: \(error.refusal)")
        }
        let covers = covered(chain.capability, invocation)
        write(chain, covers, invocation.format)
        return covers ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
    }

    private static func covered(_ capability: Capability, _ invocation: Invocation) -> Bool {
        let operation = invocation.value("operation").map(capability.operations.contains) ?? true
        return operation && (invocation.value("resource").map(capability.covers) ?? true)
    }

    private static func write(_ chain: DelegationChain, _ covers: Bool, _ format: OutputFormat) {
        let capability = chain.capability
        let (operations, resources) = (
            capability.operations.sorted(), capability.resources.sorted()
        )
        let value: JSON = [
            "holder": JSON("\(chain.holder)"), "covers": .bool(covers),
            "operations": .array(operations.map { JSON($0) }),
            "resources": .array(resources.map { JSON($0) }),
            "budget": JSON("\(capability.budget)"), "from": JSON("\(capability.from)"),
            "until": JSON("\(capability.until)"),
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            facts.add("holder", "\(chain.holder)")
            facts.add("operations", operations.joined(separator: " "))
            facts.add("resources", resources.joined(separator: " "))
            facts.add("budget", "\(Amount(capability.budget))")
            facts.add("from", "\(capability.from)")
            facts.add("until", "\(capability.until)")
            facts.add("covers it", covers ? "yes" : "NO")
            return facts.text
        }
    }
}
