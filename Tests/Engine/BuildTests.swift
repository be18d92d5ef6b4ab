// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    /// `docker build`, by Docker's own client, unmodified.
    @Suite(
        "Builds by Docker's client",
        .enabled(if: EngineMachine.docker != nil, "the command docker is not installed"))
    struct BuildTests {
        /// A folder with files for a build.
        private func context(_ engine: TestEngine, _ files: [String: String]) throws -> String {
            let folder = "\(engine.folder)/context-\(UUID().uuidString)"
            for (name, text) in files {
                let path = URL(fileURLWithPath: "\(folder)/\(name)")
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: path)
            }
            return folder
        }

        private func build(
            _ engine: TestEngine, _ folder: String, _ words: [String] = ["-t", "built"]
        ) throws -> Said {
            try engine.docker(
                ["build"] + words + [folder], environment: ["DOCKER_BUILDKIT": "0"])
        }

        private func show(_ engine: TestEngine, _ script: String) throws -> String {
            try engine.docker([
                "run", "--rm", "--network", "none", "--entrypoint", "/bin/sh", "built", "-c",
                script,
            ]).output
        }

        @Test("every instruction does what it says, in stages (BUILDER-5, BUILDER-6)")
        func everything() throws {
            let engine = try TestEngine()
            let folder = try context(
                engine,
                [
                    "Dockerfile": """
                    ARG base=shell
                    FROM $base AS first
                    ARG word=none
                    RUN echo "made $word" >/made && echo said
                    WORKDIR /deep/er
                    COPY a.txt dir ./

                    FROM shell
                    ENV GREETING="hello there"
                    COPY --from=first --chown=guest:1001 --chmod=640 /made /from/made
                    COPY --from=first /deep /deep
                    COPY *.txt /texts/
                    ADD packed.tar.gz /unpacked/
                    RUN <<EOF
                    echo "$GREETING" >/heard
                    ln -s heard /link
                    EOF
                    RUN ["/bin/sh", "-c", "rm /heard; echo again >/heard"]
                    USER guest
                    WORKDIR /texts
                    EXPOSE 80
                    LABEL a=b
                    ENTRYPOINT ["/bin/echo"]
                    CMD ["by default"]
                    """, ".dockerignore": "secret*\n!secret-not.txt", "a.txt": "A", "b.txt": "B",
                    "secret.txt": "S", "secret-not.txt": "N", "dir/in": "I",
                ])
            let packed = try engine.run(
                "/bin/sh",
                ["-ec", "cd '\(folder)'; mkdir p; echo P >p/q; tar -czf packed.tar.gz p; rm -r p"])
            #expect(packed.code == 0, "\(packed)")
            let said = try build(
                engine, folder,
                ["-t", "built", "-t", "other:2", "--build-arg", "word=given", "--label", "c=d"])
            #expect(said.code == 0, "\(said)")
            #expect(said.output.contains("\nsaid\n"))
            #expect(said.output.contains("Successfully tagged other:2"))
            let texts = "cat /heard /link /from/made /deep/er/a.txt /deep/er/in"
            #expect(try show(engine, texts) == "again\nagain\nmade given\nAI")
            let listed = try show(
                engine, "pwd; id; ls /texts; cat /unpacked/p/q; ls -ln /from/made")
            #expect(
                listed.hasPrefix(
                    "/texts\nuid=1000(guest) gid=1001\na.txt\nb.txt\nsecret-not.txt\nP\n"),
                "\(listed)")
            #expect(listed.contains("-rw-r-----") && listed.contains("1000     1001"), "\(listed)")
            let run = try engine.docker(["run", "--rm", "--network", "none", "built"])
            #expect(run.output == "by default\n")
            let shown = try engine.docker(["inspect", "built"]).output
            for text in ["\"80/tcp\"", "\"a\": \"b\"", "\"c\": \"d\"", "GREETING=hello there"] {
                #expect(shown.contains(text), "\(text)")
            }
            #expect(try engine.docker(["ps", "-aq"]).text.isEmpty, "no container is left")
            let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
            #expect(!mounts.contains(engine.folder), "nothing is mounted any more")
            // What the runtime puts into a container's files is no part of a layer.
            let saved = try engine.run(
                "/bin/sh",
                [
                    "-ec",
                    "cd '\(engine.folder)/root/content/blobs/sha256'; "
                        + "for f in *; do tar -tzf $f 2>/dev/null || true; done",
                ])
            #expect(!saved.output.contains("etc/resolv.conf") && saved.output.contains("heard"))
            #expect(!saved.output.split(separator: "\n").contains("proc/"))
        }

        @Test("what is known is not done again, whatever file changed beside it (BUILDER-7)")
        func cache() throws {
            let engine = try TestEngine()
            let folder = try context(
                engine,
                [
                    "Dockerfile":
                        "FROM shell\nCOPY a /a\nRUN cat /a >/b; echo ran\nCOPY c /c\nRUN cat /c",
                    "a": "1", "c": "2", "unused": "3",
                ])
            let first = try build(engine, folder)
            #expect(first.code == 0 && !first.output.contains("Using cache"), "\(first)")
            let second = try build(engine, folder, ["-q"])
            #expect(second.text.hasPrefix("sha256:"), "only the id: \(second)")
            #expect(first.output.contains(second.text.dropFirst(7).prefix(12)), "the same image")
            try Data("4".utf8).write(to: URL(fileURLWithPath: folder + "/unused"))
            let third = try build(engine, folder)
            #expect(third.output.components(separatedBy: "Using cache").count == 5)
            #expect(!third.output.contains("\nran\n"))
            try Data("5".utf8).write(to: URL(fileURLWithPath: folder + "/c"))
            let fourth = try build(engine, folder)
            #expect(fourth.output.components(separatedBy: "Using cache").count == 3)
            let fresh = try build(engine, folder, ["--no-cache", "-t", "built"])
            #expect(fresh.output.contains("\nran\n") && !fresh.output.contains("Using cache"))
            // Images gone, results stay; results gone, nothing stays.
            #expect(try engine.docker(["rmi", "-f", "built"]).code == 0)
            let again = try build(engine, folder)
            #expect(again.output.components(separatedBy: "Using cache").count == 5, "\(again)")
            #expect(try engine.docker(["rmi", "built"]).code == 0)
            #expect(try engine.api("POST", "/build/prune").output.contains("SpaceReclaimed"))
            let pruned = try build(engine, folder)
            #expect(!pruned.output.contains("Using cache"))
        }

        @Test("with a time given the same files give the same image, on any day (BUILDER-8)")
        func deterministic() throws {
            let text = """
                FROM shell
                ARG SOURCE_DATE_EPOCH
                WORKDIR /w
                COPY . /w/
                RUN echo x >/y; mkdir /z
                CMD ["a"]
                """
            var ids: Set<String> = []
            for _ in 0..<2 {
                let engine = try TestEngine()
                let folder = try context(engine, ["Dockerfile": text, "f/g": "1"])
                // The base as well, once and for all.
                let base = try engine.docker(
                    ["build", "-q", "-t", "shell", "-"], input: "FROM shell\nLABEL x=y",
                    environment: ["DOCKER_BUILDKIT": "0"])
                #expect(base.code == 0, "\(base)")
                usleep(1_100_000)
                let said = try build(
                    engine, folder, ["-q", "--build-arg", "SOURCE_DATE_EPOCH=1700000000"])
                #expect(said.code == 0, "\(said)")
                let layers = try engine.docker(
                    ["inspect", "--format", "{{json .RootFS.Layers}}", said.text]).text
                // The base's layer has the times of the test's own files.
                ids.insert(layers.split(separator: ",").dropFirst().joined())
            }
            #expect(ids.count == 1 && ids.first?.isEmpty == false)
        }

        @Test("failures give the command's code, the line, and leave nothing (BUILDER-1)")
        func failures() throws {
            let engine = try TestEngine()
            func failure(_ dockerfile: String, _ words: [String] = []) throws -> Said {
                try build(engine, try context(engine, ["Dockerfile": dockerfile]), words)
            }
            let code = try failure("FROM shell\nRUN exit 7")
            #expect(code.code == 7 && code.errors.contains("returned a non-zero code: 7"))
            let parsed = try failure("FROM shell\n\nNONSENSE x")
            #expect(parsed.code == 1 && parsed.errors.contains("line 3"), "\(parsed)")
            let missing = try failure("FROM shell\nCOPY nothing /x")
            #expect(missing.code == 1 && missing.errors.contains("'nothing'"), "\(missing)")
            let climbing = try failure("FROM shell\nCOPY ../../../../etc/passwd /x")
            #expect(climbing.code == 1, "the context is all there is")
            #expect(try failure("FROM shell\nRUN nothing-of-this-name").code == 127)
            let target = try failure("FROM shell AS a", ["--target", "b"])
            #expect(target.errors.contains("no stage 'b'"))
            let network = try failure("FROM shell", ["--network", "other"])
            #expect(network.errors.contains("'other'"))
            let memory = try failure("FROM shell", ["--memory", "64m"])
            #expect(memory.errors.contains("build with memory"))
            #expect(try engine.docker(["ps", "-aq"]).text.isEmpty)
            let left = try FileManager.default.contentsOfDirectory(
                atPath: engine.folder + "/root/build/contexts")
            #expect(left.isEmpty)
        }

        @Test("a step is confined as any container is (BUILDER-9)")
        func confined() throws {
            let engine = try TestEngine()
            let folder = try context(
                engine,
                [
                    "Dockerfile": """
                    FROM shell
                    RUN mount -t tmpfs x /etc && exit 9 || true
                    RUN echo x >/proc/sysrq-trigger && exit 9 || true
                    RUN cat /proc/self/status >/status
                    RUN cat /proc/net/dev >/net
                    """
                ])
            let said = try build(engine, folder)
            #expect(said.code == 0, "\(said)")
            let status = try show(engine, "cat /status /net")
            #expect(status.contains("Seccomp:\t2") && !status.contains("eth0"), "\(status)")
            #expect(status.contains("CapEff:\t00000000a80425fb"), "\(status)")
        }

        @Test("a link of the image or the context leads nowhere outside (BUILDER-5)")
        func links() throws {
            let engine = try TestEngine()
            let mark = "\(engine.folder)/mark"
            let folder = try context(
                engine,
                [
                    "Dockerfile": """
                    FROM shell
                    RUN ln -s \(engine.folder) /out && ln -s ../../../../../../../etc/passwd /p
                    COPY a /out/mark
                    COPY a /p
                    COPY l /l
                    """, "a": "harm",
                ])
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/l", withDestinationPath: "/etc/hostname")
            let said = try build(engine, folder)
            #expect(said.code == 1, "the context's link leads to nothing in it: \(said)")
            #expect(!FileManager.default.fileExists(atPath: mark))
            let passwd = try String(contentsOfFile: "/etc/passwd", encoding: .utf8)
            #expect(!passwd.contains("harm"))
        }

        @Test("steps that a killed engine left are removed by the next one")
        func killed() throws {
            let engine = try TestEngine()
            let folder = try context(
                engine, ["Dockerfile": "FROM shell\nRUN echo begun; sleep 100"])
            let client = try Spawning.start(
                try #require(EngineMachine.docker), ["build", folder],
                [
                    "DOCKER_HOST": "unix://\(engine.socket)", "HOME": engine.folder,
                    "DOCKER_BUILDKIT": "0",
                ], files: ["/dev/null", "\(engine.folder)/said", "/dev/null"])
            for _ in 0..<200 {
                let said = FileManager.default.contents(atPath: engine.folder + "/said") ?? Data()
                if String(decoding: said, as: UTF8.self).contains("begun\n") { break }
                usleep(50_000)
            }
            #expect(try !engine.docker(["ps", "-q"]).text.isEmpty)
            engine.kill()
            _ = Spawning.wait(for: client)
            try engine.begin()
            #expect(try engine.docker(["ps", "-aq"]).text.isEmpty)
            let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
            #expect(!mounts.contains(engine.folder))
        }
    }
}
