// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// The folder of one container below the runtime's root (RUNTIME-3): `state.json`, a copy of
/// `config.json`, and while the container waits for its start, the socket `start`; for a container
/// that is watched, the streams of its programs.
struct ContainerFolder: Sendable {
    let root: String
    let name: String

    var path: String { "\(root)/\(name)" }
    var startSocket: String { "\(path)/start" }
    /// Where the streams of the first process lie.
    var streams: StreamFolder { StreamFolder(path: path) }
    /// Where the streams of a program lie that was run in the container.
    func streams(of entry: String) -> StreamFolder {
        StreamFolder(path: "\(path)/\(Self.entryPrefix)\(entry)")
    }
    private static let entryPrefix = "exec-"

    /// - Throws: ``RuntimeFailure/field(_:_:)`` for a name that is none.
    init(root: String, name: String) throws(RuntimeFailure) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: [UInt8(ascii: "_"), UInt8(ascii: "+"), 0x2D, 0x2E].contains(byte)
            }
        }
        guard isPlain, !name.isEmpty, name.utf8.count <= RuntimeLimits.nameBytesMax,
            name.first != "."
        else { throw .field("container id", "\"\(name)\" is no name") }
        self.root = root
        self.name = name
    }

    /// The names of all containers, in order.
    static func names(root: String) -> [String] {
        FolderList.folders(in: root).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Makes the folder, for a container that is not there yet.
    func make() throws(RuntimeFailure) {
        if mkdir(path, 0o700) == 0 { return }
        if errno == ENOENT {
            try makeRoot()
            if mkdir(path, 0o700) == 0 { return }
        }
        let number = errno
        throw number == EEXIST ? .exists(name) : .kernel("mkdir \(path)", number)
    }

    private func makeRoot() throws(RuntimeFailure) {
        var whole = ""
        for part in root.split(separator: "/") {
            whole += "/\(part)"
            let made = whole
            try asking("mkdir \(made)") { mkdir(made, 0o700) == 0 || errno == EEXIST ? 0 : -1 }
        }
    }

    /// Removes the folder with all in it.
    func remove() {
        for name in FolderList.folders(in: path) where name.hasPrefix(Self.entryPrefix) {
            let entry = StreamFolder(path: "\(path)/\(name)")
            entry.empty()
            rmdir(entry.path)
        }
        streams.empty()
        for file in ["start", "config.json", "state.json", "state.json.new"] {
            unlink("\(path)/\(file)")
        }
        rmdir(path)
    }

    /// Keeps others from changing the container; given back when the file closes or the process
    /// ends.
    ///
    /// - Throws: ``RuntimeFailure/unknown(_:)``; EAGAIN while another command holds it.
    func lock(waits: Bool) throws(RuntimeFailure) -> OpenFile {
        let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else {
            let reason = errno
            throw reason == ENOENT ? .unknown(name) : .kernel("open \(path)", reason)
        }
        let folder = OpenFile(number)
        try asking("lock \(path)") { flock(number, waits ? LOCK_EX : LOCK_EX | LOCK_NB) }
        return folder
    }

    // MARK: - The record

    /// Replaces the record at one stroke.
    func write(_ record: ContainerRecord) throws(RuntimeFailure) {
        let draft = "\(path)/state.json.new"
        let file = try OpenFile.open(draft, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        try file.writeAll(record.json.bytes)
        try asking("rename \(draft)") { rename(draft, "\(path)/state.json") }
    }

    /// - Throws: ``RuntimeFailure/unknown(_:)`` when there is no such container.
    func record() throws(RuntimeFailure) -> ContainerRecord {
        let file = "\(path)/state.json"
        let bytes: [UInt8]
        do {
            bytes = try OpenFile.open(file).readAll(
                bytesMax: RuntimeLimits.configurationBytesMax)
        } catch {
            if case .kernel(_, ENOENT) = error { throw .unknown(name) }
            throw error
        }
        return try ContainerRecord(
            ConfigurationField(try RuntimeConfiguration.json(bytes, file: file)))
    }

    /// Keeps the configuration as it was when the container was made.
    func keepConfiguration(_ bytes: [UInt8]) throws(RuntimeFailure) {
        let file = try OpenFile.open(
            "\(path)/config.json", O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        try file.writeAll(bytes)
    }

    func configuration() throws(RuntimeFailure) -> RuntimeConfiguration {
        let bytes = try OpenFile.open("\(path)/config.json").readAll(
            bytesMax: RuntimeLimits.configurationBytesMax)
        return try RuntimeConfiguration(bytes: bytes)
    }

    /// Where the container is in its life, by what can be seen of it now.
    func status(of record: ContainerRecord) -> ContainerStatus {
        if record.process == 0 {
            // Whoever makes a container holds its lock; without one the making was broken off.
            return (try? lock(waits: false)) == nil ? .creating : .stopped
        }
        guard record.isAlive else { return .stopped }
        if access(startSocket, F_OK) == 0 { return .created }
        let layout = (try? CgroupLayout.detect()) ?? .init(hierarchies: [])
        let cgroups = ContainerCgroups(folders: record.cgroupFolders, layout: layout)
        return cgroups.isFrozen() ? .paused : .running
    }
}
