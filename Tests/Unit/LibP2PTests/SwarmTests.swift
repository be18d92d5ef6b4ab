// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Testing

@Suite("Swarms in a simulated world (LIBP-17 to LIBP-21)")
struct SwarmTests {
    private func pair(seed: UInt64 = 1) -> SimulatedSwarms {
        let swarms = SimulatedSwarms(2, seed: seed)
        swarms[1].serve("/echo/1") { stream in
            while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
                guard (try? await stream.write(bytes)) != nil else { return }
            }
        }
        return swarms
    }

    private func connect(_ swarms: SimulatedSwarms, _ from: Int = 0, _ to: Int = 1) -> Bool {
        let address = swarms.address(to)
        return swarms.run(on: from) { (try? await $0.connect(to: address)) != nil } ?? false
    }

    @Test("two swarms connect, identify each other and ping")
    func connects() {
        let swarms = pair()
        #expect(connect(swarms))
        #expect(swarms.wait { $0[0].description(of: $0[1].peer)?.agent == "atoll/1" })
        #expect(swarms.wait { $0[1].description(of: $0[0].peer)?.agent == "atoll/1" })
        #expect(swarms[0].description(of: swarms[1].peer)?.protocols.contains("/echo/1") == true)
        let peer = swarms[1].peer
        let time = swarms.run(on: 0) { try? await $0.ping(peer) } ?? nil
        #expect(time.map { $0 > 0 } == true)
    }

    @Test("a megabyte comes back over a stream, and its end too")
    func echo() {
        let swarms = pair(seed: 2)
        #expect(connect(swarms))
        var numbers = SeededNumbers(1)
        let bytes = numbers.bytes(1 << 20)
        let peer = swarms[1].peer
        let effects = swarms.members[0].effects
        let back = swarms.run(on: 0) { swarm -> [UInt8]? in
            guard let stream = try? await swarm.open(["/echo/1"], with: peer) else { return nil }
            effects.tasks.spawn("writes") {
                try? await stream.write(bytes)
                stream.finish()
            }
            var got: [UInt8] = []
            while let more = try? await stream.read(limit: 100_000), !more.isEmpty { got += more }
            return got
        }
        #expect(back == bytes)
        #expect(swarms[0].protocolTraffic["/echo/1"]?.bytesOut == 1 << 20)
        #expect(swarms[1].protocolTraffic["/echo/1"]?.inboundStreams == 1)
    }

    @Test("a protocol nobody serves is refused, and the connection stays")
    func refusedProtocol() {
        let swarms = pair(seed: 3)
        #expect(connect(swarms))
        let peer = swarms[1].peer
        let failure = swarms.run(on: 0) { swarm -> StreamFailure? in
            do throws(StreamFailure) {
                _ = try await swarm.open(["/nothing"], with: peer)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure == .refused(.noneAgreed))
        #expect(swarms[0].isConnected(peer))
    }

    @Test("another peer than the one dialled is refused")
    func unexpectedPeer() {
        let swarms = pair(seed: 4)
        let address = swarms.address(1).with(peer: Persons.peer(9))
        let failure = swarms.run(on: 0) { swarm -> ConnectionFailure? in
            do throws(ConnectionFailure) {
                try await swarm.connect(to: address)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure == .security(.unexpectedPeer(swarms[1].peer)))
    }

    @Test("a connection that ends is told with its streams, and can be made again")
    func reconnects() {
        let swarms = pair(seed: 5)
        #expect(connect(swarms))
        #expect(swarms.wait { !$0[1].connectedPeers.isEmpty })
        let peer = swarms[0].peer
        _ = swarms.run(on: 1) { $0.disconnect(peer) }
        #expect(swarms.wait { $0[0].connectedPeers.isEmpty && $0[1].connectedPeers.isEmpty })
        #expect(connect(swarms))
        #expect(swarms[0].connectedPeers == [swarms[1].peer])
    }

    @Test("a banned peer is kept out until it is pardoned")
    func bans() {
        let swarms = pair(seed: 6)
        swarms[1].ban(swarms[0].peer, reason: "a test", milliseconds: 1_000_000)
        _ = connect(swarms)
        #expect(swarms.wait { $0[0].connectedPeers.isEmpty })
        swarms[1].pardon(swarms[0].peer)
        #expect(connect(swarms))
        #expect(swarms.wait(2_000) { _ in false } == false)
        #expect(swarms[0].isConnected(swarms[1].peer))
    }

    @Test("a peer that falls silent is let go")
    func silence() {
        let swarms = pair(seed: 7)
        #expect(connect(swarms))
        swarms.world.crash("node1")
        #expect(swarms.wait(120_000) { $0[0].connectedPeers.isEmpty })
    }

    @Test("strangers who say anything, or nothing, are let go and leave no trace", arguments: 0..<4)
    func strangers(seed: UInt64) {
        let swarms = pair(seed: 9 + seed)
        let effects = swarms.members[0].effects
        var numbers = SeededNumbers(seed)
        let honest = Array("\u{13}/multistream/1.0.0\n\u{07}/noise\n".utf8)
        let words = (0..<12).map { index in
            index == 0 ? [] : index < 6 ? numbers.bytes(200) : honest + numbers.bytes(100)
        }
        _ = swarms.run(on: 0) { _ in
            for word in words {
                let stream = try? await effects.network.dial(
                    Endpoint(host: "node1", port: 4_001), timeoutMilliseconds: 1_000)
                guard let stream else { continue }
                effects.tasks.spawn("stranger") {
                    try? await stream.write(word)
                    // It stays as long as it may.
                    while let bytes = try? await stream.read(limit: 1_000), !bytes.isEmpty {}
                }
            }
        }
        #expect(swarms.wait(30_000) { $0[1].bookedConnections == 0 })
        #expect(swarms[1].connectedPeers.isEmpty)
        #expect(connect(swarms))
    }

    @Test("a question without an answer in time says so")
    func deadlines() {
        let swarms = pair(seed: 8)
        let effects = swarms.members[1].effects
        swarms[1].serve("/slow/1") { _ in await effects.time.sleep(milliseconds: 100_000) }
        #expect(connect(swarms))
        let peer = swarms[1].peer
        let failure = swarms.run(on: 0) { swarm -> StreamFailure? in
            do throws(StreamFailure) {
                _ = try await swarm.request([1], ["/slow/1"], of: peer, answerBytesMax: 10)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure == .timedOut)
    }
}

@Suite("The connection manager (LIBP-20)")
struct ConnectionLedgerTests {
    private let own = Persons.peer(1)

    private func ledger(_ change: (inout ConnectionLedger.Limits) -> Void = { _ in })
        -> ConnectionLedger
    {
        var limits = ConnectionLedger.Limits()
        change(&limits)
        return ConnectionLedger(own: own, limits: limits)
    }

    private func ip(_ number: Int) -> [UInt8] {
        [10, UInt8(number / 256), UInt8(number % 256), 1]
    }

    @Test("inbound connections leave room for outbound ones")
    func inbound() throws {
        var ledger = ledger {
            $0.totalMax = 8
            $0.inboundMax = 6
        }
        for index in 0..<6 {
            _ = try ledger.admit(peer: nil, ip: ip(index), isInbound: true, now: 0)
        }
        #expect(throws: ConnectionRefusal.tooMany) {
            try ledger.admit(peer: nil, ip: ip(6), isInbound: true, now: 0)
        }
        let number = try ledger.admit(peer: nil, ip: ip(6), isInbound: false, now: 0)
        _ = try ledger.admit(peer: nil, ip: ip(7), isInbound: false, now: 0)
        #expect(throws: ConnectionRefusal.tooMany) {
            try ledger.admit(peer: nil, ip: ip(8), isInbound: false, now: 0)
        }
        ledger.release(number)
        _ = try ledger.admit(peer: nil, ip: ip(8), isInbound: false, now: 0)
    }

    @Test("one address and one subnet have their shares of those that dial; a dial needs none")
    func shares() throws {
        var ledger = ledger {
            $0.perAddressMax = 2
            $0.perSubnetMax = 3
        }
        for last in [1, 1, 2] as [UInt8] {
            _ = try ledger.admit(peer: nil, ip: [10, 0, 0, last], isInbound: true, now: 0)
        }
        #expect(throws: ConnectionRefusal.tooManyFromAddress) {
            try ledger.admit(peer: nil, ip: [10, 0, 0, 1], isInbound: true, now: 0)
        }
        #expect(throws: ConnectionRefusal.tooManyFromSubnet) {
            try ledger.admit(peer: nil, ip: [10, 0, 0, 3], isInbound: true, now: 0)
        }
        _ = try ledger.admit(peer: nil, ip: [10, 0, 1, 3], isInbound: true, now: 0)
        // Who takes a neighbour's share keeps this node from nobody.
        _ = try ledger.admit(
            peer: Persons.peer(3), ip: [10, 0, 0, 1], isInbound: false, now: 0)
        ledger.protect(Persons.peer(2), true)
        _ = try ledger.admit(
            peer: Persons.peer(2), ip: [10, 0, 0, 1], isInbound: true, now: 0)
    }

    @Test("this machine's own address has no share of its own")
    func loopback() throws {
        var ledger = ledger()
        for _ in 0..<100 {
            _ = try ledger.admit(peer: nil, ip: [127, 0, 0, 1], isInbound: true, now: 0)
        }
    }

    @Test("a peer has few connections, and this node none with itself")
    func peers() throws {
        var ledger = ledger()
        for index in 0..<4 {
            let number = try ledger.admit(peer: nil, ip: ip(index), isInbound: true, now: 0)
            try ledger.identify(number, as: Persons.peer(2), now: 0)
        }
        #expect(throws: ConnectionRefusal.tooManyOfPeer) {
            try ledger.admit(peer: Persons.peer(2), ip: nil, isInbound: false, now: 0)
        }
        #expect(throws: ConnectionRefusal.ownKey) {
            try ledger.admit(peer: own, ip: nil, isInbound: false, now: 0)
        }
    }

    @Test("a ban ends at its time")
    func bans() throws {
        var ledger = ledger()
        ledger.ban(.address([10, 0, 0, 1]), reason: "a test", until: 100)
        #expect(throws: ConnectionRefusal.banned) {
            try ledger.admit(peer: nil, ip: [10, 0, 0, 1], isInbound: true, now: 99)
        }
        _ = try ledger.admit(peer: nil, ip: [10, 0, 0, 1], isInbound: true, now: 100)
        #expect(ledger.bans.isEmpty)
    }
}
