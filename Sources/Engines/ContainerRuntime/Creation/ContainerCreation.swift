// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// What is asked of the making of a container beyond its configuration.
struct CreationRequest: Sendable {
    /// The runtime's folder.
    var root: String
    var name: String
    var bundle: String
    /// Where the number of the first process is written.
    var processFile: String?
    /// Where the terminal is sent, for a container that has one.
    var consoleSocket: String?
    /// Whether the maker takes the terminal itself where no path is given.
    var takesTerminal = false
    /// Files from 3 on that the program keeps.
    var keptFiles: UInt32 = 0
    var withoutPivot = false
    var withoutKeyring = false
    /// Whether what it says goes to named pipes in its folder.
    var makesPipes = false
    /// Whether what it reads comes from a named pipe there, too.
    var makesInput = false
    /// Whether it waits for `start` of another command, rather than for its maker.
    var waitsForOthers = true

    init(root: String, name: String, bundle: String) {
        self.root = root
        self.name = name
        self.bundle = bundle
    }
}

/// A container whose first process waits for its start.
struct MadeContainer {
    let folder: ContainerFolder
    let record: ContainerRecord
    let configuration: RuntimeConfiguration
    let process: OpenFile
    let channel: Channel
    /// Where the terminal waits, when the maker takes it.
    let terminal: OpenFile?
}

/// Makes containers: everything is written down before it is done, so that whatever a sudden end
/// leaves behind can be found and removed (RUNTIME-3, RUNTIME-20).
struct ContainerCreation {
    private let request: CreationRequest
    private let folder: ContainerFolder
    private let configuration: RuntimeConfiguration
    private let process: ProcessConfiguration
    private let bytes: [UInt8]
    private let bundle: String
    private let rootPath: String

    /// Makes a container up to the point where its program waits to be run.
    static func make(_ request: CreationRequest) throws(RuntimeFailure) -> MadeContainer {
        let creation = try ContainerCreation(request)
        try creation.folder.make()
        let lock = try creation.folder.lock(waits: false)
        FaultPoint.pass(.folderMade)
        return try creation.makeInFolder(lock)
    }

    private init(_ request: CreationRequest) throws(RuntimeFailure) {
        self.request = request
        folder = try ContainerFolder(root: request.root, name: request.name)
        guard let bundle = AbsolutePath.of(request.bundle) else {
            throw .kernel("find the bundle \(request.bundle)", errno)
        }
        self.bundle = bundle
        bytes = try OpenFile.open("\(bundle)/config.json").readAll(
            bytesMax: RuntimeLimits.configurationBytesMax)
        configuration = try RuntimeConfiguration(bytes: bytes)
        guard let process = configuration.process else { throw .field("process", "is missing") }
        self.process = process
        let given = configuration.rootPath
        guard let root = AbsolutePath.of(given.hasPrefix("/") ? given : "\(bundle)/\(given)") else {
            throw .field("root.path", "\"\(given)\": \(ErrorText.text(errno))")
        }
        rootPath = root
        guard
            process.hasTerminal
                == (request.consoleSocket != nil || request.takesTerminal && process.hasTerminal)
        else {
            throw .field(
                "process.terminal",
                process.hasTerminal
                    ? "needs a socket that takes the terminal"
                    : "there is a socket for a terminal, and no terminal")
        }
    }

    private func makeInFolder(_ lock: OpenFile) throws(RuntimeFailure) -> MadeContainer {
        var record = ContainerRecord(
            name: request.name, bundle: bundle, root: rootPath, configuration: configuration)
        let linux = configuration.linux
        let layout = try CgroupLayout.detect()
        var cgroups = try ContainerCgroups.plan(
            layout, path: linux.cgroupPath, name: request.name)
        record.cgroupFolders = cgroups.folders
        do {
            try cgroups.refuseInhabited()
        } catch {
            folder.remove()
            throw error
        }
        var child: OpenFile?
        do {
            try folder.write(record)
            try folder.keepConfiguration(bytes)
            FaultPoint.pass(.recordWritten)
            cgroups = try cgroups.make(isOptional: geteuid() != 0)
            FaultPoint.pass(.cgroupsMade)
            try cgroups.limit(linux.resources, withDevices: geteuid() == 0)
            FaultPoint.pass(.limitsSet)
            let plan = try plan(record, cgroups, lock)
            return try begin(plan, &record, &child)
        } catch {
            undo(child, cgroups)
            throw error
        }
    }

    private func undo(_ child: OpenFile?, _ cgroups: ContainerCgroups) {
        if let child {
            _ = atoll_pidfd_signal(child.number, SIGKILL)
            var status: Int32 = 0
            _ = atoll_pidfd_wait(child.number, &status)
        }
        cgroups.killAll()
        try? cgroups.remove()
        folder.remove()
    }

    private func plan(
        _ record: ContainerRecord, _ cgroups: ContainerCgroups, _ lock: OpenFile
    ) throws(RuntimeFailure) -> ContainerPlan {
        var plan = ContainerPlan(
            configuration: configuration, name: request.name, bundle: bundle, rootPath: rootPath,
            cgroups: cgroups, lock: lock, record: record)
        plan.keptFiles = request.keptFiles
        plan.withoutPivot = request.withoutPivot
        plan.withoutKeyring = request.withoutKeyring
        try plan.openJoined()
        try plan.openSources()
        if let profile = configuration.linux.seccomp {
            plan.seccomp = try SeccompProgram.of(profile, cache: "\(request.root)/.seccomp")
        }
        if let path = request.consoleSocket {
            plan.consoleSocket = try Console.connect(path)
        } else if process.hasTerminal {
            (plan.ownTerminal, plan.consoleSocket) = try TerminalRelay.pair()
        }
        if request.makesPipes, !process.hasTerminal {
            plan.outputs = try folder.streams.makeOutputs()
            if request.makesInput { plan.input = try folder.streams.makeInput() }
        }
        if request.waitsForOthers {
            plan.startListener = try LocalSocket.listen(folder.startSocket, .messages)
        }
        return plan
    }

    // MARK: - The first process

    private func begin(
        _ plan: ContainerPlan, _ record: inout ContainerRecord, _ child: inout OpenFile?
    ) throws(RuntimeFailure) -> MadeContainer {
        let (ours, number, pidfd) = try FirstProcess.clone(plan, process)
        child = pidfd
        FaultPoint.pass(.cloned)
        record.process = number
        record.processStart = ProcessTable.entry(number)?.start ?? 0
        try folder.write(record)
        FaultPoint.pass(.processRecorded)
        try plan.cgroups.take(number, includingUnified: false)
        FaultPoint.pass(.grouped)
        if configuration.linux.makes(.user) {
            try IDMap.write(
                userMap: configuration.linux.userMap, groupMap: configuration.linux.groupMap,
                of: number)
        }
        FaultPoint.pass(.mapped)
        setMemoryKillScore(number)
        try ours.send(.proceed)
        FaultPoint.pass(.told)
        try runHooks(ours, record)
        FaultPoint.pass(.hooksRun)
        try ours.expect(.ready)
        FaultPoint.pass(.created)
        if let file = request.processFile { try ProcessFile.write(number, to: file) }
        FaultPoint.pass(.processFileWritten)
        return MadeContainer(
            folder: folder, record: record, configuration: configuration, process: pidfd,
            channel: ours, terminal: plan.ownTerminal)
    }

    private func runHooks(
        _ channel: Channel, _ record: ContainerRecord
    ) throws(RuntimeFailure) {
        let hooks = configuration.hooks
        guard !hooks[.prestart].isEmpty || !hooks[.createRuntime].isEmpty else { return }
        try channel.expect(.hooks)
        try hooks.run(.prestart, record, .creating)
        try hooks.run(.createRuntime, record, .creating)
        try channel.send(.proceed)
    }

    /// A score below what this process may give stays as it is.
    private func setMemoryKillScore(_ number: Int32) {
        guard let score = process.memoryKillScore else { return }
        try? SmallFile.write("\(score)", to: "/proc/\(number)/oom_score_adj")
    }
}

/// Clones the first process of a container.
enum FirstProcess {
    /// - Returns: Our end of what is said with it (the other is its own alone from here on, so that
    ///   its end is heard), its number as the machine counts, and a handle of it.
    static func clone(
        _ plan: ContainerPlan, _ process: ProcessConfiguration
    ) throws(RuntimeFailure) -> (channel: Channel, number: Int32, handle: OpenFile) {
        let (ours, theirs) = try Channel.pair()
        let (number, handle) = try clone(plan, ours: ours, theirs: theirs, process)
        return (ours, number, handle)
    }

    private static func clone(
        _ plan: ContainerPlan, ours: Channel, theirs: Channel, _ process: ProcessConfiguration
    ) throws(RuntimeFailure) -> (number: Int32, handle: OpenFile) {
        try setClocks(plan.configuration.linux)
        if let joined = plan.joined.first(where: { $0.kind == .process }) {
            try asking("join the pid namespace") {
                atoll_setns(joined.file.number, NamespaceFlag.process)
            }
        }
        let cgroup = try plan.cgroups.unified.map { place throws(RuntimeFailure) in
            try OpenFile.open(place.folder, O_RDONLY | O_DIRECTORY)
        }
        if let user = plan.joined.first(where: { $0.kind == .user }) {
            return try cloneInside(user.file, plan, ours, theirs, process)
        }
        var pidfd: Int32 = -1
        let number = try asking("clone the first process") {
            atoll_clone(plan.newNamespaces, &pidfd, cgroup?.number ?? -1)
        }
        if number == 0 {
            leave(ours, plan)
            ContainerInit(plan: plan, channel: theirs).run(process)
        }
        return (number, OpenFile(pidfd))
    }

    /// In a user namespace that exists, the new namespaces must be made by somebody who is in it
    /// already: a helper enters it and leaves its child to its own maker.
    private static func cloneInside(
        _ user: OpenFile, _ plan: ContainerPlan, _ ours: Channel, _ theirs: Channel,
        _ process: ProcessConfiguration
    ) throws(RuntimeFailure) -> (number: Int32, handle: OpenFile) {
        var pidfd: Int32 = -1
        let helper = try asking("clone a helper") { atoll_clone(0, &pidfd, -1) }
        let handle = OpenFile(pidfd)
        if helper == 0 {
            leave(ours, plan)
            enter(user, plan, theirs, process)
        }
        let made = try ours.receive()
        var status: Int32 = 0
        _ = atoll_pidfd_wait(handle.number, &status)
        guard let made, made.kind == .made, let number = Int32(made.text) else {
            throw .inside(made?.text ?? "the user namespace could not be entered")
        }
        let child = OpenFile(try asking("open the first process") { atoll_pidfd_open(number) })
        try plan.cgroups.take(number, includingUnified: true)
        return (number, child)
    }

    private static func enter(
        _ user: OpenFile, _ plan: ContainerPlan, _ channel: Channel,
        _ process: ProcessConfiguration
    ) -> Never {
        do {
            _ = atoll_prctl(ProcessOption.dumpable, 0, 0, 0)
            try asking("join the user namespace") {
                atoll_setns(user.number, NamespaceFlag.user)
            }
            _ = atoll_set_group(0)
            _ = atoll_set_user(0)
            var pidfd: Int32 = -1
            let siblingOfHelper: UInt64 = 0x8000
            let number = try asking("clone the first process") {
                atoll_clone(plan.newNamespaces | siblingOfHelper, &pidfd, -1)
            }
            if number == 0 { ContainerInit(plan: plan, channel: channel).run(process) }
            try channel.send(.made, "\(number)")
            _exit(0)
        } catch {
            try? channel.send(.failed, "\(error)")
            _exit(1)
        }
    }

    /// Lets go of what belongs to the maker alone: it must be seen to be gone when it is.
    private static func leave(_ ours: Channel, _ plan: ContainerPlan) {
        close(ours.file.number)
        close(plan.lock.number)
    }

    /// Clocks are set before anybody is in their namespace: afterwards the kernel refuses.
    private static func setClocks(_ linux: LinuxConfiguration) throws(RuntimeFailure) {
        guard linux.makes(.time) else { return }
        try asking("make a time namespace") { atoll_unshare(NamespaceFlag.time) }
        for offset in linux.timeOffsets {
            try SmallFile.write(
                "\(offset.clock) \(offset.seconds) \(offset.nanoseconds)",
                to: "/proc/self/timens_offsets")
        }
    }
}

/// Paths as the kernel sees them.
enum AbsolutePath {
    /// The path without links and dots; nil when there is nothing, with errno.
    static func of(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}

/// The file that tells a container manager which process is the first.
enum ProcessFile {
    /// Writes it at one stroke, since its reader may be waiting for it.
    static func write(_ number: Int32, to path: String) throws(RuntimeFailure) {
        let draft = "\(path).\(getpid())"
        let file = try OpenFile.open(draft, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try file.writeAll(Array("\(number)".utf8))
        try asking("rename \(draft)") { rename(draft, path) }
    }
}
