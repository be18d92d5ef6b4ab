// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc
import JSONText

/// `exec`: another program in a running container.
enum ExecVerb {
    private static let options: [RuntimeArguments.Option] = [
        .value("console-socket"), .value("cwd"), .value("env", "e"), .flag("tty", "t"),
        .value("user", "u"), .value("additional-gids", "g"), .value("process", "p"),
        .flag("detach", "d"), .value("pid-file"), .value("process-label"), .value("apparmor"),
        .flag("no-new-privs"), .value("cap", "c"), .value("preserve-fds"), .value("cgroup"),
        .flag("ignore-paused"), .flag("no-subreaper"),
    ]

    static func run(_ words: [String], _ program: RuntimeProgram) throws(RuntimeFailure) -> Int32 {
        try SelfProtection.ensure()
        let arguments = try RuntimeArguments(words, options)
        guard let name = arguments.rest.first else {
            throw .usage("exec takes the id of a container and a command")
        }
        let kept = try InheritedFiles.keep(arguments)
        let container = try Container(root: program.root, name: name)
        var request = EntryRequest(process: try process(arguments, container))
        request.processFile = arguments["pid-file"]
        request.consoleSocket = arguments["console-socket"]
        request.keptFiles = kept
        request.mayBePaused = arguments.has("ignore-paused")
        let isDetached = arguments.has("detach")
        var relayEnds: (OpenFile, OpenFile)?
        if request.process.hasTerminal, request.consoleSocket == nil, !isDetached {
            relayEnds = try TerminalRelay.pair()
            request.terminalEnd = relayEnds?.1.number ?? -1
        }
        if !isDetached { Signals.block() }
        let entered = try ProcessEntry.enter(container, request)
        if isDetached { return 0 }
        if let relayEnds {
            try TerminalRelay(receivingFrom: relayEnds.0, of: entered.handle).run()
        }
        return try Signals.wait(for: entered.number, handle: entered.handle)
    }

    /// What is run: a file with the specification's `process`, or the container's own with changes.
    private static func process(
        _ arguments: RuntimeArguments, _ container: Container
    ) throws(RuntimeFailure) -> ProcessConfiguration {
        for name in ["process-label", "apparmor", "cgroup"] where !(arguments[name] ?? "").isEmpty {
            throw .usage("--\(name) is not supported")
        }
        if let path = arguments["process"] { return try Self.process(path) }
        guard var process = try container.folder.configuration().process else {
            throw .field("process", "is missing")
        }
        let words = Array(arguments.rest.dropFirst())
        guard !words.isEmpty else { throw .usage("exec takes a command") }
        process.arguments = words
        process.hasTerminal = arguments.has("tty")
        if let folder = arguments["cwd"] { process.folder = folder }
        process.environment += arguments.all("env")
        if arguments.has("no-new-privs") { process.noNewPrivileges = true }
        try setUser(arguments, &process)
        try addCapabilities(arguments.all("cap"), &process)
        return process
    }

    /// The specification's `process` in a file of its own.
    static func process(_ path: String) throws(RuntimeFailure) -> ProcessConfiguration {
        let bytes = try OpenFile.open(path).readAll(
            bytesMax: RuntimeLimits.configurationBytesMax)
        let json = try RuntimeConfiguration.json(bytes, file: path)
        return try ProcessConfiguration(ConfigurationField(json, at: .member(.top, "process")))
    }

    private static func setUser(
        _ arguments: RuntimeArguments, _ process: inout ProcessConfiguration
    ) throws(RuntimeFailure) {
        if let text = arguments["user"] {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard let user = UInt32(parts[0]), parts.count < 3 else {
                throw .usage("--user is not of the form uid[:gid]")
            }
            process.user = user
            if parts.count == 2 {
                guard let group = UInt32(parts[1]) else { throw .usage("--user has no group id") }
                process.group = group
            }
        }
        for text in arguments.all("additional-gids") {
            guard let group = UInt32(text) else { throw .usage("\(text) is no group id") }
            process.moreGroups.append(group)
        }
    }

    private static func addCapabilities(
        _ names: [String], _ process: inout ProcessConfiguration
    ) throws(RuntimeFailure) {
        var sets = process.capabilities ?? CapabilitySets()
        for name in names {
            guard let bit = CapabilitySets.bit(name) else {
                throw .usage("\(name) is no capability")
            }
            sets.bounding |= bit
            sets.effective |= bit
            sets.permitted |= bit
        }
        process.capabilities = sets
    }
}
