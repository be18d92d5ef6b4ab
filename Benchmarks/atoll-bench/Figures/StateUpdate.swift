// SPDX-License-Identifier: Apache-2.0
import Glibc
import StateTree
import Vocabulary

/// Changes of existing keys in large trees, in batches as full blocks make them.
enum StateUpdate {
    static let rate = FigureID(
        "state.update", "1/s", "authenticated leaf updates per second per core at 10 M keys",
        bar: .atLeast(150_000))
    static let memory = FigureID(
        "state.memory", "MB", "memory of the state tree for a million keys, at 10 M keys")
    static let benchmark = Benchmark(figures: [rate, memory], measure: measure)

    /// Changes of one batch: a second of a busy chain.
    private static let batchChanges = 10_000
    private static let batches = 10

    /// What is known of a tree of one size.
    private struct Finding {
        let keys: Int
        /// Updates a second on one core.
        let rate: Double
        /// Updates a second of wall time by two workers, each of which needs a core.
        let rateOfTwo: Double
        let bytesPerKey: Double

        var text: String {
            "\(NumberText.of(rate))/s and \(NumberText.of(bytesPerKey)) B a key at \(keys) keys"
        }
    }

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let runs = bench.either(5, quick: 3)
        // At six million most leaves lie in full twigs, where an update makes the most hashes.
        let sizes = bench.either(
            [1_000_000, 6_000_000, 10_000_000], quick: [100_000, 600_000, 1_000_000])
        var found: [Finding] = []
        for size in sizes {
            bench.say("a tree of \(size) keys")
            let new = try await bench.compute { finding(keys: size, runs: runs) }
            bench.say(new.text)
            found.append(new)
        }
        let growth = NumberText.of(found[2].rate / found[0].rate)
        let meter =
            "T4 without T1 to T3: thread CPU, batches of \(batchChanges) random keys, sorting "
            + "included; \(found.map(\.text).joined(separator: ", ")); growth ratio \(growth); "
            + "two workers \(NumberText.of(found[2].rateOfTwo))/s of wall time; median of \(runs)"
        return [
            Measurement(figure: rate, value: found[2].rate, meter: meter),
            Measurement(
                figure: memory, value: found[2].bytesPerKey,
                meter: "leaves and pages, free ones included; \(found[2].keys) keys"),
        ]
    }

    private static func finding(keys: Int, runs: Int) -> Finding {
        var tree = filled(keys)
        var dice = Dice(seed: 7)
        let alone = timed(runs: runs) {
            for _ in 0..<batches { tree.update(batch(of: keys, &dice)) }
        }
        let work = (0..<batches).map { _ in batch(of: keys, &dice) }
        let watch = Stopwatch()
        for batch in work { tree.update(batch, workers: 2, by: onThreads) }
        let updates = Double(batches * batchChanges)
        return Finding(
            keys: keys, rate: updates / alone.median, rateOfTwo: updates / watch.wall,
            bytesPerKey: Double(tree.memoryBytes) / Double(keys))
    }

    private static func filled(_ keys: Int) -> SparseMerkleTree {
        var tree = SparseMerkleTree()
        let step = 250_000
        for start in stride(from: 0, to: keys, by: step) {
            tree.update(
                (start..<min(start + step, keys)).map { change($0, value: $0) }
                    .sorted { $0.key < $1.key })
        }
        return tree
    }

    private static func batch(of keys: Int, _ dice: inout Dice) -> [SparseMerkleTree.Change] {
        var chosen = (0..<batchChanges).map { _ in
            change(dice.below(keys), value: dice.below(keys))
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

// MARK: - Threads

extension StateUpdate {
    /// One piece of an update, handed to a thread.
    private final class Piece {
        let number: Int
        let body: @Sendable (Int) -> Void

        init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.number = number
            self.body = body
        }
    }

    /// Carries out all pieces at once, a thread each, and waits for them.
    private static func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let threads = (0..<count).compactMap { number -> pthread_t? in
            let piece = Unmanaged.passRetained(Piece(number, body))
            var thread = pthread_t()
            let failure = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    let piece = Unmanaged<Piece>.fromOpaque(argument).takeRetainedValue()
                    piece.body(piece.number)
                    return nil
                }, piece.toOpaque())
            guard failure != 0 else { return thread }
            let left = piece.takeRetainedValue()
            left.body(left.number)
            return nil
        }
        for thread in threads { pthread_join(thread, nil) }
    }
}
