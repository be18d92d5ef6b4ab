// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Glibc
import JSONText
import Testing
import Vocabulary

@testable import Gateway

/// A client written by others, where it is installed.
@Suite("Gateway: curl", .enabled(if: access("/usr/bin/curl", X_OK) == 0))
struct CurlTests {
    private static func curl(
        _ world: GatewayWorld, _ arguments: [String]
    ) async throws -> (text: String, exit: ProcessExit) {
        try await world.effects.disk.remove("out")
        let child = try world.effects.processes.start(
            ProcessRequest(
                executable: "/usr/bin/curl", arguments: ["-s", "-m", "10"] + arguments,
                logFile: "\(world.root)/out"))
        let exit = await child.exit()
        let bytes = try await world.effects.disk.read("out", limit: 1 << 20)
        return (String(decoding: bytes, as: UTF8.self), exit)
    }

    @Test("curl uploads a file, reads it back, and submits a transaction")
    func roundTrip() async throws {
        try await GatewayWorld().run { world in
            let base = "http://\(world.service.endpoint)"
            let bytes = [UInt8](repeating: 65, count: 200_000)
            try await world.effects.disk.replace("file", with: bytes)
            let kept = try await Self.curl(
                world, ["--data-binary", "@\(world.root)/file", "\(base)/v1/blobs"])
            #expect(try JSON(parsing: kept.text)["digest"]?.text == "\(SHA256.hash(bytes))")
            let found = try await Self.curl(world, ["\(base)/v1/blobs/\(SHA256.hash(bytes))"])
            #expect(Array(found.text.utf8) == bytes)
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            try await world.effects.disk.replace("file", with: signed.canonicalBytes)
            let final = try await Self.curl(
                world,
                [
                    "--data-binary", "@\(world.root)/file",
                    "\(base)/v1/transactions?wait=final",
                ])
            #expect(try JSON(parsing: final.text)["verdict"]?.text == "applied")
        }
    }

    @Test("curl learns that 1 GiB is too much without sending it, and follows events")
    func limitsAndEvents() async throws {
        try await GatewayWorld().run { world in
            let base = "http://\(world.service.endpoint)"
            let file = try #require(fopen("\(world.root)/file", "w"))
            #expect(ftruncate(fileno(file), 1 << 30) == 0)
            fclose(file)
            let refused = try await Self.curl(
                world,
                [
                    "-o", "/dev/null", "-w", "%{http_code} %{size_upload}", "-T",
                    "\(world.root)/file", "-X", "POST", "\(base)/v1/blobs",
                ])
            let parts = refused.text.split(separator: " ")
            #expect(parts.first == "413")
            #expect((parts.last.flatMap { Int($0) } ?? .max) < 64 << 20)
            #expect(world.node.memory.state.withLock(\.received) == 0)
            try await world.registerProviders()
            let events = try await Self.curl(
                world, ["-N", "-m", "1", "-H", "Last-Event-ID: 0.0", "\(base)/v1/events"])
            #expect(events.text.hasPrefix("retry: 1000\n\nid: 1.0\n"))
            #expect(events.text.contains("event: registry.providerRegistered\n"))
        }
    }
}
