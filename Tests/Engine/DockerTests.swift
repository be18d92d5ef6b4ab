// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    /// Docker's own client, unmodified.
    @Suite(
        "Docker's client",
        .enabled(if: EngineMachine.docker != nil, "the command docker is not installed"))
    struct DockerTests {
        private static let run = ["run", "--rm", "--network", "none"]

        @Test("run gives outputs and codes as they are (ENGINE-1, ENGINE-4)")
        func run() throws {
            let engine = try TestEngine.shared()
            let said = try engine.docker(
                Self.run + ["shell", "sh", "-c", "echo out; echo err >&2; exit 7"])
            #expect(said.code == 7)
            #expect(said.output == "out\n")
            #expect(said.errors == "err\n")
            let missing = try engine.docker(Self.run + ["shell", "nothing"])
            #expect(missing.code == 127)
            #expect(missing.errors.contains("executable file not found"))
            let unknown = try engine.docker(["run", "shell", "true"])
            #expect(unknown.code == 125 && unknown.errors.contains("--network none"))
            #expect(try engine.docker(["ps", "-aq"]).text.isEmpty)
        }

        @Test("input and much output pass whole")
        func streams() throws {
            let engine = try TestEngine.shared()
            let input = String(repeating: "line of input\n", count: 20_000)
            let back = try engine.docker(
                ["run", "-i", "--rm", "--network", "none", "shell", "cat"], input: input)
            #expect(back.output == input)
            let long = try engine.docker(Self.run + ["shell", "seq", "1", "100000"])
            #expect(long.output.utf8.count == 588_895)
            #expect(long.output.hasSuffix("\n100000\n"))
        }

        @Test("exec, logs, ps, inspect, stop and rm of a container that runs")
        func life() throws {
            let engine = try TestEngine.shared()
            let made = try engine.docker([
                "run", "-d", "--name", "web", "--network", "none", "--env", "A=b", "--user",
                "guest", "--hostname", "here", "shell", "sh", "-c", "echo begun; sleep 100",
            ])
            #expect(made.code == 0 && made.text.count == 64, "\(made)")
            #expect(try engine.docker(["exec", "web", "echo", "in"]).output == "in\n")
            #expect(try engine.docker(["exec", "web", "id"]).text == "uid=1000(guest) gid=1001")
            #expect(try engine.docker(["exec", "web", "sh", "-c", "echo $A"]).text == "b")
            #expect(try engine.docker(["exec", "web", "hostname"]).text == "here")
            #expect(try engine.docker(["exec", "web", "sh", "-c", "exit 4"]).code == 4)
            #expect(
                try engine.docker(["exec", "-i", "web", "cat"], input: "given\n").output
                    == "given\n")
            let missing = try engine.docker(["exec", "web", "nothing"])
            #expect(missing.code == 127 && missing.errors.contains("nothing"))
            #expect(try engine.docker(["logs", "web"]).output == "begun\n")
            #expect(try engine.docker(["ps", "--format", "{{.Names}}"]).text == "web")
            let state = try engine.docker(["inspect", "--format", "{{.State.Status}}", "web"])
            #expect(state.text == "running")
            #expect(try engine.docker(["rm", "web"]).code == 1, "it runs")
            #expect(try engine.docker(["stop", "-t", "1", "web"]).code == 0)
            #expect(try engine.docker(["start", "web"]).code == 0, "again, with its files")
            #expect(try engine.docker(["rm", "-f", "web"]).code == 0)
            #expect(try engine.docker(["ps", "-aq"]).text.isEmpty)
        }

        @Test("images are listed, named, looked at and removed")
        func images() throws {
            let engine = try TestEngine()
            #expect(
                try engine.docker(["images", "--format", "{{.Repository}}:{{.Tag}}"]).text
                    == "shell:latest")
            #expect(try engine.docker(["tag", "shell", "other:1"]).code == 0)
            #expect(try engine.docker(["inspect", "other:1"]).output.contains("other:1"))
            #expect(try engine.docker(["rmi", "other:1"]).text == "Untagged: other:1")
            #expect(try engine.docker(["rmi", "shell"]).text.contains("Deleted: sha256:"))
            #expect(try engine.docker(["images", "-q"]).text.isEmpty)
        }
    }
}
