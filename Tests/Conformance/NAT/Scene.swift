// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// Networks with NATs of the kernel's own, and a peer in a process of its own in each; all of it in
/// namespaces that end with one process, whatever happens.
final class Scene: Sendable {
    /// What a NAT does with what leaves.
    enum Rule: String {
        /// One port inside is one port outside, whoever is spoken with.
        case keepsPorts = "masquerade"
        /// Another port for everybody who is spoken with.
        case changesPorts = "masquerade random,fully-random"
    }

    /// The scene did not do its part.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where the sources are.
    private static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
    /// After how many seconds a scene ends by itself.
    private static let secondsMax = 120

    private static let tools = [
        "/usr/bin/unshare", "/usr/bin/timeout", "/usr/sbin/nft", "/sbin/ip",
    ]

    private let effects: Effects
    private let child: any ChildProcess
    private let logs: String

    /// Why there can be no scene here, or nothing.
    static func obstacle(_ effects: Effects) async -> String? {
        guard geteuid() == 0 else { return "only root may make networks" }
        if let missing = tools.first(where: { access($0, X_OK) != 0 }) {
            return "\(missing) is not installed"
        }
        // A machine may forbid namespaces, or NAT rules in them, to root too.
        let rule =
            "add table ip t; add chain ip t c { type nat hook postrouting priority 100; };"
            + "add rule ip t c masquerade random,fully-random"
        let trial = try? effects.processes.start(
            ProcessRequest(
                executable: "/usr/bin/unshare",
                arguments: [
                    "--mount", "--net", "--pid", "--fork", "--kill-child=KILL", "--mount-proc",
                    "/bin/sh", "-c",
                    "mount -t tmpfs none /run && ip link add net0 type bridge && "
                        + "ip link add one0 type veth peer name two0 && nft '\(rule)'",
                ], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]))
        guard let trial, await trial.exit() == .code(0) else {
            return "this machine lets nobody make networks with NATs"
        }
        return nil
    }

    /// Starts a scene of two networks behind a NAT each.
    ///
    /// - Parameter folder: Where what the peers say is kept.
    convenience init(_ near: Rule, _ far: Rule, in folder: String, _ effects: Effects) throws {
        try self.init(
            "two-nats.sh", [near.rawValue, far.rawValue], in: folder, effects)
    }

    /// Starts a scene of Kubo, a peer that can be dialled, and one behind a NAT; or nothing, which
    /// is said, where Kubo is not installed.
    ///
    /// - Parameter mode: What Kubo is told to be: `serves` or `asks`.
    static func withKubo(_ mode: String, in folder: String, _ effects: Effects) throws -> Scene? {
        guard let kubo = kubo() else { return nil }
        return try Scene("open-network.sh", kubo + [mode], in: folder, effects)
    }

    /// Starts a scene of Kubo and a peer behind a NAT each; or nothing, which is said, where Kubo
    /// is not installed.
    ///
    /// - Parameter who: Who comes through the relay: `peer` or `kubo`.
    static func withKuboBehindNAT(
        comes who: String, _ near: Rule, _ far: Rule, in folder: String, _ effects: Effects
    ) throws -> Scene? {
        guard let kubo = kubo() else { return nil }
        return try Scene(
            "kubo-behind-nat.sh", kubo + [who, near.rawValue, far.rawValue], in: folder, effects)
    }

    /// The interpreter that has Kubo, and the script that runs it.
    private static func kubo() -> [String]? {
        let chosen = getenv("ATOLL_PEERS").map { String(cString: $0) }
        let python = "\(chosen ?? "\(root)/.deps/peers")/kubo/bin/python"
        guard access(python, X_OK) == 0 else {
            print("Kubo is not installed: run scripts/setup-peers to test with it")
            return nil
        }
        return [python, "\(root)/Tests/Conformance/LibP2P/Peers/kubo_peer.py"]
    }

    /// Starts a scene of a cloud whose gateway and provider are behind a NAT each; or nothing,
    /// which is said, where the job's program cannot be built.
    static func withCloud(
        _ near: Rule, _ far: Rule, in folder: String, _ effects: Effects
    ) throws -> Scene? {
        let program = "\(root)/examples/wordcount/wordcount.wasm"
        guard access(program, R_OK) == 0 else {
            print("there is no \(program): run scripts/build-example wordcount to test with it")
            return nil
        }
        return try Scene(
            "cloud-behind-nats.sh", [program, near.rawValue, far.rawValue], of: "atoll",
            in: folder, effects)
    }

    private init(
        _ script: String, _ words: [String], of program: String = "atoll-peer", in folder: String,
        _ effects: Effects
    ) throws {
        self.effects = effects
        logs = folder
        child = try effects.processes.start(
            ProcessRequest(
                executable: "/usr/bin/timeout",
                arguments: [
                    "-k", "1", "\(Self.secondsMax)", "/usr/bin/unshare", "--mount", "--net",
                    "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "/bin/sh",
                    "\(Self.root)/Tests/Conformance/NAT/Scenes/\(script)",
                    try Self.path(of: program),
                    folder,
                ] + words + ["\(Self.secondsMax)"],
                environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
                logFile: "\(folder)/scene"))
    }

    /// A program beside this test's own executable.
    private static func path(of program: String) throws -> String {
        var path = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &path, path.count)
        guard count > 0 else { throw Failure(description: "this program has no path") }
        let own = String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = own.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        return "\(folder)/\(program)"
    }

    /// What a peer of the scene has said so far.
    func lines(of name: String) async -> [String] {
        // A peer that has not started has said nothing.
        let path = String("\(logs)/\(name)".dropFirst())
        let bytes = (try? await effects.disk.read(path, limit: 4_194_304)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Waits until a peer has said something.
    func wait(
        _ name: String, _ what: String, _ condition: @Sendable ([String]) -> Bool
    ) async throws {
        for _ in 0..<Self.secondsMax * 10 {
            if condition(await lines(of: name)) { return }
            await effects.time.sleep(milliseconds: 100)
        }
        let said = await lines(of: name).joined(separator: "\n")
        let scene = await lines(of: "scene").joined(separator: "\n")
        throw Failure(description: "\(what) did not come; \(name) said:\n\(said)\n\(scene)")
    }

    /// Ends all of it.
    func stop() async {
        // timeout(1) passes it on; the namespaces end with the process that made them.
        try? effects.processes.signal(child.pid, SIGTERM)
        _ = await child.exit()
    }
}
