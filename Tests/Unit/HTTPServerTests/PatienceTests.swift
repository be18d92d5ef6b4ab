// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing

@testable import HTTPServer

/// How long the service and the client wait, in a world whose clock moves only when all wait
/// (HTTP-40).
@Suite("HTTP: patience")
struct PatienceTests {
    /// A world with a service on the node `server`; its port is 80.
    private static func world(
        hub: EventHub = EventHub(), _ change: (inout HTTPConfiguration) -> Void = { _ in }
    ) throws -> (world: SimulatedWorld, client: Effects, service: HTTPService) {
        let world = SimulatedWorld(seed: 1)
        let server = world.makeNode("server")
        let client = world.makeNode("client")
        var configuration = HTTPConfiguration()
        change(&configuration)
        let service = HTTPService(
            effects: server, endpoint: Endpoint(host: "server", port: 80),
            configuration: configuration, router: testRouter(server, hub))
        let isStarted = world.run(on: "server", server) { _ in
            do {
                try await service.start()
                return true
            } catch {
                return false
            }
        }
        try #require(isStarted == true)
        return (world, client, service)
    }

    /// The seconds until the service ends a connection on which `body` is done.
    private static func secondsUntilEnd(
        _ made: (world: SimulatedWorld, client: Effects, service: HTTPService),
        _ body: @escaping @Sendable (RawClient, Effects) async throws -> Void
    ) -> UInt64? {
        let service = made.service
        return made.world.run(on: "client", made.client, withinMilliseconds: 600_000) { effects in
            let start = effects.time.now()
            do {
                let client = try await RawClient(effects, service)
                try await body(client, effects)
                while !(await client.isEnded()) {}
            } catch {}
            return effects.time.now().milliseconds(since: start) / 1_000
        } ?? nil
    }

    @Test("a client that sends nothing, or one byte of a head, is ended after ten seconds")
    func silentHead() throws {
        for text in ["", "G", "GET / HTTP/1.1\r\nHost:"] {
            let made = try Self.world()
            let seconds = Self.secondsUntilEnd(made) { client, _ in
                if !text.isEmpty { try await client.send(text) }
            }
            #expect((10...12).contains(seconds ?? 0))
            #expect(made.service.counters.connectionsTimedOut == 1)
            #expect(made.service.counters.connections == 0)
        }
    }

    @Test("a head that comes byte by byte is ended ten seconds after its first byte")
    func slowHead() throws {
        let made = try Self.world()
        let seconds = Self.secondsUntilEnd(made) { client, effects in
            for byte in Array(request("GET /hello").utf8) {
                try await client.stream.write([byte])
                await effects.time.sleep(milliseconds: 900)
            }
        }
        #expect((10...13).contains(seconds ?? 0))
        #expect(made.service.counters.requests == 0)
    }

    @Test("a kept connection may be idle for a minute")
    func idle() throws {
        let made = try Self.world()
        let seconds = Self.secondsUntilEnd(made) { client, _ in
            var same = client
            try await client.send(request("GET /hello"))
            _ = try await same.response()
        }
        #expect((60...62).contains(seconds ?? 0))
    }

    @Test("a body that stops coming is given up after thirty seconds, one that drips is not")
    func slowBody() throws {
        let made = try Self.world()
        let seconds = Self.secondsUntilEnd(made) { client, effects in
            try await client.send(request("POST /echo", "Content-Length: 100"))
            for _ in 0..<4 {
                try await client.send("x")
                await effects.time.sleep(milliseconds: 20_000)
            }
        }
        #expect((90...93).contains(seconds ?? 0))
        #expect(made.service.counters.connectionsTimedOut == 1)
    }

    @Test("a client that takes nothing of a response is ended after thirty seconds")
    func stalledReader() throws {
        let made = try Self.world()
        let service = made.service
        let seconds = made.world.run(on: "client", made.client, withinMilliseconds: 600_000) {
            effects in
            let start = effects.time.now()
            guard let client = try? await RawClient(effects, service) else { return UInt64(0) }
            try? await client.send(request("GET /zeros?count=50000000"))
            while service.counters.connectionsTimedOut == 0 {
                await effects.time.sleep(milliseconds: 500)
            }
            return effects.time.now().milliseconds(since: start) / 1_000
        }
        #expect((30...32).contains(seconds ?? 0))
    }

    @Test("a quiet stream of events gets a comment every fifteen seconds")
    func comments() throws {
        let made = try Self.world()
        let service = made.service
        let text = made.world.run(on: "client", made.client) { effects in
            guard let client = try? await RawClient(effects, service) else { return "" }
            try? await client.send(request("GET /events"))
            effects.tasks.spawn("enough") {
                await effects.time.sleep(milliseconds: 50_000)
                client.stream.close()
            }
            var bytes: [UInt8] = []
            while let more = try? await client.stream.read(limit: 1_000), !more.isEmpty {
                bytes += more
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(text?.hasSuffix("\r\n\r\n:\n\n:\n\n:\n\n") == true)
    }

    @Test("a stop cuts what is left after its grace")
    func grace() throws {
        let made = try Self.world()
        let service = made.service
        let seconds = made.world.run(on: "client", made.client) { effects in
            let start = effects.time.now()
            guard let client = try? await RawClient(effects, service) else { return UInt64(0) }
            try? await client.send(request("POST /echo", "Content-Length: 5"))
            while service.counters.requests == 0 { await effects.time.sleep(milliseconds: 10) }
            await service.stop(graceMilliseconds: 3_000)
            _ = await client.isEnded()
            return effects.time.now().milliseconds(since: start) / 1_000
        }
        #expect(seconds == 3)
        made.world.run(forMilliseconds: 1_000)
        #expect(service.counters.connections == 0)
    }

    @Test("a client gives up on a server that is silent for as long as the request says")
    func silentServer() throws {
        let world = SimulatedWorld(seed: 1)
        let server = world.makeNode("server")
        let client = world.makeNode("client")
        server.tasks.spawn("silent") {
            guard
                let listener = try? await server.network.listen(
                    on: Endpoint(host: "server", port: 80)),
                let stream = try? await listener.accept()
            else { return }
            while let bytes = try? await stream.read(limit: 100), !bytes.isEmpty {}
        }
        let address = try #require(HTTPAddress("http://server/"))
        let outcome = world.run(on: "client", client) { effects in
            let start = effects.time.now()
            var request = HTTPClientRequest(.get, address)
            request.silenceMilliseconds = 7_000
            do throws(HTTPClientFailure) {
                _ = try await HTTPClient(effects: effects).send(request)
            } catch {
                return (error, effects.time.now().milliseconds(since: start) / 1_000)
            }
            return (HTTPClientFailure.closed, 0)
        }
        #expect(outcome?.0 == .timedOut)
        #expect(outcome?.1 == 7)
    }
}
