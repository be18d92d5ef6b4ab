// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// Sorted runs of pairs as files of one folder, and their merge in bounded memory.
struct RunFolder: Sendable {
    /// The bytes of pairs that are sorted in memory for one run: 16 MiB.
    static let runBytes = 16 << 20
    /// The bytes of all runs that are in memory while they are merged: 64 MiB.
    static let piecesBytes = 64 << 20
    /// The least bytes of a run read at a time: 1,024 runs of 16 MiB take 128 MiB.
    static let pieceBytesMin = 128 << 10
    /// The most.
    static let pieceBytesMax = 4 << 20
    /// The bytes of a page that the merge gives.
    static let pageBytes = 8 << 20

    let effects: Effects
    let folder: String

    private static let stem = "run-"

    func path(_ number: Int) -> String { "\(folder)/\(Self.stem)\(number)" }

    /// The numbers of the runs that are there.
    func numbers() async throws(DiskFailure) -> [Int] {
        try await effects.disk.list(folder).filter { $0.hasPrefix(Self.stem) }
            .compactMap { Int($0.dropFirst(Self.stem.count)) }.sorted()
    }

    /// Sorts pairs on a worker and writes them as a run, which appears whole or not at all.
    func write(_ lists: [PairList], as number: Int) async throws(DiskFailure) {
        let sorted = await effects.workers.run { PairSorting.sorted(lists) }
        let writer = try await effects.disk.create(path(number))
        do throws(DiskFailure) {
            try await writer.append(sorted.bytes)
            try await writer.finish()
        } catch {
            await writer.discard()
            throw error
        }
    }

    /// Gives the pairs of all runs in ascending key order.
    ///
    /// - Parameter take: Gets the pages in order.
    func merge<Failure: Error>(
        _ numbers: [Int], failing: (DiskFailure) -> Failure,
        _ take: (PairList) async throws(Failure) -> Void
    ) async throws(Failure) {
        var readers: [any FileReader] = []
        do throws(DiskFailure) {
            for number in numbers { readers.append(try await effects.disk.open(path(number))) }
        } catch {
            for reader in readers { await reader.close() }
            throw failing(error)
        }
        do throws(Failure) {
            try await merge(readers, failing, take)
        } catch {
            for reader in readers { await reader.close() }
            throw error
        }
        for reader in readers { await reader.close() }
    }

    private func merge<Failure: Error>(
        _ readers: [any FileReader], _ failing: (DiskFailure) -> Failure,
        _ take: (PairList) async throws(Failure) -> Void
    ) async throws(Failure) {
        var merge = RunMerge(runs: readers.count)
        let pieceBytes = min(
            max(Self.piecesBytes / max(readers.count, 1), Self.pieceBytesMin), Self.pieceBytesMax)
        var offsets = [UInt64](repeating: 0, count: readers.count)
        while true {
            let before = merge
            let (after, step) = await effects.workers.run {
                var merge = before
                let step = merge.step(bytesMax: Self.pageBytes)
                return (merge, step)
            }
            merge = after
            if !step.page.isEmpty { try await take(step.page) }
            if let run = step.hungry {
                do throws(DiskFailure) {
                    let piece = try await readers[run].read(
                        at: offsets[run], count: pieceBytes)
                    offsets[run] += UInt64(piece.count)
                    let isEnd = piece.count < pieceBytes
                    merge.feed(run, piece, isEnd: isEnd)
                } catch {
                    throw failing(error)
                }
            } else if step.isDone {
                guard readers.indices.allSatisfy({ merge.rest(of: $0) == 0 }) else {
                    throw failing(.damaged(path: folder, reason: "a run ends within a pair"))
                }
                return
            }
        }
    }
}
