// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Docker's own daemon, in a Debian and a network of its own.
final class ReferenceDaemon {
    private static let checkout =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    private static let root =
        ProcessInfo.processInfo.environment["ATOLL_CONTAINER_PEERS"]
        ?? "\(checkout)/.deps/peers/containers"
    static let isThere = FileManager.default.isExecutableFile(atPath: root + "/usr/sbin/dockerd")

    let socket: String
    private let process: pid_t

    init() throws {
        let name = "d-\(UUID().uuidString.prefix(8)).sock"
        socket = "\(try Self.real())/atoll/\(name)"
        process = try Spawning.start(
            "/bin/sh",
            [
                "\(Self.checkout)/Tests/Containers/Peers/enter.sh", Self.root, "dockerd", "-H",
                "unix:///atoll/\(name)", "--data-root", "/tmp/dd", "--exec-root", "/run/dx", "-p",
                "/run/d.pid", "--storage-driver", "vfs", "--iptables=false", "--ip6tables=false",
                "--bridge=none",
            ], ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            files: ["/dev/null", "/dev/null", "/dev/null"])
    }

    /// The folder itself: a socket's address is short.
    private static func real() throws -> String {
        URL(fileURLWithPath: root).resolvingSymlinksInPath().path
    }

    deinit {
        kill(process, SIGTERM)
        _ = Spawning.wait(for: process)
        unlink(socket)
    }
}

extension EngineTests {
    @Suite(
        "Beside dockerd",
        .enabled(
            if: ReferenceDaemon.isThere, "dockerd is not there: run scripts/setup-container-peers"))
    struct DifferentialTests {
        /// A request, and what of its answer is held against the other's.
        private struct Step {
            let method: String
            let path: String
            var body: String?
            /// Members that are compared; nil for the whole answer.
            var members: [String]?
        }

        private static let host = #""HostConfig": {"NetworkMode": "none""#
        private static let made =
            #"{"Image": "shell", "Cmd": ["sh", "-c", "echo out; echo err >&2; exit 3"], "#
            + #""Env": ["A=b"], "Labels": {"k": "v"}, \#(host), "Binds": ["vol:/v"]}}"#
        private static let shown = [
            "Name", "Path", "Args", "RestartCount", "State.Status", "State.Running",
            "State.Paused", "State.ExitCode", "State.OOMKilled", "Config.Cmd", "Config.Env",
            "Config.Labels", "Config.Image", "Config.Tty", "Config.Entrypoint",
            "HostConfig.Binds", "HostConfig.NetworkMode",
        ]

        // What version 20.10 words otherwise than today's is left out.
        private static let steps: [Step] = [
            Step(method: "GET", path: "/_ping"),
            Step(method: "GET", path: "/containers/none/json"),
            Step(method: "POST", path: "/containers/none/start"),
            Step(method: "POST", path: "/containers/none/wait"),
            Step(method: "GET", path: "/containers/none/logs?stdout=1"),
            Step(method: "GET", path: "/volumes/none"),
            Step(method: "DELETE", path: "/volumes/none"),
            Step(method: "GET", path: "/exec/none/json"),
            Step(method: "POST", path: "/containers/create", body: #"{"Image": "absent:1"}"#),
            Step(
                method: "POST", path: "/volumes/create",
                body: #"{"Name": "vol", "Labels": {"a": "b"}}"#,
                members: ["Name", "Driver", "Scope", "Labels", "Options"]),
            Step(method: "POST", path: "/containers/create?name=one", body: made, members: []),
            Step(method: "POST", path: "/containers/create?name=one", body: made),
            Step(
                method: "POST", path: "/containers/create?name=a",
                body: made),
            Step(method: "GET", path: "/containers/one/json", members: shown),
            Step(method: "POST", path: "/containers/one/pause"),
            Step(method: "POST", path: "/containers/one/kill"),
            Step(method: "POST", path: "/containers/one/stop"),
            Step(method: "GET", path: "/containers/one/archive?path=/none"),
            Step(method: "POST", path: "/containers/one/start"),
            Step(method: "POST", path: "/containers/one/wait", members: ["StatusCode"]),
            Step(method: "GET", path: "/containers/one/logs?stdout=1"),
            Step(method: "GET", path: "/containers/one/logs?stderr=1"),
            Step(method: "GET", path: "/containers/one/logs"),
            Step(method: "GET", path: "/containers/one/json", members: shown),
            Step(method: "DELETE", path: "/volumes/vol"),
            Step(method: "POST", path: "/containers/one/rename?name=two"),
            Step(method: "GET", path: "/containers/one/json"),
            Step(method: "POST", path: "/containers/two/exec", body: #"{"Cmd": ["a"]}"#),
            Step(
                method: "POST", path: "/containers/create?name=run",
                body: #"{"Image": "shell", "Cmd": ["sleep", "60"], \#(host)}}"#, members: []),
            Step(method: "POST", path: "/containers/run/start"),
            Step(method: "POST", path: "/containers/run/start"),
            Step(method: "POST", path: "/containers/run/pause"),
            Step(method: "POST", path: "/containers/run/pause"),
            Step(method: "GET", path: "/containers/run/json", members: shown),
            Step(method: "POST", path: "/containers/run/unpause"),
            Step(method: "POST", path: "/containers/run/rename?name=two"),
            Step(method: "DELETE", path: "/containers/run", members: []),
            Step(method: "POST", path: "/containers/run/stop?t=0"),
            Step(method: "GET", path: "/containers/run/json", members: shown),
            Step(method: "DELETE", path: "/containers/run"),
            Step(method: "DELETE", path: "/containers/two?v=1"),
            Step(method: "DELETE", path: "/containers/two"),
            Step(method: "DELETE", path: "/volumes/vol"),
            Step(method: "GET", path: "/containers/json?all=1"),
        ]

        @Test("the same requests have the same answers, but for names and times")
        func same() throws {
            let engine = try TestEngine()
            let reference = try ReferenceDaemon()
            #expect(
                try engine.eventually {
                    try ask(engine, reference.socket, Step(method: "GET", path: "/_ping"))
                        == "200 OK"
                })
            let given = try engine.run(
                EngineMachine.curl,
                [
                    "-sS", "--unix-socket", reference.socket, "-H",
                    "Content-Type: application/x-tar", "--data-binary",
                    "@\(engine.folder)/image.tar",
                    "http://engine/images/create?fromSrc=-&repo=shell",
                ])
            try #require(given.output.contains("sha256:"), "\(given)")
            for step in Self.steps {
                let ours = try ask(engine, engine.socket, step)
                let theirs = try ask(engine, reference.socket, step)
                #expect(ours == theirs, "\(step.method) \(step.path)")
            }
        }

        /// The status, and the answer without what differs from run to run.
        private func ask(_ engine: TestEngine, _ socket: String, _ step: Step) throws -> String {
            let body = step.body.map { ["-H", "Content-Type: application/json", "-d", $0] } ?? []
            let said = try engine.run(
                EngineMachine.curl,
                ["-s", "--max-time", "30", "--unix-socket", socket, "-X", step.method] + body
                    + ["-w", "\n%{http_code}", "http://engine/v1.41\(step.path)"])
            let cut = said.output.lastIndex(of: "\n") ?? said.output.startIndex
            let status = said.output[cut...].trimmingCharacters(in: .whitespacesAndNewlines)
            let answer = String(said.output[..<cut]).replacing("\0", with: "0")
            let document = try? JSONSerialization.jsonObject(
                with: Data(answer.utf8), options: [.fragmentsAllowed])
            guard let document else { return "\(status) \(answer)" }
            let picked = step.members.map { members in
                members.map { "\($0)=\(text(member(document, $0)))" }.joined(separator: "; ")
            }
            return "\(status) \(picked ?? text(document))"
                .replacing(/[0-9a-f]{64}/, with: "ID")
        }

        private func member(_ document: Any?, _ path: String) -> Any? {
            path.split(separator: ".").reduce(document) { part, name in
                (part as? [String: Any])?[String(name)]
            }
        }

        private func text(_ value: Any?) -> String {
            guard let value,
                let data = try? JSONSerialization.data(
                    withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
            else { return "none" }
            return String(decoding: data, as: UTF8.self)
        }
    }
}
