// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText
import LightClient
import Vocabulary

/// `atoll verify proof`: checks a proof file with nothing but the genesis file; asks nobody.
enum VerifyProof {
    static let command = CommandSpec(
        path: ["verify", "proof"],
        summary: "check a proof file offline, from the genesis you trust",
        discussion: """
            Asks no gateway and no node: that the validators of the block's epoch signed it, and
            that its state holds what the file says. Who votes in later epochs than the first is
            what 'atoll verify account' has followed, or what --trail says.
            """,
        example: "atoll verify proof account.proof --genesis genesis.json",
        arguments: [ArgumentSpec(name: "file", help: "a proof file")],
        options: [ClientSettings.genesisOption, TrailFolder.option], hasOutputFormat: true, run: run
    )

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let file = try await ProofChecks.read(invocation.arguments[0], shell)
        let genesis = try await ClientSettings(invocation, shell).genesis()
        let trail = try await TrailFolder(genesis, invocation, shell).trail()
        let verifier = LightVerifier(genesis: genesis, trail: trail)
        let checks = ProofChecks(file, verifier: verifier)
        let entries = file.sections.flatMap { section in
            section.entries.map { json(of: $0, in: section) }
        }
        return checks.write(
            [
                JSON.Member("chain", JSON("\(genesis.chain)")),
                JSON.Member("entries", .array(entries)),
            ], as: invocation.format)
    }

    private static func json(of entry: ProofEntry, in section: ProofSection) -> JSON {
        [
            "module": JSON(entry.module.value), "key": JSON(Hexadecimal.encode(entry.key)),
            "value": entry.value.map { JSON(Hexadecimal.encode($0)) } ?? .null,
            "blockHeight": JSON(section.header.height.value),
            "blockTime": JSON(section.header.timestamp.value),
            "stateHeight": JSON(section.header.stateHeight.value),
            "stateRoot": JSON("\(section.header.stateRoot)"),
        ]
    }
}
