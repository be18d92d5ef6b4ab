// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Effects
import Glibc
import Synchronization

/// An ordered key-value store on LMDB: one file of copy-on-write pages mapped into memory.
///
/// Reads run on any thread against the last commit and never wait for a writer. A commit syncs
/// its pages before the page that makes them current, so a crash leaves the last commit or the
/// one before it, whole (EFFECTS-17).
final class LightningStore: KeyValueStore {
    /// An LMDB handle. LMDB's own locks make these safe to pass between threads: environments
    /// always, read transactions because of MDB_NOTLS as long as one thread uses each at a time.
    struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private struct State {
        var environment: Handle?
        /// Read transactions at rest, to be renewed instead of made.
        var resting: [Handle] = []
        /// Calls that use the environment now.
        var users = 0
        var isClosing = false
    }

    let path: DiskPath
    let pool: ThreadPool
    let database: MDB_dbi
    private let state: Mutex<State>
    private let lock: Mutex<FolderLock?>

    /// LMDB works in pages of this size here; the map is a whole number of them.
    private static let pageBytes = 4096
    /// The smallest map: LMDB's own pages and a few of data.
    private static let mapBytesMin = 65_536
    /// Read transactions kept for reuse; more than the threads that usually read at once.
    private static let restingMax = 16
    /// MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD.
    private static let flags: UInt32 = 0x4000 | 0x20_0000 | 0x80_0000

    /// Opens or makes a store in a folder. Blocks; belongs on a disk thread.
    init(_ path: DiskPath, bytesMax: Int, pool: ThreadPool) throws(DiskFailure) {
        self.path = path
        self.pool = pool
        try Folder.make(path.absolute, path: path.relative)
        lock = Mutex(try FolderLock(path))
        try LightningInspection.check(path.appending("data"), naming: path.relative)
        let environment = try Self.openEnvironment(path, bytesMax: bytesMax)
        do throws(DiskFailure) {
            database = try Self.openDatabase(environment, path.relative)
        } catch {
            mdb_env_close(environment)
            throw error
        }
        state = Mutex(State(environment: Handle(pointer: environment)))
    }

    deinit {
        state.withLock { state in
            for transaction in state.resting { mdb_txn_abort(transaction.pointer) }
            if let environment = state.environment { mdb_env_close(environment.pointer) }
        }
    }

    private static func openEnvironment(
        _ path: DiskPath, bytesMax: Int
    ) throws(DiskFailure) -> OpaquePointer {
        var made: OpaquePointer?
        try check(mdb_env_create(&made), path.relative)
        guard let environment = made else { throw .of(ENOMEM, path: path.relative) }
        let pages = (max(bytesMax, mapBytesMin) + pageBytes - 1) / pageBytes
        do throws(DiskFailure) {
            try check(mdb_env_set_mapsize(environment, pages * pageBytes), path.relative)
            let file = path.appending("data").absolute
            try check(mdb_env_open(environment, file, flags, OpenFile.fileMode), path.relative)
        } catch {
            mdb_env_close(environment)
            throw error
        }
        return environment
    }

    private static func openDatabase(
        _ environment: OpaquePointer, _ path: String
    ) throws(DiskFailure) -> MDB_dbi {
        var transaction: OpaquePointer?
        try check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction), path)
        var database: MDB_dbi = 0
        let result = mdb_dbi_open(transaction, nil, 0, &database)
        // The unnamed database always exists, and its handle outlives the transaction.
        mdb_txn_commit(transaction)
        try check(result, path)
        return database
    }

    // MARK: Reading

    func get(_ key: [UInt8]) throws(DiskFailure) -> [UInt8]? {
        guard StorageLimit.isKey(key) else { return nil }
        return try withReader { transaction throws(DiskFailure) in
            try key.withMDBValue { wanted throws(DiskFailure) -> [UInt8]? in
                var found = MDB_val()
                let result = mdb_get(transaction, self.database, &wanted, &found)
                guard result != MDB_NOTFOUND else { return nil }
                try Self.check(result, self.path.relative)
                return [UInt8](found)
            }
        }
    }

    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])] {
        guard limit > 0 else { return [] }
        return try withReader { transaction throws(DiskFailure) in
            var opened: OpaquePointer?
            try Self.check(mdb_cursor_open(transaction, self.database, &opened), self.path.relative)
            defer { mdb_cursor_close(opened) }
            return try self.collect(opened, prefix: prefix, after: after, limit: limit)
        }
    }

    private func collect(
        _ cursor: OpaquePointer?, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])] {
        var start = prefix
        if let after, prefix.lexicographicallyPrecedes(after) { start = after }
        var pairs: [(key: [UInt8], value: [UInt8])] = []
        var value = MDB_val()
        var key = MDB_val()
        var result = try start.withMDBValue { (wanted) throws(DiskFailure) -> Int32 in
            key = wanted
            return mdb_cursor_get(cursor, &key, &value, start.isEmpty ? MDB_FIRST : MDB_SET_RANGE)
        }
        while result != MDB_NOTFOUND && pairs.count < limit {
            try Self.check(result, path.relative)
            let found = [UInt8](key)
            guard found.starts(with: prefix) else { break }
            if found != after { pairs.append((found, [UInt8](value))) }
            result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
        }
        return pairs
    }

    /// Runs `body` in a read transaction, taken from those at rest when there is one.
    private func withReader<Value>(
        _ body: (OpaquePointer) throws(DiskFailure) -> Value
    ) throws(DiskFailure) -> Value {
        let environment = try begin()
        defer { end() }
        let transaction = try reader(environment)
        defer { rest(transaction) }
        return try body(transaction.pointer)
    }

    private func reader(_ environment: Handle) throws(DiskFailure) -> Handle {
        if let resting = state.withLock({ $0.resting.popLast() }) {
            let result = mdb_txn_renew(resting.pointer)
            if result == 0 { return resting }
            mdb_txn_abort(resting.pointer)
        }
        var begun: OpaquePointer?
        try Self.check(
            mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &begun), path.relative)
        guard let begun else { throw .of(ENOMEM, path: path.relative) }
        return Handle(pointer: begun)
    }

    private func rest(_ transaction: Handle) {
        mdb_txn_reset(transaction.pointer)
        let isKept = state.withLock { state in
            guard state.resting.count < Self.restingMax else { return false }
            state.resting.append(transaction)
            return true
        }
        if !isKept { mdb_txn_abort(transaction.pointer) }
    }

    // MARK: Writing

    func commit(_ changes: [(key: [UInt8], value: [UInt8]?)]) async throws(DiskFailure) {
        guard !changes.isEmpty else { return }
        try await commit(ChangeArray(changes))
    }

    func commit(_ changes: any ChangeSource) async throws(DiskFailure) {
        try await pool.run { [self] () throws(DiskFailure) in
            try write(bytes: changes.payloadBytes) { transaction throws(DiskFailure) in
                try changes.forEach { key, value throws(DiskFailure) in
                    try self.checkKey(key.count)
                    try self.apply(MDB_val(key), value.map { MDB_val($0) }, transaction)
                }
            }
        }
    }

    private func checkKey(_ bytes: Int) throws(DiskFailure) {
        guard bytes > 0, bytes <= StorageLimit.keyBytesMax else {
            throw .system(
                path: path.relative, errno: EINVAL,
                message: "a key has 1 to \(StorageLimit.keyBytesMax) bytes")
        }
    }

    /// Runs `body` in a write transaction, which is done whole or not at all.
    ///
    /// - Parameters:
    ///   - bytes: About how many it writes, to tell a full disk from one that fails.
    ///   - flags: Of LMDB, for this transaction.
    func write(
        bytes: Int, flags: UInt32 = 0, _ body: (OpaquePointer?) throws(DiskFailure) -> Void
    ) throws(DiskFailure) {
        let environment = try begin()
        defer { end() }
        var begun: OpaquePointer?
        try Self.check(mdb_txn_begin(environment.pointer, nil, flags, &begun), path.relative)
        do throws(DiskFailure) {
            try body(begun)
        } catch {
            mdb_txn_abort(begun)
            throw error
        }
        // A commit that fails has freed the transaction and changed nothing.
        let result = mdb_txn_commit(begun)
        // LMDB reports a write that was cut short, which is what a full disk does, as EIO.
        if result == EIO, !hasRoom(for: bytes) { throw .full(path: path.relative) }
        try Self.check(result, path.relative)
    }

    /// Whether the file system would take a file that is larger than the store's by `bytes`.
    private func hasRoom(for bytes: Int) -> Bool {
        let probe = path.appending("probe")
        guard let file = try? OpenFile(probe, O_WRONLY | O_CREAT | O_TRUNC),
            let size = try? OpenFile(path.appending("data"), O_RDONLY).size()
        else { return false }
        defer { unlink(probe.absolute) }
        return posix_fallocate(file.descriptor, off_t(size), off_t(bytes + Self.mapBytesMin)) == 0
    }

    private func apply(
        _ key: MDB_val, _ value: MDB_val?, _ transaction: OpaquePointer?
    ) throws(DiskFailure) {
        var key = key
        guard var value else {
            let result = mdb_del(transaction, database, &key, nil)
            if result != MDB_NOTFOUND { try Self.check(result, path.relative) }
            return
        }
        try Self.check(mdb_put(transaction, database, &key, &value, 0), path.relative)
    }

    // MARK: Closing

    func close() async {
        let isLast = state.withLock { state in
            guard state.environment != nil else { return false }
            state.isClosing = true
            return state.users == 0
        }
        if isLast { await pool.run { [self] in release() } }
    }

    /// Counts a user of the environment, which stays open until the last has ended.
    func begin() throws(DiskFailure) -> Handle {
        try state.withLock { state throws(DiskFailure) in
            guard let environment = state.environment, !state.isClosing else {
                throw .system(
                    path: path.relative, errno: EBADF, message: "this store has been closed")
            }
            state.users += 1
            return environment
        }
    }

    func end() {
        let isLast = state.withLock { state in
            state.users -= 1
            return state.isClosing && state.users == 0
        }
        if isLast { release() }
    }

    private func release() {
        let (environment, resting) = state.withLock { state in
            defer { (state.environment, state.resting) = (nil, []) }
            return (state.environment, state.resting)
        }
        for transaction in resting { mdb_txn_abort(transaction.pointer) }
        if let environment { mdb_env_close(environment.pointer) }
        lock.withLock { $0 = nil }
    }

    static func check(_ result: Int32, _ path: String) throws(DiskFailure) {
        switch result {
        case 0: return
        case MDB_MAP_FULL: throw .full(path: path)
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_VERSION_MISMATCH, MDB_PANIC,
            MDB_CURSOR_FULL:
            throw .damaged(path: path, reason: String(cString: mdb_strerror(result)))
        case ..<0:
            throw .system(path: path, errno: result, message: String(cString: mdb_strerror(result)))
        default: throw .of(result, path: path)
        }
    }
}

extension [UInt8] {
    /// Lends the bytes to LMDB for one call; it reads them and does not keep them.
    func withMDBValue<Value>(
        _ body: (inout MDB_val) throws(DiskFailure) -> Value
    ) throws(DiskFailure) -> Value {
        let outcome = withUnsafeBytes { bytes -> Result<Value, DiskFailure> in
            var value = MDB_val(
                mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            do throws(DiskFailure) {
                return .success(try body(&value))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Copies bytes out of the map, where they stay valid only as long as the transaction.
    init(_ value: MDB_val) {
        self.init(UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
    }
}

extension MDB_val {
    /// Points at bytes that LMDB reads during one call and does not keep.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }
}
