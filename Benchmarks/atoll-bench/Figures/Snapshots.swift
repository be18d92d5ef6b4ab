// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Vocabulary
import VolumeSnapshots

/// Snapshots of a folder beside restic's, the same files in the same minute.
enum Snapshots {
    static let make = FigureID(
        "snapshot.make", "MB/s", "a folder read, cut, sealed and stored for the first time")
    static let again = FigureID(
        "snapshot.again", "ms", "the same folder when nothing in it has changed")
    static let restore = FigureID(
        "snapshot.restore", "MB/s", "all of it checked and put back")

    static let benchmark = Benchmark(figures: [make, again, restore], measure: measure)

    private static let restic = ".deps/peers/usr/bin/restic"

    /// Seconds of one round.
    private struct Round {
        var make = 0.0
        var again = 0.0
        var restore = 0.0
    }

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let megabytes = bench.either(512, quick: 128)
        let rounds = bench.either(3, quick: 2)
        let tree = "\(bench.folder)/tree"
        try plant(tree, megabytes: megabytes)
        let hasPeer = access(restic, X_OK) == 0
        var own: [Round] = []
        var peer: [Round] = []
        for number in 0..<rounds {
            own.append(try await round(tree, "\(bench.folder)/own-\(number)"))
            guard hasPeer else { continue }
            peer.append(try peerRound(tree, "\(bench.folder)/restic-\(number)"))
        }
        let meter =
            "\(megabytes) MiB of random files, one of three quarters; wall clock, median of "
            + "\(rounds) rounds in turns, durable, less what an empty folder takes; restic without "
            + "compression"
        func measured(_ figure: FigureID, _ value: ([Round]) -> Double) -> Measurement {
            Measurement(
                figure: figure, value: value(own),
                peers: hasPeer ? [Measurement.Peer(name: "restic", value: value(peer))] : [],
                meter: meter)
        }
        let size = Double(megabytes) * 1.048_576
        return [
            measured(make) { size / $0.map(\.make).median },
            Measurement(
                figure: again, value: own.map(\.again).median * 1_000,
                meter: meter + "; restic's lies within what it takes to start"),
            measured(restore) { size / $0.map(\.restore).median },
        ]
    }

    /// One large file, and small ones of 100 kB in folders of a hundred.
    private static func plant(_ folder: String, megabytes: Int) throws {
        var dice = Dice(seed: 9)
        mkdir(folder, 0o700)
        try write("\(folder)/large", megabytes * 3 / 4 << 20, &dice)
        for index in 0..<(megabytes << 20) / 4 / 100_000 {
            let inner = "\(folder)/d\(index / 100)"
            mkdir(inner, 0o700)
            try write("\(inner)/f\(index)", 100_000, &dice)
        }
    }

    private static func write(_ path: String, _ count: Int, _ dice: inout Dice) throws {
        let file = open(path, O_WRONLY | O_CREAT, 0o600)
        guard file >= 0 else { throw BenchFailure("\(path) cannot be written") }
        defer { close(file) }
        var rest = count
        while rest > 0 {
            let piece = bytes(min(rest, 1 << 20), &dice)
            guard Glibc.write(file, piece, piece.count) == piece.count else {
                throw BenchFailure("\(path) cannot be written")
            }
            rest -= piece.count
        }
    }

    private static func bytes(_ count: Int, _ dice: inout Dice) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                var word = dice.next()
                for _ in 0..<min(8, count - filled) {
                    buffer[filled] = UInt8(truncatingIfNeeded: word)
                    word >>= 8
                    filled += 1
                }
            }
        }
    }

    // MARK: - Ours

    private static func round(_ tree: String, _ place: String) async throws -> Round {
        mkdir(place, 0o700)
        guard let key = SnapshotKey([UInt8](repeating: 7, count: SnapshotKey.count)) else {
            throw BenchFailure("no key")
        }
        let store = try FolderChunkStore(opening: "\(place)/store")
        // Long after all files, so that none counts as just changed.
        let moment = Timestamp(4_000_000_000_000)
        var round = Round()
        var watch = Stopwatch()
        let first = try await SnapshotMaker.make(of: tree, into: store, key: key, at: moment)
        try await store.keep(first.id)
        round.make = watch.wall
        watch = Stopwatch()
        let second = try await SnapshotMaker.make(
            of: tree, into: store, key: key, after: (first.record, store), at: moment)
        round.again = watch.wall
        guard second.bytesRead == 0 else { throw BenchFailure("files were read again") }
        watch = Stopwatch()
        _ = try await SnapshotRestorer.restore(
            first.record, from: store, key: key, into: "\(place)/back")
        round.restore = watch.wall
        return round
    }

    // MARK: - restic

    private static func peerRound(_ tree: String, _ place: String) throws -> Round {
        mkdir(place, 0o700)
        mkdir("\(place)/empty", 0o700)
        func run(_ words: [String]) throws -> Double {
            let watch = Stopwatch()
            _ = try ChildProgram.run(
                "/usr/bin/env",
                [
                    "RESTIC_PASSWORD=bench", "RESTIC_CACHE_DIR=\(place)/cache", restic, "-q",
                    "--compression", "off", "-r", "\(place)/store",
                ] + words)
            return watch.wall
        }
        _ = try run(["init"])
        let nothing = try run(["backup", "\(place)/empty"])
        var round = Round()
        round.make = max(0.001, try run(["backup", tree]) - nothing)
        let restored = try run(["restore", "latest", "--path", tree, "--target", "\(place)/back"])
        round.restore = max(0.001, restored - nothing)
        return round
    }
}
