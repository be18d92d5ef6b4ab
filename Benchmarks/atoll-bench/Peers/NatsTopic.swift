// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// NATS core on loopback: one publisher, one subscriber, nothing kept.
enum NatsTopic {
    private static let subject = "bench"

    /// Messages a second that a subscriber receives.
    static func rate(_ bench: Bench, bytes: Int, seconds: Int) async throws -> Double {
        let program = try PeerServer.program("nats-server", in: PeerServer.unpacked)
        let port = try await PeerServer.freePorts(1, bench.effects)[0]
        let server = try PeerServer(
            program, ["-a", "127.0.0.1", "-p", "\(port)"], log: "\(bench.folder)/nats-core.log")
        defer { server.stop() }
        let subscriber = try await PeerServer.dial(port, bench.effects)
        let publisher = try await PeerServer.dial(port, bench.effects)
        defer {
            subscriber.close()
            publisher.close()
        }
        let hello = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"
        try await subscriber.write(Array("\(hello)SUB \(subject) 1\r\n".utf8))
        try await publisher.write(Array(hello.utf8))
        let received = Mutex(0)
        let reading = bench.effects.tasks.spawn("subscribes") {
            while let bytes = try? await subscriber.read(limit: 131_072), !bytes.isEmpty {
                received.withLock { $0 += bytes.count }
            }
        }
        let flag = StopFlag()
        let one =
            Array("PUB \(subject) \(bytes)\r\n".utf8)
            + [UInt8](repeating: 97, count: bytes) + [13, 10]
        let burst = Array((0..<256).map { _ in one }.joined())
        let writing = bench.effects.tasks.spawn("publishes") {
            while !flag.isRaised {
                guard (try? await publisher.write(burst)) != nil else { return }
            }
        }
        await bench.effects.time.sleep(milliseconds: 1_000)
        received.withLock { $0 = 0 }
        let watch = Stopwatch()
        await bench.effects.time.sleep(milliseconds: UInt64(seconds) * 1_000)
        let wall = watch.wall
        let count = received.withLock { $0 }
        flag.raise()
        publisher.close()
        subscriber.close()
        await writing.finished()
        await reading.finished()
        // Each message comes as "MSG bench 1 200", its bytes, and an end of line.
        let length = "MSG \(subject) 1 \(bytes)\r\n".utf8.count + bytes + 2
        return Double(count / length) / wall
    }
}
