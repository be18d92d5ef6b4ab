// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    @Suite("Who may speak to the engine, and in which versions (ENGINE-1, ENGINE-16)")
    struct DoorTests {
        @Test("versions from 1.41 to 1.50 are spoken, others refused with those that are")
        func versions() throws {
            let engine = try TestEngine.shared()
            for version in ["v1.41", "v1.44", "v1.50"] {
                #expect(try engine.status("GET", "/\(version)/info") == "200")
            }
            #expect(try engine.answer("GET", "/v1.40/info").contains("is too old. Minimum"))
            #expect(
                try engine.answer("GET", "/v1.99/info")
                    .contains("client version 1.99 is too new. Maximum supported API version is"))
            #expect(try engine.status("GET", "/x1.41/info") == "404")
            let shown = try engine.json("GET", "/version")
            #expect(shown["ApiVersion"] as? String == "1.50")
            #expect(shown["MinAPIVersion"] as? String == "1.41")
        }

        /// An authority, another one, and keys that the first vouches for.
        private static let certificates = """
            set -e; cd "$1"
            new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \\
                -keyout $1.key -subj /CN=$1 "${@:2}" 2>/dev/null; }
            for name in ca other; do new $name -x509 -days 2 -out $name.pem; done
            echo subjectAltName=IP:127.0.0.1 >names
            for pair in server:ca client:ca stranger:other; do
              name=${pair%:*}; authority=${pair#*:}; new $name -out $name.csr
              openssl x509 -req -in $name.csr -CA $authority.pem -CAkey $authority.key \\
                -CAcreateserial -days 2 -extfile names -out $name.pem 2>/dev/null; done
            """

        @Test(
            "a port of the network answers whom its authority vouches for, and nobody else",
            .enabled(
                if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"),
                "needs the Debian package openssl"))
        func sealed() throws {
            let engine = try TestEngine.shared()
            let place = engine.folder + "/tls"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
            let made = try engine.run("/bin/bash", ["-c", Self.certificates, "-", place])
            try #require(made.code == 0, "\(made)")
            let log = place + "/log"
            let files = [
                "--tls-ca", place + "/ca.pem", "--tls-certificate", place + "/server.pem",
                "--tls-key", place + "/server.key",
            ]
            let program = "\(EngineMachine.programs)/atoll-engine"
            let process = try Spawning.start(
                program,
                ["--socket", place + "/s", "--root", place + "/root", "--tcp", "127.0.0.1:0"]
                    + files, [:], files: ["/dev/null", "/dev/null", log])
            defer {
                Foundation.kill(process, SIGKILL)
                _ = Spawning.wait(for: process)
            }
            var door = ""
            #expect(
                try engine.eventually {
                    let said = try String(contentsOfFile: log, encoding: .utf8)
                    door =
                        said.firstMatch(of: /listening at (127.0.0.1:\d+)/).map {
                            String($0.1)
                        } ?? ""
                    return !door.isEmpty
                })
            func ask(_ name: String?) throws -> Said {
                let own = name.map {
                    ["--cert", "\(place)/\($0).pem", "--key", "\(place)/\($0).key"]
                }
                return try engine.run(
                    EngineMachine.curl,
                    ["-sS", "--max-time", "10", "--cacert", place + "/ca.pem"] + (own ?? [])
                        + ["https://\(door)/_ping"])
            }
            #expect(try ask("client").output == "OK")
            #expect(try ask("stranger").output.isEmpty && ask("stranger").code != 0)
            #expect(try ask(nil).output.isEmpty && ask(nil).code != 0)
            if let docker = EngineMachine.docker {
                let said = try engine.run(
                    docker,
                    [
                        "--tlsverify", "--tlscacert", place + "/ca.pem", "--tlscert",
                        place + "/client.pem", "--tlskey", place + "/client.key", "-H",
                        "tcp://\(door)", "version", "--format", "{{.Server.APIVersion}}",
                    ], environment: ["HOME": place])
                #expect(said.text == "1.50", "\(said)")
            }
            let bare = try engine.run(program, ["--tcp", "127.0.0.1:0"])
            #expect(bare.code == 2 && bare.errors.contains("go together"))
        }
    }
}
