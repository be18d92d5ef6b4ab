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
            let unknown = try engine.docker(["run", "--network", "nowhere", "shell", "true"])
            #expect(unknown.code == 125 && unknown.errors.contains("nowhere"))
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

        @Test("cp, diff, export, top, stats, pause, rename, update and events")
        func changing() throws {
            let engine = try TestEngine.shared()
            func docker(_ line: String) throws -> Said {
                try engine.docker(line.split(separator: " ").map(String.init))
            }
            let made = try docker(
                "run -d --name one --network none -v keep:/data -m 64m --label who=me shell "
                    + "sleep 100")
            #expect(made.code == 0, "\(made)")
            let file = engine.folder + "/given"
            try Data("given\n".utf8).write(to: URL(fileURLWithPath: file))
            #expect(try docker("cp -q \(file) one:/data/").code == 0)
            #expect(try docker("cp -q \(file) one:/other").code == 0)
            #expect(try docker("exec one cat /data/given /other").output == "given\ngiven\n")
            let back = engine.folder + "/back"
            #expect(try docker("cp -q one:/data \(back)").code == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: back).sorted()
                    == ["given", "seed"])
            #expect(try docker("cp -q one:/data/seed \(back)/renamed").code == 0)
            #expect(FileManager.default.fileExists(atPath: back + "/renamed"))
            #expect(try docker("diff one").text == "A /other")
            #expect(try docker("export -o \(back).tar one").code == 0)
            #expect(try docker("top one").output.contains("sleep 100"))
            let shares = try docker("stats --no-stream --format {{.Name}}:{{.MemUsage}}:{{.PIDs}}")
            #expect(
                shares.text.hasPrefix("one:") && shares.text.hasSuffix("/ 64MiB:1"), "\(shares)")
            #expect(try docker("pause one").code == 0)
            #expect(try docker("ps --filter status=paused --format {{.Names}}").text == "one")
            #expect(try docker("unpause one").code == 0)
            #expect(try docker("rename one two").code == 0)
            #expect(try docker("update -m 32m --memory-swap 64m --restart always two").code == 0)
            #expect(
                try docker("inspect -f {{.HostConfig.RestartPolicy.Name}} two").text == "always")
            #expect(try docker("ps -q --filter label=who=me").text.count == 12)
            #expect(try docker("volume ls -q").text == "keep")
            #expect(try docker("volume inspect -f {{.Driver}} keep").text == "local")
            #expect(try docker("volume rm keep").code == 1)
            #expect(try docker("system df").code == 0)
            #expect(try docker("rm -f two").code == 0)
            #expect(try docker("volume rm keep").text == "keep")
            let now = Int(Date().timeIntervalSince1970) + 1
            let events = try docker(
                "events --since 0 --until \(now) --filter container=two --format {{.Action}}")
            #expect(events.text.hasSuffix("rename\nupdate\nkill\ndie\ndestroy"), "\(events)")
        }

        @Test("health checks, restart policies and logs of a size, as the client asks for them")
        func keeping() throws {
            let engine = try TestEngine.shared()
            let made = try engine.docker([
                "run", "-d", "--name", "one", "--network", "none", "--health-cmd",
                "test -e /data/seed", "--health-interval", "50ms", "--restart", "on-failure:3",
                "--log-opt", "max-size=10k", "--log-opt", "max-file=2", "shell", "sh", "-c",
                "echo one; echo two; sleep 100",
            ])
            #expect(made.code == 0, "\(made)")
            let format = ["inspect", "-f", "{{.State.Health.Status}}", "one"]
            #expect(try engine.eventually { try engine.docker(format).text == "healthy" })
            #expect(try engine.docker(["logs", "-n", "1", "one"]).output == "two\n")
            #expect(try engine.docker(["logs", "--since", "1h", "one"]).output == "one\ntwo\n")
            #expect(try engine.docker(["logs", "-t", "one"]).output.contains("Z one\n"))
            #expect(try engine.docker(["rm", "-f", "one"]).code == 0)
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
