// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    /// Images that leave and come, by Docker's own client.
    @Suite(
        "Images in and out",
        .enabled(if: EngineMachine.docker != nil, "the command docker is not installed"))
    struct ImageArchiveTests {
        private func id(_ engine: TestEngine, _ name: String) throws -> String {
            try engine.docker(["inspect", "--format", "{{.Id}}", name]).text
        }

        private func shell(_ engine: TestEngine, _ script: String) throws {
            let said = try engine.run("/bin/sh", ["-ec", "cd '\(engine.folder)'; \(script)"])
            try #require(said.code == 0, "\(said)")
        }

        @Test("what is saved is loaded again, the same under the same names (IMAGE-12)")
        func roundTrip() throws {
            let engine = try TestEngine()
            let before = try id(engine, "shell")
            #expect(try engine.docker(["tag", "shell", "other:2"]).code == 0)
            let archive = "\(engine.folder)/a.tar"
            #expect(try engine.docker(["save", "-o", archive, "shell", "other:2"]).code == 0)
            #expect(
                try engine.docker(["save", "-o", archive + "2", "shell", "other:2"]).code == 0)
            let (one, two) = (
                FileManager.default.contents(atPath: archive),
                FileManager.default.contents(atPath: archive + "2")
            )
            #expect(one != nil && one == two, "the same bytes each time")
            #expect(try engine.docker(["rmi", "shell", "other:2"]).code == 0)
            let loaded = try engine.docker(["load", "-i", archive])
            #expect(loaded.output.contains("Loaded image: shell:latest"), "\(loaded)")
            #expect(loaded.output.contains("Loaded image: other:2"))
            #expect(try id(engine, "other:2") == before)
            let run = try engine.docker([
                "run", "--rm", "--network", "none", "shell", "echo", "back",
            ])
            #expect(run.output == "back\n")
            // As a layout alone, without Docker's document, and in gzip.
            try shell(
                engine,
                "mkdir l; tar -C l -xf a.tar; rm l/manifest.json; tar -C l -czf l.tar.gz .")
            #expect(try engine.docker(["rmi", "shell", "other:2"]).code == 0)
            let layout = try engine.docker(["load", "-i", "\(engine.folder)/l.tar.gz"])
            #expect(layout.code == 0 && layout.output.contains("shell:latest"), "\(layout)")
            #expect(try id(engine, "shell") == before)
        }

        @Test("an archive as older Dockers write it is loaded: layers plain, names in a document")
        func older() throws {
            let engine = try TestEngine()
            try shell(
                engine,
                """
                mkdir -p old/one; cp image.tar old/one/layer.tar; ln -s one old/two
                d=$(sha256sum image.tar | cut -d' ' -f1)
                printf '{"architecture":"amd64","os":"linux",' >old/config.json
                printf '"config":{"Cmd":["sh"]},' >>old/config.json
                printf '"rootfs":{"type":"layers",' >>old/config.json
                printf '"diff_ids":["sha256:%s"]}}' $d >>old/config.json
                printf '[{"Config":"config.json","RepoTags":["old:1"],' >old/manifest.json
                printf '"Layers":["two/layer.tar"]}]' >>old/manifest.json
                tar -C old -cf old.tar .
                """)
            let loaded = try engine.docker(["load", "-i", "\(engine.folder)/old.tar"])
            #expect(loaded.output.contains("old:1"), "\(loaded)")
            let run = try engine.docker([
                "run", "--rm", "--network", "none", "old:1", "echo", "runs",
            ])
            #expect(run.output == "runs\n")
        }

        @Test(
            "archives that mean harm are refused, and leave nothing (IMAGE-12)",
            arguments: [
                ("ln -s /etc/passwd manifest.json", ""), ("mknod sda b 8 0", "a device"),
                (
                    "ln -s /etc h; "
                        + "printf '[{\"Config\":\"h/passwd\",\"Layers\":[]}]' >manifest.json",
                    ""
                ),
                (
                    "printf '{}' >c; printf '[{\"Config\":\"c\",\"Layers\":[]}]' >manifest.json",
                    "configuration"
                ),
                (
                    "printf '{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":"
                        + "[\"sha256:\(String(repeating: "0", count: 64))\"]}}' >c; "
                        + "cp /bin/true l; "
                        + "printf '[{\"Config\":\"c\",\"Layers\":[\"l\"]}]' >manifest.json",
                    "content called"
                ),
                ("printf '[' >manifest.json", "manifest.json"), ("true", "neither"),
                (
                    "mkdir -p blobs/sha256; "
                        + "printf '{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
                        + "\"application/vnd.oci.image.index.v1+json\",\"size\":5,\"digest\":"
                        + "\"sha256:\(String(repeating: "1", count: 64))\"}]}' >index.json; "
                        + "printf 'wrong' >blobs/sha256/\(String(repeating: "1", count: 64))",
                    "content called"
                ),
                ("truncate -s 100G manifest.json", ""),
            ])
        func hostile(script: String, reason: String) throws {
            let engine = try TestEngine.shared()
            let name = UUID().uuidString
            try shell(
                engine, "mkdir \(name); cd \(name); \(script); tar --sparse -cf ../\(name).tar .")
            let said = try engine.docker(["load", "-i", "\(engine.folder)/\(name).tar"])
            #expect(said.code == 1, "\(said)")
            #expect(reason.isEmpty || said.errors.contains(reason), "\(said)")
            #expect(!said.errors.contains("root:"))
            let left = try FileManager.default.contentsOfDirectory(
                atPath: engine.folder + "/root/build/contexts")
            #expect(left.isEmpty)
        }

        @Test("paths that climb out of an archive are refused")
        func climbing() throws {
            let engine = try TestEngine.shared()
            try shell(
                engine, "mkdir -p deep/er; echo x >mark; cd deep/er; tar -P -cf up.tar ../../mark")
            let said = try engine.docker(["load", "-i", "\(engine.folder)/deep/er/up.tar"])
            #expect(said.errors.contains("climbs"), "\(said)")
            let build = try engine.run(
                "/bin/sh",
                [
                    "-c",
                    "curl -sS --unix-socket \(engine.socket) -X POST "
                        + "--data-binary @\(engine.folder)/deep/er/up.tar http://e/build",
                ])
            #expect(build.output.contains("climbs"), "\(build)")
        }

        @Test("a container becomes an image, with what it wrote and what is changed")
        func commit() throws {
            let engine = try TestEngine()
            let made = try engine.docker([
                "run", "--name", "cc", "--network", "none", "--env", "A=b", "shell", "sh", "-c",
                "echo kept >/kept; rm /etc/passwd",
            ])
            #expect(made.code == 0, "\(made)")
            let said = try engine.docker([
                "commit", "-c", "CMD [\"cat\", \"/kept\"]", "-c", "ENV C=d", "-a", "who", "cc",
                "made:1",
            ])
            #expect(said.text.hasPrefix("sha256:"), "\(said)")
            let run = try engine.docker(["run", "--rm", "--network", "none", "made:1"])
            #expect(run.output == "kept\n")
            let shown = try engine.docker(["inspect", "made:1"]).output
            #expect(shown.contains("A=b") && shown.contains("C=d"))
            let gone = try engine.docker([
                "run", "--rm", "--network", "none", "made:1", "ls", "/etc",
            ])
            #expect(!gone.output.contains("passwd") && !gone.output.contains("kept"))
            #expect(try engine.docker(["commit", "-c", "RUN x", "cc"]).code == 1)
            #expect(try engine.docker(["commit", "none"]).code == 1)
            let search = try engine.docker(["search", "x"])
            #expect(search.code == 1 && search.errors.contains("image search"))
        }

        @Test(
            "a registry over TLS takes and gives images to those it knows (IMAGE-11, IMAGE-13)",
            .enabled(if: SealedRegistry.isThere, "scripts/setup-peers has not been run"))
        func sealed() throws {
            let engine = try TestEngine()
            let registry = try SealedRegistry(engine)
            engine.kill()
            try engine.begin(["--registry-ca", registry.certificate])
            let name = "localhost:\(registry.port)/shell:1"
            #expect(try engine.docker(["tag", "shell", name]).code == 0)
            let stranger = try engine.docker(["push", name])
            #expect(
                stranger.code == 1 && stranger.errors.contains("name and password"), "\(stranger)")
            try registry.logIn()
            let pushed = try engine.docker(["push", name])
            #expect(pushed.code == 0 && pushed.output.contains("1: digest: sha256:"), "\(pushed)")
            let before = try id(engine, name)
            #expect(try engine.docker(["rmi", "-f", "shell", name]).code == 0)
            let built = try engine.docker(
                ["build", "-t", "on", "-"], input: "FROM \(name)\nLABEL a=b",
                environment: ["DOCKER_BUILDKIT": "0"])
            #expect(built.code == 0, "a build fetches what it begins with: \(built)")
            #expect(try id(engine, name) == before)
            // Without the file it is asked in the clear, as registries of this machine are.
            engine.kill()
            try engine.begin()
            #expect(try engine.docker(["pull", name]).code == 1)
        }
    }
}

/// Debian's docker-registry with a certificate made on the spot, and one name it knows.
final class SealedRegistry {
    private static let program = "\(checkout)/.deps/peers/debian/usr/bin/docker-registry"
    private static let checkout =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    static let isThere = FileManager.default.isExecutableFile(atPath: program)

    let certificate: String
    private(set) var port = ""
    private let engine: TestEngine
    private var process: pid_t = 0

    init(_ engine: TestEngine) throws {
        self.engine = engine
        let folder = engine.folder + "/registry"
        certificate = folder + "/cert.pem"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let made = try engine.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", folder + "/key.pem", "-out", certificate, "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            ])
        try #require(made.code == 0, "\(made)")
        // 'open sesame', by bcrypt.
        try "somebody:$2b$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n".write(
            toFile: folder + "/users", atomically: true, encoding: .utf8)
        try """
        version: 0.1
        log: {level: info}
        storage: {filesystem: {rootdirectory: \(folder)/data}}
        auth: {htpasswd: {realm: here, path: \(folder)/users}}
        http:
          addr: "127.0.0.1:0"
          tls: {certificate: \(certificate), key: \(folder)/key.pem}
        """.write(toFile: folder + "/settings.yml", atomically: true, encoding: .utf8)
        process = try Spawning.start(
            Self.program, ["serve", folder + "/settings.yml"], [:],
            files: ["/dev/null", folder + "/out", folder + "/log"])
        for _ in 0..<400 where port.isEmpty {
            let log = FileManager.default.contents(atPath: folder + "/log") ?? Data()
            let text = String(decoding: log, as: UTF8.self)
            if let found = text.firstMatch(of: /listening on 127\.0\.0\.1:([0-9]+)/) {
                port = String(found.1)
            } else {
                usleep(25_000)
            }
        }
        try #require(!port.isEmpty, "the registry does not listen")
    }

    deinit {
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    /// Gives Docker's client the name and password, as `docker login` would keep them.
    func logIn() throws {
        let secret = Data("somebody:open sesame".utf8).base64EncodedString()
        try FileManager.default.createDirectory(
            atPath: engine.folder + "/.docker", withIntermediateDirectories: true)
        try "{\"auths\": {\"localhost:\(port)\": {\"auth\": \"\(secret)\"}}}".write(
            toFile: engine.folder + "/.docker/config.json", atomically: true, encoding: .utf8)
    }
}
