// SPDX-License-Identifier: Apache-2.0
import Effects
import Foundation
import TestSupport
import Testing

@testable import ContainerNetworks

/// The name server at real sockets, in this program's own namespace.
@Suite("Name server", .enabled(if: geteuid() == 0, "entering a namespace takes root"))
struct NameServerTests {
    private static let here = "/proc/self/ns/net"

    private static func book() throws -> NameBook {
        NameBook([
            .init(
                container: "1", network: "front", hasNames: true, isInternal: false,
                names: ["web"], addresses: [try #require(IPAddress("10.0.0.2"))])
        ])
    }

    private static func ask(
        _ question: [UInt8], at port: UInt16, _ effects: Effects
    ) async throws -> [UInt8] {
        let own = try await effects.network.bind(
            DatagramRequest(Endpoint(host: "127.0.0.1", port: 0)))
        try await own.send([Datagram(Endpoint(host: NameRules.address, port: port), question)])
        return try await own.receive(limit: 1)[0].bytes
    }

    @Test("names are answered over UDP and TCP, until nobody listens any more (NETWORKS-7)")
    func answers() async throws {
        try await LoopWorld().run { effects in
            let server = NameServer(effects) { [] }
            await server.use(try Self.book())
            let ports = try await server.serve("1", in: Self.here, servers: [])
            let question = NameTests.question("web", 1)
            let answer = try await Self.ask(question, at: ports.datagrams, effects)
            #expect(answer.suffix(4) == [10, 0, 0, 2] && answer.prefix(2) == question.prefix(2))
            let unknown = try await Self.ask(
                NameTests.question("elsewhere.example", 1), at: ports.datagrams, effects)
            #expect(unknown[3] & 0x0F == 2, "nobody can be asked")
            let stream = try await effects.network.dial(
                Endpoint(host: NameRules.address, port: ports.streams), timeoutMilliseconds: 5_000)
            for _ in 0..<2 {
                try await stream.write(NameFrame.framed(question))
                let said = await NameFrame.read(stream, bytesMax: 512)
                #expect(said == answer)
            }
            await server.stop("1")
            await #expect(throws: NetworkFailure.self) {
                _ = try await effects.network.dial(
                    Endpoint(host: NameRules.address, port: ports.streams),
                    timeoutMilliseconds: 5_000)
            }
        }
    }

    @Test("the rest is asked of others, and only their answer to that question counts")
    func others() async throws {
        try await LoopWorld().run { effects in
            let other = try await effects.network.bind(
                DatagramRequest(Endpoint(host: "127.0.0.1", port: 0)))
            let stranger = try await effects.network.bind(
                DatagramRequest(Endpoint(host: "127.0.0.1", port: 0)))
            let server = NameServer(effects) { [other.endpoint] }
            await server.use(try Self.book())
            let ports = try await server.serve("1", in: Self.here, servers: [])
            effects.tasks.spawn("the other server") {
                guard let asked = try? await other.receive(limit: 1).first else { return }
                var answer = asked.bytes
                answer[2] |= 0x80
                answer[3] = 0x83
                // One with another number and one from elsewhere come first.
                var wrong = answer
                wrong[0] ^= 1
                _ = try? await stranger.send([Datagram(asked.endpoint, answer)])
                _ = try? await other.send([Datagram(asked.endpoint, wrong)])
                _ = try? await other.send([Datagram(asked.endpoint, answer)])
            }
            let question = NameTests.question("elsewhere.example", 1)
            let answer = try await Self.ask(question, at: ports.datagrams, effects)
            #expect(answer.prefix(2) == question.prefix(2))
            #expect(answer[3] == 0x83 && answer.count == question.count)
        }
    }
}
