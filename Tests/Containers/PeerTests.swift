// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ContainerRuntime

/// Other people's programs, in a Debian of their own (scripts/setup-container-peers).
enum PeerDebian {
    static let root: String = {
        let named = ProcessInfo.processInfo.environment["ATOLL_CONTAINER_PEERS"]
        let checkout = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = named ?? "\(checkout)/.deps/peers/containers"
        return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }()

    static let isReady =
        Machine.isReady && FileManager.default.fileExists(atPath: "\(root)/stamp")

    static let reason: Comment = "needs root and what scripts/setup-container-peers installs"

    /// What a script's commands gave: their names, and their codes with what they said.
    static func run(_ script: String) throws -> [String: String] {
        let here =
            "/" + #filePath.split(separator: "/").dropLast(1).joined(separator: "/") + "/Peers"
        let handed = "\(root)/atoll"
        try FileManager.default.createDirectory(atPath: handed, withIntermediateDirectories: true)
        for name in ["image.sh", script] {
            try? FileManager.default.removeItem(atPath: "\(handed)/\(name)")
            try FileManager.default.copyItem(atPath: "\(here)/\(name)", toPath: "\(handed)/\(name)")
        }
        // Several suites may run at once, and a program that runs cannot be replaced.
        let program = "runtime-\(UUID().uuidString)"
        try FileManager.default.copyItem(
            atPath: Machine.runtime, toPath: "\(handed)/\(program)")
        defer { try? FileManager.default.removeItem(atPath: "\(handed)/\(program)") }
        let ending = try Command.run(
            [
                "/bin/sh", "\(here)/enter.sh", root, "/bin/sh", "/atoll/\(script)",
                "/atoll/\(program)",
            ], limitSeconds: 180)
        var results: [String: String] = [:]
        for line in ending.output.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            if parts.count == 2 {
                results[parts[0]] = parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
        try #require(!results.isEmpty, "\(ending)")
        return results
    }
}

extension Containers {
    @Suite(
        "Container managers that call this runtime (RUNTIME-21)", .serialized,
        .enabled(if: PeerDebian.isReady, PeerDebian.reason))
    struct PeerTests {
        @Test("podman runs, enters, pauses, stops and removes")
        func podman() throws {
            let results = try PeerDebian.run("podman.sh")
            #expect(results["run"] == "3 hello")
            #expect(results["exec"] == "0 inside")
            #expect(results["terminal"] == "0 terminal")
            for verb in ["detached", "pause", "unpause", "stop", "start", "kill", "remove"] {
                #expect(results[verb]?.hasPrefix("0") == true, "\(verb) \(results[verb] ?? "")")
            }
            #expect(results["missing"]?.hasPrefix("127 ") == true)
            #expect(results["tty"]?.hasPrefix("0 ") == true)
            let confined = results["confined"] ?? ""
            #expect(confined.hasPrefix("0 1000|"), "\(confined)")
            #expect(confined.contains("Read-only file system") && confined.contains("Seccomp:\t2"))
            #expect(results["users"] == "0 0")
            #expect(results["hostname"] == "0 other")
        }

        @Test("containerd's ctr runs, enters, pauses and removes")
        func containerd() throws {
            let results = try PeerDebian.run("containerd.sh")
            #expect(results["run"]?.hasPrefix("3 hello") == true, "\(results)")
            #expect(results["exec"] == "0 inside")
            #expect(results["list"] == "0 1")
            for verb in ["detached", "pause", "resume", "kill"] {
                #expect(results[verb]?.hasPrefix("0") == true, "\(verb) \(results[verb] ?? "")")
            }
        }

        @Test("dockerd runs, enters, limits, pauses, stops and removes")
        func docker() throws {
            let results = try PeerDebian.run("docker.sh")
            #expect(results["run"] == "3 hello|Seccomp:\t2", "\(results)")
            #expect(results["exec"] == "0 inside")
            #expect(results["terminal"] == "0 terminal")
            let verbs = [
                "detached", "pause", "unpause", "update", "stop", "start", "kill", "remove",
                "privileged", "shared",
            ]
            for verb in verbs {
                #expect(results[verb]?.hasPrefix("0") == true, "\(verb) \(results[verb] ?? "")")
            }
            #expect(results["missing"]?.hasPrefix("127 ") == true)
            #expect(results["folder"]?.hasPrefix("126 ") == true)
            let confined = results["confined"] ?? ""
            #expect(confined.contains("0 1000|") && confined.contains("Read-only file system"))
            #expect(confined.contains("CapBnd:\t0000000000000000|NoNewPrivs:\t1"), "\(confined)")
        }
    }
}
