// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    @Suite("Files in and out of containers (ENGINE-14)")
    struct CopyTests {
        /// An archive of a container's path, unpacked; the names in it.
        private func out(_ engine: TestEngine, _ name: String, _ path: String) throws -> [String] {
            let folder = engine.folder + "/copied"
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            let file = engine.folder + "/copied.tar"
            let code = try engine.api(
                "GET", "/containers/\(name)/archive?path=\(path)",
                ["-o", file, "-w", "%{http_code}"])
            guard code.output == "200" else { return [code.output] }
            let said = try engine.run("/bin/tar", ["-C", folder, "-xvf", file])
            return said.output.split(separator: "\n").map(String.init).sorted()
        }

        private func into(
            _ engine: TestEngine, _ name: String, _ path: String, _ archive: String,
            _ more: String = ""
        ) throws -> String {
            try engine.api(
                "PUT", "/containers/\(name)/archive?path=\(path)\(more)",
                ["-T", archive, "-w", "%{http_code}"]
            ).output
        }

        private func archive(_ engine: TestEngine, _ script: String) throws -> String {
            let file = engine.folder + "/made-\(UUID().uuidString).tar"
            let folder = engine.folder + "/make"
            let said = try engine.run(
                "/bin/sh",
                [
                    "-c",
                    "rm -rf '\(folder)'; mkdir '\(folder)'; cd '\(folder)'; \(script); "
                        + "tar -cf '\(file)' $(ls -A)",
                ])
            try #require(said.code == 0, "\(said)")
            return file
        }

        private func text(_ engine: TestEngine, _ name: String) -> String {
            let path = engine.folder + "/copied/" + name
            return String(
                decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }

        @Test("files come out of containers and go in, whether they run or not, volumes included")
        func copies() throws {
            let engine = try TestEngine.shared()
            try engine.create("one", "cat /data/new /v/new; sleep 100", #", "Binds": ["vol:/v"]"#)
            #expect(try out(engine, "one", "/data") == ["data/", "data/seed"])
            #expect(text(engine, "data/seed") == "seed\n")
            #expect(try out(engine, "one", "/data/.") == ["./", "./seed"])
            #expect(try out(engine, "one", "/none") == ["404"])
            let new = try archive(engine, "echo new >new; chmod 640 new; mkdir -p deep/er")
            for place in ["/data", "/v"] {
                #expect(try into(engine, "one", place, new) == "200")
            }
            #expect(try engine.status("POST", "/containers/one/start") == "204")
            #expect(try engine.eventually { try engine.plain("one") == "new\nnew\n" })
            // Now through the process that runs.
            #expect(
                try out(engine, "one", "/v") == ["v/", "v/deep/", "v/deep/er/", "v/new"])
            let more = try archive(engine, "echo more >more")
            #expect(try into(engine, "one", "/v/deep", more) == "200")
            #expect(try out(engine, "one", "/v/deep/more") == ["more"])
            #expect(text(engine, "more") == "more\n")
            #expect(try into(engine, "one", "/data/seed", more).hasSuffix("400"))
            #expect(try into(engine, "one", "/nowhere", more).hasSuffix("404"))
            let folder = try archive(engine, "mkdir seed; echo x >seed/x")
            #expect(
                try into(engine, "one", "/data", folder, "&noOverwriteDirNonDir=true")
                    .contains("cannot overwrite non-directory with directory"))
            let head = try engine.api(
                "GET", "/containers/one/archive?path=/data/new", ["-I", "-X", "HEAD"]
            ).output
            let field = try #require(
                head.split(whereSeparator: \.isNewline).first {
                    $0.lowercased().hasPrefix("x-docker-container-path-stat:")
                }?.split(separator: " ").last)
            let bytes = try #require(Data(base64Encoded: String(field)))
            let status = try #require(
                try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
            #expect(status["name"] as? String == "new" && status["size"] as? Int == 4)
            #expect(status["mode"] as? Int == 0o640)
            let all = try engine.api(
                "GET", "/containers/one/export", ["-o", engine.folder + "/all"])
            #expect(all.code == 0)
            let names = try engine.run("/bin/tar", ["-tf", engine.folder + "/all"]).output
            #expect(names.contains("bin/busybox\n") && names.contains("data/new\n"))
            #expect(!names.contains("v/new"), "a volume's files are not the container's")
            #expect(!names.contains("proc/" + "1"))
        }

        @Test("no link leads a copy out of a container, neither its own nor an archive's")
        func links() throws {
            let engine = try TestEngine.shared()
            // /out of the image leads to this folder, were it the machine's.
            let place = engine.folder + "/outside"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
            try Data("machine".utf8).write(to: URL(fileURLWithPath: place + "/file"))
            try engine.create(
                "bad",
                "ln -s ../../../../../../../../../..\(engine.folder) /climbs; "
                    + "ln -s /proc/1/root /magic; ln -s /proc/self/cwd /here; sleep 100")
            for isRunning in [false, true] {
                if isRunning {
                    #expect(try engine.status("POST", "/containers/bad/start") == "204")
                    usleep(100_000)
                }
                for path in ["/out/outside/file", "/climbs/outside/file", "/out/outside/."] {
                    #expect(try out(engine, "bad", path) == ["404"])
                }
                for path in ["/magic\(place)/file", "/here/../..\(place)/file"] {
                    #expect(try out(engine, "bad", path) != ["file"])
                }
                // A link of the archive, and a file through it.
                let evil = engine.folder + "/evil.tar"
                let made = try engine.run(
                    "/bin/sh",
                    [
                        "-c",
                        "cd '\(engine.folder)'; rm -rf e1 e2; mkdir -p e1 e2/link; "
                            + "ln -s '\(place)' e1/link; echo evil >e2/link/evil; "
                            + "tar -cf evil.tar -C e1 link; tar -rf evil.tar -C ../$(basename "
                            + "'\(engine.folder)')/e2 link/evil",
                    ])
                #expect(made.code == 0, "\(made)")
                _ = try into(engine, "bad", "/", evil)
                _ = try into(engine, "bad", "/out", try archive(engine, "echo evil >evil2"))
                let left = try FileManager.default.contentsOfDirectory(atPath: place)
                #expect(left == ["file"], "\(left)")
                #expect(!FileManager.default.fileExists(atPath: engine.folder + "/evil2"))
            }
            #expect(try out(engine, "bad", "/out/evil2") == ["evil2"], "it is in the container")
        }

        @Test("waits end at what they wait for, and nothing else can be waited for")
        func waits() throws {
            let engine = try TestEngine.shared()
            try engine.create("one", "exit 4")
            #expect(try engine.answer("POST", "/containers/one/wait").contains("\"StatusCode\":0"))
            #expect(try engine.status("POST", "/containers/one/wait?condition=tea") == "400")
            let path = engine.folder + "/waited"
            var waiting: [pid_t] = []
            for condition in ["next-exit", "removed"] {
                waiting.append(
                    try Spawning.start(
                        EngineMachine.curl,
                        [
                            "-s", "--unix-socket", engine.socket, "-X", "POST", "-o",
                            "\(path)-\(condition)",
                            "http://engine/containers/one/wait?condition=\(condition)",
                        ], [:], files: ["/dev/null", "/dev/null", "/dev/null"]))
            }
            usleep(200_000)
            #expect(try engine.status("POST", "/containers/one/start") == "204")
            #expect(Spawning.wait(for: waiting[0]) == 0)
            #expect(try engine.status("DELETE", "/containers/one") == "204")
            #expect(Spawning.wait(for: waiting[1]) == 0)
            for condition in ["next-exit", "removed"] {
                let text = try String(contentsOfFile: "\(path)-\(condition)", encoding: .utf8)
                #expect(text == "{\"StatusCode\":4}\n")
            }
        }
    }
}
