// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// `atoll trust policy`: how fresh things must be, and how far trust reaches.
enum TrustPolicyCommand {
    static let command = CommandSpec(
        path: ["trust", "policy"],
        summary: "show the policy by which credentials are verified, or change it",
        example: "atoll trust policy --depth 1 --status-age 1h",
        options: [
            TrustFile.option,
            OptionSpec(
                name: "depth", value: "N",
                help: "how many accreditations may lie before a signer, 0 to 8"),
            OptionSpec(
                name: "requires-status", value: "WORD", help: "whether a status must be stated",
                choices: ["yes", "no"]),
            OptionSpec(name: "status-age", value: "TIME", help: "how old a status list may be"),
            OptionSpec(
                name: "presentation-age", value: "TIME", help: "how long a presentation counts"),
            OptionSpec(
                name: "holder-is-subject", value: "WORD",
                help: "whether who shows a credential must be its subject",
                choices: ["yes", "no"]),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let file = TrustFile(invocation, shell)
        let before = try await file.read()
        let policy = try changed(before, invocation)
        if policy != before { try await file.keep(policy) }
        ResultText.write(policy.json, as: invocation.format) {
            var facts = TextFacts()
            facts.add("file", file.path)
            facts.add("accreditations", "at most \(policy.chainDepthMax) before a signer")
            facts.add("status required", policy.requiresStatus ? "yes" : "no")
            facts.add("status lists", "at most \(policy.statusSecondsMax) s old")
            facts.add("presentations", "at most \(policy.presentationSecondsMax) s old")
            facts.add("holder is subject", policy.requiresHolderIsSubject ? "yes" : "no")
            facts.add("issuers", "\(policy.issuers.values.reduce(0) { $0 + $1.count })")
            return facts.text
        }
        return 0
    }

    private static func changed(
        _ policy: TrustPolicy, _ invocation: Invocation
    ) throws -> TrustPolicy {
        var policy = policy
        policy.chainDepthMax = Int(
            try invocation.number("depth", default: UInt64(policy.chainDepthMax), in: 0...8))
        policy.statusSecondsMax = try seconds("status-age", invocation, policy.statusSecondsMax)
        policy.presentationSecondsMax = try seconds(
            "presentation-age", invocation, policy.presentationSecondsMax)
        if let word = invocation.value("requires-status") { policy.requiresStatus = word == "yes" }
        if let word = invocation.value("holder-is-subject") {
            policy.requiresHolderIsSubject = word == "yes"
        }
        return policy
    }

    private static func seconds(
        _ name: String, _ invocation: Invocation, _ known: Int64
    ) throws -> Int64 {
        let milliseconds = try invocation.quantity(
            name, default: UInt64(known) * 1_000, in: 0...31_622_400_000, such: "1h",
            read: QuantityText.milliseconds)
        return Int64(milliseconds / 1_000)
    }
}
