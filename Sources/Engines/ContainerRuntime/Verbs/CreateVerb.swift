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
        request.keptFiles = try arguments.number("preserve-fds") ?? ActivatedSockets.count
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

/// Sockets that whoever started this listens at already: `LISTEN_FDS` of systemd.
enum ActivatedSockets {
    static var count: UInt32 {
        guard let text = getenv("LISTEN_FDS") else { return 0 }
        return UInt32(String(cString: text)) ?? 0
    }
}
