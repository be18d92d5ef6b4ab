// SPDX-License-Identifier: Apache-2.0
import CShims
import Cryptography
import Glibc
import Synchronization
import Vocabulary

/// Chunks as files of a folder, and the names of the snapshots that are kept (SNAPSHOT-10).
///
/// What is under its name is whole and durable: chunks are written into a folder of their own, and
/// move when the system says that they are on the disk. One process writes at a time.
public final class FolderChunkStore: ChunkSource, ChunkSink {
    /// How many bytes are written before they are made durable: 256 MiB, what a kill may cost.
    static let unsafeBytesMax: UInt64 = 256 << 20

    private let path: String
    private let lock: OpenFile?
    private let arriving = Mutex(Arriving())

    private struct Arriving {
        var ids: Set<ChunkID> = []
        var bytes: UInt64 = 0
    }

    /// Opens a store; a folder that is not there becomes one.
    ///
    /// - Throws: ``SnapshotFailure/busy(_:)`` when another process writes to it.
    public init(opening path: String) throws(SnapshotFailure) {
        self.path = path
        for folder in [path, "\(path)/chunks", "\(path)/arriving", "\(path)/snapshots"] {
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .fromSystem(folder) }
        }
        let lock = try OpenFile("\(path)/lock", O_RDWR | O_CREAT)
        guard atoll_lock_exclusively(lock.number) == 0 else { throw .fromSystem(path) }
        self.lock = lock
        // What did not become durable may be cut off.
        let folder = try OpenFile("\(path)/arriving", O_RDONLY | O_DIRECTORY)
        for name in try FileFacts.names(in: folder) {
            _ = name.withName { unlinkat(folder.number, $0, 0) }
        }
    }

    /// Opens a store to be read, whoever writes to it meanwhile.
    public init(reading path: String) throws(SnapshotFailure) {
        self.path = path
        lock = nil
        _ = try OpenFile("\(path)/chunks", O_RDONLY | O_DIRECTORY)
    }

    private func place(of id: ChunkID) -> String {
        let digits = "\(id)"
        return "\(path)/chunks/\(digits.prefix(2))/\(digits)"
    }

    // MARK: - Chunks

    /// A chunk as it was stored.
    ///
    /// - Throws: ``SnapshotFailure/missing(_:)``, ``SnapshotFailure/damaged(_:)`` when it is longer
    ///   than any chunk, or what the system says.
    public func read(_ id: ChunkID) async throws(SnapshotFailure) -> [UInt8] {
        let isArriving = arriving.withLock { $0.ids.contains(id) }
        let file: OpenFile
        do throws(SnapshotFailure) {
            file = try OpenFile(isArriving ? "\(path)/arriving/\(id)" : place(of: id), O_RDONLY)
        } catch .notFound {
            throw .missing(id)
        } catch {
            throw error
        }
        let size = try Int(file.status().st_size)
        guard size <= ContentChunker.chunkBytesMax + ChaCha20Poly1305.tagCount else {
            throw .damaged(id)
        }
        var failure: SnapshotFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            do throws(SnapshotFailure) {
                filled = try file.read(
                    UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size), at: 0)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Whether a chunk is there; one that was just written is.
    public func holds(_ id: ChunkID) async throws(SnapshotFailure) -> Bool {
        if arriving.withLock({ $0.ids.contains(id) }) { return true }
        return access(place(of: id), F_OK) == 0
    }

    /// Stores a chunk; it is durable after the next flush.
    ///
    /// - Throws: ``SnapshotFailure/full(_:)``, or what the system says.
    public func write(_ id: ChunkID, _ chunk: [UInt8]) async throws(SnapshotFailure) {
        precondition(lock != nil, "a store that was opened to be read is not written to")
        let file = try OpenFile("\(path)/arriving/\(id)", O_WRONLY | O_CREAT | O_TRUNC)
        let outcome = chunk.withUnsafeBytes { bytes in
            Result { () throws(SnapshotFailure) in try file.write(bytes, at: 0) }
        }
        try outcome.get()
        let isMuch = arriving.withLock { arriving in
            if arriving.ids.insert(id).inserted { arriving.bytes += UInt64(chunk.count) }
            return arriving.bytes >= Self.unsafeBytesMax
        }
        if isMuch { try await flush() }
    }

    /// Makes everything that was written durable, and gives it its name.
    public func flush() async throws(SnapshotFailure) {
        let ids = arriving.withLock { Array($0.ids) }
        guard !ids.isEmpty else { return }
        try sync()
        for id in ids {
            let target = place(of: id)
            let source = "\(path)/arriving/\(id)"
            if rename(source, target) == 0 { continue }
            guard errno == ENOENT else { throw .fromSystem(target) }
            let folder = String(target.dropLast(65))
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .fromSystem(folder) }
            guard rename(source, target) == 0 else { throw .fromSystem(target) }
        }
        try sync()
        arriving.withLock { arriving in
            arriving.ids.subtract(ids)
            arriving.bytes = 0
        }
    }

    private func sync() throws(SnapshotFailure) {
        let folder = try OpenFile(path, O_RDONLY | O_DIRECTORY)
        guard atoll_syncfs(folder.number) == 0 else { throw .fromSystem(path) }
    }

    // MARK: - Snapshots

    /// Keeps a snapshot: a collection leaves everything that it needs.
    public func keep(_ id: ChunkID) async throws(SnapshotFailure) {
        try await flush()
        _ = try OpenFile("\(path)/snapshots/\(id)", O_WRONLY | O_CREAT)
        try sync()
    }

    /// Lets go of a snapshot; the next collection frees what only it needed.
    public func forget(_ id: ChunkID) throws(SnapshotFailure) {
        let name = "\(path)/snapshots/\(id)"
        guard unlink(name) == 0 || errno == ENOENT else { throw .fromSystem(name) }
        try sync()
    }

    /// The snapshots that are kept, in the order of their names.
    public func snapshots() throws(SnapshotFailure) -> [ChunkID] {
        let folder = try OpenFile("\(path)/snapshots", O_RDONLY | O_DIRECTORY)
        return try FileFacts.names(in: folder).compactMap {
            ChunkID(hexadecimal: String(decoding: $0, as: UTF8.self))
        }
    }

    /// Every chunk that is there, folder by folder.
    func chunkNames() throws(SnapshotFailure) -> [ChunkID] {
        let chunks = try OpenFile("\(path)/chunks", O_RDONLY | O_DIRECTORY)
        var found: [ChunkID] = []
        for part in try FileFacts.names(in: chunks) {
            let folder = try OpenFile(part, in: chunks, O_RDONLY | O_DIRECTORY)
            found += try FileFacts.names(in: folder).compactMap {
                ChunkID(hexadecimal: String(decoding: $0, as: UTF8.self))
            }
        }
        return found
    }

    func remove(_ id: ChunkID) throws(SnapshotFailure) -> UInt64 {
        let name = place(of: id)
        let size = try OpenFile(name, O_RDONLY).status().st_size
        guard unlink(name) == 0 || errno == ENOENT else { throw .fromSystem(name) }
        return UInt64(size)
    }
}
