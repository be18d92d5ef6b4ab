// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// The store as executed blocks have changed it: the durable part, what is being committed, what
/// came since, and in memory what short values were used last (STATE-13, STATE-16).
///
/// Newer layers hide older ones, so that what a read found may lie beside what a block changed. A
/// line of the cache says what the newest layer that knows its key says. A failed read gives
/// nothing and is remembered; whoever acts on what was read asks ``takeFailure()`` first.
final class LayeredStore: @unchecked Sendable {
    // One owner writes; while nobody does, workers read by ``peek(_:_:)``.
    private let store: any KeyValueStore
    private var fresh = OrderedOverlay()
    private var committing: OrderedOverlay?
    // What the last commit emptied, with its memory, for the next one.
    private var spare: OrderedOverlay?
    private let lines: LineCache
    private let failure = Mutex<DiskFailure?>(nil)

    /// - Parameter cacheBytesMax: The most bytes of short values that are kept for reading.
    init(_ store: any KeyValueStore, cacheBytesMax: Int) {
        self.store = store
        lines = LineCache(bytesMax: cacheBytesMax)
    }

    var isCommitting: Bool { committing != nil }

    /// About how many bytes the layer that waits to be committed takes.
    var pendingBytes: Int { fresh.table.bytes }

    // MARK: Reading

    func value(_ key: [UInt8]) -> [UInt8]? {
        if let known = known(key, { $0.map(Array.init) }) { return known }
        let read = reading(nil) { () throws(DiskFailure) in try store.get(key) }
        if !hasFailed { keep(key, read) }
        return read
    }

    /// Lends the value of a key, without keeping what was read: for several threads at once.
    func peek<Result>(_ key: [UInt8], _ body: (UnsafeRawBufferPointer?) -> Result) -> Result {
        if let known = known(key, body) { return known }
        let read = reading(nil) { () throws(DiskFailure) in try store.get(key) }
        guard let read else { return body(nil) }
        return read.withUnsafeBytes { body($0) }
    }

    /// Asks the memory for what it knows of a key that is looked up soon.
    func fetch(_ key: [UInt8]) {
        guard LineCache.takes(key.count) else { return }
        key.withUnsafeBytes { lines.fetch($0) }
    }

    /// Lends what memory knows of a key; nothing when that is nothing.
    private func known<Result>(
        _ key: [UInt8], _ body: (UnsafeRawBufferPointer?) -> Result
    ) -> Result? {
        key.withUnsafeBytes { key in
            if LineCache.takes(key.count), let known = lines.withValue(of: key, body) {
                return known
            }
            if let known = fresh.withKnown(key, body) { return known }
            return committing?.withKnown(key, body) ?? nil
        }
    }

    /// Keeps what the store says of a key, where a line may hold it or else in the newest layer.
    private func keep(_ key: [UInt8], _ value: [UInt8]?) {
        guard LineCache.takes(key.count), (value?.count ?? 0) <= LineCache.valueBytesMax else {
            return fresh.keep(key, value)
        }
        key.withUnsafeBytes { key in
            guard let value else { return lines.put(key, nil) }
            value.withUnsafeBytes { lines.put(key, $0) }
        }
    }

    func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [OrderedOverlay.Pair] {
        fresh.scan(prefix: prefix, after: after, limit: limit) { [self] after, limit in
            guard let committing else {
                return stored(prefix: prefix, after: after, limit: limit)
            }
            return committing.scan(prefix: prefix, after: after, limit: limit) { after, limit in
                self.stored(prefix: prefix, after: after, limit: limit)
            }
        }
    }

    /// Pairs of the durable part alone.
    func stored(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [OrderedOverlay.Pair] {
        reading([]) { () throws(DiskFailure) in
            try store.scan(prefix: prefix, after: after, limit: limit)
        }
    }

    /// The first failure of a read since this was last asked.
    func takeFailure() -> DiskFailure? {
        failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
    }

    private var hasFailed: Bool { failure.withLock { $0 != nil } }

    private func reading<Value>(
        _ fallback: Value, _ body: () throws(DiskFailure) -> Value
    ) -> Value {
        do {
            return try body()
        } catch {
            failure.withLock { $0 = $0 ?? error }
            return fallback
        }
    }

    // MARK: Writing

    func set(_ key: [UInt8], _ value: [UInt8]?) {
        key.withUnsafeBytes { key in
            guard let value else { return set(key, nil) }
            value.withUnsafeBytes { set(key, $0) }
        }
    }

    func set(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        fresh.set(key, value)
        if LineCache.takes(key.count) { lines.put(key, value) }
    }

    /// Records a block's changes, as ``set(_:_:)`` does one.
    func set(_ delta: StateDelta) {
        for index in delta.items.indices {
            if index + Self.changesAhead < delta.items.count {
                delta.withAfter(at: index + Self.changesAhead) { key, _ in
                    if LineCache.takes(key.count) { lines.fetch(key) }
                }
            }
            delta.withAfter(at: index) { set($0, $1) }
        }
    }

    /// Changes whose lines are asked for before they are written: enough to wait for one memory
    /// access while others are under way, few enough for the nearest cache.
    private static let changesAhead = 12

    /// Makes everything set so far durable in one commit; reads go on meanwhile.
    ///
    /// - Parameters:
    ///   - workers: Who puts the changes in order, or nothing to do it here.
    ///   - more: Further changes for the same commit, in order of their keys after all others.
    /// - Throws: What the store throws; everything then waits for the next commit.
    nonisolated(nonsending) func commit(
        _ workers: (any Workers)?, with more: @escaping @Sendable () -> [OrderedOverlay.Change]
    ) async throws(DiskFailure) {
        precondition(committing == nil, "one commit at a time")
        let batch = fresh
        committing = batch
        fresh = spare ?? OrderedOverlay()
        spare = nil
        let made: @Sendable () -> OverlayChanges = {
            OverlayChanges(batch.table, order: batch.order(), later: ChangeArray(more()))
        }
        let changes = await workers?.run(made) ?? made()
        do {
            try await store.commit(changes)
            committing = nil
            batch.removeAll()
            spare = batch
        } catch {
            batch.merge(fresh)
            fresh = batch
            committing = nil
            throw error
        }
    }
}
