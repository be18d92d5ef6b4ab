// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

/// Real containers, made by the real program.
@Suite("Containers", .enabled(if: Machine.isReady, Machine.reason))
struct Containers {}

/// What this machine has for containers.
enum Machine {
    static let reason: Comment = "needs root and the Debian package busybox-static"

    /// Whether containers can be made here.
    static let isReady = geteuid() == 0 && busybox != nil

    /// A shell and its tools in one file that needs no library.
    static let busybox = ["/usr/bin/busybox", "/bin/busybox"].first { path in
        guard let bytes = FileManager.default.contents(atPath: path) else { return false }
        // A program that names no loader stands alone.
        return bytes.range(of: Data("/lib64/ld-linux".utf8)) == nil
    }

    /// The program under test: beside this test's own executable.
    static let runtime: String = {
        if let named = ProcessInfo.processInfo.environment["ATOLL_RUNTIME_BINARY"] { return named }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let folder = own.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path } ?? "."
        return "\(folder)/atoll-runtime"
    }()

    /// Where this run keeps its files and containers; goes with the machine's temporary files.
    static let folder: String = {
        var template = Array("/tmp/atoll-containers-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard isMade else { return "/tmp" }
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // People without rights run containers from here too.
        chmod(path, 0o755)
        return path
    }()

    /// A root file system that containers share and cannot change.
    static let sharedRoot: String = {
        let root = "\(folder)/rootfs"
        try? makeRoot(root)
        return root
    }()

    /// A root file system with a shell.
    static func makeRoot(_ root: String) throws {
        for name in ["bin", "dev", "proc", "sys", "etc", "tmp", "run", "data"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
        let busybox = try #require(busybox)
        // By a process of its own: what this one writes while another test starts a process is
        // still open there, and cannot be executed.
        try #require(Command.run(["/bin/cp", busybox, "\(root)/bin/busybox"]).code == 0)
        let tools = [
            "sh", "true", "false", "cat", "echo", "ls", "id", "hostname", "sleep", "mount", "ps",
            "kill", "mkdir", "rm", "ln", "stat", "ip", "dd", "env", "pwd", "grep", "wc", "head",
            "touch", "test", "chmod", "chown", "mknod", "umask", "nproc", "tty", "readlink", "find",
            "stty", "seq", "tail", "yes", "nc", "uname", "date", "umount", "chroot", "unshare",
        ]
        for tool in tools {
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/bin/\(tool)", withDestinationPath: "busybox")
        }
        let users = "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/home/guest:/bin/sh\n"
        try Data(users.utf8).write(to: URL(fileURLWithPath: "\(root)/etc/passwd"))
    }
}

/// How a command ended and what it said.
struct Ending: CustomTestStringConvertible {
    let code: Int32
    let output: String
    let errors: String

    var testDescription: String { "code \(code), said \(output), complained \(errors)" }
    /// The output without the ends of its last lines.
    var text: String { output.trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// Runs programs to their end.
enum Command {
    /// - Parameter limitSeconds: A program that takes longer is killed, and ends with -9.
    static func run(
        _ words: [String], environment: [String: String] = [:], input: String = "/dev/null",
        limitSeconds: Int = 60
    ) throws -> Ending {
        let outcome = "\(Machine.folder)/out-\(UUID().uuidString)"
        defer {
            unlink(outcome)
            unlink(outcome + ".err")
        }
        var all = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ATOLL_") }
        all["LC_ALL"] = "C"
        let variables = CStrings(
            all.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" })
        let arguments = CStrings(words)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT
        posix_spawn_file_actions_addopen(&actions, 1, outcome, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, outcome + ".err", flags, 0o600)
        var pid: pid_t = 0
        let spawned = posix_spawn(
            &pid, words[0], &actions, nil, arguments.pointers, variables.pointers)
        try #require(spawned == 0, "\(words[0]) cannot be run")
        let code = wait(for: pid, limitSeconds: limitSeconds)
        return Ending(code: code, output: text(outcome), errors: text(outcome + ".err"))
    }

    private static func wait(for pid: pid_t, limitSeconds: Int) -> Int32 {
        var status: Int32 = 0
        for _ in 0..<limitSeconds * 200 {
            if waitpid(pid, &status, WNOHANG) == pid {
                return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
            }
            usleep(5000)
        }
        kill(pid, SIGKILL)
        waitpid(pid, &status, 0)
        return -SIGKILL
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

/// A bundle, the container made of it, and what is left of it.
final class TestContainer {
    let name: String
    let bundle: String
    let root: String
    var configuration: JSON

    /// - Parameters:
    ///   - script: What the container's shell does.
    ///   - ownRoot: Whether it gets files of its own, rather than those all share.
    init(_ script: String = "true", ownRoot: Bool = false, isRootless: Bool = false) throws {
        name = "t-\(getpid())-\(UUID().uuidString.prefix(8))"
        bundle = "\(Machine.folder)/\(name)"
        root = "\(Machine.folder)/state"
        try FileManager.default.createDirectory(
            atPath: bundle, withIntermediateDirectories: true)
        configuration = SpecVerb.specification(isRootless: isRootless)
        configuration.set("process.args", ["/bin/sh", "-c", JSON(script)])
        configuration.set("root.path", JSON(ownRoot ? "rootfs" : Machine.sharedRoot))
        configuration.set("linux.cgroupsPath", JSON("/atoll-test/\(name)"))
        if ownRoot {
            try Machine.makeRoot("\(bundle)/rootfs")
            configuration.set("root.readonly", false)
        }
    }

    deinit {
        _ = try? Command.run([Machine.runtime, "--root", root, "delete", "--force", name])
        try? FileManager.default.removeItem(atPath: bundle)
    }

    /// Writes the configuration as it is now.
    func write() throws {
        try Data(configuration.bytes).write(to: URL(fileURLWithPath: "\(bundle)/config.json"))
    }

    /// Runs a command of the runtime.
    func runtime(
        _ words: [String], environment: [String: String] = [:], input: String = "/dev/null",
        limitSeconds: Int = 60
    ) throws -> Ending {
        try Command.run(
            [Machine.runtime, "--root", root] + words, environment: environment, input: input,
            limitSeconds: limitSeconds)
    }

    /// Makes it, runs it to its end, and removes it.
    func run(environment: [String: String] = [:], limitSeconds: Int = 60) throws -> Ending {
        try write()
        return try runtime(
            ["run", "--bundle", bundle, name], environment: environment,
            limitSeconds: limitSeconds)
    }

    func create(_ options: [String] = [], environment: [String: String] = [:]) throws -> Ending {
        try write()
        return try runtime(
            ["create", "--bundle", bundle] + options + [name], environment: environment)
    }

    func start() throws -> Ending { try runtime(["start", name]) }

    /// Makes it and lets it run.
    func launch() throws {
        let made = try create()
        try #require(made.code == 0, "\(made.errors)")
        let started = try start()
        try #require(started.code == 0, "\(started.errors)")
    }

    func exec(_ words: [String], _ options: [String] = []) throws -> Ending {
        try runtime(["exec"] + options + [name] + words)
    }

    func delete(isForced: Bool = true) throws -> Ending {
        try runtime(["delete"] + (isForced ? ["--force"] : []) + [name])
    }

    /// The state, when there is a container.
    func state() throws -> JSON {
        let ending = try runtime(["state", name])
        try #require(ending.code == 0, "\(ending.errors)")
        return try JSON(parsing: ending.output)
    }

    func status() throws -> String { try state()["status"]?.text ?? "" }

    /// Waits for a status, at most ten seconds.
    func waits(for status: String) throws -> Bool {
        for _ in 0..<200 {
            if try self.status() == status { return true }
            usleep(50_000)
        }
        return false
    }

    /// Everything of the container that is on the machine now.
    func traces() -> [String] {
        var found: [String] = []
        for tree in (try? FileManager.default.contentsOfDirectory(atPath: "/sys/fs/cgroup")) ?? [] {
            let folder = "/sys/fs/cgroup/\(tree)/atoll-test/\(name)"
            if FileManager.default.fileExists(atPath: folder) { found.append(folder) }
        }
        if FileManager.default.fileExists(atPath: "\(root)/\(name)") {
            found.append("\(root)/\(name)")
        }
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        found += mounts.split(separator: "\n").filter { $0.contains(name) }.map(String.init)
        return found
    }
}

extension JSON {
    /// Sets a member of nested objects by its path of names; null takes it away.
    mutating func set(_ path: String, _ value: JSON) {
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        var members = self.members ?? []
        let index = members.firstIndex { $0.name == parts[0] }
        var inner = value
        if parts.count == 2 {
            inner = index.map { members[$0].value } ?? .object([])
            inner.set(parts[1], value)
        }
        if let index {
            if inner == .null {
                members.remove(at: index)
            } else {
                members[index] = JSON.Member(parts[0], inner)
            }
        } else if inner != .null {
            members.append(JSON.Member(parts[0], inner))
        }
        self = .object(members)
    }

    /// Adds an element to a list that a path of names leads to.
    mutating func append(_ path: String, _ value: JSON) {
        var list: JSON? = self
        for part in path.split(separator: ".") { list = list?[String(part)] }
        set(path, .array((list?.elements ?? []) + [value]))
    }
}
