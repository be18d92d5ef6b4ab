// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

extension EndToEnd {
    /// `atoll image` beside the programs everybody uses: Debian's docker-registry and umoci, which
    /// `scripts/setup-peers` unpacks.
    @Suite(
        "Images, with docker-registry and umoci",
        .enabled("scripts/setup-peers has not been run") { ImagePeers.areInstalled })
    struct ImageCommandTests {
        @Test("the guide's commands work in their order, at a real registry")
        func guide() async throws {
            let peers = try await ImagePeers()
            try await peers.publish()
            let lines = DocumentedCommands.lines(of: "\(Checkout.root)/docs/guides/images.md")
            #expect(lines.count == 10)
            for line in lines {
                let words = line.replacingOccurrences(of: "localhost:5000", with: peers.address)
                    .replacingOccurrences(of: "app.tar", with: peers.folder + "/app.tar")
                    .split(separator: " ").dropFirst().map(String.init)
                let ending = try await peers.atoll(words)
                #expect(ending.code == 0, "\(line): \(ending.errors)")
            }
            await peers.end()
        }

        @Test("what umoci packed is unpacked file by file; what was pushed, umoci reads again")
        func roundTrip() async throws {
            let peers = try await ImagePeers()
            try await peers.publish()
            let name = "\(peers.address)/app:1.0"
            #expect(try await peers.atoll(["image", "pull", name]).code == 0)
            let unpacked = try await peers.atoll(["image", "unpack", name, "-o", "json"])
            #expect(unpacked.code == 0, "\(unpacked.errors)")
            let folders = try JSON(parsing: unpacked.output)["folders"]?.elements ?? []
            let top = try #require(folders.last?.text)
            let compared = try await Program.run(
                "/usr/bin/diff", ["-r", "--no-dereference", peers.tree, top])
            #expect(compared.code == 0, "\(compared.text)")
            // The store is an OCI layout: umoci unpacks the image from it under its whole name.
            let layout = peers.home + "/images/content"
            let listed = try await peers.umoci(["ls", "--layout", layout])
            #expect(listed.text.contains(name), "\(listed.text)\(listed.errors)")
            await peers.end()
        }

        @Test("a registry that dies in the middle is gone on with when it is back")
        func interrupted() async throws {
            let peers = try await ImagePeers()
            try await peers.publish(megabytes: 24)
            let name = "\(peers.address)/app:1.0"
            let pull = try peers.startAtoll(["image", "pull", name])
            _ = await eventually(within: 20) { pull.errorsSoFar.contains("0 %") }
            await peers.killRegistry()
            let ending = await pull.ended()
            // Fast machines may have it all by then.
            #expect(ending.code == 0 || ending.errors.contains("goes on where it stopped"))
            try await peers.startRegistry()
            let again = try await peers.atoll(["image", "pull", name])
            #expect(again.code == 0, "\(again.errors)")
            await peers.end()
        }

        @Test("failures say what happened and what helps")
        func failures() async throws {
            let peers = try await ImagePeers()
            let missing = try await peers.atoll(["image", "pull", "\(peers.address)/none:1"])
            #expect(missing.code == 1 && missing.errors.contains("there is no"))
            let wrong = try await peers.atoll(["image", "pull", "Bad Name"])
            #expect(wrong.code == 2 && wrong.errors.contains("is no image's name"))
            await peers.killRegistry()
            let gone = try await peers.atoll(["image", "pull", "\(peers.address)/none:1"])
            #expect(gone.code == 3, "\(gone.errors)")
            await peers.end()
        }
    }
}

/// A registry of Debian's on a port of its own, and an image made by umoci.
final class ImagePeers {
    private static let programs = "\(Checkout.root)/.deps/peers/debian/usr/bin"

    static var areInstalled: Bool {
        ["docker-registry", "umoci"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: "\(programs)/\($0)")
        }
    }

    let folder: String
    let home: String
    let address: String
    /// What the image's one layer holds.
    var tree: String { "\(folder)/tree" }
    private let port: UInt16
    private var registry: Program?

    init() async throws {
        folder = try Scratch.folder("images")
        home = "\(folder)/home"
        port = try FreePort.find()
        address = "localhost:\(port)"
        let settings = """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: \(folder)/registry}}
            http: {addr: "127.0.0.1:\(port)"}
            """
        try settings.write(
            toFile: "\(folder)/registry.yml", atomically: true, encoding: .utf8)
        try await startRegistry()
    }

    func startRegistry() async throws {
        let program = try Program(
            "\(Self.programs)/docker-registry", ["serve", "\(folder)/registry.yml"])
        registry = program
        let isUp = await eventually { (try? Wire(port: port)) != nil }
        #expect(isUp, "\(program.errorsSoFar)")
    }

    func killRegistry() async {
        registry?.signal(SIGKILL)
        _ = await registry?.ended()
        registry = nil
    }

    func end() async { await killRegistry() }

    /// Makes an image with umoci, takes it in through the store's layout, and pushes it.
    func publish(megabytes: Int = 0) async throws {
        try FileManager.default.createDirectory(
            atPath: "\(tree)/etc", withIntermediateDirectories: true)
        try "hello\n".write(toFile: "\(tree)/etc/greeting", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: "\(tree)/link", withDestinationPath: "etc/greeting")
        if megabytes > 0 {
            var dice = SystemRandomNumberGenerator()
            let words = (0..<(megabytes << 17)).map { _ in dice.next() }
            try words.withUnsafeBytes { Data($0) }.write(
                to: URL(fileURLWithPath: "\(tree)/noise"))
        }
        let layout = "\(home)/images/content"
        try FileManager.default.createDirectory(
            atPath: "\(home)/images", withIntermediateDirectories: true)
        for words in [
            ["init", "--layout", layout], ["new", "--image", "\(layout):first"],
            ["insert", "--image", "\(layout):first", tree, "/"],
            ["config", "--image", "\(layout):first", "--config.cmd", "/bin/true"],
        ] {
            let ending = try await umoci(words)
            #expect(ending.code == 0, "\(words): \(ending.errors)")
        }
        // umoci names images by tags alone; the whole name is given here.
        for words in [
            ["image", "tag", "first", "\(address)/app:1.0"],
            ["image", "push", "\(address)/app:1.0"],
        ] {
            let ending = try await atoll(words)
            #expect(ending.code == 0, "\(words): \(ending.errors)")
        }
        try FileManager.default.removeItem(atPath: "\(home)/images")
    }

    func umoci(_ words: [String]) async throws -> Ending {
        try await Program.run("\(Self.programs)/umoci", words)
    }

    func atoll(_ words: [String]) async throws -> Ending { try await startAtoll(words).ended() }

    func startAtoll(_ words: [String]) throws -> Program {
        try Program(Checkout.binary, words, environment: ["ATOLL_HOME": home])
    }
}
