// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import Names
import Vocabulary

/// `atoll name show`: where a name stands.
enum NameShow {
    static let argument = ArgumentSpec(
        name: "name", help: "3 to 32 letters a to z, digits and single hyphens")

    static let command = CommandSpec(
        path: ["name", "show"],
        summary: "show where a name stands and what the next bid must be, proven",
        example: "atoll name show harbour-7", arguments: [argument],
        options: ProvenState.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let state = try await NameState.read(
            NameState.name(invocation), ClientSettings(invocation, shell))
        ResultText.write(state.json, as: invocation.format) { state.text }
        return 0
    }
}

/// `atoll name resolve`: whom a name stands for.
enum NameResolve {
    static let command = CommandSpec(
        path: ["name", "resolve"],
        summary: "say which identity a name stands for, proven from the genesis you trust",
        discussion: "A name that has ended stands for nobody. Ends with 1 when it does so.",
        example: "atoll name resolve harbour-7", arguments: [NameShow.argument],
        options: ProvenState.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let name = try NameState.name(invocation)
        let (record, header) = try await ProvenState(settings: ClientSettings(invocation, shell))
            .read(.names, NamesKeys.name(name), as: NameRecord.self)
        let now = shell.effects.time.wallClock()
        guard let record, header.header.timestamp < record.expires, now < record.expires else {
            throw CommandFailure(
                status: .refused, what: "'\(name)' stands for nobody",
                next: "atoll name show \(name)")
        }
        let did = AtollMethod.did(of: record.target)
        let value: JSON = [
            "name": JSON(name.text), "did": JSON("\(did)"), "account": JSON("\(record.target)"),
            "until": JSON(record.expires.value),
        ]
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("did", "\(did)")
            facts.add("until", record.expires.utc)
            facts.add("as of", header.words)
            return facts.text
        }
        return 0
    }
}
