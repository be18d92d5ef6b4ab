// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    @Suite("Docker's API")
    struct APITests {
        @Test("a container is made, begun, waited for, read and removed, and nothing is left")
        func life() throws {
            let engine = try TestEngine.shared()
            try engine.create("one", "echo '>hello'; exit 3")
            #expect(try engine.status("POST", "/containers/one/start") == "204")
            #expect(try engine.api("POST", "/containers/one/wait").output == "{\"StatusCode\":3}\n")
            #expect(try engine.log("one") == ">hello")
            let shown = try engine.api("GET", "/containers/one/json").output
            #expect(shown.contains("\"Status\":\"exited\"") && shown.contains("\"ExitCode\":3"))
            #expect(try engine.status("DELETE", "/containers/one") == "204")
            #expect(try engine.status("GET", "/containers/one/json") == "404")
            let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
            #expect(!mounts.contains(engine.folder), "nothing is mounted any more")
            let left = try FileManager.default.contentsOfDirectory(
                atPath: engine.folder + "/root/containers")
            #expect(left.isEmpty)
        }

        @Test("what is not done is refused by its name, and so is nonsense (ENGINE-2)")
        func refusals() throws {
            let engine = try TestEngine.shared()
            func refusal(_ host: String) throws -> String {
                try engine.api(
                    "POST", "/containers/create",
                    [
                        "-H", "Content-Type: application/json", "-d",
                        "{\"Image\": \"shell\", \"Cmd\": [\"sh\"], \"HostConfig\": {\(host)}}",
                    ]
                ).output
            }
            #expect(try refusal("\"NetworkMode\": \"nowhere\"").contains("nowhere"))
            let none = "\"NetworkMode\": \"none\", "
            #expect(
                try refusal(none + "\"Binds\": [\"/:/host:shared\"]").contains("'shared'"))
            #expect(
                try refusal(none + "\"StorageOpt\": {\"size\": \"1g\"}")
                    .contains("HostConfig.StorageOpt"))
            #expect(try refusal(none + "\"CapAdd\": [\"NOTHING\"]").contains("\"Id\""))
            #expect(try engine.status("POST", "/containers/create", body: "{") == "400")
            #expect(
                try engine.status(
                    "POST", "/containers/create", body: "{\"Image\": \"other\", \"Cmd\": [\"a\"]}")
                    == "404")
            #expect(try engine.status("POST", "/containers/create?name=../x", body: "{}") == "404")
            #expect(try engine.status("GET", "/containers/none/json") == "404")
            try engine.create("taken", "true")
            let body =
                #"{"Image": "shell", "Cmd": ["a"], "HostConfig": {"NetworkMode": "none"}}"#
            #expect(
                try engine.status("POST", "/containers/create?name=taken", body: body) == "409")
            #expect(try engine.status("POST", "/containers/taken/kill") == "409")
            #expect(try engine.status("POST", "/containers/taken/stop") == "304")
        }

        @Test("containers run on when the engine is killed, and it takes them up again (ENGINE-3)")
        func killed() throws {
            let engine = try TestEngine()
            try engine.create("on", "i=0; while true; do i=$((i+1)); echo '>'$i; sleep 0.05; done")
            try engine.create("ends", "sleep 0.5; exit 5")
            #expect(try engine.status("POST", "/containers/on/start") == "204")
            #expect(try engine.status("POST", "/containers/ends/start") == "204")
            engine.kill()
            usleep(800_000)
            try engine.begin()
            var shown = ""
            for _ in 0..<100 where !shown.contains("\"exited\"") {
                shown = try engine.api("GET", "/containers/ends/json").output
                usleep(50_000)
            }
            #expect(shown.contains("\"Status\":\"exited\"") && shown.contains("\"ExitCode\":5"))
            #expect(
                try engine.api("GET", "/containers/on/json").output.contains("\"Running\":true"))
            let lines = try engine.log("on").split(separator: "\n").compactMap {
                Int($0.dropFirst())
            }
            #expect(lines.count > 10 && lines == Array(1...max(1, lines.count)))
            #expect(try engine.status("POST", "/containers/on/stop?t=0") == "204")
        }

        @Test("a container sees its own name, users and rights, and not the machine's (ENGINE-6)")
        func confined() throws {
            let engine = try TestEngine.shared()
            try engine.create(
                "inside",
                "hostname; id; mount -t tmpfs x /tmp || echo '>no mount'; "
                    + "echo '>'$(cat /proc/self/status | grep Seccomp: || true)")
            #expect(try engine.status("POST", "/containers/inside/start") == "204")
            #expect(try engine.api("POST", "/containers/inside/wait").output.contains(":0}"))
            #expect(try engine.log("inside").contains(">no mount"))
        }

        @Test("every command in the blocks of docs/guides/engine.md works in its order")
        func guide() throws {
            let checkout = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let guide = try String(
                contentsOfFile: "\(checkout)/docs/guides/engine.md", encoding: .utf8)
            // Where there are no bridges, the guide ends before networks.
            let isWhole = NetworkRoom.isReady
            let parts = guide.components(separatedBy: "\n## Networks\n")
            try #require(parts.count == 2)
            let blocks = (isWhole ? guide : parts[0]).components(separatedBy: "```")
            let script = stride(from: 1, to: blocks.count, by: 2)
                .map { blocks[$0].replacingOccurrences(of: "sh\n", with: "\n", options: .anchored) }
                .joined()
            let engine = try TestEngine.shared()
            let busybox = try #require(EngineMachine.busybox)
            let place = "\(engine.folder)/g"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
            let room = isWhole ? try NetworkRoom() : nil
            let words = (room?.entry ?? []) + ["/bin/sh"]
            let said = try engine.run(
                words[0],
                words.dropFirst() + [
                    "-ec",
                    "cd '\(place)'; trap 'kill $!' EXIT; \n"
                        + script.replacingOccurrences(of: "/usr/bin/busybox", with: busybox),
                ], environment: ["PATH": "\(EngineMachine.programs):/usr/bin:/bin"])
            #expect(said.code == 0, "\(said)")
            #expect(said.output.contains("it runs"))
            #expect(!isWhole || said.output.components(separatedBy: "it answers").count == 3)
        }
    }
}
