// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// The command line of an OCI runtime, as container managers call it (RUNTIME-21).
public struct RuntimeProgram {
    /// The project's version of the runtime.
    public static let version = "0.1.0"

    /// Where containers are remembered.
    let root: String
    private let log: String?
    private let logsJSON: Bool

    /// Runs one command and returns its exit code: 0, 1 for a refusal, 2 for a command line that
    /// is not understood, a program's own for `run` and `exec`.
    public static func run(_ words: [String]) -> Int32 {
        var program: RuntimeProgram?
        do {
            let arguments = try RuntimeArguments(words, globalOptions)
            program = RuntimeProgram(arguments)
            return try program?.run(arguments) ?? 1
        } catch {
            report(error, program)
            if case .usage = error { return 2 }
            return 1
        }
    }

    private static let globalOptions: [RuntimeArguments.Option] = [
        .value("root"), .value("log"), .value("log-format"), .value("rootless"), .value("criu"),
        .flag("debug"), .flag("systemd-cgroup"), .value("cgroup-manager"), .flag("version", "v"),
        .flag("help", "h"),
    ]

    private init(_ arguments: RuntimeArguments) {
        root = arguments["root"] ?? Self.usualRoot
        log = arguments["log"]
        logsJSON = arguments["log-format"] == "json"
    }

    private static var usualRoot: String {
        if geteuid() == 0 { return "/run/atoll-runtime" }
        let folder = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) }
        return "\(folder ?? "/tmp/atoll-runtime-\(geteuid())")/atoll-runtime"
    }

    private func run(_ arguments: RuntimeArguments) throws(RuntimeFailure) -> Int32 {
        if arguments.has("version") {
            say("atoll-runtime version \(Self.version)")
            say("spec: \(RuntimeConfiguration.specification)")
            return 0
        }
        if arguments.has("help") || arguments.rest.isEmpty {
            say(Self.help)
            return arguments.has("help") ? 0 : 2
        }
        guard !arguments.has("systemd-cgroup"), arguments["cgroup-manager"] != "systemd" else {
            throw .usage("this runtime makes control groups itself, without systemd")
        }
        guard let verb = Verb(rawValue: arguments.rest[0]) else {
            throw .usage("unknown command \(arguments.rest[0])\n\(Self.help)")
        }
        return try verb.run(Array(arguments.rest.dropFirst()), self)
    }

    private static let help = """
        usage: atoll-runtime [--root DIR] [--log FILE] [--log-format text|json] COMMAND
        commands: \(Verb.allCases.map(\.rawValue).joined(separator: " "))
        """

    // MARK: - What is said

    /// A line of the result.
    func say(_ line: String) { Self.write(line + "\n", to: 1) }

    /// Tells a failure to people and to the log that container managers read.
    private static func report(_ failure: RuntimeFailure, _ program: RuntimeProgram?) {
        write("atoll-runtime: \(failure)\n", to: 2)
        guard let path = program?.log, let isJSON = program?.logsJSON else { return }
        let time = ClockText.now()
        let line =
            isJSON
            ? JSON.object([
                JSON.Member("level", "error"), JSON.Member("msg", JSON("\(failure)")),
                JSON.Member("time", JSON(time)),
            ]).compact : "time=\"\(time)\" level=error msg=\(JSON("\(failure)").compact)"
        let flags = O_WRONLY | O_CREAT | O_APPEND
        try? OpenFile.open(path, flags, mode: 0o600).writeAll(Array((line + "\n").utf8))
    }

    private static func write(_ text: String, to number: Int32) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let more = bytes.withUnsafeBytes { part in
                Glibc.write(number, part.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if more <= 0 { return }
            written += more
        }
    }
}

/// What the runtime can be asked to do.
enum Verb: String, CaseIterable {
    case create, start, state, kill, delete, run, exec, ps, list, pause, resume, update, features
    case spec, watch, events
    case initialize = "init"

    func run(_ words: [String], _ program: RuntimeProgram) throws(RuntimeFailure) -> Int32 {
        switch self {
        case .create: try CreateVerb.run(words, program)
        case .run: try CreateVerb.runToEnd(words, program)
        case .exec: try ExecVerb.run(words, program)
        case .start: try LifeVerbs.start(words, program)
        case .state: try LifeVerbs.state(words, program)
        case .kill: try LifeVerbs.kill(words, program)
        case .delete: try LifeVerbs.delete(words, program)
        case .pause: try LifeVerbs.pause(words, program)
        case .resume: try LifeVerbs.resume(words, program)
        case .ps: try ListVerbs.processes(words, program)
        case .list: try ListVerbs.containers(words, program)
        case .update: try UpdateVerb.run(words, program)
        case .features: try FeaturesVerb.run(words, program)
        case .watch: try WatchVerb.run(words, program)
        case .initialize: try InitVerb.run(words)
        case .events: try EventsVerb.run(words, program)
        case .spec: try SpecVerb.run(words, program)
        }
    }
}
