// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Clients that `scripts/setup-peers` installs.
enum EngineClients {
    private static let checkout =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    private static let peers =
        ProcessInfo.processInfo.environment["ATOLL_PEERS"] ?? "\(checkout)/.deps/peers"

    static let python: String? = program("\(peers)/docker/bin/python")
    static let compose: String? = program("\(peers)/debian/usr/bin/docker-compose")
    /// Where Debian's libraries of it are.
    static let libraries =
        "\(peers)/debian/usr/lib/python3/dist-packages:\(peers)/debian/usr/lib/python3.11"
    static let files = "\(checkout)/Tests/Engine/Clients"

    private static func program(_ path: String) -> String? {
        FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }
}

extension EngineTests {
    @Suite("Clients of others")
    struct ClientTests {
        @Test(
            "the Docker SDK for Python: containers, execs, logs, events, figures, volumes, files",
            .enabled(
                if: EngineClients.python != nil, "the SDK is not there: run scripts/setup-peers"))
        func sdk() throws {
            let engine = try TestEngine.shared()
            let python = try #require(EngineClients.python)
            let said = try engine.run(
                python, ["\(EngineClients.files)/sdk.py", engine.socket],
                environment: ["HOME": engine.folder])
            #expect(said.code == 0 && said.text == "done", "\(said)")
        }

        @Test(
            "docker-compose 1.29: two services with a volume and a network go up and down again",
            .enabled(if: NetworkRoom.isReady, NetworkRoom.reason),
            .enabled(
                if: EngineClients.compose != nil,
                "docker-compose is not there: run scripts/setup-peers"))
        func compose() throws {
            let room = try NetworkRoom()
            let engine = try TestEngine(in: room)
            let program = try #require(EngineClients.compose)
            func compose(_ words: String...) throws -> Said {
                try engine.run(
                    "/usr/bin/python3",
                    ["-S", program, "-p", "two", "-f", "\(EngineClients.files)/compose.yaml"]
                        + words,
                    environment: [
                        "DOCKER_HOST": "unix://\(engine.socket)", "HOME": engine.folder,
                        "PYTHONPATH": EngineClients.libraries,
                        "COMPOSE_INTERACTIVE_NO_CLI": "1",
                    ])
            }
            let up = try compose("up", "-d")
            #expect(up.code == 0, "\(up)")
            let list = try compose("ps").output
            #expect(list.contains("two_writer_1") && list.contains("two_reader_1"))
            #expect(list.components(separatedBy: " Up ").count == 3, "\(list)")
            let logs = try compose("logs", "--no-color").output
            #expect(logs.contains("writer is up") && logs.contains("| written"), "\(logs)")
            #expect(logs.contains("| from the file"))
            // This client reads ahead and loses what comes close behind the answer's head.
            let said = try compose(
                "exec", "-T", "reader", "sh", "-c", "sleep 1; cat /data/file")
            #expect(said.output == "written\n", "\(said)")
            #expect(try compose("up", "-d").errors.contains("is up-to-date"), "nothing changed")
            let down = try compose("down", "-v")
            #expect(down.code == 0, "\(down)")
            #expect(try engine.answer("GET", "/containers/json?all=1") == "[]")
            #expect(try engine.answer("GET", "/volumes").contains("\"Volumes\":[]"))
            #expect(!(try engine.answer("GET", "/networks").contains("two_default")))
        }
    }
}
