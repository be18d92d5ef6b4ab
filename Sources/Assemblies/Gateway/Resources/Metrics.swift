// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import NodeInterface

/// Shows figures in the Prometheus text format, version 0.0.4.
struct MetricsResource: Resource {
    let context: GatewayContext

    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/metrics", name: "getMetrics", tag: "operation",
                summary: "Figures of the node and of this gateway for Prometheus.",
                responses: [.bytes("The figures.", type: "text/plain")], handler: show)
        ]
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        var page = MetricsPage()
        Self.write(await context.node.status(), to: &page)
        if let network = context.node.network { Self.write(await network.status(), to: &page) }
        if let counters = context.counters() { Self.write(counters, to: &page) }
        page.gauge(
            "gateway_finality_waiters", "Requests that wait for a block.",
            UInt64(context.outcomes.count))
        page.gauge(
            "gateway_event_streams", "Event streams open.", UInt64(context.events.streams))
        page.gauge(
            "gateway_receipts_cached", "Certified receipts held.", UInt64(context.receipts.count))
        page.gauge(
            "gateway_idempotency_keys", "Keys whose answers are remembered.",
            UInt64(context.answers.count))
        await writeIndex(to: &page)
        page.metric(
            "gateway_audit_failures_total", "Changes that could not be noted.",
            await context.access.audit.failures)
        page.gauge("gateway_sessions", "Sessions.", UInt64(context.access.logins.count))
        if let spans = context.spans?.counts {
            page.metric("gateway_spans_sent_total", "Spans sent.", spans.sent)
            page.metric("gateway_spans_dropped_total", "Spans not sent.", spans.dropped)
        }
        return HTTPResponse(type: Self.mediaType, bytes: Array(page.text.utf8))
    }

    private func writeIndex(to page: inout MetricsPage) async {
        guard let indexer = context.indexer else { return }
        let standing = await indexer.standing
        let head = await context.node.read { _, head in head.height.value }
        page.gauge("index_height", "The height the index has come to.", standing.height.value)
        page.gauge(
            "index_lag_blocks", "Executed blocks that the index lacks.",
            head - min(head, standing.height.value))
        page.gauge("index_connected", "1 while its database is open.", standing.isConnected ? 1 : 0)
        page.metric("index_rows_total", "Rows written.", standing.rows)
        page.metric(
            "index_writing_time_total", "Microseconds spent in writing them.",
            standing.writing / 1_000)
        page.metric("index_failures_total", "Failures of its database.", standing.failures)
        page.metric(
            "index_missed_blocks_total", "Blocks that the node no longer had.", standing.missed)
    }

    private static func write(_ status: NodeStatus, to page: inout MetricsPage) {
        page.gauge("head_height", "The executed height.", status.head.height.value)
        page.gauge("head_slot", "The slot of the last final block.", status.slot.value)
        page.seconds(
            "last_block_age_seconds", "Since a final block arrived.",
            milliseconds: status.lastBlockAgeMilliseconds)
        page.gauge("stake_connected", "Stake of connected validators.", status.stakeConnected)
        page.gauge("stake_quorum", "Stake a certificate needs.", status.quorum)
        page.gauge("quorum", "1 while a quorum is connected.", status.hasQuorum ? 1 : 0)
        page.gauge("peers", "Peers known.", UInt64(status.peers.count))
        page.gauge(
            "peers_connected", "Peers connected.",
            UInt64(status.peers.count { $0.state == "connected" }))
        page.gauge(
            "pending_transactions", "Transactions that wait here.",
            UInt64(status.pendingTransactions))
        page.gauge("blob_bytes", "Bytes of blobs held here.", status.blobBytes)
        for counter in status.counters {
            page.metric(counter.name, "Of the node: \(counter.name).", counter.value)
        }
    }

    private static func write(_ network: NetworkStatus, to page: inout MetricsPage) {
        page.gauge("network_connections", "Connections.", UInt64(network.connections.count))
        page.gauge(
            "network_relay_places", "Places held for peers that cannot be dialled.",
            UInt64(network.placesHeld))
        page.gauge(
            "network_relay_circuits", "Circuits through this node.", UInt64(network.circuits))
        page.gauge("network_peers_known", "Peers known.", UInt64(network.knownPeers))
        page.gauge("network_bans", "Peers and addresses kept out.", UInt64(network.bans.count))
        let families: [(name: String, help: String, value: (NetworkProtocol) -> UInt64)] = [
            ("network_bytes_in_total", "Bytes read by protocol.", \.bytesIn),
            ("network_bytes_out_total", "Bytes written by protocol.", \.bytesOut),
            (
                "network_streams_in_total", "Streams opened by others, by protocol.",
                \.inboundStreams
            ),
            ("network_streams_out_total", "Streams opened, by protocol.", \.outboundStreams),
            ("network_streams_refused_total", "Streams not had, by protocol.", \.refusedStreams),
        ]
        for family in families {
            page.family(
                family.name, family.help, label: "protocol",
                network.protocols.map { ($0.name, family.value($0)) })
        }
    }

    private static func write(_ counters: HTTPCounters, to page: inout MetricsPage) {
        page.gauge("http_connections", "Connections open.", UInt64(counters.connections))
        page.metric(
            "http_connections_accepted_total", "Connections taken.", counters.connectionsAccepted)
        page.metric(
            "http_connections_refused_total", "Connections above the limits.",
            counters.connectionsRefused)
        page.metric(
            "http_connections_timed_out_total", "Connections too slow.",
            counters.connectionsTimedOut)
        page.metric("http_requests_total", "Requests read.", counters.requests)
        page.metric(
            "http_requests_refused_total", "Messages that broke HTTP.", counters.requestsRefused)
        page.family(
            "http_responses_total", "Responses by class.", label: "class",
            counters.responsesByClass.enumerated().map { ("\($0 + 1)xx", $1) })
        page.metric(
            "http_handlers_failed_total", "Failures answered with 500.",
            counters.handlersFailed)
        page.metric("http_bytes_read_total", "Bytes from clients.", counters.bytesRead)
        page.metric("http_bytes_written_total", "Bytes to clients.", counters.bytesWritten)
    }
}

/// Writes the text format: a help line, a type line and a sample for each figure.
struct MetricsPage {
    /// What every name begins with.
    private static let prefix = "atoll_"
    private(set) var text = ""

    /// A figure that may fall.
    mutating func gauge(_ name: String, _ help: String, _ value: UInt64) {
        head(name, help, "gauge")
        sample(name, value)
    }

    /// A duration that may fall, in the unit of Prometheus.
    mutating func seconds(_ name: String, _ help: String, milliseconds: UInt64) {
        head(name, help, "gauge")
        let rest = "\(milliseconds % 1_000 + 1_000)".dropFirst()
        text += "\(Self.prefix)\(name) \(milliseconds / 1_000).\(rest)\n"
    }

    /// A counter when its name ends with `_total`, else a gauge.
    mutating func metric(_ name: String, _ help: String, _ value: UInt64) {
        head(name, help, name.hasSuffix("_total") ? "counter" : "gauge")
        sample(name, value)
    }

    /// Counters that differ in one label.
    mutating func family(
        _ name: String, _ help: String, label: String, _ values: [(String, UInt64)]
    ) {
        head(name, help, "counter")
        for (value, count) in values { sample("\(name){\(label)=\"\(value)\"}", count) }
    }

    private mutating func head(_ name: String, _ help: String, _ kind: String) {
        text += "# HELP \(Self.prefix)\(name) \(help)\n# TYPE \(Self.prefix)\(name) \(kind)\n"
    }

    private mutating func sample(_ name: String, _ value: UInt64) {
        text += "\(Self.prefix)\(name) \(value)\n"
    }
}
