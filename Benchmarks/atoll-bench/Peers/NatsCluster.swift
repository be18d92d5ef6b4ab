// SPDX-License-Identifier: Apache-2.0
import Effects

/// NATS JetStream on loopback, told to sync every message before it is acknowledged.
enum NatsCluster {
    /// Lends the client ports of so many nodes, with a stream of as many copies, to `body`.
    static func lend<Value>(
        _ bench: Bench, nodes: Int, _ body: ([UInt16]) async throws -> Value
    ) async throws -> Value {
        let program = try PeerServer.program("nats-server", in: PeerServer.unpacked)
        let ports = try await PeerServer.freePorts(2 * nodes, bench.effects)
        let (clientPorts, routePorts) = (Array(ports.prefix(nodes)), Array(ports.suffix(nodes)))
        var servers: [PeerServer] = []
        defer { for server in servers { server.stop() } }
        for node in 0..<nodes {
            let home = "\(bench.folder)/nats-\(nodes)-\(node)"
            let text = configuration(node, home: home, clientPorts[node], routes: routePorts)
            guard SystemFile.write("\(home).conf", text) else {
                throw BenchFailure("\(home).conf cannot be written")
            }
            servers.append(
                try PeerServer(program, ["-c", "\(home).conf"], log: "\(home).log"))
        }
        try await makeStream(copies: nodes, clientPorts[0], bench)
        return try await body(clientPorts)
    }

    /// Acknowledged messages per second, with publishers spread over the nodes.
    static func publish(
        _ ports: [UInt16], _ load: PipelinedLoad, _ bench: Bench
    ) async throws -> (rate: Double, sample: LoadSample) {
        try await load.run(bench) { number in
            let stream = try await PeerServer.dial(ports[number % ports.count], bench.effects)
            let client = NatsPublisher(inbox: "answers\(number)")
            try await stream.write(client.greeting)
            return (stream, client)
        }
    }

    private static func configuration(
        _ node: Int, home: String, _ port: UInt16, routes: [UInt16]
    ) -> String {
        let jetStream = """
            server_name: n\(node)
            listen: 127.0.0.1:\(port)
            jetstream { store_dir: "\(home)", sync_interval: always }

            """
        guard routes.count > 1 else { return jetStream }
        let others = routes.map { "nats://127.0.0.1:\($0)" }.joined(separator: ", ")
        return jetStream + """
            cluster { name: bench, listen: "127.0.0.1:\(routes[node])", routes: [\(others)] }

            """
    }

    /// Asks for the stream until the nodes have found each other.
    private static func makeStream(copies: Int, _ port: UInt16, _ bench: Bench) async throws {
        let stream = try await PeerServer.dial(port, bench.effects)
        defer { stream.close() }
        try await stream.write(NatsPublisher(inbox: "made").greeting)
        let wish =
            "{\"name\":\"bench\",\"subjects\":[\"\(NatsPublisher.subject)\"],"
            + "\"storage\":\"file\",\"num_replicas\":\(copies)}"
        let ask = Array(
            "PUB $JS.API.STREAM.CREATE.bench made.0 \(wish.utf8.count)\r\n\(wish)\r\n".utf8)
        let answers = NatsAnswers()
        let reading = bench.effects.tasks.spawn("answers") {
            while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
                answers.add(bytes)
            }
        }
        for _ in 0..<60 where !answers.text.contains("stream_create_response\",\"config\"") {
            try await stream.write(ask)
            await bench.effects.time.sleep(milliseconds: 500)
        }
        let text = answers.text
        stream.close()
        await reading.finished()
        // The third node may still be taking its copy.
        await bench.effects.time.sleep(milliseconds: 1_000)
        guard text.contains("\"config\"") else { throw BenchFailure("no stream: \(text)") }
    }
}
