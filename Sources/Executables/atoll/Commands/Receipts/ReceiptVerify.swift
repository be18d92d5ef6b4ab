// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import LightClient
import NodeInterface
import Receipts
import Vocabulary

/// `atoll receipt verify`: checks a receipt with nothing but the genesis file; asks nobody.
enum ReceiptVerify {
    static let command = CommandSpec(
        path: ["receipt", "verify"],
        summary: "check a receipt offline, from the genesis you trust",
        discussion: """
            Asks no gateway and no node: that the validators of the block's epoch signed it, that
            its state holds this receipt, that the providers signed the result, and that the sums
            agree. Who votes in later epochs than the first is what 'atoll verify account' has
            followed, or what --trail says.
            """,
        example: "atoll receipt verify job.receipt --genesis genesis.json --output out.txt",
        arguments: [ArgumentSpec(name: "receipt", help: "a receipt file")],
        options: [
            ClientSettings.genesisOption, TrailFolder.option,
            OptionSpec(
                name: "output", value: "FILE",
                help: "what the program wrote to standard output, to be compared as well"),
            OptionSpec(
                name: "error-output", value: "FILE",
                help: "what it wrote to standard error; default nothing"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let file = try await ReceiptSource.file(invocation.arguments[0], shell)
        let genesis = try await ClientSettings(invocation, shell).genesis()
        let output = try await output(invocation, shell)
        let trail = try await TrailFolder(genesis, invocation, shell).trail()
        let checks = ReceiptVerifier(genesis: genesis) { trail.validators(of: $0) }
            .check(file, output: output)
        let isSound = checks.allSatisfy(\.holds)
        let value: JSON = [
            "receipt": JSON("\(file.id)"), "job": JSON("\(file.receipt.job)"),
            "isSound": .bool(isSound), "checks": CheckLines.json(of: checks),
        ]
        ResultText.write(value, as: invocation.format) {
            let verdict = isSound ? "the receipt is sound" : "the receipt is NOT sound"
            return CheckLines.text(of: checks) + "\n\(verdict): \(file.id)\n"
        }
        return isSound ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
    }

    /// The digest of what the user holds, in the form the providers hashed.
    private static func output(_ invocation: Invocation, _ shell: Shell) async throws -> Digest? {
        let output = invocation.value("output")
        let error = invocation.value("error-output")
        guard output != nil || error != nil else { return nil }
        let joined = JobOutput(
            standardOutput: try await read(output, shell),
            standardError: try await read(error, shell))
        return SHA256.hash(joined.canonicalBytes)
    }

    private static func read(_ path: String?, _ shell: Shell) async throws -> [UInt8] {
        guard let path else { return [] }
        return try await shell.read(path, limit: JobOutput.bytesMax)
    }
}
