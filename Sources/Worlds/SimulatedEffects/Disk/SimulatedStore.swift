// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// An ordered key-value store in memory.
final class SimulatedStore: KeyValueStore, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    private let disk: DiskLife
    private let path: String
    private let bytesMax: UInt64
    private var isClosed = false

    init(_ disk: DiskLife, _ path: String, bytesMax: Int) {
        self.disk = disk
        self.path = path
        self.bytesMax = UInt64(max(bytesMax, 0))
    }

    deinit { if !isClosed { disk.release(path) } }

    func get(_ key: [UInt8]) throws(DiskFailure) -> [UInt8]? {
        try check()
        return disk.node.disk.stores[path]?.current.value(of: key)
    }

    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])] {
        try check()
        guard limit > 0, let image = disk.node.disk.stores[path]?.current else { return [] }
        var start = prefix
        if let after, prefix.lexicographicallyPrecedes(after) { start = after }
        var pairs: [(key: [UInt8], value: [UInt8])] = []
        for pair in image.pairs[image.place(of: start)...] {
            guard pairs.count < limit, pair.key.starts(with: prefix) else { break }
            if pair.key != after { pairs.append(pair) }
        }
        return pairs
    }

    func commit(_ changes: [(key: [UInt8], value: [UInt8]?)]) async throws(DiskFailure) {
        try check()
        guard !changes.isEmpty else { return }
        let invalid: Int32 = 22
        guard changes.allSatisfy({ StorageLimit.isKey($0.key) }) else {
            throw .system(
                path: path, errno: invalid,
                message: "a key has 1 to \(StorageLimit.keyBytesMax) bytes")
        }
        try await disk.write(path) { [self] _ throws(DiskFailure) in try apply(changes) }
    }

    func load(_ pairs: PairList) async throws(DiskFailure) {
        var changes: [(key: [UInt8], value: [UInt8]?)] = []
        var last = disk.node.disk.stores[path]?.current.pairs.last?.key ?? []
        for pair in pairs.pairs {
            guard last.lexicographicallyPrecedes(pair.key) else {
                throw .system(path: path, errno: 22, message: "pairs to load do not ascend")
            }
            last = pair.key
            changes.append((pair.key, .some(pair.value)))
        }
        try await commit(changes)
    }

    func snapshot() throws(DiskFailure) -> any StoreSnapshot {
        try check()
        return SimulatedSnapshot(disk, path, disk.node.disk.stores[path]?.current ?? StoreImage())
    }

    private func apply(_ changes: [(key: [UInt8], value: [UInt8]?)]) throws(DiskFailure) {
        guard let stored = disk.node.disk.stores[path] else { return }
        var last: [[UInt8]: [UInt8]?] = [:]
        for (key, value) in changes { last[key] = .some(value) }
        // Sums, so the order of the dictionary does not matter.
        let adding = last.reduce(0) { sum, change in
            sum + (change.value.map { DiskImage.cost(change.key, $0) } ?? 0)
        }
        let removing = last.keys.reduce(0) { sum, key in
            sum + (stored.current.value(of: key).map { DiskImage.cost(key, $0) } ?? 0)
        }
        guard adding <= removing || stored.current.bytes + adding - removing <= bytesMax else {
            throw .full(path: path)
        }
        try disk.account(adding: adding, removing: removing, path)
        let isLost = disk.isSyncLost()
        for (key, value) in changes {
            disk.core.note(
                .storeCommitted, UInt64(disk.life.node), Trace.hash(key), Trace.hash(value ?? []))
        }
        disk.node.disk.stores[path]?.write(isLost: isLost) { image in
            for (key, value) in changes { image.set(key, value) }
        }
    }

    func close() async {
        guard !isClosed else { return }
        isClosed = true
        disk.release(path)
    }

    private func check() throws(DiskFailure) {
        if disk.life.isOver { throw disk.crashedFailure(path) }
        let badDescriptor: Int32 = 9
        guard !isClosed else {
            throw .system(path: path, errno: badDescriptor, message: "this store has been closed")
        }
    }
}
