// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    @Suite("What happens to containers and what they use (ENGINE-9, ENGINE-10)")
    struct ChangeTests {
        private func actions(_ lines: String) throws -> [String] {
            try lines.split(separator: "\n").map { line in
                let event = try #require(
                    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                let actor = try #require(event["Actor"] as? [String: Any])
                #expect(event["scope"] as? String == "local" && event["time"] is Int)
                #expect(actor["ID"] is String && actor["Attributes"] is [String: Any])
                return "\(event["Type"] ?? "") \(event["Action"] ?? "")"
            }
        }

        @Test("events are told as they happen, and past ones since a time, as filters let them")
        func events() throws {
            let engine = try TestEngine.shared()
            let since = Int(Date().timeIntervalSince1970)
            let path = engine.folder + "/live"
            try #require(FileManager.default.createFile(atPath: path, contents: nil))
            let live = try Spawning.start(
                EngineMachine.curl,
                ["-sN", "--unix-socket", engine.socket, "http://engine/v1.41/events"], [:],
                files: ["/dev/null", path, "/dev/null"])
            defer {
                Foundation.kill(live, SIGKILL)
                _ = Spawning.wait(for: live)
            }
            // The head of the answer comes at once, its lines when something happens.
            func heard() -> String {
                String(
                    decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            }
            #expect(
                try engine.eventually {
                    _ = try engine.answer("POST", "/volumes/create", body: #"{"Name": "told"}"#)
                    _ = try engine.api("DELETE", "/volumes/told")
                    return heard().contains("destroy")
                })
            _ = try engine.runs("true", #", "Binds": ["told:/v"]"#, #", "Labels": {"k": "v"}"#)
            #expect(try engine.eventually { heard().contains("\"container\"") })
            let until = Int(Date().timeIntervalSince1970) + 1
            func past(_ filters: String) throws -> [String] {
                let text = filters.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
                return try actions(
                    engine.answer(
                        "GET", "/events?since=\(since)&until=\(until)&filters=\(text ?? "")"))
            }
            #expect(
                try past(#"{"type": ["container"], "label": ["k=v"]}"#) == [
                    "container create", "container start", "container die", "container destroy",
                ])
            #expect(try past(#"{"volume": ["told"], "event": ["create"]}"#).last == "volume create")
            #expect(try past(#"{"container": ["nobody"]}"#).isEmpty)
            #expect(
                try engine.answer("GET", "/events?filters=%7B%22color%22:%5B%22x%22%5D%7D")
                    .contains("invalid filter 'color'"))
        }

        @Test("a container is paused, renamed, limited anew, looked into and counted")
        func changes() throws {
            let engine = try TestEngine.shared()
            try engine.create(
                "one", "while true; do echo x >/data/more; sleep 0.1; done",
                #", "Memory": 33554432, "PidsLimit": 50"#)
            #expect(try engine.status("POST", "/containers/one/pause") == "409")
            #expect(try engine.status("POST", "/containers/one/start") == "204")
            let usage = try engine.json("GET", "/v1.41/containers/one/stats?stream=0&one-shot=1")
            let memory = try #require(usage["memory_stats"] as? [String: Any])
            #expect(memory["limit"] as? Int == 33_554_432 && (memory["usage"] as? Int ?? 0) > 0)
            #expect((usage["pids_stats"] as? [String: Any])?["limit"] as? Int == 50)
            let times = try #require(usage["cpu_stats"] as? [String: Any])
            #expect((times["cpu_usage"] as? [String: Any])?["total_usage"] as? Int ?? 0 > 0)
            #expect(times["system_cpu_usage"] as? Int ?? 0 > 0)
            #expect(times["online_cpus"] as? Int ?? 0 > 0)

            #expect(try engine.status("POST", "/containers/one/pause") == "204")
            let state = try engine.json("GET", "/containers/one/json")["State"] as? [String: Any]
            #expect(state?["Paused"] as? Bool == true && state?["Status"] as? String == "paused")
            #expect(
                try engine.answer(
                    "GET", "/containers/json?filters=%7B%22status%22:%5B%22paused%22%5D%7D"
                ).contains("(Paused)"))
            #expect(try engine.status("POST", "/containers/one/unpause") == "204")

            #expect(try engine.status("POST", "/containers/one/rename?name=two") == "204")
            #expect(try engine.status("GET", "/containers/one/json") == "404")
            let limits = #"{"Memory": 67108864, "PidsLimit": 60}"#
            #expect(try engine.status("POST", "/containers/two/update", body: limits) == "200")
            let after = try engine.json("GET", "/containers/two/stats?stream=0&one-shot=1")
            #expect((after["memory_stats"] as? [String: Any])?["limit"] as? Int == 67_108_864)
            #expect(
                try engine.answer("POST", "/containers/two/update", body: #"{"Devices": [{}]}"#)
                    .contains("Devices"))

            let table = try engine.json("GET", "/containers/two/top")
            #expect((table["Titles"] as? [String])?.last == "CMD")
            let rows = try #require(table["Processes"] as? [[String]])
            #expect(rows.contains { $0.last?.hasPrefix("sh -c while") == true && $0[0] == "root" })
            let differences = try engine.answer("GET", "/containers/two/changes")
            #expect(
                differences
                    == #"[{"Path":"/data","Kind":0},{"Path":"/data/more","Kind":1}]"#)
            #expect(try engine.status("POST", "/containers/two/stop?t=0") == "204")
        }

        @Test("prunes take what nobody needs, and tell what they took")
        func prunes() throws {
            let engine = try TestEngine.shared()
            try engine.create("rests", "true", "", #", "Labels": {"keep": "no"}"#)
            try engine.create("runs", "sleep 100")
            #expect(try engine.status("POST", "/containers/runs/start") == "204")
            let used = try engine.json("GET", "/system/df")
            #expect((used["Containers"] as? [Any])?.count == 2)
            #expect((used["Images"] as? [Any])?.count == 1)
            let other = "/containers/prune?filters=%7B%22label%22:%5B%22keep=yes%22%5D%7D"
            #expect(try engine.json("POST", other)["ContainersDeleted"] as? [String] == [])
            let gone = try engine.json("POST", "/containers/prune")["ContainersDeleted"]
            #expect((gone as? [String])?.count == 1)
            #expect(try engine.status("GET", "/containers/runs/json") == "200")
            #expect(try engine.status("POST", "/images/shell/tag?repo=second") == "201")
            let images = "/images/prune?filters=%7B%22dangling%22:%5B%22false%22%5D%7D"
            #expect(try engine.answer("POST", images).contains("\"ImagesDeleted\":null"))
        }
    }
}
