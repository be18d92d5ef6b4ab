// SPDX-License-Identifier: Apache-2.0

/// How often each word was met: a hash table over one run of bytes.
struct WordTable {
    private struct Entry {
        let hash: UInt32
        let start: Int
        let length: Int
        var times: UInt64
    }

    /// All words, one after the other.
    private var letters: [UInt8] = []
    private var entries: [Entry] = []
    /// Places in `entries`, or -1; a power of two of them, at most half in use.
    private var slots = [Int](repeating: -1, count: 1_024)

    /// The number of different words.
    var count: Int { entries.count }

    /// Counts one word once more.
    mutating func count(_ word: ArraySlice<UInt8>) {
        let hash = Self.hash(word)
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let entry = slots[slot]
            if entries[entry].hash == hash, isSame(entries[entry], word) {
                entries[entry].times += 1
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = entries.count
        entries.append(Entry(hash: hash, start: letters.count, length: word.count, times: 1))
        letters.append(contentsOf: word)
        if entries.count * 2 > slots.count { grow() }
    }

    /// The words met most often, most often first; of equals, the first in the order of bytes.
    func mostFrequent(_ number: Int) -> [(word: [UInt8], times: UInt64)] {
        var best: [Entry] = []
        for entry in entries {
            guard best.count < number || isBefore(entry, best[best.count - 1]) else { continue }
            if best.count == number { best.removeLast() }
            var place = best.count
            while place > 0, isBefore(entry, best[place - 1]) { place -= 1 }
            best.insert(entry, at: place)
        }
        return best.map { (Array(letters[$0.start..<$0.start + $0.length]), $0.times) }
    }

    private mutating func grow() {
        slots = [Int](repeating: -1, count: slots.count * 2)
        for (index, entry) in entries.enumerated() {
            var slot = Int(entry.hash) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = index
        }
    }

    private func isSame(_ entry: Entry, _ word: ArraySlice<UInt8>) -> Bool {
        guard entry.length == word.count else { return false }
        for offset in 0..<entry.length
        where letters[entry.start + offset] != word[word.startIndex + offset] {
            return false
        }
        return true
    }

    private func isBefore(_ left: Entry, _ right: Entry) -> Bool {
        if left.times != right.times { return left.times > right.times }
        for offset in 0..<min(left.length, right.length) {
            let one = letters[left.start + offset]
            let other = letters[right.start + offset]
            if one != other { return one < other }
        }
        return left.length < right.length
    }

    /// FNV-1a in 31 bits, so that it is a place on every platform.
    private static func hash(_ word: ArraySlice<UInt8>) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in word { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash & 0x7fff_ffff
    }
}
