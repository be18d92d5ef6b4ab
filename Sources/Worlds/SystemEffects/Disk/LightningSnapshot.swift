// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Effects
import Glibc
import Synchronization
import Vocabulary

/// A read transaction of an LMDB store that outlives one call: what commits replace meanwhile
/// stays in the file.
final class LightningSnapshot: StoreSnapshot {
    private let store: LightningStore
    // One thread at a time uses the transaction, which MDB_NOTLS allows to be any.
    private let transaction: Mutex<LightningStore.Handle?>

    /// Begins to look at the store as it is now.
    init(_ store: LightningStore) throws(DiskFailure) {
        self.store = store
        let environment = try store.begin()
        var begun: OpaquePointer?
        let result = mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &begun)
        guard result == 0, let begun else {
            store.end()
            try LightningStore.check(result, store.path.relative)
            throw .of(ENOMEM, path: store.path.relative)
        }
        transaction = Mutex(LightningStore.Handle(pointer: begun))
    }

    deinit { close() }

    func close() {
        let open = transaction.withLock { transaction in
            defer { transaction = nil }
            return transaction
        }
        guard let open else { return }
        mdb_txn_abort(open.pointer)
        store.end()
    }

    func get(_ key: [UInt8]) async throws(DiskFailure) -> [UInt8]? {
        guard StorageLimit.isKey(key) else { return nil }
        return try await reading { transaction throws(DiskFailure) in
            try key.withMDBValue { wanted throws(DiskFailure) -> [UInt8]? in
                var found = MDB_val()
                let result = mdb_get(transaction, self.store.database, &wanted, &found)
                guard result != MDB_NOTFOUND else { return nil }
                try LightningStore.check(result, self.store.path.relative)
                return [UInt8](found)
            }
        }
    }

    func page(
        prefix: [UInt8], after: [UInt8]?, bytesMax: Int
    ) async throws(DiskFailure) -> PairList {
        try await reading { transaction throws(DiskFailure) in
            var opened: OpaquePointer?
            let path = self.store.path.relative
            try LightningStore.check(
                mdb_cursor_open(transaction, self.store.database, &opened), path)
            defer { mdb_cursor_close(opened) }
            var page = PairList(capacity: min(bytesMax, Self.reservedBytesMax))
            try Self.fill(&page, opened, path, prefix: prefix, after: after, bytesMax: bytesMax)
            return page
        }
    }

    /// Room made at once for a page; larger pages grow.
    private static let reservedBytesMax = 1 << 22

    private static func fill(
        _ page: inout PairList, _ cursor: OpaquePointer?, _ path: String, prefix: [UInt8],
        after: [UInt8]?, bytesMax: Int
    ) throws(DiskFailure) {
        var start = prefix
        if let after, prefix.lexicographicallyPrecedes(after) { start = after }
        var (key, value) = (MDB_val(), MDB_val())
        var result = try start.withMDBValue { (wanted) throws(DiskFailure) -> Int32 in
            key = wanted
            return mdb_cursor_get(cursor, &key, &value, start.isEmpty ? MDB_FIRST : MDB_SET_RANGE)
        }
        var isFirst = true
        while result != MDB_NOTFOUND {
            try LightningStore.check(result, path)
            let found = UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size)
            guard found.starts(with: prefix) else { return }
            // Only where the page begins can the key stand that it comes after.
            let isPassed = isFirst && after.map { found.elementsEqual($0) } ?? false
            isFirst = false
            if !isPassed {
                let bytes = PairList.headerBytes + key.mv_size + value.mv_size
                guard page.isEmpty || page.bytes.count + bytes <= bytesMax else { return }
                page.append(
                    found, UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
            }
            result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
        }
    }

    /// Runs `body` with the transaction on a disk thread.
    private func reading<Value: Sendable>(
        _ body: @escaping @Sendable (OpaquePointer) throws(DiskFailure) -> Value
    ) async throws(DiskFailure) -> Value {
        try await store.pool.run { [self] () throws(DiskFailure) in
            let outcome = transaction.withLock { open -> Result<Value, DiskFailure> in
                guard let open else {
                    return .failure(
                        .system(
                            path: store.path.relative, errno: EBADF,
                            message: "this snapshot has been closed"))
                }
                do throws(DiskFailure) {
                    return .success(try body(open.pointer))
                } catch {
                    return .failure(error)
                }
            }
            return try outcome.get()
        }
    }
}

extension LightningStore {
    func snapshot() throws(DiskFailure) -> any StoreSnapshot { try LightningSnapshot(self) }

    func load(_ pairs: PairList) async throws(DiskFailure) { try await append(pairs, flags: 0) }

    func fill(_ pairs: PairList) async throws(DiskFailure) {
        try await append(pairs, flags: UInt32(MDB_NOSYNC))
    }

    private func append(_ pairs: PairList, flags: UInt32) async throws(DiskFailure) {
        guard !pairs.isEmpty else { return }
        try await pool.run { [self] () throws(DiskFailure) in
            try write(bytes: pairs.bytes.count, flags: flags) { transaction throws(DiskFailure) in
                // One cursor stays at the end, so that nothing is looked for.
                var opened: OpaquePointer?
                try Self.check(mdb_cursor_open(transaction, database, &opened), path.relative)
                defer { mdb_cursor_close(opened) }
                try pairs.forEach { key, value throws(DiskFailure) in
                    var (name, content) = (MDB_val(key), MDB_val(value))
                    let result = mdb_cursor_put(opened, &name, &content, UInt32(MDB_APPEND))
                    guard result != MDB_KEYEXIST else {
                        throw .system(
                            path: self.path.relative, errno: EINVAL,
                            message: "pairs to load do not ascend")
                    }
                    try Self.check(result, self.path.relative)
                }
            }
        }
    }
}
