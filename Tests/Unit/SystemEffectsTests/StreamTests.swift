// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization
import SystemEffects
import Testing

@Suite("TCP streams", .timeLimit(.minutes(1)))
struct StreamTests {
    let world: TestWorld
    let anyPort = Endpoint(host: "127.0.0.1", port: 0)

    init() throws { world = try TestWorld() }

    /// Reads until `count` bytes have come or the stream ends.
    static func read(_ count: Int, from stream: any ByteStream) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = try await stream.read(limit: min(65_536, count - bytes.count))
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    /// Two ends of one connection.
    static func pair(
        _ effects: Effects, host: String = "127.0.0.1"
    ) async throws -> (any ByteStream, any ByteStream) {
        let listener = try await effects.network.listen(on: Endpoint(host: host, port: 0))
        let dialled = try await effects.network.dial(
            listener.endpoint, timeoutMilliseconds: 5000)
        let accepted = try await listener.accept()
        listener.close()
        return (dialled, accepted)
    }

    @Test(
        "what is written arrives whole and in order", arguments: ["127.0.0.1", "::1", "localhost"])
    func echo(host: String) async throws {
        let message = pattern(1 << 20)
        let echoed = try await world.run { effects in
            let (near, far) = try await Self.pair(effects, host: host)
            let echo = effects.tasks.spawn("echo") {
                while let piece = try? await far.read(limit: 4096), !piece.isEmpty {
                    try? await far.write(piece)
                }
            }
            let sender = effects.tasks.spawn("sender") { try? await near.write(message) }
            let bytes = try await Self.read(message.count, from: near)
            near.close()
            await sender.finished()
            await echo.finished()
            return bytes
        }
        #expect(echoed == message)
    }
}
