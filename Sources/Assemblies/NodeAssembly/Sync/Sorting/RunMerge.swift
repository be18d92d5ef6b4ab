// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Merges sorted runs of pairs a page at a time. What it holds are the pieces of the runs that it
/// was given last.
///
/// A value: it computes and reads no file. Whoever drives it gives a run more bytes when it asks.
struct RunMerge: Sendable {
    /// How far one run has come.
    private struct Cursor {
        var bytes: [UInt8] = []
        var offset = 0
        /// The first bytes of the key that comes next.
        var prefix: UInt64 = 0
        /// Whether the run has no bytes beyond these.
        var isEnding = false
        var isDone = false
    }

    private var cursors: [Cursor]
    /// Runs with a pair ahead, the one with the lowest key first: a heap.
    private var heap: [Int] = []

    /// What a step gave.
    struct Step: Sendable {
        /// Pairs in ascending key order.
        let page: PairList
        /// A run that needs more bytes before the merge can go on.
        let hungry: Int?
        /// Whether all runs are through.
        let isDone: Bool
    }

    /// Begins a merge; each run is hungry at first.
    init(runs: Int) { cursors = Array(repeating: Cursor(), count: runs) }

    /// The first run that has neither a pair ahead nor ended.
    private var hungry: Int? {
        cursors.indices.first { !cursors[$0].isDone && !hasPair($0) }
    }

    /// The bytes of a run that are not used up.
    func rest(of run: Int) -> Int { cursors[run].bytes.count - cursors[run].offset }

    /// Gives a run its next bytes.
    ///
    /// - Parameter isEnd: Whether there are none after these.
    mutating func feed(_ run: Int, _ bytes: [UInt8], isEnd: Bool) {
        let rest = cursors[run].bytes[cursors[run].offset...]
        cursors[run].bytes = rest.isEmpty ? bytes : Array(rest) + bytes
        cursors[run].offset = 0
        cursors[run].isEnding = isEnd
        settle(run)
    }

    /// Merges until a page is full, a run is hungry or nothing is left.
    mutating func step(bytesMax: Int) -> Step {
        var page = PairList(capacity: bytesMax)
        if let hungry { return Step(page: page, hungry: hungry, isDone: false) }
        while let run = heap.first {
            let size = take(run, into: &page)
            guard size > 0 else { break }
            if !hasPair(run), !cursors[run].isEnding {
                removeFirst()
                return Step(page: page, hungry: run, isDone: false)
            }
            if hasPair(run) { readPrefix(run) } else { cursors[run].isDone = true }
            if cursors[run].isDone { removeFirst() } else { sink(0) }
            if page.bytes.count >= bytesMax { break }
        }
        return Step(page: page, hungry: nil, isDone: heap.isEmpty)
    }

    // MARK: Runs

    private func hasPair(_ run: Int) -> Bool {
        cursors[run].bytes.withUnsafeBytes { raw in
            PairLengths(raw, at: cursors[run].offset).map { $0.end <= raw.count } ?? false
        }
    }

    /// Puts a run in its place after it was fed.
    private mutating func settle(_ run: Int) {
        guard hasPair(run) else {
            if cursors[run].isEnding { cursors[run].isDone = true }
            return
        }
        readPrefix(run)
        heap.append(run)
        rise(heap.count - 1)
    }

    private mutating func readPrefix(_ run: Int) {
        let cursor = cursors[run]
        cursors[run].prefix = cursor.bytes.withUnsafeBytes { raw in
            PairLengths(raw, at: cursor.offset).map { PairSorting.prefix($0.key(in: raw)) } ?? 0
        }
    }

    private mutating func take(_ run: Int, into page: inout PairList) -> Int {
        let offset = cursors[run].offset
        let size = cursors[run].bytes.withUnsafeBytes { raw -> Int in
            guard let lengths = PairLengths(raw, at: offset) else { return 0 }
            page.append(pair: UnsafeRawBufferPointer(rebasing: raw[offset..<lengths.end]))
            return lengths.end - offset
        }
        cursors[run].offset += size
        return size
    }

    // MARK: Heap

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (one, other) = (cursors[left], cursors[right])
        if one.prefix != other.prefix { return one.prefix < other.prefix }
        return one.bytes.withUnsafeBytes { first in
            other.bytes.withUnsafeBytes { second in
                guard let mine = PairLengths(first, at: one.offset),
                    let yours = PairLengths(second, at: other.offset)
                else { return false }
                return mine.key(in: first).lexicographicallyPrecedes(yours.key(in: second))
            }
        }
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        sink(0)
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0, isBefore(heap[place], heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
                if isBefore(heap[child], heap[least]) { least = child }
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
