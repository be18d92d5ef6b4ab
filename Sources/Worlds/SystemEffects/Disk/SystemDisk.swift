// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// Files under one root folder; every call that may block runs on a disk thread (EFFECTS-5).
struct SystemDisk: Disk {
    let root: String
    let pool: ThreadPool
    private let folders = TidiedFolders()

    /// Makes the root folder.
    init(root: String, pool: ThreadPool) throws(DiskFailure) {
        self.root = root
        self.pool = pool
        try Folder.make(root, path: root)
    }

    func read(_ path: String, limit: Int) async throws(DiskFailure) -> [UInt8] {
        let path = try DiskPath(path, under: root)
        return try await pool.run { () throws(DiskFailure) in
            let file = try OpenFile(path, O_RDONLY)
            let size = try file.size()
            guard size <= UInt64(max(limit, 0)) else {
                throw .system(
                    path: path.relative, errno: EFBIG,
                    message: "the file has \(size) bytes; \(limit) were allowed")
            }
            return try file.read(at: 0, count: Int(size))
        }
    }

    func replace(_ path: String, with bytes: [UInt8]) async throws(DiskFailure) {
        let path = try DiskPath(path, under: root)
        try await pool.run { [folders] () throws(DiskFailure) in
            folders.tidy(path.folder)
            let file = try PartialFile(for: path)
            do throws(DiskFailure) {
                try file.write(bytes, at: 0)
            } catch {
                file.discard()
                throw error
            }
            try file.finish()
        }
    }

    func remove(_ path: String) async throws(DiskFailure) {
        let path = try DiskPath(path, under: root)
        try await pool.run { () throws(DiskFailure) in
            guard unlink(path.absolute) == 0 else {
                if errno == ENOENT { return }
                throw .fromSystem(path: path.relative)
            }
            try Folder.sync(path.folder, path: path.relative)
        }
    }

    func move(_ path: String, to target: String) async throws(DiskFailure) {
        let path = try DiskPath(path, under: root)
        let target = try DiskPath(target, under: root)
        try await pool.run { () throws(DiskFailure) in
            guard rename(path.absolute, target.absolute) == 0 else {
                throw .fromSystem(path: path.relative)
            }
            try Folder.sync(target.folder, path: target.relative)
            if path.folder != target.folder {
                try Folder.sync(path.folder, path: path.relative)
            }
        }
    }

    func createFolder(_ path: String) async throws(DiskFailure) {
        let path = try DiskPath(path, under: root)
        try await pool.run { () throws(DiskFailure) in
            try Folder.make(path.absolute, path: path.relative)
        }
    }

    func list(_ path: String) async throws(DiskFailure) -> [String] {
        let folder = path.isEmpty ? DiskPath(root: root) : try DiskPath(path, under: root)
        return try await pool.run { () throws(DiskFailure) in
            let names = try Folder.names(in: folder.absolute, path: folder.relative)
            return names.filter { !$0.hasPrefix(PathRule.reservedPrefix) }
        }
    }

    func removeFolder(_ path: String) async throws(DiskFailure) {
        let path = try DiskPath(path, under: root)
        try await pool.run { () throws(DiskFailure) in try Folder.remove(path) }
    }

    func openLog(_ path: String, first: UInt64) async throws(DiskFailure) -> any RecordLog {
        let path = try DiskPath(path, under: root)
        return try await pool.run { [pool] () throws(DiskFailure) in
            try SegmentLog(path, pool: pool, first: first)
        }
    }

    func inspectLog(_ path: String) async throws(DiskFailure) -> any LogInspection {
        let path = try DiskPath(path, under: root)
        return try await pool.run { [pool] () throws(DiskFailure) in
            try SegmentInspection(path, pool: pool)
        }
    }

    func openStore(_ path: String, bytesMax: Int) async throws(DiskFailure) -> any KeyValueStore {
        let path = try DiskPath(path, under: root)
        return try await pool.run { [pool] () throws(DiskFailure) in
            try LightningStore(path, bytesMax: bytesMax, pool: pool)
        }
    }

    func create(_ path: String) async throws(DiskFailure) -> any FileWriter {
        let path = try DiskPath(path, under: root)
        return try await pool.run { [folders, pool] () throws(DiskFailure) in
            folders.tidy(path.folder)
            return SystemFileWriter(try PartialFile(for: path), pool: pool)
        }
    }

    func open(_ path: String) async throws(DiskFailure) -> any FileReader {
        let path = try DiskPath(path, under: root)
        return try await pool.run { [pool] () throws(DiskFailure) in
            let file = try OpenFile(path, O_RDONLY)
            return SystemFileReader(file, size: try file.size(), pool: pool)
        }
    }
}
