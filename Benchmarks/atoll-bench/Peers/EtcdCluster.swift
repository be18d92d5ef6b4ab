// SPDX-License-Identifier: Apache-2.0
import Effects

/// etcd on loopback with its defaults: every put is synced by a majority before it is answered.
enum EtcdCluster {
    /// Lends the client ports of so many nodes to `body` and stops the nodes.
    static func lend<Value>(
        _ bench: Bench, nodes: Int, _ body: ([UInt16]) async throws -> Value
    ) async throws -> Value {
        let program = try PeerServer.program("etcd", in: PeerServer.unpacked + ["/usr/bin"])
        let ports = try await PeerServer.freePorts(2 * nodes, bench.effects)
        let (clientPorts, peerPorts) = (Array(ports.prefix(nodes)), Array(ports.suffix(nodes)))
        let cluster = peerPorts.enumerated().map { "n\($0)=http://127.0.0.1:\($1)" }
        var servers: [PeerServer] = []
        defer { for server in servers { server.stop() } }
        for node in 0..<nodes {
            let client = "http://127.0.0.1:\(clientPorts[node])"
            let peer = "http://127.0.0.1:\(peerPorts[node])"
            servers.append(
                try PeerServer(
                    program,
                    [
                        "--name", "n\(node)", "--data-dir", "\(bench.folder)/etcd-\(nodes)-\(node)",
                        "--listen-client-urls", client, "--advertise-client-urls", client,
                        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                        "--initial-cluster", cluster.joined(separator: ","),
                        "--logger", "zap", "--log-level", "error",
                    ], log: "\(bench.folder)/etcd-\(node).log"))
        }
        try await waitUntilReady(clientPorts, bench)
        return try await body(clientPorts)
    }

    /// Puts per second, with clients spread over the nodes.
    static func puts(
        _ ports: [UInt16], _ load: PipelinedLoad, _ bench: Bench
    ) async throws -> (rate: Double, sample: LoadSample) {
        try await load.run(bench) { number in
            let stream = try await PeerServer.dial(ports[number % ports.count], bench.effects)
            try await stream.write(EtcdPuts.preface)
            return (stream, EtcdPuts())
        }
    }

    /// Waits until every node answers a put, which takes a leader.
    private static func waitUntilReady(_ ports: [UInt16], _ bench: Bench) async throws {
        for port in ports {
            let stream = try await PeerServer.dial(port, bench.effects)
            defer { stream.close() }
            var client = EtcdPuts()
            var bytes = EtcdPuts.preface
            client.request(0, to: &bytes)
            try await stream.write(bytes)
            var isReady = false
            while !isReady {
                var reply: [UInt8] = []
                let arrived = try await stream.read(limit: 65_536)
                guard !arrived.isEmpty else { throw BenchFailure("etcd hung up") }
                isReady = try !client.take(arrived, reply: &reply).isEmpty
                if !reply.isEmpty { try await stream.write(reply) }
            }
        }
    }
}
