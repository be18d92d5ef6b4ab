// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText
import Ledger
import NodeAssembly
import Vocabulary

/// `atoll ledger verify`: executes a stopped node's chain again from the genesis (ARCHIVE-1 to 4).
enum LedgerVerify {
    static let command = CommandSpec(
        path: ["ledger", "verify"],
        summary: "execute a stopped node's chain again and compare every root",
        discussion: """
            Checks every link, every finality proof and every state root of the blocks in FOLDER,
            from the genesis on, in a state of its own that is thrown away. Nothing in FOLDER is
            changed. Ends with code 1 and the first bad height when something does not hold.
            """,
        example: "atoll ledger verify validator-1",
        arguments: [LedgerFolder.argument],
        options: [
            LedgerFolder.genesisOption,
            OptionSpec(
                name: "from", value: "HEIGHT",
                help: "check signatures from this block on; earlier ones are linked and executed"),
            OptionSpec(
                name: "scratch", value: "FOLDER",
                help: "where the state lies meanwhile; default /tmp"),
        ], hasOutputFormat: true, run: run)

    /// The most bytes of the state: as many as a node's.
    private static let stateBytesMax = 16 << 30

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let folder = await LedgerFolder(invocation.arguments[0], invocation, shell)
        let first = try invocation.number("from", default: 0, in: 0...UInt64.max)
        let genesis = try await folder.genesis()
        let log = try await folder.inspect()
        let progress = LedgerProgress("verified", shell.effects.time)
        guard await log.first == 0 else {
            return try await links(of: log, genesis, folder, progress, invocation, shell)
        }
        let code: Int32
        do throws(ArchiveFailure) {
            let store = try await scratch(invocation.value("scratch") ?? "/tmp", shell)
            let audit = try ChainAudit(
                genesis: genesis, store: store, workers: shell.effects.workers)
            let report = try await audit.run(log, signaturesFrom: BlockHeight(first)) {
                progress.step($0)
            }
            code = write(report, genesis, progress, invocation.format)
            await store.close()
        } catch .fault(let fault) {
            code = write(fault, genesis, invocation.format)
        } catch {
            await log.close()
            throw folder.failure(error)
        }
        await log.close()
        return code
    }

    /// What can be said of a log whose first blocks were forgotten: how far its links hold.
    private static func links(
        of log: any LogInspection, _ genesis: Genesis, _ folder: LedgerFolder,
        _ progress: LedgerProgress, _ invocation: Invocation, _ shell: Shell
    ) async throws -> Int32 {
        let epochs = await folder.inspectEpochs()
        let report: PrunedLog.Report
        do throws(ArchiveFailure) {
            report = try await PrunedLog(genesis: genesis, effects: shell.effects)
                .audit(log, epochs: epochs) { progress.step($0) }
        } catch {
            await log.close()
            await epochs?.close()
            throw folder.failure(error)
        }
        await log.close()
        await epochs?.close()
        if let fault = report.fault { return write(fault, genesis, invocation.format) }
        let value: JSON = [
            "isSound": true, "chain": JSON("\(genesis.chain)"), "isExecuted": false,
            "firstHeight": JSON(report.first.value), "height": JSON(report.last.value),
            "finalHeight": JSON(report.judged.value),
            "hash": JSON("\(report.hash)"), "milliseconds": JSON(progress.milliseconds),
        ]
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("chain", "\(genesis.name) \(genesis.chain)")
            facts.add("blocks", "\(report.first) to \(report.last) \(report.hash)")
            facts.add(
                "not checked",
                "blocks below \(report.first) are pruned here, so nothing was executed")
            if report.judged < report.last {
                facts.add(
                    "only linked", LedgerFolder.unjudged(report.first, report.judged, report.last))
            }
            return facts.text
                + (report.judged < report.last
                    ? "the links hold; " : "the links and signatures hold; ")
                + "a node that keeps all (archive) can verify more\n"
        }
        return ExitStatus.done.rawValue
    }

    /// A store whose files have no name any more: they go with the process, however it ends.
    private static func scratch(
        _ parent: String, _ shell: Shell
    ) async throws(ArchiveFailure) -> any KeyValueStore {
        let mark = Hexadecimal.encode(shell.effects.chance.bytes(8))
        let path = "\(Surroundings.absolute(parent))/atoll-verify-\(mark)"
        do throws(DiskFailure) {
            let store = try await shell.effects.disk.openStore(
                Shell.inner(path), bytesMax: stateBytesMax)
            _ = FolderRemoval.remove(path)
            return store
        } catch {
            throw .state("the scratch folder \(path) cannot be used: \(error)")
        }
    }

    private static func write(
        _ report: ChainAudit.Report, _ genesis: Genesis, _ progress: LedgerProgress,
        _ format: OutputFormat
    ) -> Int32 {
        let rate = progress.rate(blocks: report.height.value)
        let value: JSON = [
            "isSound": true, "chain": JSON("\(genesis.chain)"),
            "height": JSON(report.height.value), "hash": JSON("\(report.hash)"),
            "stateRoot": JSON("\(report.stateRoot)"),
            "certifiedHeight": report.certified.map { JSON($0.value) } ?? .null,
            "transactions": JSON(report.transactions),
            "tornTail": report.tornTail.map { JSON("/\($0.path) \($0.reason)") } ?? .null,
            "milliseconds": JSON(progress.milliseconds), "blocksPerSecond": JSON(rate),
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            facts.add("chain", "\(genesis.name) \(genesis.chain)")
            facts.add("last block", "\(report.height) \(report.hash)")
            facts.add("state root", "\(report.stateRoot)")
            if let certified = report.certified {
                facts.add("certified", "every root up to block \(certified)")
            }
            facts.add("transactions", QuantityText.grouped(report.transactions))
            if let torn = report.tornTail {
                facts.add("torn tail", "/\(torn.path) \(torn.reason); a start drops it")
            }
            facts.add(
                "time", "\(progress.milliseconds) ms, \(QuantityText.grouped(rate)) blocks/s")
            return facts.text + "the chain holds\n"
        }
        return ExitStatus.done.rawValue
    }

    private static func write(
        _ fault: ChainFault, _ genesis: Genesis, _ format: OutputFormat
    ) -> Int32 {
        let words = LedgerFolder.words(of: fault)
        let value: JSON = [
            "isSound": false, "chain": JSON("\(genesis.chain)"),
            "badHeight": JSON(fault.height.value), "fault": JSON(words),
        ]
        ResultText.write(value, as: format) {
            "the chain does NOT hold, first at block \(fault.height): \(words)\n"
        }
        return ExitStatus.refused.rawValue
    }
}
