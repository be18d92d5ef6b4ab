// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// What is asked of a program that joins a running container.
struct EntryRequest: Sendable {
    var process: ProcessConfiguration
    var processFile: String?
    var consoleSocket: String?
    var terminalEnd: Int32 = -1
    var keptFiles: UInt32 = 0
    /// Whether a container that is paused is entered all the same; the program then waits too.
    var mayBePaused = false

    init(process: ProcessConfiguration) { self.process = process }
}

/// A program that was brought into a container.
struct EnteredProcess {
    let number: Int32
    let handle: OpenFile
}

/// Runs another program in a container, confined as its first one is (RUNTIME-19).
///
/// Before it joins, the process forgets that others may look into it: whoever is inside of the
/// container already could otherwise reach the machine through it.
struct ProcessEntry {
    private let request: EntryRequest
    private let configuration: RuntimeConfiguration
    private let target: OpenFile
    private let cgroups: ContainerCgroups
    private let seccomp: SeccompProgram?
    private let console: OpenFile?
    private let name: String

    static func enter(
        _ container: Container, _ request: EntryRequest
    ) throws(RuntimeFailure) -> EnteredProcess {
        _ = atoll_prctl(ProcessOption.dumpable, 0, 0, 0)
        let status = container.status()
        let isRunning = status == .running || status == .created
        guard isRunning || status == .paused && request.mayBePaused else {
            throw .status(container.name, is: status, asked: "exec in")
        }
        let entry = try ProcessEntry(container, request)
        let entered = try entry.run()
        if let file = request.processFile { try ProcessFile.write(entered.number, to: file) }
        return entered
    }

    private init(_ container: Container, _ request: EntryRequest) throws(RuntimeFailure) {
        self.request = request
        name = container.name
        configuration = try container.folder.configuration()
        target = try container.handle()
        cgroups = container.cgroups
        seccomp = try configuration.linux.seccomp.map { profile throws(RuntimeFailure) in
            try SeccompProgram.of(profile, cache: "\(container.folder.root)/.seccomp")
        }
        guard
            request.process.hasTerminal
                == (request.consoleSocket != nil || request.terminalEnd >= 0)
        else { throw .field("process.terminal", "does not fit the socket for terminals") }
        if request.terminalEnd >= 0 {
            console = OpenFile(try asking("dup") { dup(request.terminalEnd) })
        } else {
            console = try request.consoleSocket.map { path throws(RuntimeFailure) in
                try Console.connect(path)
            }
        }
    }

    private func run() throws(RuntimeFailure) -> EnteredProcess {
        let (ours, entered) = try begin()
        try ours.send(.proceed)
        while let message = try ours.receive() {
            if message.kind == .failed {
                var status: Int32 = 0
                _ = atoll_pidfd_wait(entered.handle.number, &status)
                throw .inside(message.text)
            }
        }
        return entered
    }

    /// The other end is the child's alone from here on, so that its closing is heard.
    private func begin() throws(RuntimeFailure) -> (Channel, EnteredProcess) {
        let (ours, theirs) = try Channel.pair()
        return (ours, try clone(ours, theirs))
    }

    private func clone(
        _ ours: Channel, _ theirs: Channel
    ) throws(RuntimeFailure) -> EnteredProcess {
        if configuration.linux.has(.user) { return try cloneInside(ours, theirs) }
        if configuration.linux.has(.process) {
            try asking("join the pid namespace") {
                atoll_setns(target.number, NamespaceFlag.process)
            }
        }
        let cgroup = try cgroups.unified.map { place throws(RuntimeFailure) in
            try OpenFile.open(place.folder, O_RDONLY | O_DIRECTORY)
        }
        var pidfd: Int32 = -1
        let number = try asking("clone") { atoll_clone(0, &pidfd, cgroup?.number ?? -1) }
        if number == 0 {
            close(ours.file.number)
            become(theirs, joins: flags(without: [.process]))
        }
        let entered = EnteredProcess(number: number, handle: OpenFile(pidfd))
        try cgroups.take(number, includingUnified: cgroup == nil)
        return entered
    }

    /// A helper enters everything at once and leaves its child to its own maker.
    private func cloneInside(
        _ ours: Channel, _ theirs: Channel
    ) throws(RuntimeFailure) -> EnteredProcess {
        var pidfd: Int32 = -1
        let helper = try asking("clone a helper") { atoll_clone(0, &pidfd, -1) }
        let handle = OpenFile(pidfd)
        if helper == 0 {
            close(ours.file.number)
            beHelper(theirs)
        }
        let made = try ours.receive()
        var status: Int32 = 0
        _ = atoll_pidfd_wait(handle.number, &status)
        guard let made, made.kind == .made, let number = Int32(made.text) else {
            throw .inside(made?.text ?? "the container could not be entered")
        }
        let child = OpenFile(try asking("open the process") { atoll_pidfd_open(number) })
        if geteuid() == 0 { try cgroups.take(number, includingUnified: true) }
        return EnteredProcess(number: number, handle: child)
    }

    private func beHelper(_ channel: Channel) -> Never {
        do {
            try asking("join the container") {
                atoll_setns(target.number, flags(without: []))
            }
            var pidfd: Int32 = -1
            let siblingOfHelper: UInt64 = 0x8000
            let number = try asking("clone") { atoll_clone(siblingOfHelper, &pidfd, -1) }
            if number == 0 { become(channel, joins: 0) }
            try channel.send(.made, "\(number)")
            _exit(0)
        } catch {
            try? channel.send(.failed, "\(error)")
            _exit(1)
        }
    }

    private func flags(without left: [NamespaceConfiguration.Kind]) -> UInt64 {
        configuration.linux.namespaces.filter { !left.contains($0.kind) }
            .reduce(0) { $0 | $1.kind.flag }
    }

    private func become(_ channel: Channel, joins flags: UInt64) -> Never {
        Signals.unblock()
        do {
            guard try channel.receive()?.kind == .proceed else { _exit(1) }
            if flags != 0 {
                try asking("join the container") { atoll_setns(target.number, flags) }
            }
            try execute()
        } catch {
            try? channel.send(.failed, "\(error)")
        }
        _exit(1)
    }

    private func execute() throws(RuntimeFailure) {
        let process = request.process
        if configuration.linux.has(.user) {
            _ = atoll_set_group(0)
            _ = atoll_set_user(0)
        }
        try asking("setsid") { setsid() }
        _ = atoll_join_keyring("_ses.\(name)")
        if let console {
            let root = RootFolder(file: try OpenFile.open("/", OpenFile.pathOnly | O_DIRECTORY))
            try Console.open(in: root, process: process, socket: console).adopt()
        }
        let program = try ProgramSearch.path(
            of: process.arguments[0], environment: process.environment, folder: process.folder)
        let words = CStrings(process.arguments)
        let variables = CStrings(UserList.withHome(process.environment, user: process.user))
        let allowsGroups =
            !configuration.linux.has(.user)
            || (try? SmallFile.text("/proc/self/setgroups"))?.hasPrefix("allow") ?? true
        _ = try Confinement(
            process: process, seccomp: seccomp, keptFiles: request.keptFiles,
            mayHaveGroups: allowsGroups
        ).apply()
        execve(program, words.pointers, variables.pointers)
        throw .program(process.arguments[0], errno)
    }
}
