// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    @Suite("Volumes and binds (ENGINE-8)")
    struct VolumeTests {
        @Test("a volume begins with what the image has, keeps what is written, and is not lost")
        func keeps() throws {
            let engine = try TestEngine.shared()
            let host = #", "Binds": ["kept:/data"]"#
            #expect(
                try engine.runs(
                    "cat /data/seed; stat -c '%u:%g %a' /data; echo one >/data/own", host)
                    == "seed\n1000:1001 2750\n")
            #expect(try engine.runs("rm /data/seed; cat /data/own", host) == "one\n")
            #expect(try engine.runs("ls /data", host) == "own\n", "it is filled once")
            #expect(
                try engine.runs("ls /data | wc -l", #", "Binds": ["bare:/data:nocopy"]"#) == "0\n")
            #expect(
                try engine.runs("echo x >/data/own || echo no", #", "Binds": ["kept:/data:ro"]"#)
                    .hasSuffix("no\n"))
            let shown = try engine.json("GET", "/volumes/kept")
            #expect(shown["Driver"] as? String == "local" && shown["Scope"] as? String == "local")
            let place = try #require(shown["Mountpoint"] as? String)
            #expect(FileManager.default.contents(atPath: place + "/own") == Data("one\n".utf8))
            try engine.create("holds", "true", host)
            #expect(try engine.answer("DELETE", "/volumes/kept").contains("volume is in use - ["))
            #expect(try engine.status("DELETE", "/containers/holds?v=1") == "204")
            #expect(try engine.status("GET", "/volumes/kept") == "200", "it was given a name")
            #expect(try engine.status("DELETE", "/volumes/kept") == "204")
            #expect(try engine.status("GET", "/volumes/kept") == "404")
            #expect(!FileManager.default.fileExists(atPath: place))
        }

        @Test("volumes are made, listed, filtered and pruned; nobody's go with their container")
        func lists() throws {
            let engine = try TestEngine.shared()
            let made = try engine.json(
                "POST", "/volumes/create", body: #"{"Name": "aa", "Labels": {"who": "me"}}"#)
            #expect(made["Name"] as? String == "aa")
            _ = try engine.json("POST", "/volumes/create", body: "{}")
            func names(_ filters: String) throws -> Int {
                let text = filters.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
                let list = try engine.json("GET", "/volumes?filters=\(text ?? "")")
                return (list["Volumes"] as? [Any])?.count ?? -1
            }
            #expect(try names("{}") == 2)
            #expect(try names(#"{"label": ["who=me"]}"#) == 1)
            #expect(try names(#"{"label": {"who=you": true}}"#) == 0)
            #expect(try names(#"{"dangling": ["true"], "name": ["aa"]}"#) >= 1)
            #expect(
                try engine.answer("GET", "/volumes?filters=%7B%22x%22:%5B%22y%22%5D%7D")
                    .contains("invalid filter 'x'"))
            let refused = #"{"Name": "bb", "DriverOpts": {"size": "1m"}}"#
            #expect(
                try engine.answer("POST", "/volumes/create", body: refused).contains("'size'"))
            #expect(
                try engine.status("POST", "/volumes/create", body: #"{"Name": "../b"}"#) == "400")
            try engine.create("own", "true", "", #", "Volumes": {"/v": {}}"#)
            #expect(try names("{}") == 3)
            #expect(try engine.status("DELETE", "/containers/own?v=1") == "204")
            #expect(try names("{}") == 2)
            try engine.create("auto", "true", #", "AutoRemove": true"#, #", "Volumes": {"/v": {}}"#)
            #expect(try engine.status("POST", "/containers/auto/start") == "204")
            #expect(
                try engine.eventually {
                    try engine.status("GET", "/containers/auto/json") == "404" && names("{}") == 2
                })
            let pruned = try engine.json("POST", "/volumes/prune")
            #expect((pruned["VolumesDeleted"] as? [String])?.count == 1, "the one without a name")
            #expect(try names("{}") == 1)
        }

        @Test("binds, memory and another's places appear as they are asked for, and no others")
        func binds() throws {
            let engine = try TestEngine.shared()
            let source = engine.folder + "/bound"
            try? FileManager.default.removeItem(atPath: source)
            #expect(
                try engine.runs("echo in >/b/file; ls /b", #", "Binds": ["\#(source):/b"]"#)
                    == "file\n", "a folder that is missing is made")
            #expect(FileManager.default.contents(atPath: source + "/file") == Data("in\n".utf8))
            let mounts = #"""
                , "Mounts": [
                 {"Type": "bind", "Source": "\#(source)", "Target": "/c/d", "ReadOnly": true},
                 {"Type": "tmpfs", "Target": "/c", "TmpfsOptions": {"SizeBytes": 1048576}},
                 {"Type": "volume", "Source": "more", "Target": "/etc"}]
                """#
            let said = try engine.runs(
                "exec 2>&1; cat /c/d/file; touch /c/x /c/d/x; "
                    + "df -k /c | tr -s ' ' | grep -c ' 1024 '; "
                    + "head -c 5 /etc/passwd; cat /etc/hostname | wc -c", mounts)
            #expect(said.hasPrefix("in\n") && said.contains("Read-only"), "\(said)")
            #expect(said.contains("1\nroot:13\n"), "\(said)")
            func refusal(_ host: String) throws -> String {
                try engine.answer(
                    "POST", "/containers/create",
                    body: #"{"Image": "shell", "Cmd": ["a"], "HostConfig": "#
                        + #"{"NetworkMode": "none", \#(host)}}"#
                )
            }
            let bind = #"{"Type": "bind", "Source": "/nowhere", "Target": "/x""#
            #expect(
                try refusal(#""Mounts": [\#(bind)}]"#).contains("bind source path does not exist"))
            #expect(
                try refusal(#""Mounts": [\#(bind), "BindOptions": {"Propagation": "rshared"}}]"#)
                    .contains("'rshared'"))
            #expect(
                try refusal(#""Mounts": [{"Type": "npipe", "Target": "/x"}]"#).contains("'npipe'"))
            #expect(
                try refusal(#""Binds": ["\#(source):/x", "a1:/x"]"#).contains("Duplicate mount"))
            #expect(try refusal(#""Binds": ["\#(source):/"]"#).contains("invalid mount path"))
            try engine.create("first", "sleep 20", #", "Binds": ["\#(source):/b"]"#)
            #expect(
                try engine.runs(
                    "exec 2>&1; cat /b/file; touch /b/x", #", "VolumesFrom": ["first:ro"]"#
                )
                .hasPrefix("in\n"))
            #expect(!FileManager.default.fileExists(atPath: source + "/x"))
        }

        @Test("no link of an image leads a volume's copy or a mount's place to the machine")
        func inside() throws {
            let engine = try TestEngine.shared()
            // The image's /out leads to this folder of the machine, were it followed there.
            let secret = engine.folder + "/secret"
            try FileManager.default.createDirectory(
                atPath: secret, withIntermediateDirectories: true)
            try Data("machine".utf8).write(to: URL(fileURLWithPath: secret + "/file"))
            #expect(try engine.runs("ls /out/secret", #", "Binds": ["v1:/out/secret"]"#) == "")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: secret) == ["file"])
            let volume = try engine.json("GET", "/volumes/v1")
            let place = try #require(volume["Mountpoint"] as? String)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        }

        @Test("volumes and their containers are there again when the engine was killed")
        func killed() throws {
            let engine = try TestEngine()
            _ = try engine.runs("echo kept >/data/own", #", "Binds": ["v1:/data"]"#)
            try engine.create("later", "cat /data/own", #", "Binds": ["v1:/data:ro"]"#)
            engine.kill()
            try engine.begin()
            #expect(try engine.status("DELETE", "/volumes/v1") == "409")
            #expect(try engine.status("POST", "/containers/later/start") == "204")
            _ = try engine.api("POST", "/containers/later/wait")
            #expect(try engine.plain("later") == "kept\n")
        }
    }
}
