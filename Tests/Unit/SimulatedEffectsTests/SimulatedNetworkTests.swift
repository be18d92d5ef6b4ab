// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing

@Suite("simulated network")
struct SimulatedNetworkTests {
    let world = SimulatedWorld(seed: 2)
    static let port: UInt16 = 7000

    /// Sends back what each caller sends.
    static func serveEcho(_ effects: Effects) {
        effects.tasks.spawn("server") {
            guard
                let listener = try? await effects.network.listen(
                    on: Endpoint(host: "0.0.0.0", port: port))
            else { return }
            while let stream = try? await listener.accept() {
                effects.tasks.spawn("echo") {
                    while let bytes = try? await stream.read(limit: 4096), !bytes.isEmpty {
                        try? await stream.write(bytes)
                    }
                    stream.close()
                }
            }
        }
    }

    static func dial(_ effects: Effects, _ host: String = "server") async throws(NetworkFailure)
        -> any ByteStream
    {
        try await effects.network.dial(
            Endpoint(host: host, port: port), timeoutMilliseconds: 2000)
    }

    static func exchange(_ effects: Effects, _ message: [UInt8]) async -> [UInt8]? {
        guard let stream = try? await dial(effects) else { return nil }
        let writer = effects.tasks.spawn("writer") { try? await stream.write(message) }
        var answer: [UInt8] = []
        while answer.count < message.count {
            guard let bytes = try? await stream.read(limit: 1 << 16), !bytes.isEmpty else { break }
            answer += bytes
        }
        await writer.finished()
        stream.close()
        return answer
    }

    @Test("bytes arrive whole and in order, whatever the jitter")
    func ordered() {
        world.setLinks(LinkConditions(latencyMicroseconds: 100, jitterMicroseconds: 50_000))
        let message = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        Self.serveEcho(world.makeNode("server"))
        let client = world.makeNode("client")
        #expect(world.run(on: "client", client) { await Self.exchange($0, message) } == message)
    }

    @Test("a writer waits while the reader does not read")
    func backPressure() {
        let server = world.makeNode("server")
        let client = world.makeNode("client")
        let journal = Journal()
        server.tasks.spawn("slow reader") {
            guard
                let listener = try? await server.network.listen(
                    on: Endpoint(host: "server", port: Self.port)),
                let stream = try? await listener.accept()
            else { return }
            await server.time.sleep(milliseconds: 10_000)
            var count = 0
            while count < 1 << 20, let bytes = try? await stream.read(limit: 1 << 20) {
                count += bytes.count
            }
        }
        client.tasks.spawn("writer") {
            guard let stream = try? await Self.dial(client) else { return }
            try? await stream.write([UInt8](repeating: 1, count: 1 << 20))
            journal.note("written")
        }
        world.run(forMilliseconds: 9000)
        #expect(journal.lines.isEmpty)
        world.run(forMilliseconds: 3000)
        #expect(journal.lines == ["written"])
    }

    @Test("a dial to a port nobody listens on is refused, to an unknown name unreachable")
    func refused() {
        _ = world.makeNode("server")
        let client = world.makeNode("client")
        let failures = world.run(on: "client", client) { effects in
            var failures: [NetworkFailure] = []
            for host in ["server", "nobody"] {
                do throws(NetworkFailure) {
                    _ = try await Self.dial(effects, host)
                } catch {
                    failures.append(error)
                }
            }
            return failures
        }
        #expect(
            failures == [
                .refused(Endpoint(host: "server", port: Self.port)),
                .unreachable(
                    Endpoint(host: "nobody", port: Self.port), reason: "no node has this name"),
            ])
    }

    @Test("a port is given once")
    func portInUse() {
        let node = world.makeNode("server")
        let endpoint = Endpoint(host: "server", port: Self.port)
        let failure = world.run(on: "server", node) { effects -> NetworkFailure? in
            do throws(NetworkFailure) {
                let first = try await effects.network.listen(on: endpoint)
                defer { first.close() }
                _ = try await effects.network.listen(on: endpoint)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure == .portInUse(endpoint))
    }

    @Test("a partition holds bytes back, and they arrive when it heals")
    func partitionHeals() {
        Self.serveEcho(world.makeNode("server"))
        let client = world.makeNode("client")
        let journal = Journal()
        client.tasks.spawn("client") {
            guard let stream = try? await Self.dial(client) else { return }
            journal.note("dialled")
            await client.time.sleep(milliseconds: 1000)
            try? await stream.write([1, 2, 3])
            let answer = try? await stream.read(limit: 3)
            journal.note("answer \(answer?.first ?? 0)")
        }
        world.run(forMilliseconds: 100)
        world.partition([["server"], ["client"]])
        world.run(forMilliseconds: 60_000)
        #expect(journal.lines == ["dialled"])
        world.heal()
        world.run(forMilliseconds: 100)
        #expect(journal.lines == ["dialled", "answer 1"])
    }

    @Test("a dial over a cut link times out when it said it would")
    func dialTimesOut() {
        Self.serveEcho(world.makeNode("server"))
        let client = world.makeNode("client")
        world.cut(from: "server", to: "client")
        let started = world.now
        let failure = world.run(on: "client", client) { effects -> NetworkFailure? in
            do throws(NetworkFailure) {
                _ = try await Self.dial(effects)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure == .timedOut(Endpoint(host: "server", port: Self.port)))
        #expect(world.now.milliseconds(since: started) == 2000)
    }

    @Test("a one-way cut holds back that way only")
    func oneWay() {
        let server = world.makeNode("server")
        let client = world.makeNode("client")
        let journal = Journal()
        server.tasks.spawn("server") {
            guard
                let listener = try? await server.network.listen(
                    on: Endpoint(host: "server", port: Self.port)),
                let stream = try? await listener.accept()
            else { return }
            while let bytes = try? await stream.read(limit: 10), !bytes.isEmpty {
                journal.note("server got \(bytes[0])")
                try? await stream.write(bytes)
            }
        }
        client.tasks.spawn("client") {
            guard let stream = try? await Self.dial(client) else { return }
            await client.time.sleep(milliseconds: 100)
            try? await stream.write([9])
            _ = try? await stream.read(limit: 10)
            journal.note("client heard")
        }
        world.run(forMilliseconds: 50)
        world.cut(from: "server", to: "client")
        world.run(forMilliseconds: 1000)
        #expect(journal.lines == ["server got 9"])
        world.restore(from: "server", to: "client")
        world.run(forMilliseconds: 1000)
        #expect(journal.lines == ["server got 9", "client heard"])
    }

    @Test("closing ends the peer's stream after the bytes sent before, and wakes own waits")
    func closing() {
        let server = world.makeNode("server")
        let client = world.makeNode("client")
        let journal = Journal()
        server.tasks.spawn("server") {
            guard
                let listener = try? await server.network.listen(
                    on: Endpoint(host: "server", port: Self.port)),
                let stream = try? await listener.accept()
            else { return }
            var count = 0
            while let bytes = try? await stream.read(limit: 10), !bytes.isEmpty {
                count += bytes.count
            }
            journal.note("server read \(count) and the end")
        }
        client.tasks.spawn("client") {
            guard let stream = try? await Self.dial(client) else { return }
            client.tasks.spawn("waiter") {
                do throws(NetworkFailure) {
                    _ = try await stream.read(limit: 1)
                } catch {
                    journal.note("waiter \(error)")
                }
            }
            try? await stream.write([1, 2, 3, 4, 5])
            await client.time.sleep(milliseconds: 10)
            stream.close()
        }
        world.run(forMilliseconds: 1000)
        #expect(journal.lines == ["waiter closed", "server read 5 and the end"])
    }

    @Test("a reset ends reads and blocked writes on both sides")
    func reset() {
        let server = world.makeNode("server")
        let client = world.makeNode("client")
        let journal = Journal()
        server.tasks.spawn("server") {
            guard
                let listener = try? await server.network.listen(
                    on: Endpoint(host: "server", port: Self.port)),
                let stream = try? await listener.accept()
            else { return }
            do throws(NetworkFailure) {
                try await stream.write([UInt8](repeating: 0, count: 1 << 20))
            } catch {
                journal.note("server \(error)")
            }
        }
        client.tasks.spawn("client") {
            guard let stream = try? await Self.dial(client) else { return }
            await client.time.sleep(milliseconds: 500)
            do throws(NetworkFailure) {
                _ = try await stream.read(limit: 1)
            } catch {
                journal.note("client \(error)")
            }
        }
        world.run(forMilliseconds: 100)
        world.resetStreams(between: "client", and: "server")
        world.run(forMilliseconds: 1000)
        #expect(journal.lines == ["server closed", "client closed"])
    }

    @Test("a crash breaks the node's streams, frees its ports and ends its tasks")
    func crashBreaksStreams() {
        let server = world.makeNode("server")
        Self.serveEcho(server)
        server.tasks.spawn("never checks for cancellation") {
            while true { await server.time.sleep(milliseconds: 10) }
        }
        let client = world.makeNode("client")
        let journal = Journal()
        client.tasks.spawn("client") {
            guard let stream = try? await Self.dial(client) else { return }
            do throws(NetworkFailure) {
                _ = try await stream.read(limit: 1)
            } catch {
                journal.note("\(error)")
            }
        }
        world.run(forMilliseconds: 100)
        world.crash("server")
        world.run(forMilliseconds: 1000)
        #expect(journal.lines == ["closed"])
        #expect(!world.isRunning("server"))

        Self.serveEcho(world.restart("server"))
        world.run(forMilliseconds: 10)
        #expect(world.run(on: "client", client) { await Self.exchange($0, [4, 5]) } == [4, 5])
    }
}
