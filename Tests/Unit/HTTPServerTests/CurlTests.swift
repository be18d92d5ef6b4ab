// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import HTTPServer
import Testing

/// A client written by others, where it is installed.
@Suite("HTTP: curl", .enabled(if: access("/usr/bin/curl", X_OK) == 0))
struct CurlTests {
    /// What curl prints, with its exit code.
    private static func curl(
        _ world: RealWorld, _ effects: Effects, _ arguments: [String]
    ) async throws -> (text: String, exit: ProcessExit) {
        try await effects.disk.remove("out")
        let child = try effects.processes.start(
            ProcessRequest(
                executable: "/usr/bin/curl", arguments: ["-s", "-m", "10"] + arguments,
                logFile: "\(world.root)/out"))
        let exit = await child.exit()
        let bytes = try await effects.disk.read("out", limit: 1 << 20)
        return (String(decoding: bytes, as: UTF8.self), exit)
    }

    @Test("curl gets, heads, posts by size and in chunks, and waits to continue")
    func requests() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            let base = "http://\(service.endpoint)"
            let get = try await Self.curl(
                world, effects, ["\(base)/hello", "\(base)/chunks", "\(base)/hello/x"])
            #expect(get.text == "helloonetwothreehello x")
            #expect(service.counters.connectionsAccepted == 1)
            let head = try await Self.curl(world, effects, ["-I", "\(base)/hello"])
            #expect(head.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(head.exit == .code(0))
            let post = try await Self.curl(world, effects, ["-d", "a=b", "\(base)/echo"])
            #expect(post.text == "a=b")
            try await effects.disk.replace("file", with: [UInt8](repeating: 65, count: 900_000))
            for fields in [["Transfer-Encoding: chunked"], ["Expect: 100-continue"]] {
                let sent = try await Self.curl(
                    world, effects,
                    ["-H"] + fields + [
                        "--data-binary", "@\(world.root)/file", "\(base)/count",
                    ])
                #expect(sent.text == "900000")
            }
        }
    }

    @Test("curl sees 413 for a body too large, and reads events")
    func refusalAndEvents() async throws {
        let world = try RealWorld()
        let hub = EventHub()
        try await world.serve(hub: hub) { effects, service in
            let base = "http://\(service.endpoint)"
            try await effects.disk.replace("file", with: [UInt8](repeating: 65, count: 3_000_000))
            for field in ["Expect:", "Expect: 100-continue"] {
                let refused = try await Self.curl(
                    world, effects,
                    [
                        "-H", field, "-w", "%{http_code}", "-o", "/dev/null", "--data-binary",
                        "@\(world.root)/file", "\(base)/echo",
                    ])
                #expect(refused.text == "413")
            }
            hub.publish("one", name: "block")
            effects.tasks.spawn("publish") {
                while hub.clientCount < 1 { await effects.time.sleep(milliseconds: 1) }
                hub.publish("two")
                hub.close()
            }
            let events = try await Self.curl(
                world, effects, ["-N", "-H", "Last-Event-ID: 0", "\(base)/events"])
            #expect(events.text == "id: 1\nevent: block\ndata: one\n\nid: 2\ndata: two\n\n")
        }
    }
}
