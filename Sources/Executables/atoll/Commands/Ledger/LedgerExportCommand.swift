// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText
import NodeAssembly
import Vocabulary

/// `atoll ledger export`: a stopped node's chain as one file (ARCHIVE-6).
enum LedgerExportCommand {
    static let command = CommandSpec(
        path: ["ledger", "export"],
        summary: "write a stopped node's chain into one portable file",
        discussion: """
            The file holds the genesis and every final block with its proof, each checked on the
            way and sealed. Nothing in FOLDER is changed.
            """,
        example: "atoll ledger export gateway chain.archive",
        arguments: [
            LedgerFolder.argument,
            ArgumentSpec(name: "file", help: "the archive to write; replaced when it is there"),
        ],
        options: [LedgerFolder.genesisOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let folder = await LedgerFolder(invocation.arguments[0], invocation, shell)
        let path = Surroundings.absolute(invocation.arguments[1])
        let genesis = try await folder.genesis()
        let log = try await folder.inspect()
        let epochs = await folder.inspectEpochs()
        let progress = LedgerProgress("exported", shell.effects.time)
        do {
            let report = try await LedgerExport(genesis: genesis, effects: shell.effects)
                .write(log, epochs: epochs, to: Shell.inner(path)) { progress.step($0) }
            await log.close()
            await epochs?.close()
            Self.write(report, path, invocation.format)
            return ExitStatus.done.rawValue
        } catch .disk(let failure) {
            await log.close()
            await epochs?.close()
            throw CommandFailure.disk(failure, path: path)
        } catch {
            await log.close()
            await epochs?.close()
            var failure = folder.failure(error)
            failure.kept = "nothing was written"
            failure.next = "atoll ledger repair \(folder.path)"
            throw failure
        }
    }

    static func write(_ report: ArchiveReport, _ path: String, _ format: OutputFormat) {
        let value: JSON = [
            "file": JSON(path), "height": JSON(report.height.value),
            "hash": JSON("\(report.hash)"), "bytes": JSON(report.bytes),
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            facts.add("archive", path)
            facts.add("last block", "\(report.height) \(report.hash)")
            facts.add("size", "\(QuantityText.grouped(report.bytes)) bytes")
            return facts.text
        }
    }
}
