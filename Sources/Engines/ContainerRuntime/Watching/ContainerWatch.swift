// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Stays with one program for as long as it lives, the first of a container or one run in it:
/// writes down what it says, that the container ran out of memory, and how it ended, and lets
/// others follow it (RUNTIME-22, RUNTIME-23).
///
/// The watch is a process of its own and small, so that a daemon that dies or is replaced takes
/// nothing with it. The program's outputs are named pipes that its own processes hold open both
/// ways: when the watch dies too, they lose nothing but its attention, and another may come.
struct ContainerWatch {
    private let process: OpenFile
    /// Zero when somebody else is its parent, who alone is told the code.
    private let child: Int32
    private let book: EventBook
    private let memory: MemoryWatch?
    private var log: OutputLog?
    private var streams: [OutputStream]
    private var attachment: Attachment

    /// - Parameters:
    ///   - child: The program's number, when it is a child of this process.
    ///   - terminal: What it says, when it has a terminal.
    ///   - input: Where its input is written, when that is a pipe.
    ///   - log: Where it is written down; nil for nowhere.
    ///   - cgroups: The container's, where it is to be known that it ran out of memory.
    init(
        _ folder: StreamFolder, cgroups: ContainerCgroups?, process: OpenFile, child: Int32,
        terminal: OpenFile?, input: OpenFile?, log: OutputLog?, book: EventBook,
        attachment: Attachment
    ) throws(RuntimeFailure) {
        self.process = process
        self.child = child
        self.book = book
        self.log = log
        memory = cgroups.flatMap { MemoryWatch($0) }
        self.attachment = attachment
        try self.attachment.use(terminal: terminal, input: input)
        if let terminal {
            streams = [OutputStream(file: terminal, name: "stdout")]
        } else {
            streams = try folder.openOutputs()
        }
    }

    /// Watches to the end.
    mutating func run() {
        var isAlive = true
        while isAlive {
            var waiting = [
                pollfd(fd: process.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: memory?.file.number ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let mustWait = attachment.isFull
            for stream in streams {
                let number = mustWait ? -1 : stream.file.number
                waiting.append(pollfd(fd: number, events: Int16(POLLIN), revents: 0))
            }
            let own = waiting.count
            waiting += attachment.waits
            guard poll(&waiting, nfds_t(waiting.count), attachment.patience) >= 0 else { continue }
            if waiting[1].revents != 0, memory?.happened() == true { book.outOfMemory() }
            hear(waiting[2..<own])
            attachment.take(waiting[own...])
            isAlive = waiting[0].revents == 0
        }
        finish()
    }

    private mutating func hear(_ results: ArraySlice<pollfd>) {
        for (index, result) in results.enumerated().reversed() where result.revents != 0 {
            // A pipe that hangs up would wake this process forever.
            if !drain(index), result.revents & Int16(POLLIN) == 0 {
                finish(index)
                streams.remove(at: index)
            }
        }
    }

    /// Takes what a stream says now.
    ///
    /// - Returns: Whether there may be more at once.
    private mutating func drain(_ index: Int) -> Bool {
        guard let bytes = streams[index].take() else { return errno == EINTR }
        for line in streams[index].lines(adding: bytes) {
            log?.add(line, stream: streams[index].name)
        }
        attachment.give(bytes, stream: streams[index].name)
        return true
    }

    /// Writes a last line that had no end.
    private mutating func finish(_ index: Int) {
        if let line = streams[index].rest { log?.add(line, stream: streams[index].name) }
    }

    private mutating func finish() {
        for index in streams.indices {
            while isReadable(streams[index].file), drain(index) {}
            finish(index)
        }
        book.ended(
            EventBook.Ending(code: code(), ranOutOfMemory: (memory?.count() ?? 0) > 0))
        attachment.finish()
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
