// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization
import SystemEffects
import Testing

@Suite("TCP streams", .timeLimit(.minutes(10)))
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

    @Test("a local socket carries bytes, and its file comes and goes with who listens (EFFECTS-34)")
    func local() async throws {
        let path = world.root + "/socket"
        try await world.run { effects in
            let endpoint = Endpoint(host: path, port: 0)
            let listener = try await effects.network.listen(on: endpoint)
            #expect(listener.endpoint == endpoint)
            let near = try await effects.network.dial(endpoint, timeoutMilliseconds: 5000)
            let far = try await listener.accept()
            #expect(near.remote == endpoint)
            #expect(far.remote == Endpoint(host: "local", port: 0))
            try await near.write([1, 2, 3])
            try #require(near as? any HalfClosableStream).endWriting()
            #expect(try await Self.read(8, from: far) == [1, 2, 3])
            try await far.write([4])
            far.close()
            #expect(try await Self.read(8, from: near) == [4])
            await #expect(throws: NetworkFailure.portInUse(endpoint)) {
                try await effects.network.listen(on: endpoint)
            }
            listener.close()
            #expect(access(path, F_OK) != 0)
            await #expect(throws: NetworkFailure.self) {
                try await effects.network.dial(endpoint, timeoutMilliseconds: 5000)
            }
        }
        let long = Endpoint(host: "/" + String(repeating: "x", count: 200), port: 0)
        await #expect(throws: NetworkFailure.self) {
            try await world.run { effects in _ = try await effects.network.listen(on: long) }
        }
    }

    @Test("a socket that nobody listens at any more is replaced, any other file is not")
    func staleLocal() async throws {
        let path = world.root + "/stale"
        let file = world.root + "/file"
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        close(number)
        close(open(file, O_CREAT | O_WRONLY, 0o600))
        try await world.run { effects in
            let listener = try await effects.network.listen(on: Endpoint(host: path, port: 0))
            listener.close()
            let taken = Endpoint(host: file, port: 0)
            await #expect(throws: NetworkFailure.portInUse(taken)) {
                try await effects.network.listen(on: taken)
            }
        }
        #expect(access(file, F_OK) == 0)
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

    /// The failure of an operation, or nothing.
    static func failure(
        _ body: () async throws(NetworkFailure) -> Void
    ) async -> NetworkFailure? {
        do throws(NetworkFailure) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("a slow reader makes the writer wait, and what the system holds meanwhile is bounded")
    func backPressure() async throws {
        let total = 32 << 20
        let held = try await world.run { effects in
            let (near, far) = try await Self.pair(effects)
            let taken = Tally()
            let writer = effects.tasks.spawn("writer") {
                let piece = [UInt8](repeating: 7, count: 65_536)
                while taken.value < total, (try? await near.write(piece)) != nil {
                    taken.add(piece.count)
                }
                near.close()
            }
            // Nothing is read until the writer has stood still for a while.
            var seen = -1
            while seen != taken.value {
                seen = taken.value
                await effects.time.sleep(milliseconds: 100)
            }
            let read = try await Self.read(total + 1, from: far)
            await writer.finished()
            #expect(read.count == total)
            return seen
        }
        #expect(held < 16 << 20)
    }

    @Test("a port that is taken is reported as such")
    func portInUse() async throws {
        let failure = try await world.run { [anyPort] effects in
            let first = try await effects.network.listen(on: anyPort)
            let failure = await Self.failure { () throws(NetworkFailure) in
                _ = try await effects.network.listen(on: first.endpoint)
            }
            #expect(failure == .portInUse(first.endpoint))
            first.close()
            return await Self.failure { () throws(NetworkFailure) in
                try await effects.network.listen(on: first.endpoint).close()
            }
        }
        #expect(failure == nil)
    }

    @Test("a dial to a port nobody listens on is refused, and to no known name unreachable")
    func refused() async throws {
        try await world.run { [anyPort] effects in
            let listener = try await effects.network.listen(on: anyPort)
            listener.close()
            let refusal = await Self.failure { () throws(NetworkFailure) in
                _ = try await effects.network.dial(listener.endpoint, timeoutMilliseconds: 5000)
            }
            #expect(refusal == .refused(listener.endpoint))
            let nowhere = Endpoint(host: "no such host.invalid", port: 1)
            let failure = await Self.failure { () throws(NetworkFailure) in
                _ = try await effects.network.dial(nowhere, timeoutMilliseconds: 20_000)
            }
            guard case .unreachable(nowhere, _) = failure else {
                Issue.record("\(String(describing: failure)) instead of unreachable")
                return
            }
        }
    }

    @Test("a dial that nobody answers gives up in time, and at once when it is cancelled")
    func dialTimeout() async throws {
        // A listener whose queue is full lets further connections wait for ever.
        let full = try FullListener()
        try await world.run { effects in
            let failure = await Self.failure { () throws(NetworkFailure) in
                _ = try await effects.network.dial(full.endpoint, timeoutMilliseconds: 50)
            }
            #expect(failure == .timedOut(full.endpoint))
            let failures = Collected<NetworkFailure?>()
            let dialler = effects.tasks.spawn("dialler") {
                failures.add(
                    await Self.failure { () throws(NetworkFailure) in
                        _ = try await effects.network.dial(
                            full.endpoint, timeoutMilliseconds: 3_600_000)
                    })
            }
            await effects.time.sleep(milliseconds: 5)
            dialler.cancel()
            await dialler.finished()
            #expect(failures.all == [.cancelled])
        }
    }

    @Test("closing wakes a waiting read, write and accept, and what follows fails too")
    func closeWakes() async throws {
        try await world.run { [anyPort] effects in
            let (near, far) = try await Self.pair(effects)
            let listener = try await effects.network.listen(on: anyPort)
            let failures = Collected<NetworkFailure?>()
            let tasks = [
                effects.tasks.spawn("read") {
                    failures.add(
                        await Self.failure { () throws(NetworkFailure) in
                            _ = try await near.read(limit: 1)
                        })
                },
                effects.tasks.spawn("write") {
                    failures.add(
                        await Self.failure { () throws(NetworkFailure) in
                            while true {
                                try await near.write([UInt8](repeating: 0, count: 65_536))
                            }
                        })
                },
                effects.tasks.spawn("accept") {
                    failures.add(
                        await Self.failure { () throws(NetworkFailure) in
                            _ = try await listener.accept()
                        })
                },
            ]
            await effects.time.sleep(milliseconds: 20)
            near.close()
            near.close()
            listener.close()
            for task in tasks { await task.finished() }
            #expect(failures.all == [.closed, .closed, .closed])
            let after = await Self.failure { () throws(NetworkFailure) in try await near.write([1])
            }
            #expect(after == .closed)
            _ = try? await Self.read(1 << 30, from: far)
        }
    }

    @Test("a cancelled read or accept ends and leaves the stream and listener usable")
    func cancelledWait() async throws {
        try await world.run { [anyPort] effects in
            let listener = try await effects.network.listen(on: anyPort)
            let near = try await effects.network.dial(
                listener.endpoint, timeoutMilliseconds: 5000)
            let far = try await listener.accept()
            let failures = Collected<NetworkFailure?>()
            let reader = effects.tasks.spawn("reader") {
                failures.add(
                    await Self.failure { () throws(NetworkFailure) in
                        _ = try await near.read(limit: 1)
                    })
            }
            let acceptor = effects.tasks.spawn("acceptor") {
                failures.add(
                    await Self.failure { () throws(NetworkFailure) in
                        _ = try await listener.accept()
                    })
            }
            await effects.time.sleep(milliseconds: 5)
            reader.cancel()
            acceptor.cancel()
            await reader.finished()
            await acceptor.finished()
            #expect(failures.all == [.cancelled, .cancelled])
            try await far.write([5])
            #expect(try await near.read(limit: 1) == [5])
        }
    }

    @Test("a peer that closes gives the end of the stream, and then writing fails without a signal")
    func peerCloses() async throws {
        try await world.run { effects in
            let (near, far) = try await Self.pair(effects)
            try await far.write([1, 2])
            far.close()
            #expect(try await Self.read(9, from: near) == [1, 2])
            let failure = await Self.failure { () throws(NetworkFailure) in
                while true { try await near.write([UInt8](repeating: 0, count: 1024)) }
            }
            #expect(failure == .closed)
        }
    }

    @Test("a stream that is forgotten is closed")
    func forgotten() async throws {
        try await world.run { effects in
            let far = try await Self.pair(effects).1
            #expect(try await far.read(limit: 1) == [])
        }
    }

    @Test("a range of a file is sent as it stands in the file")
    func fileRange() async throws {
        let content = pattern(3_000_000)
        let sent = try await world.run { effects in
            try await effects.disk.replace("file", with: content)
            let file = try await effects.disk.open("file")
            let (near, far) = try await Self.pair(effects)
            let sender = effects.tasks.spawn("sender") {
                try? await near.write(file: file, from: 1000, count: 2_500_000)
                near.close()
            }
            let bytes = try await Self.read(1 << 30, from: far)
            await sender.finished()
            return bytes
        }
        #expect(sent == Array(content[1000..<2_501_000]))
    }

    @Test("a file range beyond the end is refused")
    func fileRangeBeyondEnd() async throws {
        try await world.run { effects in
            try await effects.disk.replace("file", with: [1, 2, 3])
            let file = try await effects.disk.open("file")
            let (near, _) = try await Self.pair(effects)
            let failure = await Self.failure { () throws(NetworkFailure) in
                try await near.write(file: file, from: 1, count: 3)
            }
            #expect(failure != nil)
        }
    }

    @Test("many connections at once each get their own bytes back")
    func manyConnections() async throws {
        let answers = try await world.run { [anyPort] effects in
            let listener = try await effects.network.listen(on: anyPort)
            let server = effects.tasks.spawn("server") {
                while let stream = try? await listener.accept() {
                    effects.tasks.spawn("echo") {
                        while let bytes = try? await stream.read(limit: 100), !bytes.isEmpty {
                            try? await stream.write(bytes)
                        }
                    }
                }
            }
            let answers = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let message = pattern(2000, seed: UInt64(number))
                        guard
                            let stream = try? await effects.network.dial(
                                listener.endpoint, timeoutMilliseconds: 20_000)
                        else { return false }
                        try? await stream.write(message)
                        return (try? await Self.read(2000, from: stream)) == message
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            listener.close()
            await server.finished()
            return answers
        }
        #expect(answers == 100)
    }
}

/// A listening socket that accepts nothing and whose queue is full.
final class FullListener: Sendable {
    let endpoint: Endpoint
    private let sockets: [Int32]

    init() throws {
        func newSocket() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        let listener = newSocket()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        func with<Value>(_ call: (UnsafeMutablePointer<sockaddr>) -> Value) -> Value {
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1, call)
            }
        }
        try #require(with { bind(listener, $0, length) } == 0)
        try #require(listen(listener, 0) == 0)
        try #require(with { getsockname(listener, $0, &length) } == 0)
        endpoint = Endpoint(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port))
        var opened = [listener]
        for _ in 0..<4 {
            let client = newSocket()
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            _ = with { connect(client, $0, length) }
            opened.append(client)
        }
        sockets = opened
    }

    deinit { for socket in sockets { close(socket) } }
}
