// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// `watch`: makes a container, as `create` does, or runs a program in one, as `exec` does, and
/// leaves a process that stays with it; or takes up a container whose watch is gone (RUNTIME-22).
enum WatchVerb {
    private static let options: [RuntimeArguments.Option] = [
        .value("bundle", "b"), .value("log"), .value("log-bytes"), .value("log-files"),
        .value("pid-file"), .value("exec"), .value("process", "p"), .flag("adopt"),
        .flag("input", "i"), .flag("no-pivot"), .flag("no-new-keyring"),
    ]

    static func run(_ words: [String], _ program: RuntimeProgram) throws(RuntimeFailure) -> Int32 {
        try SelfProtection.ensure()
        let arguments = try RuntimeArguments(words, options)
        let name = try arguments.name("watch")
        _ = try InheritedFiles.keep(arguments)
        try clone(name, arguments, program).expect(.made)
        return 0
    }

    /// - Returns: What is said with the process that stays; its other end is that process's alone.
    private static func clone(
        _ name: String, _ arguments: RuntimeArguments, _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Channel {
        let (ours, theirs) = try Channel.pair()
        var pidfd: Int32 = -1
        let number = try asking("clone") { atoll_clone(0, &pidfd, -1) }
        if number == 0 {
            close(ours.file.number)
            stay(theirs, name, arguments, program)
        }
        return ours
    }

    private static func stay(
        _ channel: Channel, _ name: String, _ arguments: RuntimeArguments,
        _ program: RuntimeProgram
    ) -> Never {
        do {
            setsid()
            signal(SIGPIPE, SIG_IGN)
            // What it says for itself goes through the channel; nobody's terminal is held open.
            try StandardFiles.useNull()
            if let entry = arguments["exec"] {
                var held = try hold(entry, in: name, arguments, program)
                try goOn(channel)
                held.run()
            } else {
                var watch = try begin(name, arguments, program)
                try goOn(channel)
                watch.run()
            }
            _exit(0)
        } catch {
            try? channel.send(.failed, "\(error)")
            _exit(1)
        }
    }

    private static func goOn(_ channel: Channel) throws(RuntimeFailure) {
        atoll_trim_memory()
        try channel.send(.made)
        close(channel.file.number)
    }

    private static func hold(
        _ entry: String, in name: String, _ arguments: RuntimeArguments, _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> HeldEntry {
        guard let file = arguments["process"] else { throw .usage("--exec needs --process FILE") }
        return try HeldEntry(
            try Container(root: program.root, name: name), entry,
            process: try ExecVerb.process(file), hasInput: arguments.has("input"),
            processFile: arguments["pid-file"])
    }

    private static func begin(
        _ name: String, _ arguments: RuntimeArguments, _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> ContainerWatch {
        let log = try OutputLog(
            path: arguments["log"] ?? "/dev/null",
            bytesMax: try arguments.number("log-bytes") ?? 16 << 20,
            filesMax: try arguments.number("log-files") ?? 2)
        if arguments.has("adopt") {
            let container = try Container(root: program.root, name: name)
            let book = try EventBook(folder: container.folder.streams)
            return try ContainerWatch(
                container.folder.streams, cgroups: container.cgroups,
                process: try container.handle(), child: 0, terminal: nil,
                input: container.folder.streams.openInput(), log: log, book: book,
                attachment: try Attachment(container.folder.streams, hasTerminal: false))
        }
        return try make(name, arguments, program, log)
    }

    private static func make(
        _ name: String, _ arguments: RuntimeArguments, _ program: RuntimeProgram, _ log: OutputLog
    ) throws(RuntimeFailure) -> ContainerWatch {
        var request = CreationRequest(
            root: program.root, name: name, bundle: arguments["bundle"] ?? ".")
        request.processFile = arguments["pid-file"]
        request.withoutPivot = arguments.has("no-pivot")
        request.withoutKeyring = arguments.has("no-new-keyring")
        request.takesTerminal = true
        request.makesPipes = true
        request.makesInput = arguments.has("input")
        let made = try ContainerCreation.make(request)
        let terminal = try made.terminal.map { socket throws(RuntimeFailure) in
            try Channel(file: socket).receiveAny()
        }
        let cgroups = ContainerCgroups(
            folders: made.record.cgroupFolders, layout: try CgroupLayout.detect())
        let streams = made.folder.streams
        return try ContainerWatch(
            streams, cgroups: cgroups, process: made.process, child: made.record.process,
            terminal: terminal ?? nil, input: streams.openInput(), log: log,
            book: try EventBook(folder: streams),
            attachment: try Attachment(streams, hasTerminal: made.terminal != nil))
    }
}
