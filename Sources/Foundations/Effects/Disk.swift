// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Why a disk operation failed; what was durable before stays durable.
public enum DiskFailure: Error, Equatable, Sendable {
    /// The path does not exist.
    case notFound(path: String)
    /// No space is left; nothing of this write counts as done.
    case full(path: String)
    /// The system refuses access.
    case denied(path: String)
    /// Stored bytes do not match their checksum.
    case damaged(path: String, reason: String)
    /// Another process holds the file.
    case busy(path: String)
    /// Any other error, with the system's own words.
    case system(path: String, errno: Int32, message: String)
}

/// Files under one root folder. Paths are relative, with `/` between parts and no `..`.
public protocol Disk: Sendable {
    /// The bytes of a whole file of at most `limit` bytes.
    func read(_ path: String, limit: Int) async throws(DiskFailure) -> [UInt8]
    /// Replaces a file so that after a crash it is wholly old or wholly new; durable on return.
    func replace(_ path: String, with bytes: [UInt8]) async throws(DiskFailure)
    /// Removes a file; none is fine.
    func remove(_ path: String) async throws(DiskFailure)
    /// Gives a file another path, replacing what stood there; durable on return. Both paths are on
    /// the same file system, so a crash leaves it under one of the two. A folder that nobody holds
    /// is moved with all it contains, to a path where nothing stands.
    func move(_ path: String, to target: String) async throws(DiskFailure)
    /// Removes a folder that nobody holds anything in, with all it contains; none is fine. A crash
    /// may leave a part of it.
    func removeFolder(_ path: String) async throws(DiskFailure)
    /// Makes a folder and its parents; existing is fine.
    func createFolder(_ path: String) async throws(DiskFailure)
    /// The names in a folder, sorted.
    func list(_ path: String) async throws(DiskFailure) -> [String]
    /// Opens an append-only log of checksummed records, dropping a torn tail.
    ///
    /// - Parameter first: The index of the first record of a log that is made by this.
    func openLog(_ path: String, first: UInt64) async throws(DiskFailure) -> any RecordLog
    /// Opens a log to be looked at from its first record on: nothing of it is changed, not even a
    /// torn tail.
    ///
    /// - Throws: ``DiskFailure/notFound(path:)`` when there is none, ``DiskFailure/busy(path:)``
    ///   when somebody holds it open.
    func inspectLog(_ path: String) async throws(DiskFailure) -> any LogInspection
    /// Opens an ordered key-value store.
    ///
    /// - Parameter bytesMax: The most the store may ever hold.
    func openStore(_ path: String, bytesMax: Int) async throws(DiskFailure) -> any KeyValueStore
    /// Starts a new file that appears at `path` only when finished.
    func create(_ path: String) async throws(DiskFailure) -> any FileWriter
    /// Opens a file for reading at any offset.
    func open(_ path: String) async throws(DiskFailure) -> any FileReader
}

extension Disk {
    /// Opens a log whose first record, when this makes it, has the index 0.
    public func openLog(_ path: String) async throws(DiskFailure) -> any RecordLog {
        try await openLog(path, first: 0)
    }
}

/// An append-only log of records, each with a length and a checksum.
public protocol RecordLog: Sendable {
    /// The index of the first record kept.
    var first: UInt64 { get async }
    /// The index after the last record.
    var end: UInt64 { get async }
    /// Appends records and returns when all are durable (one write, one sync).
    func append(_ records: [[UInt8]]) async throws(DiskFailure)
    /// Reads up to `count` records from `index`, within `bytesMax` (at least one if it exists).
    func read(from index: UInt64, count: Int, bytesMax: Int) async throws(DiskFailure) -> [[UInt8]]
    /// Forgets records before `index`, as far as whole segments allow.
    func prune(before index: UInt64) async throws(DiskFailure)
    /// Closes the files.
    func close() async
}

/// A look at a log that nobody writes: its records in order, each checked, as far as they are
/// whole.
public protocol LogInspection: Sendable {
    /// The index of the first record kept.
    var first: UInt64 { get async }
    /// The bytes of all its files.
    var bytes: UInt64 { get async }
    /// How many of them have been looked at.
    var bytesRead: UInt64 { get async }
    /// What stands where the whole records end; nothing while there are more, or at a proper end.
    var flaw: LogFlaw? { get async }
    /// Up to `count` further records within `bytesMax` (at least one if it exists); none at the
    /// end and at the first flaw.
    func next(count: Int, bytesMax: Int) async throws(DiskFailure) -> [[UInt8]]
    /// Closes the files.
    func close() async
}

/// The first place of a log where no whole record stands.
public struct LogFlaw: Equatable, Sendable {
    /// Whether opening the log drops what stands there: the end of a write that was cut off.
    public let isTornTail: Bool
    /// The file.
    public let path: String
    /// The byte in that file, and what is wrong with it.
    public let reason: String

    /// Describes a flaw.
    public init(isTornTail: Bool, path: String, reason: String) {
        self.isTornTail = isTornTail
        self.path = path
        self.reason = reason
    }
}

/// An ordered map of bytes to bytes; one writer, any number of readers.
public protocol KeyValueStore: Sendable {
    /// The value of a key.
    func get(_ key: [UInt8]) throws(DiskFailure) -> [UInt8]?
    /// Up to `limit` pairs in key order whose keys start with `prefix` and come after `after`.
    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])]
    /// Applies all changes or none; durable on return. A nil value removes the key.
    func commit(_ changes: [(key: [UInt8], value: [UInt8]?)]) async throws(DiskFailure)
    /// The same for many changes, which are looked at where they lie.
    func commit(_ changes: any ChangeSource) async throws(DiskFailure)
    /// Adds pairs whose keys ascend and come after every key held; durable on return. Cheaper than
    /// a commit: nothing is looked for.
    func load(_ pairs: PairList) async throws(DiskFailure)
    /// Adds pairs as ``load(_:)`` does, durable only when a later commit is: a machine that stops
    /// before leaves a store that may be damaged. For a store that is made anew from something.
    func fill(_ pairs: PairList) async throws(DiskFailure)
    /// What the store holds now, to be read while commits go on.
    ///
    /// Its cost is the room of what commits replace until it is closed: keep it for minutes.
    func snapshot() throws(DiskFailure) -> any StoreSnapshot
    /// Closes the store, and every snapshot of it.
    func close() async
}

extension KeyValueStore {
    /// Applies the changes as arrays.
    public func commit(_ changes: any ChangeSource) async throws(DiskFailure) {
        var list: [(key: [UInt8], value: [UInt8]?)] = []
        try changes.forEach { list.append((Array($0), $1.map(Array.init))) }
        try await commit(list)
    }

    /// Adds the pairs as a commit.
    public func load(_ pairs: PairList) async throws(DiskFailure) {
        try await commit(pairs.pairs.map { (key: $0.key, value: $0.value) })
    }

    /// Adds the pairs durably.
    public func fill(_ pairs: PairList) async throws(DiskFailure) { try await load(pairs) }

    /// Refuses: a store in memory need not have any.
    public func snapshot() throws(DiskFailure) -> any StoreSnapshot {
        throw .denied(path: "snapshot")
    }
}

/// What a store held at one time; every call sees the same.
public protocol StoreSnapshot: Sendable {
    /// The value of a key.
    func get(_ key: [UInt8]) async throws(DiskFailure) -> [UInt8]?
    /// Pairs in key order whose keys start with `prefix` and come after `after`, until they have
    /// `bytesMax` bytes (at least one if it exists).
    func page(
        prefix: [UInt8], after: [UInt8]?, bytesMax: Int
    ) async throws(DiskFailure) -> PairList
    /// Lets go; again is fine.
    func close()
}

/// A file being written.
public protocol FileWriter: Sendable {
    /// Appends bytes.
    func append(_ bytes: [UInt8]) async throws(DiskFailure)
    /// Makes the file durable and visible under its path.
    func finish() async throws(DiskFailure)
    /// Removes what was written.
    func discard() async
}

/// A file open for reading.
public protocol FileReader: Sendable {
    /// The size in bytes.
    var count: UInt64 { get async }
    /// Up to `count` bytes at an offset; fewer only at the end.
    func read(at offset: UInt64, count: Int) async throws(DiskFailure) -> [UInt8]
    /// Closes the file.
    func close() async
}
