// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A network namespace that stands for a machine's network, so that tests change no real one, and
/// another that stands for the world around it.
///
/// The machine has 10.200.0.1 and fd20::1, the world 10.200.0.2 and fd20::2 on a wire between them.
final class NetworkRoom {
    /// Why tests of networks do not run.
    static let reason: Comment =
        "needs root, iproute2, nftables, util-linux and a kernel with bridges, veth and NAT"
    static let isReady: Bool = {
        guard EngineMachine.isReady, let room = try? NetworkRoom() else { return false }
        let rules = """
            add table inet t; add chain inet t c { type nat hook postrouting priority 100; }
            add rule inet t c masquerade; add rule inet t c fib daddr type local counter
            """
        return (try? room.sh("ip link add b0 type bridge && echo '\(rules)' | nft -f -").code) == 0
    }()

    private let machine: pid_t
    private let world: pid_t
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "room-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        func holder() throws -> pid_t {
            try Spawning.start(
                "/usr/bin/unshare", ["-n", "/bin/sleep", "900"], [:],
                files: ["/dev/null", "/dev/null", "/dev/null"])
        }
        machine = try holder()
        world = try holder()
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        for process in [machine, world] {
            for attempt in 0..<1_000 {
                let there = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(process)/ns/net")
                if let there, there != own { break }
                try #require(attempt < 999, "no network namespace can be made")
                usleep(5_000)
            }
        }
        let wired = try sh(
            """
            set -e
            ip link set lo up
            ip link add wire type veth peer name wire netns \(world)
            ip addr add 10.200.0.1/24 dev wire; ip link set wire up
            ip addr add fd20::1/64 dev wire nodad
            nsenter -t \(world) -n sh -ec 'ip link set lo up; ip link set wire up
              ip addr add 10.200.0.2/24 dev wire; ip addr add fd20::2/64 dev wire nodad'
            """)
        try #require(wired.code == 0, "\(wired)")
    }

    deinit {
        for process in [machine, world] {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What stands before a command that runs in the machine's network.
    var entry: [String] { ["/usr/bin/nsenter", "-t", "\(machine)", "-n"] }
    private var worldEntry: [String] { ["/usr/bin/nsenter", "-t", "\(world)", "-n"] }

    /// Runs a script in the machine's network.
    func sh(_ script: String) throws -> Said { try run(entry, script) }

    /// Runs a script in the world around it.
    func outside(_ script: String) throws -> Said { try run(worldEntry, script) }

    /// Starts a program that runs until the room ends.
    func serve(_ words: [String], outside: Bool) throws -> pid_t {
        let all = (outside ? worldEntry : entry) + words
        return try Spawning.start(
            all[0], Array(all.dropFirst()), [:],
            files: ["/dev/null", "/dev/null", "/dev/null"])
    }

    private func run(_ entry: [String], _ script: String) throws -> Said {
        let names = ["out", "err"].map { "\(folder)/\($0)-\(UUID().uuidString)" }
        defer { for name in names { unlink(name) } }
        let all = entry + ["/bin/sh", "-c", script]
        let child = try Spawning.start(
            all[0], Array(all.dropFirst()), ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            files: ["/dev/null"] + names)
        let code = Spawning.wait(for: child)
        func text(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
        return Said(code: code, output: text(names[0]), errors: text(names[1]))
    }

    /// Everything that networks of containers leave in a machine's network: interfaces and rules.
    func traces() throws -> String {
        try sh("ip -o link | cut -d: -f2 | sort; nft list ruleset").output
    }

    /// What a server says at a place once it is there.
    func fetch(_ place: String) throws -> String {
        try sh(
            "\(EngineMachine.curl) -sS -m 5 --retry 40 --retry-delay 0 --retry-max-time 10 "
                + "--retry-connrefused http://\(place)/ 2>/dev/null"
        ).text
    }
}

extension TestEngine {
    /// Makes and begins a container in a network.
    ///
    /// - Parameters:
    ///   - host: Further members of `HostConfig`.
    ///   - more: Further members beside it.
    /// - Returns: What the engine says where it refuses; empty otherwise.
    func begin(
        _ name: String, _ script: String, in network: String, _ host: String = "",
        _ more: String = ""
    ) throws -> String {
        let body = """
            {"Image": "shell", "Cmd": ["sh", "-c", "\(script)"]\(more),
             "HostConfig": {"NetworkMode": "\(network)"\(host)}}
            """
        let made = try answer("POST", "/containers/create?name=\(name)", body: body)
        guard made.contains("\"Id\"") else { return made }
        return try answer("POST", "/containers/\(name)/start")
    }

    /// What a container in a network says until its end.
    func says(_ script: String, in network: String, _ host: String = "") throws -> String {
        let name = "say-\(UUID().uuidString.prefix(8))"
        let refused = try begin(name, script, in: network, host)
        try #require(refused.isEmpty, "\(refused)")
        _ = try api("POST", "/containers/\(name)/wait")
        let said = try plain(name)
        _ = try api("DELETE", "/containers/\(name)?force=1")
        return said
    }

    /// Makes a network.
    func network(_ name: String, _ more: String = "") throws {
        let made = try answer("POST", "/networks/create", body: "{\"Name\": \"\(name)\"\(more)}")
        try #require(made.contains("\"Id\""), "\(made)")
    }

    /// A container's place in a network, as the API shows it.
    func place(_ container: String, in network: String) throws -> [String: Any] {
        let shown = try json("GET", "/containers/\(container)/json")
        let settings = try #require(shown["NetworkSettings"] as? [String: Any])
        let all = try #require(settings["Networks"] as? [String: Any])
        return try #require(all[network] as? [String: Any], "\(all)")
    }

    /// Asks a server by HTTP from a container, until it is there.
    static func fetching(_ place: String) -> String {
        "for i in $(seq 100); do wget -qO- http://\(place)/ 2>/dev/null && exit; sleep 0.1; done"
    }

    /// Says whether a port is open from a container; one that should be gets its time.
    static func knocking(_ address: String, patiently: Bool) -> String {
        "for i in $(seq \(patiently ? 20 : 1)); do "
            + "nc -w 1 \(address) 80 </dev/null 2>/dev/null && echo open && exit; done; echo shut"
    }

    /// Serves a word over HTTP.
    static func server(_ word: String) -> String {
        "echo \(word) >/index.html; httpd -f -p 80 -h /"
    }
}
