// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText
import Ledger
import NodeAssembly
import Vocabulary

/// `atoll ledger repair`: keeps what holds of a damaged block log (ARCHIVE-8), and says how long a
/// validator that lost its votes must be silent (RECOVERY-10).
enum LedgerRepair {
    static let command = CommandSpec(
        path: ["ledger", "repair"],
        summary: "keep what holds of a stopped node's damaged block log",
        discussion: """
            Copies the blocks up to the first that does not hold into a new log and moves the
            damaged one aside; peers give the node the rest. A whole log is left as it is. The state
            needs no repair: a node builds it anew by itself.

            A validator that lost its votes may have signed something it does not remember.
            --silent-through SLOT lets it start again and sign nothing up to that slot. Choose one
            that the chain has certainly not reached, such as 5,000 above what 'atoll status' says.
            """,
        example: "atoll ledger repair ./my-node",
        arguments: [LedgerFolder.argument],
        options: [
            LedgerFolder.genesisOption,
            OptionSpec(
                name: "silent-through", value: "SLOT",
                help: "for a validator that lost its votes: sign nothing up to this slot"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let folder = await LedgerFolder(invocation.arguments[0], invocation, shell)
        let genesis = try await folder.genesis()
        let progress = LedgerProgress("checked", shell.effects.time)
        let log = try await folder.inspect()
        let isPruned = await log.first > 0
        await log.close()
        guard !isPruned else {
            return try await repairPruned(folder, genesis, progress, invocation, shell)
        }
        let report: LogRepair.Report
        do {
            report = try await LogRepair(genesis: genesis, effects: shell.effects)
                .run(in: folder.innerData) { progress.step($0) }
        } catch {
            throw folder.failure(error)
        }
        let silent = try await silence(folder, genesis, invocation, shell)
        write(report, silent, folder, invocation.format)
        return ExitStatus.done.rawValue
    }

    /// The same for a log whose first blocks were forgotten.
    private static func repairPruned(
        _ folder: LedgerFolder, _ genesis: Genesis, _ progress: LedgerProgress,
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> Int32 {
        let report: PrunedLog.Report
        do {
            report = try await PrunedLog(genesis: genesis, effects: shell.effects)
                .repair(in: folder.innerData) { progress.step($0) }
        } catch {
            throw folder.failure(error)
        }
        let silent = try await silence(folder, genesis, invocation, shell)
        write(
            LogRepair.Report(kept: report.last, fault: report.fault, aside: report.aside), silent,
            folder, invocation.format, first: report.first, judged: report.judged)
        return ExitStatus.done.rawValue
    }

    /// Sets the bound of a validator's silence, never below an earlier one.
    private static func silence(
        _ folder: LedgerFolder, _ genesis: Genesis, _ invocation: Invocation, _ shell: Shell
    ) async throws -> Slot? {
        guard invocation.value("silent-through") != nil else { return nil }
        let slot = Slot(
            try invocation.number("silent-through", default: 0, in: 1...UInt64.max / 2))
        let key = try await folder.publicKey()
        let path = VotingPromise.path(besides: folder.data)
        var promise = VotingPromise(chain: genesis.chain, key: key)
        if await shell.exists(path) {
            let bytes = try await shell.read(path, limit: 1 << 20)
            if let earlier = VotingPromise(bytes: bytes), earlier.key == key,
                earlier.chain == genesis.chain
            {
                promise = earlier
            }
        }
        promise.silentThrough = max(promise.silentThrough, slot)
        promise.ceiling = max(promise.ceiling, slot)
        try await shell.write(path, promise.bytes)
        return promise.silentThrough
    }

    private static func write(
        _ report: LogRepair.Report, _ silent: Slot?, _ folder: LedgerFolder,
        _ format: OutputFormat, first: BlockHeight = BlockHeight(1), judged: BlockHeight? = nil
    ) {
        let fault = report.fault.map { LedgerFolder.words(of: $0) }
        let value: JSON = [
            "wasWhole": .bool(fault == nil), "height": JSON(report.kept.value),
            "fault": fault.map { JSON($0) } ?? .null,
            "aside": report.aside.map { JSON("\(folder.data)/\($0)") } ?? .null,
            "silentThrough": silent.map { JSON($0.value) } ?? .null,
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            facts.add("blocks kept", "\(first) to \(report.kept)")
            if let judged, judged < report.kept {
                facts.add("only linked", LedgerFolder.unjudged(first, judged, report.kept))
            }
            if let fault { facts.add("fault", fault) }
            if let aside = report.aside { facts.add("kept aside", "\(folder.data)/\(aside)") }
            if let silent { facts.add("silent", "signs nothing up to slot \(silent)") }
            return facts.text
                + (fault == nil ? "the block log is whole\n" : "the rest comes from peers\n")
        }
    }
}
