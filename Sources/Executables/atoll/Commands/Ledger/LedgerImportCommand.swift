// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText
import Ledger
import NodeAssembly
import Vocabulary

/// `atoll ledger import`: the chain of an archive into a node without blocks (ARCHIVE-7).
enum LedgerImportCommand {
    static let command = CommandSpec(
        path: ["ledger", "import"],
        summary: "take the chain of an archive into a node that has no blocks",
        discussion: """
            Every block is checked from the genesis you trust before it is kept; the archive's own
            genesis proves nothing. The node executes the blocks at its next start and compares
            every root. When something does not hold, nothing is kept.
            """,
        example: "atoll ledger import chain.archive ./my-node --genesis genesis.json",
        arguments: [
            ArgumentSpec(name: "file", help: "an archive"),
            LedgerFolder.argument,
        ],
        options: [LedgerFolder.genesisOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let path = Surroundings.absolute(invocation.arguments[0])
        let folder = await LedgerFolder(invocation.arguments[1], invocation, shell)
        let genesis = try await folder.genesis()
        let log: any RecordLog
        do {
            log = try await shell.effects.disk.openLog(folder.innerBlocks)
        } catch {
            throw folder.failure(.disk(error))
        }
        let progress = LedgerProgress("imported", shell.effects.time)
        do {
            let report = try await LedgerImport(genesis: genesis, effects: shell.effects)
                .read(Shell.inner(path), into: log) { progress.step($0) }
            await log.close()
            try await keepGenesis(genesis, in: folder, shell)
            await write(report, path, folder, genesis, shell, invocation.format)
            return ExitStatus.done.rawValue
        } catch let failure as ArchiveFailure {
            await log.close()
            throw undone(failure, path, folder)
        }
    }

    /// Takes back what was kept of an archive that does not hold.
    private static func undone(
        _ failure: ArchiveFailure, _ path: String, _ folder: LedgerFolder
    ) -> CommandFailure {
        if case .notEmpty = failure { return folder.failure(failure) }
        let isGone = FolderRemoval.remove("\(folder.data)/blocks")
        var told = folder.failure(failure)
        if case .disk(let disk) = failure { told = .disk(disk, path: path) }
        told.kept =
            isGone ? "nothing of it was kept" : "a beginning of it in \(folder.data)/blocks"
        return told
    }

    /// A folder without a genesis gets the one that was trusted.
    private static func keepGenesis(
        _ genesis: Genesis, in folder: LedgerFolder, _ shell: Shell
    ) async throws {
        let path = "\(folder.path)/genesis.json"
        guard await !shell.exists(path) else { return }
        try await shell.write(path, Array((genesis.write() + "\n").utf8))
    }

    private static func write(
        _ report: ArchiveReport, _ path: String, _ folder: LedgerFolder, _ genesis: Genesis,
        _ shell: Shell, _ format: OutputFormat
    ) async {
        let next = await next(folder, genesis, shell)
        let value: JSON = [
            "file": JSON(path), "folder": JSON(folder.path), "height": JSON(report.height.value),
            "hash": JSON("\(report.hash)"), "bytes": JSON(report.bytes), "next": JSON(next),
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            facts.add("folder", folder.path)
            facts.add("last block", "\(report.height) \(report.hash)")
            facts.add("next", next)
            return facts.text
        }
    }

    /// What comes next; a validator without a memory of its votes must be told how long to be
    /// silent.
    private static func next(
        _ folder: LedgerFolder, _ genesis: Genesis, _ shell: Shell
    ) async -> String {
        let start = "atoll node start \(folder.path)"
        let promise = VotingPromise.path(besides: folder.data)
        guard await !shell.exists(promise), await mayVote(folder, genesis, shell) else {
            return start
        }
        return "atoll ledger repair \(folder.path) --silent-through SLOT, for this is a validator "
            + "without its votes; then \(start)"
    }

    /// Whether the node is a founder's, or set up to vote in a later epoch.
    private static func mayVote(
        _ folder: LedgerFolder, _ genesis: Genesis, _ shell: Shell
    ) async -> Bool {
        let key = try? await folder.publicKey()
        if genesis.validators.contains(where: { $0.publicKey == key }) { return true }
        let path = "\(folder.path)/node.json"
        guard let bytes = try? await shell.read(path, limit: 1 << 20),
            let settings = try? NodeFile(bytes, path: path)
        else { return false }
        return settings.roles.contains("validator")
    }
}
