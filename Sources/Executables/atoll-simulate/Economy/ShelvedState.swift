// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Finished state in memory: values by key, and each module's keys in order on shelves.
///
/// A shelf holds at most ``shelfMax`` keys, so that a new one moves few others.
final class ShelvedState: StateReader {
    /// 512 references of 8 bytes are 4 KiB, one page to move.
    static let shelfMax = 512

    private struct Room {
        var values: [[UInt8]: [UInt8]] = [:]
        var shelves: [[[UInt8]]] = []
    }
    private var rooms = [Room](repeating: Room(), count: 256)

    /// How many keys there are.
    var count: Int { rooms.reduce(0) { $0 + $1.values.count } }

    func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        rooms[Int(module.value)].values[key]
    }

    func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        let room = rooms[Int(module.value)]
        var start = prefix
        var skips = false
        if let after, prefix.lexicographicallyPrecedes(after) {
            start = after
            skips = true
        }
        var found: [(key: [UInt8], value: [UInt8])] = []
        var (shelf, place) = Self.place(of: start, in: room.shelves)
        while shelf < room.shelves.count, found.count < limit {
            guard place < room.shelves[shelf].count else {
                (shelf, place) = (shelf + 1, 0)
                continue
            }
            let key = room.shelves[shelf][place]
            place += 1
            if skips, key == start { continue }
            guard key.starts(with: prefix) else { break }
            found.append((key, room.values[key] ?? []))
        }
        return found
    }

    /// Takes over what a block changed.
    func apply(_ block: ExecutionContext) {
        for module in UInt8.min...UInt8.max {
            for change in block.changes(of: ModuleID(module)) {
                set(Int(module), change.key, change.after)
            }
        }
    }

    private func set(_ module: Int, _ key: [UInt8], _ value: [UInt8]?) {
        let isKnown = rooms[module].values[key] != nil
        rooms[module].values[key] = value
        switch (isKnown, value != nil) {
        case (false, true): insert(key, module)
        case (true, false): remove(key, module)
        case (true, true), (false, false): return
        }
    }

    private func insert(_ key: [UInt8], _ module: Int) {
        guard !rooms[module].shelves.isEmpty else {
            rooms[module].shelves = [[key]]
            return
        }
        var (shelf, place) = Self.place(of: key, in: rooms[module].shelves)
        if shelf == rooms[module].shelves.count {
            shelf -= 1
            place = rooms[module].shelves[shelf].count
        }
        rooms[module].shelves[shelf].insert(key, at: place)
        guard rooms[module].shelves[shelf].count > Self.shelfMax else { return }
        let upper = Array(rooms[module].shelves[shelf].suffix(Self.shelfMax / 2))
        rooms[module].shelves[shelf].removeLast(upper.count)
        rooms[module].shelves.insert(upper, at: shelf + 1)
    }

    private func remove(_ key: [UInt8], _ module: Int) {
        let (shelf, place) = Self.place(of: key, in: rooms[module].shelves)
        rooms[module].shelves[shelf].remove(at: place)
        if rooms[module].shelves[shelf].isEmpty { rooms[module].shelves.remove(at: shelf) }
    }

    /// Where the first key that does not come before `key` lies; past the last shelf when none.
    private static func place(of key: [UInt8], in shelves: [[[UInt8]]]) -> (Int, Int) {
        let shelf = first(in: shelves) { last in
            last.last.map { $0.lexicographicallyPrecedes(key) } ?? true
        }
        guard shelf < shelves.count else { return (shelf, 0) }
        return (shelf, first(in: shelves[shelf]) { $0.lexicographicallyPrecedes(key) })
    }

    /// The first place whose element is not before what is looked for.
    private static func first<Element>(
        in list: [Element], isBefore: (Element) -> Bool
    ) -> Int {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(list[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
