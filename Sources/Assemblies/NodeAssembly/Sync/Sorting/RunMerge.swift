// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Merges sorted runs of pairs a page at a time. What it holds are the pieces of the runs that it
/// was given last.
///
/// A value: it computes and reads no file. Whoever drives it gives a run more bytes when it asks.
struct RunMerge: Sendable {
    /// Bytes of a run, which lie where they are until the last look at them.
    private final class Piece: Sendable {
        let bytes: [UInt8]
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    /// How far one run has come: numbers alone, so that moving them counts no references.
    private struct Head {
        var offset = 0
        var count = 0
        /// Where the pair ahead ends; beyond `count` when it is not whole.
        var end = Int.max
        /// The first bytes of the key ahead.
        var prefix: UInt64 = 0
        /// Whether the run has no bytes beyond these.
        var isEnding = false
        var isDone = false

        var hasPair: Bool { end <= count }

        /// Looks at the pair ahead.
        mutating func look(in bytes: UnsafeRawBufferPointer) {
            guard let lengths = PairLengths(bytes, at: offset), lengths.end <= bytes.count else {
                end = .max
                return
            }
            end = lengths.end
            prefix = PairSorting.prefix(lengths.key(in: bytes))
        }
    }

    private var pieces: [Piece]
    private var heads: [Head]
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
    init(runs: Int) {
        pieces = (0..<runs).map { _ in Piece([]) }
        heads = Array(repeating: Head(), count: runs)
    }

    /// The first run that has neither a pair ahead nor ended.
    private var hungry: Int? { heads.indices.first { !heads[$0].isDone && !heads[$0].hasPair } }

    /// The bytes of a run that are not used up.
    func rest(of run: Int) -> Int { heads[run].count - heads[run].offset }

    /// Gives a run its next bytes.
    ///
    /// - Parameter isEnd: Whether there are none after these.
    mutating func feed(_ run: Int, _ bytes: [UInt8], isEnd: Bool) {
        let rest = pieces[run].bytes[heads[run].offset...]
        pieces[run] = Piece(rest.isEmpty ? bytes : Array(rest) + bytes)
        heads[run].offset = 0
        heads[run].count = pieces[run].bytes.count
        heads[run].isEnding = isEnd
        look(run)
        guard heads[run].hasPair else {
            if isEnd { heads[run].isDone = true }
            return
        }
        heap.append(run)
        rise(heap.count - 1)
    }

    /// Merges until a page is full, a run is hungry or nothing is left.
    mutating func step(bytesMax: Int) -> Step {
        var page = PairList(capacity: bytesMax)
        if let hungry { return Step(page: page, hungry: hungry, isDone: false) }
        while let run = heap.first {
            take(run, into: &page)
            if heads[run].hasPair {
                sink(0)
            } else {
                removeFirst()
                guard heads[run].isEnding else {
                    return Step(page: page, hungry: run, isDone: false)
                }
                heads[run].isDone = true
            }
            if page.bytes.count >= bytesMax { break }
        }
        return Step(page: page, hungry: nil, isDone: heap.isEmpty)
    }

    // MARK: Runs

    private mutating func look(_ run: Int) {
        pieces[run].bytes.withUnsafeBytes { heads[run].look(in: $0) }
    }

    private mutating func take(_ run: Int, into page: inout PairList) {
        pieces[run].bytes.withUnsafeBytes { bytes in
            let (start, end) = (heads[run].offset, heads[run].end)
            page.append(pair: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            heads[run].offset = end
            heads[run].look(in: bytes)
        }
    }

    // MARK: Heap

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        if heads[left].prefix != heads[right].prefix {
            return heads[left].prefix < heads[right].prefix
        }
        return pieces[left].bytes.withUnsafeBytes { first in
            pieces[right].bytes.withUnsafeBytes { second in
                guard let mine = PairLengths(first, at: heads[left].offset),
                    let yours = PairLengths(second, at: heads[right].offset)
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
            for child in 2 * place + 1..<min(2 * place + 3, max(heap.count, 2 * place + 1)) {
                if isBefore(heap[child], heap[least]) { least = child }
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
