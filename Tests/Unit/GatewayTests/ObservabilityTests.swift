// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import HTTPServer
import JSONText
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// Figures, alerts and traces as the tools of others read them (GATEWAY-60, GATEWAY-62).
@Suite("Gateway: observability")
struct ObservabilityTests {
    /// Debian's promtool, installed or unpacked beside the other peers.
    static let promtool: String? = [
        "/usr/bin/promtool", "\(checkout)/.deps/peers/debian/usr/bin/promtool",
    ].first { path in access(path, X_OK) == 0 }

    static let checkout: String = {
        // .../Tests/Unit/GatewayTests/ObservabilityTests.swift
        var parts = "\(#filePath)".split(separator: "/").map(String.init)
        parts.removeLast(4)
        return "/" + parts.joined(separator: "/")
    }()

    private static func run(
        _ world: GatewayWorld, _ arguments: [String]
    ) async throws -> (text: String, exit: ProcessExit) {
        let child = try world.effects.processes.start(
            ProcessRequest(
                executable: "/bin/sh", arguments: arguments, logFile: "\(world.root)/out"))
        let exit = await child.exit()
        let bytes = try await world.effects.disk.read("out", limit: 1 << 20)
        return (String(decoding: bytes, as: UTF8.self), exit)
    }

    @Test("promtool finds nothing wrong with the figures", .enabled(if: promtool != nil))
    func metrics() async throws {
        let folder = Folder()
        let world = try GatewayWorld(configure: { configuration in
            configuration.index = .sqlite(path: "\(folder.path)/index")
        })
        try await world.run { world in
            _ = try await world.settledJob(output: JobTests.output)
            let page = try await world.ask(.get, "/metrics")
            try await world.effects.disk.replace("metrics", with: page.body)
            let tool = try #require(Self.promtool)
            let checked = try await Self.run(
                world, ["-c", "'\(tool)' check metrics < '\(world.root)/metrics'"])
            #expect(checked.exit == .code(0), "\(checked.text)")
            #expect(checked.text.isEmpty, "\(checked.text)")
        }
    }

    @Test("promtool takes the alert rules and the configuration", .enabled(if: promtool != nil))
    func rules() async throws {
        try await GatewayWorld().run { world in
            let tool = try #require(Self.promtool)
            let folder = "\(Self.checkout)/deploy/prometheus"
            for words in [
                "check rules '\(folder)/alerts.yml'", "check config '\(folder)/prometheus.yml'",
            ] {
                let checked = try await Self.run(world, ["-c", "'\(tool)' \(words)"])
                #expect(checked.exit == .code(0), "\(checked.text)")
            }
        }
    }

    @Test("each alert asks for figures that the gateway shows")
    func alertedFigures() async throws {
        let folder = Folder()
        let world = try GatewayWorld(configure: { configuration in
            configuration.index = .sqlite(path: "\(folder.path)/index")
        })
        try await world.run { world in
            let page = String(
                decoding: try await world.ask(.get, "/metrics").body, as: UTF8.self)
            let file = try #require(fopen("\(Self.checkout)/deploy/prometheus/alerts.yml", "r"))
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = fread(&bytes, 1, bytes.count, file)
            fclose(file)
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            let names = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
                .filter { $0.hasPrefix("atoll_") }
            #expect(names.count >= 6)
            for name in names { #expect(page.contains("# TYPE \(name) "), "\(name)") }
        }
    }

    @Test("a collector gets a span for each request, within the caller's trace")
    func spans() async throws {
        let collector = try GatewayWorld()
        let received = Received()
        try await collector.run { collector in
            var router = Router()
            router.post("/v1/traces", bodyBytesMax: 1 << 20) { request in
                received.add(try JSON(parsing: try await request.body.collect()))
                return .json(Array("{}".utf8))
            }
            let service = HTTPService(
                effects: collector.effects, endpoint: Endpoint(host: "127.0.0.1", port: 0),
                router: router)
            try await service.start()
            let address = try #require(HTTPAddress("http://\(service.endpoint)/v1/traces"))
            let exporter = SpanExporter(
                to: address, effects: collector.effects, service: "atoll-gateway")
            let trace = String(repeating: "ab", count: 16)
            exporter.add(Self.record(parent: "00-\(trace)-\(String(repeating: "1", count: 16))-01"))
            exporter.add(Self.record(parent: "nonsense"))
            await exporter.flush()
            #expect(exporter.counts.sent == 2)
            let resource = try #require(received.all.first?["resourceSpans"]?.elements?.first)
            #expect(
                resource["resource"]?["attributes"]?.elements?.first?["value"]?["stringValue"]?.text
                    == "atoll-gateway")
            let spans = resource["scopeSpans"]?.elements?.first?["spans"]?.elements ?? []
            #expect(spans.count == 2)
            #expect(spans.first?["traceId"]?.text == trace)
            #expect(spans.first?["parentSpanId"]?.text == String(repeating: "1", count: 16))
            #expect(spans.last?["parentSpanId"] == nil)
            #expect(spans.last?["traceId"]?.text?.utf8.count == 32)
            #expect(spans.first?["startTimeUnixNano"]?.text == "999000000")
            #expect(spans.first?["endTimeUnixNano"]?.text == "1000000000")
            await service.stop(graceMilliseconds: 100)
            exporter.add(Self.record(parent: nil))
            await exporter.flush()
            #expect(exporter.counts.dropped == 1)
        }
    }

    @Test(
        "what is no place in a trace begins a new one",
        arguments: [
            "", "00",
            "01-\(String(repeating: "a", count: 32))-\(String(repeating: "a", count: 16))-00",
            "00-\(String(repeating: "0", count: 32))-\(String(repeating: "a", count: 16))-00",
            "00-\(String(repeating: "A", count: 32))-\(String(repeating: "a", count: 16))-00",
        ])
    func badParents(_ text: String) { #expect(TraceParent(text) == nil) }

    @Test("the page for people names every operation, and nothing from elsewhere")
    func docs() async throws {
        try await GatewayWorld().run { world in
            let page = try await world.ask(.get, "/docs")
            let text = String(decoding: page.body, as: UTF8.self)
            let document = try await world.json(.get, "/openapi.json")
            for path in document["paths"]?.members ?? [] {
                #expect(text.contains(DocumentationPage.escaped(path.name)), "\(path.name)")
            }
            #expect(!text.contains("<script"))
            #expect(!text.contains("http://") && !text.contains("https://"))
            #expect(
                page.fields["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(
                DocumentationPage.escaped("<a b=\"'&\">") == "&lt;a b=&quot;&#39;&amp;&quot;&gt;")
        }
    }

    private static func record(parent: String?) -> AccessRecord {
        AccessRecord(
            time: Timestamp(1_000), requestID: "r", remote: "127.0.0.1", protocolName: "HTTP/2",
            method: "GET", path: "/v1/status", status: 200, bodyBytes: 1, microseconds: 1_000,
            principal: nil, isWhole: true, traceParent: parent)
    }

    private final class Received: Sendable {
        private let messages = Mutex<[JSON]>([])
        func add(_ json: JSON) { messages.withLock { $0.append(json) } }
        var all: [JSON] { messages.withLock { $0 } }
    }
}
