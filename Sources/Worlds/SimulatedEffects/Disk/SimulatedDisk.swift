// SPDX-License-Identifier: Apache-2.0
import Effects

/// Files, logs and stores in memory, with the promises and the faults of a disk.
struct SimulatedDisk: Disk {
    let disk: DiskLife

    /// The system's number for a file that is too large.
    private static let fileTooLarge: Int32 = 27

    func read(_ path: String, limit: Int) async throws(DiskFailure) -> [UInt8] {
        let bytes = try await content(of: path)
        guard bytes.count <= limit else {
            throw .system(
                path: path, errno: Self.fileTooLarge,
                message: "the file has \(bytes.count) bytes; \(limit) were allowed")
        }
        return bytes
    }

    func replace(_ path: String, with bytes: [UInt8]) async throws(DiskFailure) {
        try checkFolder(of: path)
        try await disk.write(path) { [disk] _ throws(DiskFailure) in
            let old = disk.node.disk.files[path]?.current?.count ?? 0
            try disk.account(adding: UInt64(bytes.count), removing: UInt64(old), path)
            disk.core.note(
                .fileReplaced, UInt64(disk.life.node), Trace.hash(path), Trace.hash(bytes))
            let isLost = disk.isSyncLost()
            disk.node.disk.files[path, default: Stored(nil)].write(isLost: isLost) { $0 = bytes }
        }
    }

    func remove(_ path: String) async throws(DiskFailure) {
        try DiskLife.check(name: path)
        try await disk.write(path) { [disk] _ throws(DiskFailure) in
            guard let old = disk.node.disk.files[path]?.current else { return }
            try disk.account(adding: 0, removing: UInt64(old.count), path)
            disk.core.note(.fileRemoved, UInt64(disk.life.node), Trace.hash(path))
            let isLost = disk.isSyncLost()
            disk.node.disk.removeFile(path, isLost: isLost)
        }
    }

    func move(_ path: String, to target: String) async throws(DiskFailure) {
        try DiskLife.check(name: path)
        try checkFolder(of: target)
        try await disk.write(path) { [disk] _ throws(DiskFailure) in
            guard !disk.node.disk.folders.contains(path) else {
                return try disk.moveFolder(path, to: target)
            }
            guard let bytes = disk.node.disk.files[path]?.current else {
                throw .notFound(path: path)
            }
            guard path != target else { return }
            let old = disk.node.disk.files[target]?.current?.count ?? 0
            try disk.account(adding: 0, removing: UInt64(old), target)
            disk.core.note(
                .fileMoved, UInt64(disk.life.node), Trace.hash(path), Trace.hash(target))
            // Both names change together or not at all, a lying sync included.
            let isLost = disk.isSyncLost()
            disk.node.disk.files[target, default: Stored(nil)].write(isLost: isLost) { $0 = bytes }
            disk.node.disk.removeFile(path, isLost: isLost)
        }
    }

    func createFolder(_ path: String) async throws(DiskFailure) {
        try DiskLife.check(name: path)
        try await disk.write(path) { [disk] _ throws(DiskFailure) in
            disk.core.note(.folderMade, UInt64(disk.life.node), Trace.hash(path))
            disk.makeFolders(path)
        }
    }

    func list(_ path: String) async throws(DiskFailure) -> [String] {
        if !path.isEmpty { try DiskLife.check(name: path) }
        try await disk.check(path)
        let image = disk.node.disk
        guard path.isEmpty || image.folders.contains(path) else { throw .notFound(path: path) }
        let start = path.isEmpty ? "" : path + "/"
        let files = image.files.filter { $0.value.current != nil }.map(\.key)
        let names = (files + image.folders).filter { $0.hasPrefix(start) }
            .map { $0.dropFirst(start.count) }
            .filter { !$0.contains("/") && !$0.isEmpty }
            .map(String.init)
        return Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func removeFolder(_ path: String) async throws(DiskFailure) {
        try DiskLife.check(name: path)
        try await disk.write(path) { [disk] _ throws(DiskFailure) in try disk.removeFolder(path) }
    }

    func openLog(_ path: String, first: UInt64) async throws(DiskFailure) -> any RecordLog {
        try DiskLife.check(name: path)
        try await disk.check(path)
        try disk.hold(path)
        disk.makeFolders(path)
        if disk.node.disk.logs[path] == nil {
            disk.node.disk.logs[path] = Stored(LogImage(first: first))
        }
        return SimulatedLog(disk, path)
    }

    func inspectLog(_ path: String) async throws(DiskFailure) -> any LogInspection {
        try DiskLife.check(name: path)
        try await disk.check(path)
        guard disk.node.disk.logs[path] != nil else { throw .notFound(path: path) }
        try disk.hold(path)
        return SimulatedInspection(disk, path)
    }

    func openStore(_ path: String, bytesMax: Int) async throws(DiskFailure) -> any KeyValueStore {
        try DiskLife.check(name: path)
        try await disk.check(path)
        try disk.hold(path)
        disk.makeFolders(path)
        if disk.node.disk.stores[path] == nil { disk.node.disk.stores[path] = Stored(StoreImage()) }
        return SimulatedStore(disk, path, bytesMax: bytesMax)
    }

    func create(_ path: String) async throws(DiskFailure) -> any FileWriter {
        try checkFolder(of: path)
        try await disk.check(path)
        return SimulatedWriter(self, path)
    }

    func open(_ path: String) async throws(DiskFailure) -> any FileReader {
        SimulatedReader(try await content(of: path))
    }

    /// The bytes of a file.
    private func content(of path: String) async throws(DiskFailure) -> [UInt8] {
        try DiskLife.check(name: path)
        try await disk.check(path)
        guard let stored = disk.node.disk.files[path], let bytes = stored.current else {
            throw .notFound(path: path)
        }
        return bytes
    }

    private func checkFolder(of path: String) throws(DiskFailure) {
        try DiskLife.check(name: path)
        guard let slash = path.lastIndex(of: "/") else { return }
        guard disk.node.disk.folders.contains(String(path[..<slash])) else {
            throw .notFound(path: path)
        }
    }
}

extension DiskLife {
    /// Gives a folder and all it contains another path. Its sync never lies: a folder is moved to
    /// keep what is in it.
    func moveFolder(_ path: String, to target: String) throws(DiskFailure) {
        let image = node.disk
        let isTaken = image.folders.contains(target) || image.files[target]?.current != nil
        guard path != target, !isTaken else { throw .denied(path: target) }
        func isInside(_ name: String) -> Bool { name == path || name.hasPrefix(path + "/") }
        guard !image.held.contains(where: isInside) else { throw .busy(path: path) }
        func moved(_ name: String) -> String {
            isInside(name) ? target + name.dropFirst(path.count) : name
        }
        core.note(.fileMoved, UInt64(life.node), Trace.hash(path), Trace.hash(target))
        node.disk.folders = Set(image.folders.map(moved))
        node.disk.files = rekeyed(image.files, moved)
        node.disk.logs = rekeyed(image.logs, moved)
        node.disk.stores = rekeyed(image.stores, moved)
    }

    /// Removes a folder and all it contains. Its sync never lies: what is removed is not missed.
    func removeFolder(_ path: String) throws(DiskFailure) {
        func isInside(_ name: String) -> Bool { name == path || name.hasPrefix(path + "/") }
        let image = node.disk
        guard image.folders.contains(path) else { return }
        guard !image.held.contains(where: isInside) else { throw .busy(path: path) }
        core.note(.fileRemoved, UInt64(life.node), Trace.hash(path))
        node.disk.folders = image.folders.filter { !isInside($0) }
        node.disk.files = image.files.filter { !isInside($0.key) }
        node.disk.logs = image.logs.filter { !isInside($0.key) }
        node.disk.stores = image.stores.filter { !isInside($0.key) }
        node.disk.recount()
    }

    private func rekeyed<Value>(
        _ entries: [String: Value], _ name: (String) -> String
    ) -> [String: Value] {
        Dictionary(entries.map { (name($0.key), $0.value) }) { first, _ in first }
    }

    /// Makes a folder and those above it.
    func makeFolders(_ path: String) {
        var folder = ""
        for part in path.split(separator: "/") {
            folder += folder.isEmpty ? part : "/" + part
            node.disk.folders.insert(folder)
        }
    }
}

/// A file being written: nothing of it is on the disk before it is finished.
final class SimulatedWriter: FileWriter, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    private let disk: SimulatedDisk
    private let path: String
    private var bytes: [UInt8] = []
    private var isEnded = false

    init(_ disk: SimulatedDisk, _ path: String) {
        self.disk = disk
        self.path = path
    }

    func append(_ bytes: [UInt8]) async throws(DiskFailure) {
        try await check()
        let node = disk.disk.node
        let size = UInt64(self.bytes.count + bytes.count)
        guard node.disk.bytes + size <= node.diskConditions.bytesMax else {
            await discard()
            throw .full(path: path)
        }
        self.bytes += bytes
    }

    func finish() async throws(DiskFailure) {
        try await check()
        isEnded = true
        try await disk.replace(path, with: bytes)
    }

    func discard() async {
        isEnded = true
        bytes = []
    }

    private func check() async throws(DiskFailure) {
        try await disk.disk.check(path)
        let badDescriptor: Int32 = 9
        guard !isEnded else {
            throw .system(
                path: path, errno: badDescriptor,
                message: "this file has been finished or discarded")
        }
    }
}

/// A file open for reading, as it was when it was opened.
final class SimulatedReader: FileReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: UInt64 { get async { UInt64(bytes.count) } }

    func read(at offset: UInt64, count: Int) async throws(DiskFailure) -> [UInt8] {
        guard offset < UInt64(bytes.count), count > 0 else { return [] }
        let start = Int(offset)
        return Array(bytes[start..<start + min(count, bytes.count - start)])
    }

    func close() async {}
}
