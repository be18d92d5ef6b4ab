// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// An ordered store in memory that keeps what was committed and fails when it is told to.
final class MemoryStore: KeyValueStore {
    private struct Contents {
        var values: [[UInt8]: [UInt8]] = [:]
        var commits = 0
        var readFailure: DiskFailure?
        var commitFailure: DiskFailure?
    }

    private let contents = Mutex(Contents())

    var commits: Int { contents.withLock { $0.commits } }
    var count: Int { contents.withLock { $0.values.count } }

    func failReads(_ failure: DiskFailure?) { contents.withLock { $0.readFailure = failure } }
    func failCommits(_ failure: DiskFailure?) { contents.withLock { $0.commitFailure = failure } }

    /// Changes one stored byte, as a damaged disk would.
    func damage(_ prefix: [UInt8]) {
        contents.withLock { contents in
            let found = contents.values.keys.filter { $0.starts(with: prefix) }
                .min { $0.lexicographicallyPrecedes($1) }
            guard let found, let value = contents.values[found], let last = value.last else {
                return
            }
            contents.values[found] = value.dropLast() + [last ^ 1]
        }
    }

    func get(_ key: [UInt8]) throws(DiskFailure) -> [UInt8]? {
        let (value, failure) = contents.withLock { ($0.values[key], $0.readFailure) }
        if let failure { throw failure }
        return value
    }

    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])] {
        let (values, failure) = contents.withLock { ($0.values, $0.readFailure) }
        if let failure { throw failure }
        let keys = values.keys
            .filter { key in
                key.starts(with: prefix)
                    && (after.map { $0.lexicographicallyPrecedes(key) } ?? true)
            }
            .sorted { $0.lexicographicallyPrecedes($1) }
        return keys.prefix(limit).map { ($0, values[$0] ?? []) }
    }

    func commit(_ changes: [(key: [UInt8], value: [UInt8]?)]) async throws(DiskFailure) {
        let failure = contents.withLock { contents -> DiskFailure? in
            if let failure = contents.commitFailure { return failure }
            for change in changes { contents.values[change.key] = change.value }
            contents.commits += 1
            return nil
        }
        if let failure { throw failure }
    }

    func close() async {}
}
