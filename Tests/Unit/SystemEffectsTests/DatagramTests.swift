// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization
import SystemEffects
import Testing

@Suite("UDP", .timeLimit(.minutes(10)))
struct DatagramTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    private static func open(_ effects: Effects, host: String) async throws -> any DatagramPort {
        try await effects.network.bind(DatagramRequest(Endpoint(host: host, port: 0)))
    }

    /// Receives until there are so many.
    private static func receive(_ count: Int, _ port: any DatagramPort) async throws -> [Datagram] {
        var found: [Datagram] = []
        while found.count < count { found += try await port.receive(limit: 64) }
        return found
    }

    @Test("hundreds arrive whole, in few calls", arguments: ["127.0.0.1", "::1"])
    func batches(host: String) async throws {
        try await world.run { effects in
            let (near, far) = (
                try await Self.open(effects, host: host), try await Self.open(effects, host: host)
            )
            for round in 0..<10 {
                let sent = (0..<20).map { number in
                    Datagram(far.endpoint, pattern(100 + number, seed: UInt64(round)))
                }
                #expect(try await near.send(sent) == 20)
                let got = try await Self.receive(20, far)
                #expect(got.map(\.bytes) == sent.map(\.bytes))
                #expect(got.allSatisfy { $0.endpoint == near.endpoint })
            }
        }
    }

    @Test("the longest arrives; one too long or of another family keeps no other back")
    func limits() async throws {
        try await world.run { effects in
            let (near, far) = (
                try await Self.open(effects, host: "127.0.0.1"),
                try await Self.open(effects, host: "127.0.0.1")
            )
            let longest = pattern(Datagram.byteCountMax)
            let sent = try await near.send([
                Datagram(far.endpoint, longest + [1]),
                Datagram(Endpoint(host: "::1", port: far.endpoint.port), [2]),
                Datagram(Endpoint(host: "no number", port: 1), [3]),
                Datagram(far.endpoint, longest),
            ])
            #expect(sent == 1)
            #expect(try await far.receive(limit: 8).map(\.bytes) == [longest])
        }
    }

    @Test("word that nobody heard an earlier one ends no wait (EFFECTS-27)")
    func unheard() async throws {
        try await world.run { effects in
            let gone = try await Self.open(effects, host: "127.0.0.1")
            gone.close()
            let (near, far) = (
                try await Self.open(effects, host: "127.0.0.1"),
                try await Self.open(effects, host: "127.0.0.1")
            )
            for _ in 0..<5 { try await near.send([Datagram(gone.endpoint, [1])]) }
            try await far.send([Datagram(near.endpoint, [2])])
            #expect(try await near.receive(limit: 8).map(\.bytes) == [[2]])
        }
    }

    @Test("closing ends a wait, and a port is had once")
    func closing() async throws {
        try await world.run { effects in
            let port = try await Self.open(effects, host: "127.0.0.1")
            await #expect(throws: NetworkFailure.portInUse(port.endpoint)) {
                try await effects.network.bind(DatagramRequest(port.endpoint))
            }
            let outcome = Mutex<NetworkFailure?>(nil)
            let waiter = effects.tasks.spawn("waits") {
                do throws(NetworkFailure) {
                    _ = try await port.receive(limit: 1)
                } catch {
                    outcome.withLock { $0 = error }
                }
            }
            await effects.time.sleep(milliseconds: 10)
            port.close()
            await waiter.finished()
            #expect(outcome.withLock { $0 } == .closed)
        }
    }

    @Test("a group is heard by all who joined it at an interface that has groups")
    func groups() async throws {
        try await world.run { effects in
            let interfaces = try effects.network.interfaces()
            #expect(interfaces.contains { $0.isLoopback && $0.addresses.contains("127.0.0.1") })
            let ways = interfaces.filter { $0.isMulticast && !$0.isLoopback }
            guard let way = ways.first(where: { $0.addresses.contains { $0.contains(".") } }) else {
                return print("no interface here has groups: this test asks nothing")
            }
            var request = DatagramRequest(Endpoint(host: "0.0.0.0", port: 0))
            request.groups = ["239.255.77.77"]
            request.interface = way.index
            request.isShared = true
            let first = try await effects.network.bind(request)
            request.endpoint = Endpoint(host: "0.0.0.0", port: first.endpoint.port)
            let second = try await effects.network.bind(request)
            request.groups = ["239.255.77.78"]
            let other = try await effects.network.bind(request)
            let target = Endpoint(host: "239.255.77.77", port: first.endpoint.port)
            let heardByOther = effects.tasks.spawn("other") {
                guard (try? await other.receive(limit: 1)) != nil else { return }
                Issue.record("a group was heard that was not joined")
            }
            try await first.send([Datagram(target, [7])])
            for port in [first, second] {
                #expect(try await port.receive(limit: 1).map(\.bytes) == [[7]])
            }
            other.close()
            await heardByOther.finished()
        }
    }

    @Test("a dial may begin where this process listens; a second listener may not (EFFECTS-28)")
    func dialsFromListener() async throws {
        try await world.run { effects in
            let anyPort = Endpoint(host: "127.0.0.1", port: 0)
            let (home, far) = (
                try await effects.network.listen(on: anyPort),
                try await effects.network.listen(on: anyPort)
            )
            let dialled = try await effects.network.dial(
                far.endpoint, from: home.endpoint, timeoutMilliseconds: 5_000)
            #expect(try await far.accept().remote == home.endpoint)
            await #expect(throws: NetworkFailure.portInUse(home.endpoint)) {
                try await effects.network.dial(
                    far.endpoint, from: home.endpoint, timeoutMilliseconds: 5_000)
            }
            await #expect(throws: NetworkFailure.portInUse(home.endpoint)) {
                try await effects.network.listen(on: home.endpoint)
            }
            // The listener still hears.
            let inward = try await effects.network.dial(home.endpoint, timeoutMilliseconds: 5_000)
            let accepted = try await home.accept()
            try await accepted.write([1])
            #expect(try await inward.read(limit: 1) == [1])
            dialled.close()
        }
    }
}
