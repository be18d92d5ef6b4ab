// SPDX-License-Identifier: Apache-2.0
import Effects
import TestSupport
import Testing

@testable import ContainerNetworks

@Suite("Ports")
struct PortTests {
    @Test("ports and wishes are read as Docker's clients write them")
    func texts() throws {
        #expect(ContainerPort("80")?.description == "80/tcp")
        #expect(ContainerPort("53/UDP")?.description == "53/udp")
        for text in ["", "0", "65536", "80/sctp", "80/tcp/x", "a", "-1"] {
            #expect(ContainerPort(text) == nil)
        }
        let port = try #require(ContainerPort("80"))
        #expect(PortWish(port, host: "", hostPort: "")?.hostPorts == 0...0)
        #expect(PortWish(port, host: "0.0.0.0", hostPort: "8080")?.host == nil)
        #expect(PortWish(port, host: "127.0.0.1", hostPort: "1-9")?.hostPorts == 1...9)
        for (host, hostPort) in [("x", "1"), ("", "x"), ("", "9-1"), ("", "1-2-3"), ("", "70000")] {
            #expect(PortWish(port, host: host, hostPort: hostPort) == nil)
        }
    }
}

@Suite("Held ports")
struct PortHoldTests {
    private static func wish(_ ports: ClosedRange<UInt16>, _ text: String = "80") throws -> PortWish
    {
        PortWish(
            try #require(ContainerPort(text)), host: IPAddress("127.0.0.1"),
            hostPorts: ports)
    }

    @Test("a port is one container's, and another gets the next of its range (NETWORKS-6)")
    func held() async throws {
        try await LoopWorld().run { effects in
            let first = try await PortHold(try Self.wish(0...0), effects)
            let port = first.grant.hostPort
            #expect(port > 0)
            await #expect(throws: NetworkFailure.self) {
                _ = try await PortHold(try Self.wish(port...port), effects)
            }
            let last = UInt16(min(Int(port) + 200, 65_535))
            let next = try await PortHold(try Self.wish(port...last), effects)
            #expect(next.grant.hostPort > port)
            let datagrams = try await PortHold(try Self.wish(0...0, "53/udp"), effects)
            #expect(datagrams.grant.hostPort > 0)
            first.close()
            let again = try await PortHold(try Self.wish(port...last), effects)
            #expect(again.grant.hostPort >= port)
        }
    }

    @Test("a connection that the rules do not lead is carried both ways to its end")
    func carried() async throws {
        try await LoopWorld().run { effects in
            let server = try await effects.network.listen(
                on: Endpoint(host: "127.0.0.2", port: 0))
            let wish = try Self.wish(0...0, "\(server.endpoint.port)")
            let hold = try await PortHold(wish, effects)
            hold.lead(to: try #require(IPAddress("127.0.0.2")))
            let client = try await effects.network.dial(
                Endpoint(host: "127.0.0.1", port: hold.grant.hostPort), timeoutMilliseconds: 5_000)
            let far = try await server.accept()
            try await client.write([1, 2, 3])
            #expect(try await far.read(limit: 10) == [1, 2, 3])
            try (client as? any HalfClosableStream)?.endWriting()
            #expect(try await far.read(limit: 10) == [])
            try await far.write([4])
            far.close()
            #expect(try await client.read(limit: 10) == [4])
            #expect(try await client.read(limit: 10) == [])
        }
    }
}
