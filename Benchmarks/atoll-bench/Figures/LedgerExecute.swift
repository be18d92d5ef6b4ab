// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import Ledger
import NodeAssembly
import Vocabulary

/// Transfers executed by one ledger in one process, with the state root of every block.
enum LedgerExecute {
    static let single = FigureID(
        "ledger.execute", "1/s", "checked transactions of one transfer executed per second per core"
    )
    static let many = FigureID(
        "ledger.execute.many", "1/s",
        "transfers executed per second per core, \(LedgerTown.partsMany) in each transaction")
    static let benchmark = Benchmark(figures: [single, many], measure: measure)

    private static let transactionsPerBlock = 1_000

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let town = try LedgerTown(accounts: bench.either(20_000, quick: 5_000))
        let blocks = bench.either(30, quick: 8)
        return [
            try await run(bench, town, single, parts: 1, blocks: blocks),
            try await run(bench, town, many, parts: LedgerTown.partsMany, blocks: blocks),
        ]
    }

    /// Executes blocks on a store of its own and takes the median block.
    private static func run(
        _ bench: Bench, _ town: LedgerTown, _ figure: FigureID, parts: Int, blocks: Int
    ) async throws -> Measurement {
        let store = try await bench.effects.disk.openStore(
            "\(figure.name)-state", bytesMax: 4 << 30)
        let house = House()
        let machine = try LedgerMachine.open(
            genesis: town.genesis, modules: house.modules, fees: house.fees, store: store)
        try await machine.commit()
        var (executing, checking): ([Double], [Double]) = ([], [])
        let whole = Stopwatch()
        for number in 1...blocks {
            bench.say("\(figure.name) block \(number) of \(blocks)")
            let signed = town.block(number, of: transactionsPerBlock / parts, parts: parts)
            let check = Stopwatch()
            let checked = signed.map { CheckedTransaction($0, chain: town.genesis.chain) }
            checking.append(check.thread)
            let execute = Stopwatch()
            let result = try machine.execute(town.context(number), checked: checked)
            executing.append(execute.thread)
            guard result.outcomes.allSatisfy({ $0.refusal == nil }) else {
                throw BenchFailure("a transfer was refused: \(result.outcomes)")
            }
            if machine.isCommitDue { try await machine.commit() }
        }
        bench.say("\(NumberText.of(whole.wall)) s in all")
        await store.close()
        let checkMicroseconds = checking.median / Double(transactionsPerBlock / parts) * 1e6
        let meter =
            "thread CPU of execution and state root, blocks of \(transactionsPerBlock) transfers "
            + "among \(town.keys.count) accounts, LMDB below; checking one transaction before "
            + "costs \(NumberText.of(checkMicroseconds)) us; median of \(blocks) blocks"
        return Measurement(
            figure: figure, value: Double(transactionsPerBlock) / executing.median, meter: meter)
    }
}
