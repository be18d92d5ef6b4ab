// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Stays with one container for as long as it lives: writes down what it says, that it ran out of
/// memory, and how it ended (RUNTIME-22).
///
/// The watch is a process of its own and small, so that a daemon that dies or is replaced takes
/// nothing with it. The container's outputs are named pipes that its own processes hold open both
/// ways: when the watch dies too, they lose nothing but its attention, and another may come.
struct ContainerWatch {
    private let process: OpenFile
    /// Zero when somebody else is its parent, who alone is told the code.
    private let child: Int32
    private let book: EventBook
    private let memory: MemoryWatch?
    private var log: OutputLog
    private var streams: [OutputStream]

    /// - Parameters:
    ///   - child: The first process's number, when it is a child of this process.
    ///   - terminal: What it says, when it has a terminal.
    init(
        _ folder: ContainerFolder, cgroups: ContainerCgroups, process: OpenFile, child: Int32,
        terminal: OpenFile?, log: OutputLog, book: EventBook
    ) throws(RuntimeFailure) {
        self.process = process
        self.child = child
        self.book = book
        self.log = log
        memory = MemoryWatch(cgroups)
        if let terminal {
            streams = [OutputStream(file: terminal, name: "stdout")]
            return
        }
        streams = []
        for name in ContainerPipes.names {
            let file = try OpenFile.open("\(folder.path)/\(name)", O_RDONLY | O_NONBLOCK)
            streams.append(OutputStream(file: file, name: name))
        }
    }

    /// Watches to the end.
    mutating func run() {
        var isAlive = true
        while isAlive {
            var waiting = [pollfd(fd: process.number, events: Int16(POLLIN), revents: 0)]
            waiting.append(
                pollfd(fd: memory?.file.number ?? -1, events: Int16(POLLIN), revents: 0))
            for stream in streams {
                waiting.append(pollfd(fd: stream.file.number, events: Int16(POLLIN), revents: 0))
            }
            guard poll(&waiting, nfds_t(waiting.count), -1) >= 0 else { continue }
            if waiting[1].revents != 0 { if memory?.happened() == true { book.outOfMemory() } }
            for index in streams.indices where waiting[index + 2].revents != 0 {
                // A pipe that hangs up would wake this process forever.
                if !streams[index].drain(into: &log),
                    waiting[index + 2].revents & Int16(POLLIN) == 0
                {
                    streams[index].finish(into: &log)
                    streams.remove(at: index)
                    break
                }
            }
            isAlive = waiting[0].revents == 0
        }
        finish()
    }

    private mutating func finish() {
        for index in streams.indices {
            while isReadable(streams[index].file), streams[index].drain(into: &log) {}
            streams[index].finish(into: &log)
        }
        book.ended(
            EventBook.Ending(code: code(), ranOutOfMemory: (memory?.count() ?? 0) > 0))
    }

    private func isReadable(_ file: OpenFile) -> Bool {
        var waiting = pollfd(fd: file.number, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) > 0 && waiting.revents & Int16(POLLIN) != 0
    }

    private func code() -> Int32? {
        var status: Int32 = 0
        if child > 0 {
            guard atoll_pidfd_wait(process.number, &status) == 0 else { return nil }
            return ExitCode.of(waitStatus: status)
        }
        // The kernel tells others only after the parent took note.
        for _ in 0..<Self.parentAttemptsMax {
            if atoll_pidfd_exit_status(process.number, &status) == 0 {
                return ExitCode.of(waitStatus: status)
            }
            guard errno == ENODATA else { return nil }
            usleep(Self.parentPauseMicroseconds)
        }
        return nil
    }

    /// How long a parent may take to note the end of its child: five seconds.
    private static let parentAttemptsMax = 250
    private static let parentPauseMicroseconds: UInt32 = 20_000
}

/// The named pipes of a container's outputs.
enum ContainerPipes {
    static let names = ["stdout", "stderr"]

    /// Makes them, and opens them both ways, for the container's own processes: a pipe that always
    /// has a reader never kills its writer.
    static func make(in folder: ContainerFolder) throws(RuntimeFailure) -> [OpenFile] {
        var files: [OpenFile] = []
        for name in names {
            let path = "\(folder.path)/\(name)"
            try asking("make the pipe \(path)") { mkfifo(path, 0o600) }
            // Only who holds it open already can reach it; a program that gave up being root may
            // open it again by /dev/stdout.
            try asking("chmod \(path)") { chmod(path, 0o666) }
            files.append(try OpenFile.open(path, O_RDWR))
        }
        return files
    }
}

/// Tells when the kernel kills for want of memory.
struct MemoryWatch {
    let file: OpenFile
    private let path: String

    /// Nil where the machine does not tell.
    init?(_ cgroups: ContainerCgroups) {
        guard let place = cgroups.place(of: "memory") else { return nil }
        guard place.hierarchy.version == .one else {
            // Counted at the end; what changes there is told by inotify alone.
            path = "\(place.folder)/memory.events"
            guard let silent = try? OpenFile.open("/dev/null", OpenFile.pathOnly) else {
                return nil
            }
            file = silent
            return
        }
        path = "\(place.folder)/memory.oom_control"
        let event = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard event >= 0, let control = try? OpenFile.open(path) else { return nil }
        file = OpenFile(event)
        let text = "\(event) \(control.number)"
        guard (try? SmallFile.write(text, to: "\(place.folder)/cgroup.event_control")) != nil
        else { return nil }
    }

    /// Takes the news; whether there was any.
    func happened() -> Bool {
        var count: UInt64 = 0
        return read(file.number, &count, 8) == 8
    }

    /// How many processes were killed so far.
    func count() -> Int {
        let text = (try? SmallFile.text(path)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst(9)) } ?? 0
    }
}
