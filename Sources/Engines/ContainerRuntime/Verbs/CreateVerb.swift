// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// `create` and `run`.
enum CreateVerb {
    private static let options: [RuntimeArguments.Option] = [
        .value("bundle", "b"), .value("console-socket"), .value("pid-file"),
        .value("preserve-fds"), .flag("no-pivot"), .flag("no-new-keyring"), .flag("detach", "d"),
        .flag("keep"), .flag("no-subreaper"),
    ]

    static func run(_ words: [String], _ program: RuntimeProgram) throws(RuntimeFailure) -> Int32 {
        try SelfProtection.ensure()
        let request = try request(try RuntimeArguments(words, options), program, "create")
        let made = try ContainerCreation.make(request)
        withExtendedLifetime(made) {}
        return 0
    }

    private static func request(
        _ arguments: RuntimeArguments, _ program: RuntimeProgram, _ verb: String
    ) throws(RuntimeFailure) -> CreationRequest {
        var request = CreationRequest(
            root: program.root, name: try arguments.name(verb), bundle: arguments["bundle"] ?? ".")
        request.processFile = arguments["pid-file"]
        request.consoleSocket = arguments["console-socket"]
        request.keptFiles = try InheritedFiles.keep(arguments)
        request.withoutPivot = arguments.has("no-pivot")
        request.withoutKeyring = arguments.has("no-new-keyring")
        return request
    }

    /// Makes, starts, waits and removes; with `--detach` only the first two.
    static func runToEnd(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        try SelfProtection.ensure()
        let arguments = try RuntimeArguments(words, options)
        var request = try request(arguments, program, "run")
        request.waitsForOthers = false
        let isDetached = arguments.has("detach")
        request.takesTerminal = !isDetached
        if !isDetached {
            Signals.block()
            if !arguments.has("no-subreaper") {
                _ = atoll_prctl(ProcessOption.subreaper, 1, 0, 0)
            }
        }
        let made = try ContainerCreation.make(request)
        do {
            let listener = try StartGate.start(made.channel)
            try Afterwards.handOver(listener, made.folder, made.record)
            try made.configuration.hooks.run(.poststart, made.record, .running)
        } catch {
            try? remove(request)
            throw error
        }
        if isDetached { return 0 }
        if let terminal = made.terminal {
            try TerminalRelay(receivingFrom: terminal, of: made.process).run()
        }
        let code = try Signals.wait(for: made.record.process, handle: made.process)
        if !arguments.has("keep") { try remove(request) }
        return code
    }

    private static func remove(_ request: CreationRequest) throws(RuntimeFailure) {
        try ContainerRemoval(root: request.root, name: request.name, isForced: true).run()
    }
}

/// Files that this program was started with, beyond the first three.
enum InheritedFiles {
    /// Closes all but those the container is to have, before any other is opened: its first process
    /// would hold them open for as long as it waits, and their other ends may be waited for.
    ///
    /// - Returns: How many are kept: `--preserve-fds`, or what systemd says by `LISTEN_FDS`.
    static func keep(_ arguments: RuntimeArguments) throws(RuntimeFailure) -> UInt32 {
        let announced = getenv("LISTEN_FDS").flatMap { UInt32(String(cString: $0)) } ?? 0
        let count: UInt32 = try arguments.number("preserve-fds") ?? announced
        guard count < 1 << 20 else { throw .usage("--preserve-fds is too large") }
        try asking("close files") { atoll_close_from(3 + count) }
        return count
    }
}
