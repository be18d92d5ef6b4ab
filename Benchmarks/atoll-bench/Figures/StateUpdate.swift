// SPDX-License-Identifier: Apache-2.0
import StateTree
import Vocabulary

/// Changes of existing keys in large trees, in batches as blocks make them.
enum StateUpdate {
    static let figure = FigureID(
        "state.update", "1/s", "authenticated leaf updates per second per core at 10 M keys",
        bar: .atLeast(150_000))
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    /// Changes of one batch: a block of some hundred transfers.
    private static let batchChanges = 1_000
    private static let batches = 100

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let runs = bench.either(5, quick: 3)
        let sizes = bench.either([1_000_000, 10_000_000], quick: [100_000, 1_000_000])
        var rates: [Double] = []
        for size in sizes {
            bench.say("a tree of \(size) keys")
            rates.append(try await bench.compute { rate(keys: size, runs: runs) })
            bench.say("\(NumberText.of(rates[rates.count - 1])) updates per second")
        }
        let meter =
            "thread CPU, \(sizes[1]) keys, batches of \(batchChanges) random keys, sorting "
            + "included; at \(sizes[0]) keys \(NumberText.of(rates[0])), growth ratio "
            + "\(NumberText.of(rates[1] / rates[0])); median of \(runs)"
        return [Measurement(figure: figure, value: rates[1], meter: meter)]
    }

    private static func rate(keys: Int, runs: Int) -> Double {
        var tree = filled(keys)
        var dice = Dice(seed: 7)
        let seconds = timed(runs: runs) {
            for _ in 0..<batches { tree.update(batch(of: keys, &dice)) }
        }
        return Double(batches * batchChanges) / seconds.median
    }

    private static func filled(_ keys: Int) -> SparseMerkleTree {
        var tree = SparseMerkleTree()
        let step = 1_000_000
        for start in stride(from: 0, to: keys, by: step) {
            tree.update(
                (start..<min(start + step, keys)).map { change($0, value: $0) }
                    .sorted { $0.key < $1.key })
        }
        return tree
    }

    private static func batch(of keys: Int, _ dice: inout Dice) -> [SparseMerkleTree.Change] {
        var chosen = (0..<batchChanges).map { _ in change(dice.below(keys), value: dice.below(keys))
        }
        chosen.sort { $0.key < $1.key }
        return chosen.enumerated().filter { index, change in
            index == 0 || chosen[index - 1].key != change.key
        }.map(\.element)
    }

    private static func change(_ key: Int, value: Int) -> SparseMerkleTree.Change {
        SparseMerkleTree.Change(
            key: Digest(Dice.bytes32(key)), valueHash: Digest(Dice.bytes32(value)))
    }
}
