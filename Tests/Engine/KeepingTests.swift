// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    @Suite("Containers that are kept going")
    struct KeepingTests {
        private func state(_ engine: TestEngine, _ name: String) throws -> [String: Any] {
            let shown = try engine.json("GET", "/containers/\(name)/json")
            return try #require(shown["State"] as? [String: Any], "\(shown)")
        }

        private func options(_ size: String, files: Int) -> String {
            #", "LogConfig": {"Type": "json-file", "Config": "#
                + #"{"max-size": "\#(size)", "max-file": "\#(files)"}}"#
        }

        private func policy(_ name: String, _ count: Int = 0) -> String {
            #", "RestartPolicy": {"Name": "\#(name)", "MaximumRetryCount": \#(count)}"#
        }

        @Test("a container is begun again after failures as often as it is asked (ENGINE-11)")
        func onFailure() throws {
            let engine = try TestEngine.shared()
            try engine.create("fails", "echo run; exit 3", policy("on-failure", 2))
            try engine.create("ends", "echo run", policy("on-failure"))
            for name in ["fails", "ends"] {
                #expect(try engine.status("POST", "/containers/\(name)/start") == "204")
            }
            #expect(
                try engine.eventually {
                    try state(engine, "fails")["Status"] as? String == "exited"
                        && state(engine, "ends")["Status"] as? String == "exited"
                })
            let shown = try engine.json("GET", "/containers/fails/json")
            #expect(shown["RestartCount"] as? Int == 2)
            #expect(try engine.plain("fails") == "run\nrun\nrun\n")
            #expect(try engine.plain("ends") == "run\n")
            func refusal(_ host: String) throws -> String {
                let body =
                    #"{"Image": "shell", "Cmd": ["a"], "HostConfig": "#
                    + #"{"NetworkMode": "none"\#(host)}}"#
                return try engine.answer("POST", "/containers/create", body: body)
            }
            #expect(try refusal(policy("sometimes")).contains("invalid restart policy"))
            #expect(try refusal(policy("always", 3)).contains("maximum retry count"))
            #expect(
                try refusal(policy("always") + #", "AutoRemove": true"#).contains("AutoRemove"))
        }

        @Test(
            "what runs always runs again, also after the engine was killed, unless it was stopped")
        func always() throws {
            let engine = try TestEngine()
            try engine.create("comes", "echo run; sleep 0.1", policy("always"))
            try engine.create("lives", "echo run; sleep 100", policy("unless-stopped"))
            try engine.create("stopped", "echo run; sleep 100", policy("unless-stopped"))
            for name in ["comes", "lives", "stopped"] {
                #expect(try engine.status("POST", "/containers/\(name)/start") == "204")
            }
            #expect(try engine.status("POST", "/containers/stopped/stop?t=0") == "204")
            #expect(
                try engine.eventually {
                    try engine.json("GET", "/containers/comes/json")["RestartCount"] as? Int ?? 0
                        > 1
                })
            let process = try #require(try state(engine, "lives")["Pid"] as? Int)
            engine.kill()
            Foundation.kill(pid_t(process), SIGKILL)
            try engine.begin()
            func runs(_ name: String) throws -> Int {
                try engine.plain(name).split(separator: "\n").count
            }
            let before = try runs("comes")
            #expect(try engine.eventually { try runs("comes") > before && runs("lives") == 2 })
            #expect(try runs("stopped") == 1)
            #expect(try state(engine, "stopped")["Status"] as? String == "exited")
            #expect(try engine.status("POST", "/containers/comes/stop?t=0") == "204")
            let last = try runs("comes")
            #expect(try state(engine, "comes")["Status"] as? String == "exited")
            usleep(400_000)
            #expect(try runs("comes") == last, "it was stopped by hand")
        }

        @Test("health is found out by checks, told, and a check that takes too long is killed")
        func health() throws {
            let engine = try TestEngine.shared()
            func check(_ test: String, _ more: String) -> String {
                #", "Healthcheck": {"Test": [\#(test)], "#
                    + #""Interval": 50000000, "Retries": 2\#(more)}"#
            }
            try engine.create(
                "works", "sleep 100", "",
                check(#""CMD-SHELL", "echo looked; cat /data/ok""#, ""))
            try engine.create(
                "hangs", "sleep 100", "",
                check(#""CMD", "sleep", "77""#, #", "Timeout": 100000000"#))
            for name in ["works", "hangs"] {
                #expect(try engine.status("POST", "/containers/\(name)/start") == "204")
            }
            func status(_ name: String) throws -> String {
                (try state(engine, name)["Health"] as? [String: Any])?["Status"] as? String ?? ""
            }
            #expect(try engine.eventually { try status("works") == "unhealthy" })
            #expect(try engine.eventually { try status("hangs") == "unhealthy" })
            let words = try engine.answer("GET", "/containers/hangs/json")
            #expect(words.contains("exceeded timeout") && words.contains("\"ExitCode\":-1"))
            #expect(try engine.answer("GET", "/containers/works/json").contains("looked"))
            let made = try engine.json(
                "POST", "/containers/works/exec", body: #"{"Cmd": ["touch", "/data/ok"]}"#)
            let id = try #require(made["Id"] as? String)
            _ = try engine.answer("POST", "/exec/\(id)/start", body: #"{"Detach": true}"#)
            #expect(try engine.eventually { try status("works") == "healthy" })
            #expect(
                try engine.answer("GET", "/containers/json").contains("(healthy)"))
            let now = Int(Date().timeIntervalSince1970) + 1
            #expect(
                try engine.answer("GET", "/events?since=0&until=\(now)")
                    .contains("health_status: healthy"))
            // The next check runs by now; all those before it were killed.
            #expect(
                try engine.eventually {
                    try engine.answer("GET", "/containers/hangs/top")
                        .components(separatedBy: "sleep 77").count <= 2
                })
        }

        @Test("logs are set aside at their size, and read across files, from a time and to one")
        func logs() throws {
            let engine = try TestEngine.shared()
            let config = options("2k", files: 3)
            try engine.create("says", "seq 1 200", config)
            #expect(try engine.status("POST", "/containers/says/start") == "204")
            _ = try engine.api("POST", "/containers/says/wait")
            let shown = try engine.json("GET", "/containers/says/json")
            let path = try #require(shown["LogPath"] as? String)
            func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: name) }
            #expect(isThere(path + ".1") && isThere(path + ".2") && !isThere(path + ".3"))
            func numbers(_ more: String = "") throws -> [Int] {
                try engine.plain("says", more).split(separator: "\n").compactMap { Int($0) }
            }
            let all = try numbers()
            let first = try #require(all.first)
            #expect(all == Array(first...200) && all.count > 40, "\(all)")
            #expect(try numbers("&tail=3") == [198, 199, 200])
            #expect(try numbers("&tail=50") == Array(151...200))
            #expect(try numbers("&tail=0") == [])
            #expect(try numbers("&tail=all") == all)
            let stamps = try engine.plain("says", "&timestamps=1").split(separator: "\n")
            let middle = stamps.count / 2
            let time = String(stamps[middle].prefix { $0 != " " })
            #expect(try numbers("&since=\(time)") == Array(all[middle...]))
            #expect(try numbers("&until=\(time)") == Array(all[...middle]))
            #expect(try engine.status("GET", "/containers/says/logs") == "400")
            let none = #", "LogConfig": {"Type": "none"}"#
            try engine.create("silent", "echo x", none)
            #expect(try engine.status("GET", "/containers/silent/logs?stdout=1") == "501")
        }

        @Test("a log is followed through files set aside, and no line is lost or told twice")
        func follows() throws {
            let engine = try TestEngine.shared()
            let config = options("8k", files: 9)
            try engine.create(
                "goes",
                "for i in $(seq 1 30); do seq $((i*20-19)) $((i*20)); sleep 0.02; done", config)
            #expect(try engine.status("POST", "/containers/goes/start") == "204")
            let lines = try engine.plain("goes", "&follow=1").split(separator: "\n")
            #expect(lines.compactMap { Int($0) } == Array(1...600))
        }
    }
}
