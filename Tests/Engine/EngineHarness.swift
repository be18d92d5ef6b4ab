// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The engine and real containers, made by the real programs.
@Suite(
    "Engine", .serialized, .enabled(if: EngineMachine.isReady, EngineMachine.reason), OneEngine())
struct EngineTests {}

/// Ends the engine that tests share, after the last of them.
struct OneEngine: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        defer { TestEngine.endShared() }
        try await function()
    }
}

/// What this machine has for engines.
enum EngineMachine {
    static let reason: Comment = "needs root and the Debian packages busybox-static and curl"
    static let busybox = ["/usr/bin/busybox", "/bin/busybox"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let curl = "/usr/bin/curl"
    static let docker = ["/usr/local/bin/docker", "/usr/bin/docker"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let isReady =
        geteuid() == 0 && busybox != nil && FileManager.default.isExecutableFile(atPath: curl)

    /// The folder of the programs under test: this test's own.
    static let programs: String = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return own.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path } ?? "."
    }()
}

/// How a command ended and what it said.
struct Said: CustomTestStringConvertible {
    let code: Int32
    let output: String
    let errors: String

    var testDescription: String { "code \(code), said \(output), complained \(errors)" }
    var text: String { output.trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// An engine with a folder of its own, and its clients.
final class TestEngine {
    let folder: String
    private let room: NetworkRoom?
    private var process: pid_t = 0

    var socket: String { folder + "/s" }

    // Sound: tests of the suite run one after the other.
    nonisolated(unsafe) private static var one: TestEngine?

    /// The engine of all tests that do not kill theirs, without containers and volumes.
    static func shared() throws -> TestEngine {
        guard let engine = one else {
            let engine = try TestEngine()
            one = engine
            return engine
        }
        engine.clear()
        return engine
    }

    // Sound for the same reason.
    nonisolated(unsafe) private static var roomed: (room: NetworkRoom, engine: TestEngine)?

    /// The engine of all tests of networks, without containers and networks, and its room.
    static func sharedInRoom() throws -> (room: NetworkRoom, engine: TestEngine) {
        if let roomed {
            roomed.engine.clear()
            return roomed
        }
        let room = try NetworkRoom()
        let made = (room: room, engine: try TestEngine(in: room))
        roomed = made
        return made
    }

    static func endShared() { (one, roomed) = (nil, nil) }

    /// Begins an engine that has an image `shell` of one shell.
    ///
    /// - Parameter room: Whose network is the machine's for it; nil for the machine's own.
    init(in room: NetworkRoom? = nil) throws {
        self.room = room
        var template = Array("/tmp/ae-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        try #require(isMade)
        folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try begin()
        try makeImage()
    }

    /// Removes all containers, and all volumes.
    private func clear() {
        if let names = try? api("GET", "/containers/json?all=1").output {
            for id in names.matches(of: /"Id":"([0-9a-f]{64})"/).map({ String($0.1) }) {
                _ = try? api("DELETE", "/containers/\(id)?force=1")
            }
        }
        _ = try? api("POST", "/networks/prune")
        _ = try? api("POST", "/volumes/prune?filters=%7B%22all%22:%5B%221%22%5D%7D")
    }

    deinit {
        clear()
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts the engine's process and waits until it answers.
    func begin(_ more: [String] = []) throws {
        let words =
            [
                "\(EngineMachine.programs)/atoll-engine", "--socket", socket, "--root",
                folder + "/root",
            ] + more
        let all = (room?.entry ?? []) + words
        process = try Spawning.start(
            all[0], Array(all.dropFirst()), [:],
            files: ["/dev/null", "/dev/null", folder + "/engine.log"])
        for _ in 0..<400 {
            if try api("GET", "/_ping").output == "OK" { return }
            usleep(25_000)
        }
        Issue.record("the engine does not answer")
    }

    /// Kills the engine's process.
    func kill() {
        guard process > 0 else { return }
        Foundation.kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        process = 0
    }

    private func makeImage() throws {
        let root = folder + "/rootfs"
        for name in ["bin", "etc", "data"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
        try Data("root:x:0:0::/:/bin/sh\nguest:x:1000:1001::/:/bin/sh\n".utf8).write(
            to: URL(fileURLWithPath: root + "/etc/passwd"))
        let busybox = try #require(EngineMachine.busybox)
        let script = """
            set -e; cd '\(folder)'; cp \(busybox) rootfs/bin/busybox
            for tool in sh cat echo id sleep seq hostname wc env mount stty ls rm mkdir stat ln \
                touch kill df grep tr head readlink httpd wget nslookup ip ping nc; do \
                ln -s busybox rootfs/bin/$tool; done
            echo seed >rootfs/data/seed; chown -R 1000:1001 rootfs/data; chmod 2750 rootfs/data
            mkdir -p rootfs'\(folder)'; ln -s /../../../../../../..'\(folder)' rootfs/out
            tar -C rootfs -cf image.tar .
            """
        try #require(try run("/bin/sh", ["-c", script]).code == 0)
        let made = try api(
            "POST", "/images/create?fromSrc=-&repo=shell",
            ["-H", "Content-Type: application/x-tar", "--data-binary", "@\(folder)/image.tar"])
        try #require(made.output.contains("sha256:"), "\(made)")
    }

    // MARK: Clients

    /// A request of the API, with the status in the last line.
    func api(_ method: String, _ path: String, _ more: [String] = []) throws -> Said {
        try run(
            EngineMachine.curl,
            ["-sS", "--max-time", "30", "--unix-socket", socket, "-X", method] + more
                + ["http://engine\(path)"])
    }

    /// The status of an answer.
    func status(_ method: String, _ path: String, body: String? = nil) throws -> String {
        let more = body.map { ["-H", "Content-Type: application/json", "-d", $0] } ?? []
        return try api(method, path, more + ["-o", "/dev/null", "-w", "%{http_code}"]).output
    }

    /// A command of Docker's client.
    func docker(
        _ words: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> Said {
        try run(
            try #require(EngineMachine.docker), words, input: input,
            environment: ["DOCKER_HOST": "unix://\(socket)", "HOME": folder]
                .merging(environment) { _, own in own })
    }

    /// Runs a program to its end.
    func run(
        _ program: String, _ words: [String], input: String = "",
        environment: [String: String] = [:]
    ) throws -> Said {
        let files = try ["in", "out", "err"].map { name in
            let path = "\(folder)/\(name)-\(UUID().uuidString)"
            try Data(name == "in" ? Array(input.utf8) : []).write(to: URL(fileURLWithPath: path))
            return path
        }
        defer { for file in files { unlink(file) } }
        let variables = ["PATH": "/usr/bin:/bin"].merging(environment) { _, own in own }
        let child = try Spawning.start(program, words, variables, files: files)
        let code = Spawning.wait(for: child)
        func text(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
        return Said(code: code, output: text(files[1]), errors: text(files[2]))
    }

    /// An answer's document.
    func json(_ method: String, _ path: String, body: String? = nil) throws -> [String: Any] {
        let text = try answer(method, path, body: body)
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(parsed as? [String: Any], "\(text)")
    }

    /// The body of an answer.
    func answer(_ method: String, _ path: String, body: String? = nil) throws -> String {
        let more = body.map { ["-H", "Content-Type: application/json", "-d", $0] } ?? []
        return try api(method, path, more).output
    }

    /// Runs a script in a new container to its end, and returns what it said.
    func runs(_ script: String, _ host: String = "", _ more: String = "") throws -> String {
        let name = "run-\(UUID().uuidString.prefix(8))"
        try create(name, script, host, more)
        let begun = try answer("POST", "/containers/\(name)/start")
        try #require(begun.isEmpty, "\(begun)")
        _ = try api("POST", "/containers/\(name)/wait")
        let said = try plain(name)
        _ = try api("DELETE", "/containers/\(name)?force=1&v=1")
        return said
    }

    /// What a container said, without the frames' heads.
    func plain(_ name: String, _ more: String = "") throws -> String {
        let path = "\(folder)/log-\(UUID().uuidString)"
        defer { unlink(path) }
        _ = try api(
            "GET", "/containers/\(name)/logs?stdout=1&stderr=1\(more)", ["-o", path])
        var bytes = FileManager.default.contents(atPath: path) ?? Data()
        var text = Data()
        while bytes.count >= 8 {
            let head = Array(bytes.prefix(8))
            let count = head[4...].reduce(0) { $0 << 8 | Int($1) }
            text += bytes.dropFirst(8).prefix(count)
            bytes = Data(bytes.dropFirst(8 + count))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Waits until something holds, ten seconds at most.
    func eventually(_ holds: () throws -> Bool) throws -> Bool {
        for _ in 0..<200 {
            if try holds() { return true }
            usleep(50_000)
        }
        return false
    }

    /// A container of the shell that runs a script, not begun.
    func create(
        _ name: String, _ script: String, _ host: String = "", _ more: String = ""
    ) throws {
        let body = """
            {"Image": "shell", "Cmd": ["sh", "-c", "\(script)"]\(more),
             "HostConfig": {"NetworkMode": "none"\(host)}}
            """
        let made = try answer("POST", "/v1.41/containers/create?name=\(name)", body: body)
        try #require(made.contains("\"Id\""), "\(made)")
    }

    /// What a container said on its output, without the frames' heads.
    func log(_ name: String) throws -> String {
        let whole = try api("GET", "/containers/\(name)/logs?stdout=1").output
        return whole.split(separator: "\n").map { line in
            String(line.drop { $0 != ">" })
        }.joined(separator: "\n")
    }
}

/// Starts programs and waits for them.
enum Spawning {
    /// How long a program may take: two minutes.
    private static let attemptsMax = 24_000

    /// - Parameter files: What its first three files are.
    static func start(
        _ program: String, _ words: [String], _ variables: [String: String], files: [String]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, files[0], O_RDONLY, 0)
        for number in 1...2 {
            posix_spawn_file_actions_addopen(
                &actions, Int32(number), files[number], O_WRONLY | O_CREAT, 0o600)
        }
        var arguments = ([program] + words).map { strdup($0) } + [nil]
        var environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        var pid: pid_t = 0
        // Threads of tests hold signals back; a program that inherits that could not be ended.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let spawned = posix_spawn(&pid, program, &actions, &attributes, &arguments, &environment)
        try #require(spawned == 0, "\(program) cannot be run")
        return pid
    }

    /// Its code; -9 for one that takes too long, which is killed.
    static func wait(for pid: pid_t) -> Int32 {
        var status: Int32 = 0
        for _ in 0..<attemptsMax {
            if waitpid(pid, &status, WNOHANG) == pid {
                return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
            }
            usleep(5_000)
        }
        Foundation.kill(pid, SIGKILL)
        waitpid(pid, &status, 0)
        return -SIGKILL
    }
}
