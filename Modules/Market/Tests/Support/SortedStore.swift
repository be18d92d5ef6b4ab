// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Finished state in memory, its keys kept in order.
final class SortedStore: StateReader {
    private var keys: [[UInt8]] = []
    private var values: [[UInt8]: [UInt8]] = [:]

    func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? { values[[module.value] + key] }

    func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        let full = [module.value] + prefix
        var found: [(key: [UInt8], value: [UInt8])] = []
        var index = place(of: full)
        if let after {
            let start = [module.value] + after
            let next = place(of: start)
            index = max(index, next < keys.count && keys[next] == start ? next + 1 : next)
        }
        while index < keys.count, found.count < limit, keys[index].starts(with: full) {
            found.append((Array(keys[index].dropFirst()), values[keys[index]] ?? []))
            index += 1
        }
        return found
    }

    /// Takes over what a block changed.
    func commit(_ changes: [StateChange]) {
        for change in changes {
            let key = [change.module.value] + change.key
            let index = place(of: key)
            let isKnown = index < keys.count && keys[index] == key
            values[key] = change.after
            if change.after == nil, isKnown { keys.remove(at: index) }
            if change.after != nil, !isKnown { keys.insert(key, at: index) }
        }
    }

    private func place(of key: [UInt8]) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
