// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc
import JSONText

/// A container that exists, and what can be done to it (RUNTIME-2).
struct Container: Sendable {
    let folder: ContainerFolder
    let record: ContainerRecord

    /// - Throws: ``RuntimeFailure/unknown(_:)`` when there is none of this name.
    init(root: String, name: String) throws(RuntimeFailure) {
        folder = try ContainerFolder(root: root, name: name)
        record = try folder.record()
    }

    /// Every container of a runtime's folder, by name.
    static func all(root: String) -> [Container] {
        ContainerFolder.names(root: root).compactMap { try? Container(root: root, name: $0) }
    }

    var name: String { record.name }
    var bundle: String { record.bundle }
    /// RFC 3339, UTC.
    var created: String { record.created }
    /// The first process, as the machine counts; 0 before there is one.
    var process: Int32 { record.process }

    /// Where the container is in its life now.
    func status() -> ContainerStatus { folder.status(of: record) }

    /// The state that the specification asks for.
    func state() -> JSON {
        let status = status()
        let state = record.state(status)
        guard status == .stopped, let ending = EventBook.ending(of: folder.streams) else {
            return state
        }
        return .object(
            (state.members ?? []) + [
                JSON.Member("exitCode", ending.code.map { JSON($0) } ?? .null),
                JSON.Member("ranOutOfMemory", .bool(ending.ranOutOfMemory)),
            ])
    }

    var cgroups: ContainerCgroups {
        ContainerCgroups(
            folders: record.cgroupFolders,
            layout: (try? CgroupLayout.detect()) ?? CgroupLayout(hierarchies: []))
    }

    /// A handle of the first process.
    ///
    /// - Throws: ESRCH when it has ended, also when its number is another's now.
    func handle() throws(RuntimeFailure) -> OpenFile {
        let file = OpenFile(
            try asking("find the first process") { atoll_pidfd_open(record.process) })
        guard record.isAlive else { throw .kernel("find the first process", ESRCH) }
        return file
    }

    /// Runs the program of a created container, and its `poststart` hooks.
    func start() throws(RuntimeFailure) {
        let lock = try folder.lock(waits: true)
        defer { withExtendedLifetime(lock) {} }
        let status = status()
        guard status == .created else { throw .status(name, is: status, asked: "start") }
        let gate = Channel(file: try LocalSocket.connect(folder.startSocket, .messages))
        let listener = try StartGate.start(gate)
        unlink(folder.startSocket)
        try Afterwards.handOver(listener, folder, record)
        try Afterwards.hooks(record).run(.poststart, record, .running)
    }

    /// Sends a signal to the first process, or to every process of the container.
    func kill(_ signal: Int32, all: Bool = false) throws(RuntimeFailure) {
        let status = status()
        if all {
            for process in cgroups.processes() { Glibc.kill(process, signal) }
            return
        }
        guard [.created, .running, .paused].contains(status) else {
            throw .status(name, is: status, asked: "kill")
        }
        let handle = try handle()
        try asking("send signal \(signal)") { atoll_pidfd_signal(handle.number, signal) }
        // Stopped processes of cgroup v1 do not even die.
        if status == .paused, signal == SIGKILL { try? cgroups.freeze(false) }
    }

    /// Stops all its processes where they are.
    func pause() throws(RuntimeFailure) {
        let status = status()
        guard status == .running || status == .created else {
            throw .status(name, is: status, asked: "pause")
        }
        try cgroups.freeze(true)
    }

    /// Lets them go on.
    func resume() throws(RuntimeFailure) {
        let status = status()
        guard status == .paused else { throw .status(name, is: status, asked: "resume") }
        try cgroups.freeze(false)
    }

    /// Changes what it may use, while it runs.
    func update(_ resources: ResourceConfiguration) throws(RuntimeFailure) {
        guard status() != .stopped else { throw .status(name, is: .stopped, asked: "update") }
        try cgroups.limit(resources, withDevices: false)
    }

    /// Its processes, as the machine counts.
    func processes() -> [Int32] { cgroups.processes().sorted() }
}

/// What belongs to the time after a container's start and end.
enum Afterwards {
    static func hooks(_ record: ContainerRecord) throws(RuntimeFailure) -> HookConfiguration {
        try HookConfiguration(ConfigurationField(record.hooks, at: .member(.top, "hooks")))
    }

    /// Sends the reports of calls to who asked for them, with the container's state.
    static func handOver(
        _ listener: OpenFile?, _ folder: ContainerFolder, _ record: ContainerRecord
    ) throws(RuntimeFailure) {
        guard let listener, let profile = try folder.configuration().linux.seccomp,
            let path = profile.listenerPath
        else { return }
        let socket = try LocalSocket.connect(path, .bytes)
        let state = JSON.object([
            JSON.Member("ociVersion", JSON(record.version)),
            JSON.Member("fds", ["seccompFd"]), JSON.Member("pid", JSON(record.process)),
            JSON.Member("metadata", JSON(profile.listenerMetadata)),
            JSON.Member("state", record.state(.created)),
        ]).bytes
        try asking("hand over the reports of calls") {
            atoll_send_file(socket.number, state, state.count, listener.number)
        }
    }
}
