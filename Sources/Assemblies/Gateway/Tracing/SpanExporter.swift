// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Synchronization
import Vocabulary

/// Sends a span for each request to a collector of OpenTelemetry, as JSON over HTTP (OTLP 1.0;
/// GATEWAY-60).
///
/// Spans wait in a queue of bounded length; those that find it full are dropped and counted, so a
/// collector that is away costs nothing but its spans.
final class SpanExporter: Sendable {
    /// The most spans that wait: 4,096 of 300 bytes are 1.2 MB.
    static let waitingMax = 4_096
    /// The most spans of one message.
    static let batchMax = 512
    /// How long spans wait for others.
    static let waitMilliseconds: UInt64 = 2_000

    /// What was sent and what was not.
    struct Counts: Sendable {
        var sent: UInt64 = 0
        var dropped: UInt64 = 0
        var failures: UInt64 = 0
    }

    private struct State {
        var waiting: [JSON] = []
        var counts = Counts()
    }

    private let address: HTTPAddress
    private let effects: Effects
    private let client: HTTPClient
    private let service: String
    private let state = Mutex(State())

    init(to address: HTTPAddress, effects: Effects, service: String) {
        self.address = address
        self.effects = effects
        self.service = service
        client = HTTPClient(effects: effects)
    }

    var counts: Counts { state.withLock(\.counts) }

    /// Takes a request that was answered.
    func add(_ record: AccessRecord) {
        let span = Self.span(of: record, effects.chance)
        state.withLock { state in
            guard state.waiting.count < Self.waitingMax else {
                state.counts.dropped += 1
                return
            }
            state.waiting.append(span)
        }
    }

    /// Sends spans until the task is cancelled, then those that wait still.
    func run() async {
        while !Task.isCancelled {
            await effects.time.sleep(milliseconds: Self.waitMilliseconds)
            await flush()
        }
        await client.close()
    }

    /// Sends what waits.
    func flush() async {
        while true {
            let batch = state.withLock { state in
                let batch = Array(state.waiting.prefix(Self.batchMax))
                state.waiting.removeFirst(batch.count)
                return batch
            }
            guard !batch.isEmpty else { return }
            let request = HTTPClientRequest(
                .post, address, fields: ["Content-Type": "application/json"],
                body: .bytes(message(batch).bytes))
            let isTaken = (try? await client.send(request))?.status == .ok
            state.withLock { state in
                if isTaken {
                    state.counts.sent += UInt64(batch.count)
                } else {
                    state.counts.failures += 1
                    state.counts.dropped += UInt64(batch.count)
                }
            }
            guard isTaken else { return }
        }
    }

    /// One message of `ExportTraceServiceRequest`.
    private func message(_ spans: [JSON]) -> JSON {
        [
            "resourceSpans": [
                [
                    "resource": [
                        "attributes": [Self.attribute("service.name", .string(service))]
                    ],
                    "scopeSpans": [
                        ["scope": ["name": "atoll.gateway"], "spans": .array(spans)]
                    ],
                ]
            ]
        ]
    }

    private static func attribute(_ name: String, _ text: JSON) -> JSON {
        ["key": .string(name), "value": ["stringValue": text]]
    }

    /// The span of a request, in the words of the semantic conventions for HTTP servers.
    private static func span(of record: AccessRecord, _ chance: any Chance) -> JSON {
        let parent = record.traceParent.flatMap(TraceParent.init)
        let end = record.time.value * 1_000_000
        let start = end - min(end, record.microseconds * 1_000)
        let isFailed = record.status >= 500 || !record.isWhole
        return JSON(members: [
            ("traceId", .string(parent?.trace ?? Hexadecimal.encode(chance.bytes(16)))),
            ("spanId", .string(Hexadecimal.encode(chance.bytes(8)))),
            ("parentSpanId", (parent?.span).map { .string($0) }),
            ("name", .string(record.method)), ("kind", 2),
            ("startTimeUnixNano", .string("\(start)")), ("endTimeUnixNano", .string("\(end)")),
            (
                "attributes",
                [
                    attribute("http.request.method", .string(record.method)),
                    attribute("url.path", .string(record.path)),
                    [
                        "key": "http.response.status_code",
                        "value": ["intValue": .string("\(record.status)")],
                    ],
                    attribute("client.address", .string(record.remote)),
                    attribute("network.protocol.version", .string(record.protocolName)),
                    attribute("atoll.request", .string(record.requestID)),
                ]
            ), ("status", isFailed ? ["code": 2] : [:]),
        ])
    }
}

/// The caller's place in a trace, as W3C's Trace Context writes it.
struct TraceParent: Hashable, Sendable {
    /// 32 hexadecimal digits, not all zero.
    let trace: String
    /// 16 hexadecimal digits, not all zero.
    let span: String

    /// Reads `00-<trace>-<span>-<flags>`.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "00", parts[3].utf8.count == 2,
            Self.isName(parts[1], count: 32), Self.isName(parts[2], count: 16)
        else { return nil }
        trace = parts[1]
        span = parts[2]
    }

    private static func isName(_ text: String, count: Int) -> Bool {
        text.utf8.count == count && text.utf8.contains { $0 != UInt8(ascii: "0") }
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
    }
}
