// SPDX-License-Identifier: Apache-2.0
import Effects

/// The store as executed blocks have changed it: the durable part, what is being committed, and
/// what came since.
///
/// A failed read gives nothing and is remembered; whoever acts on what was read asks
/// ``takeFailure()`` first.
final class LayeredStore {
    private let store: any KeyValueStore
    private var fresh = OrderedOverlay()
    private var committing: OrderedOverlay?
    private var failure: DiskFailure?

    /// About how many bytes wait to be committed.
    private(set) var pendingBytes = 0

    init(_ store: any KeyValueStore) { self.store = store }

    var isCommitting: Bool { committing != nil }

    func value(_ key: [UInt8]) -> [UInt8]? {
        if let changed = fresh[key] { return changed }
        if let changed = committing?[key] { return changed }
        return reading(nil) { () throws(DiskFailure) in try store.get(key) }
    }

    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        fresh.scan(prefix: prefix, after: after, limit: limit) { [self] after, limit in
            guard let committing else {
                return stored(prefix: prefix, after: after, limit: limit)
            }
            return committing.scan(prefix: prefix, after: after, limit: limit) { after, limit in
                self.stored(prefix: prefix, after: after, limit: limit)
            }
        }
    }

    func set(_ key: [UInt8], _ value: [UInt8]?) {
        fresh.set(key, .some(value))
        pendingBytes += key.count + (value?.count ?? 0)
    }

    /// The first failure of a read since this was last asked.
    func takeFailure() -> DiskFailure? {
        defer { failure = nil }
        return failure
    }

    /// Makes everything set so far durable in one commit; reads go on meanwhile.
    ///
    /// - Throws: What the store throws; everything then waits for the next commit.
    nonisolated(nonsending) func commit() async throws(DiskFailure) {
        precondition(committing == nil, "one commit at a time")
        let batch = fresh
        committing = batch
        fresh = OrderedOverlay()
        let bytes = pendingBytes
        pendingBytes = 0
        do {
            try await store.commit(batch.entries())
            committing = nil
        } catch {
            var restored = batch
            restored.merge(fresh)
            fresh = restored
            committing = nil
            pendingBytes += bytes
            throw error
        }
    }

    private func stored(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        reading([]) { () throws(DiskFailure) in
            try store.scan(prefix: prefix, after: after, limit: limit)
        }
    }

    private func reading<Value>(
        _ fallback: Value, _ body: () throws(DiskFailure) -> Value
    ) -> Value {
        do {
            return try body()
        } catch {
            failure = failure ?? error
            return fallback
        }
    }
}
