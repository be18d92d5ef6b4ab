// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// The store as executed blocks have changed it: the durable part, what is being committed, what
/// came since, and in memory what was used last (STATE-13).
///
/// Newer layers hide older ones, so that a layer may stay after its commit, and what a read found
/// may lie beside what a block changed. A failed read gives nothing and is remembered; whoever acts
/// on what was read asks ``takeFailure()`` first.
final class LayeredStore: @unchecked Sendable {
    // One owner writes; while nobody does, workers read by ``peek(_:_:)``.
    private let store: any KeyValueStore
    private var fresh = OrderedOverlay()
    private var committing: OrderedOverlay?
    private var settled: [OrderedOverlay] = []
    // All of them, the newest first.
    private var layers: [OrderedOverlay]
    private let failure = Mutex<DiskFailure?>(nil)
    private let settledBytesMax: Int

    /// - Parameter settledBytesMax: The most bytes of committed layers that are kept for reading.
    init(_ store: any KeyValueStore, settledBytesMax: Int) {
        self.store = store
        layers = [fresh]
        self.settledBytesMax = settledBytesMax
    }

    var isCommitting: Bool { committing != nil }

    /// About how many bytes the layer that waits to be committed takes.
    var pendingBytes: Int { fresh.table.bytes }

    // MARK: Reading

    func value(_ key: [UInt8]) -> [UInt8]? {
        if let known = known(key) { return known }
        let read = reading(nil) { () throws(DiskFailure) in try store.get(key) }
        if !hasFailed { fresh.keep(key, read) }
        return read
    }

    private func known(_ key: [UInt8]) -> [UInt8]?? {
        for layer in layers {
            if let known = layer[key] { return known }
        }
        return nil
    }

    /// Lends the value of a key, without keeping what was read: for several threads at once.
    func peek<Result>(_ key: [UInt8], _ body: (UnsafeRawBufferPointer?) -> Result) -> Result {
        for layer in layers {
            guard let index = key.withUnsafeBytes({ layer.table.find($0) }) else { continue }
            switch layer.table.content(at: index) {
            case .forgotten: continue
            case .removed: return body(nil)
            case .value: return layer.table.withValue(at: index) { body($0) }
            }
        }
        let read = reading(nil) { () throws(DiskFailure) in try store.get(key) }
        guard let read else { return body(nil) }
        return read.withUnsafeBytes { body($0) }
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

    func set(_ key: [UInt8], _ value: [UInt8]?) { fresh.set(key, .some(value)) }

    func set(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        fresh.set(key, value)
    }

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
        fresh = OrderedOverlay()
        order()
        let made: @Sendable () -> Prepared = { Prepared(changes: batch.changes() + more()) }
        let prepared = await workers?.run(made) ?? made()
        do {
            try await store.commit(prepared.changes)
            settle(batch)
        } catch {
            batch.merge(fresh)
            fresh = batch
            committing = nil
            order()
            throw error
        }
    }

    private struct Prepared: Sendable {
        let changes: [OrderedOverlay.Change]
    }

    private func settle(_ layer: OrderedOverlay) {
        committing = nil
        settled.insert(layer, at: 0)
        var bytes = 0
        let kept = settled.prefix { layer in
            bytes += layer.table.bytes
            return bytes <= settledBytesMax
        }
        settled = Array(kept.prefix(Self.settledMax))
        order()
    }

    private func order() { layers = [fresh] + (committing.map { [$0] } ?? []) + settled }

    /// The most committed layers a read looks through: each costs a look into memory.
    private static let settledMax = 4
}
