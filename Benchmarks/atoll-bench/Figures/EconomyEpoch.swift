// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText
import Ledger
import Vocabulary

/// What an epoch's boundary costs with many behind the validators, and what each of them costs
/// where the state is kept.
enum EconomyEpoch {
    static let pause = FigureID(
        "economy.epoch", "ms",
        "longest execution of a boundary's block, 100 validators, 1 M delegators",
        bar: .atMost(50))
    static let disk = FigureID(
        "economy.bytes.delegation", "B", "bytes of the state's file for a delegator, at 1 M")
    static let benchmark = Benchmark(figures: [pause, disk], measure: measure)

    private static let validators = 100
    private static let perBlock = 10_000

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let delegators = bench.either(1_000_000, quick: 100_000)
        let budget: JSON = [
            "account": .string("\(try EconomyTown.account(of: validators))"), "amount": "900000",
        ]
        let town = try EconomyTown(
            people: validators + 30, validators: validators,
            modules: ["staking": ["budget": budget]])
        let (machine, store) = try await town.open(bench, "economy-state", press: true)
        let emptyDisk = SystemFile.blocks(below: bench.folder)
        var (height, made) = (0, 0)
        while made < delegators {
            height += 1
            let message = StakePress.message(
                first: made, count: perBlock, behind: Array(town.accounts.prefix(validators)))
            // Fees and gifts of many blocks are more than one account has: senders take turns.
            let sender = validators + 1 + height % 20
            let signed = town.sign(
                [message], by: sender, nonce: height / 20 - (height % 20 == 0 ? 1 : 0))
            let result = try machine.execute(town.context(height), [signed])
            guard result.outcomes.allSatisfy({ $0.refusal == nil }) else {
                throw BenchFailure("delegations were refused: \(result.outcomes)")
            }
            made += perBlock
            if machine.isCommitDue { try await machine.commit() }
            if made % 100_000 == 0 { bench.say("\(made) delegators") }
        }
        try await machine.commit()
        let disk = Double(SystemFile.blocks(below: bench.folder) - emptyDisk) / Double(made)
        let times = try await boundaries(bench, town, machine, from: height)
        await store.close()
        return measurements(made, disk, times)
    }

    /// Milliseconds of the blocks of boundaries and of those between, without transactions.
    private static func boundaries(
        _ bench: Bench, _ town: EconomyTown, _ machine: LedgerMachine, from height: Int
    ) async throws -> (cuts: [Double], others: [Double]) {
        var (cuts, others): ([Double], [Double]) = ([], [])
        for number in height + 1...height + bench.either(12, quick: 6) * EconomyTown.epochBlocks {
            let watch = Stopwatch()
            _ = try machine.execute(town.context(number), [])
            let milliseconds = watch.wall * 1_000
            if number % EconomyTown.epochBlocks == 0 {
                cuts.append(milliseconds)
            } else {
                others.append(milliseconds)
            }
            if machine.isCommitDue { try await machine.commit() }
        }
        return (cuts, others)
    }

    private static func measurements(
        _ made: Int, _ bytes: Double, _ times: (cuts: [Double], others: [Double])
    ) -> [Measurement] {
        let meter =
            "wall time of executing the block in which an epoch ends, with its state root, "
            + "\(made) delegators behind \(validators) validators, LMDB below; median of "
            + "\(times.cuts.count) boundaries \(NumberText.of(times.cuts.median)) ms, of other "
            + "blocks without transactions \(NumberText.of(times.others.median)) ms"
        return [
            Measurement(figure: pause, value: times.cuts.max() ?? 0, meter: meter),
            Measurement(
                figure: disk, value: bytes,
                meter: "LMDB's file after a commit, at \(made) delegators: the account's balance, "
                    + "its delegation of 56 bytes under a key of 65, its power to vote, the events "
                    + "of both messages"),
        ]
    }
}
