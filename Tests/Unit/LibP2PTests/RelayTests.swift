// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing

@testable import LibP2P

@Suite("Relays (LIBP-50 to LIBP-52)")
struct RelayTests {
    @Test("messages of both legs come back")
    func roundTrip() throws {
        var reserved = RelayMessage(.ok)
        reserved.reservation = RelayReservation(
            expirySeconds: 7, addresses: [Persons.address(1)], voucher: [1, 2])
        reserved.limit = RelayLimit(seconds: 120, bytes: 1 << 17)
        for message in [
            reserved, RelayMessage(.reserve), RelayMessage(.connect, peer: Persons.peer(1)),
        ] {
            #expect(try RelayMessage(message.encoded(.hop), .hop) == message)
        }
        var asked = RelayMessage(.connect, peer: Persons.peer(1))
        asked.limit = reserved.limit
        for message in [asked, RelayMessage(.noReservation)] {
            #expect(try RelayMessage(message.encoded(.stop), .stop) == message)
        }
    }

    @Test("messages survive any bytes")
    func fuzz() {
        var numbers = SeededNumbers(40)
        var seed = RelayMessage(.ok)
        seed.peer = Persons.peer(1)
        seed.reservation = RelayReservation(
            expirySeconds: 7, addresses: [Persons.address(1)], voucher: [1, 2])
        var dial = AutoNATMessage()
        dial.peer = Persons.peer(1)
        dial.addresses = [Persons.address(1)]
        let punch = HolePunchMessage(.connect, [Persons.address(1)])
        for _ in 0..<1_000 {
            _ = try? RelayMessage(numbers.mutated(seed.encoded(.hop)), .hop)
            _ = try? RelayMessage(numbers.mutated(seed.encoded(.stop)), .stop)
            _ = try? AutoNATMessage(numbers.mutated(dial.encoded))
            _ = try? HolePunchMessage(numbers.mutated(punch.encoded))
        }
    }

    @Test("a relay serves so many, so many of one address, and each for its time")
    func reservations() throws {
        var limits = RelayLedger.Limits()
        limits.reservationsMax = 3
        limits.reservationsOfAddressMax = 2
        var ledger = RelayLedger(limits)
        let peers = (1...5).map { Persons.peer($0) }
        for peer in peers[..<2] { _ = try ledger.reserve(peer, ip: [10, 0, 0, 1], now: 0) }
        #expect(throws: RelayStatus.reservationRefused) {
            try ledger.reserve(peers[2], ip: [10, 0, 0, 1], now: 0)
        }
        _ = try ledger.reserve(peers[2], ip: [10, 0, 0, 2], now: 0)
        #expect(throws: RelayStatus.reservationRefused) {
            try ledger.reserve(peers[3], ip: nil, now: 0)
        }
        let end = try ledger.reserve(peers[0], ip: [10, 0, 0, 1], now: 10)
        #expect(end == 10 + limits.reservationMilliseconds)
        #expect(ledger.reservationCount(now: end - 1) == 1)
        _ = try ledger.reserve(peers[3], ip: nil, now: end)
    }

    @Test("circuits lead to peers with places only, and each peer has so many")
    func circuits() throws {
        var limits = RelayLedger.Limits()
        limits.circuitsOfPeerMax = 2
        var ledger = RelayLedger(limits)
        let (one, two, three) = (Persons.peer(1), Persons.peer(2), Persons.peer(3))
        #expect(throws: RelayStatus.noReservation) { try ledger.open(from: one, to: two, now: 0) }
        _ = try ledger.reserve(two, ip: nil, now: 0)
        try ledger.open(from: one, to: two, now: 0)
        try ledger.open(from: one, to: two, now: 0)
        #expect(throws: RelayStatus.resourceLimitExceeded) {
            try ledger.open(from: three, to: two, now: 0)
        }
        ledger.close(from: one, to: two)
        try ledger.open(from: three, to: two, now: 0)
        #expect(ledger.circuitCount == 2)
    }

    /// A relay, a peer that keeps a place at it, and one that wants to reach that peer.
    private struct Scene {
        let swarms: SimulatedSwarms
        let relay: RelayService
        let target: RelayClient
        let dialler: RelayClient
        let address: Multiaddr
    }

    private func scene(
        seed: UInt64, limits: RelayLedger.Limits = RelayLedger.Limits(),
        configure: (inout SwarmConfiguration) -> Void = { _ in }
    ) throws -> Scene {
        let swarms = SimulatedSwarms(3, seed: seed, configure: configure)
        let relay = RelayService(swarms[0], effects: swarms.members[0].effects, limits: limits)
        let target = RelayClient(swarms[1], effects: swarms.members[1].effects)
        let dialler = RelayClient(swarms[2], effects: swarms.members[2].effects)
        relay.start()
        target.start()
        dialler.start()
        swarms[1].serve("/echo/1") { stream in
            while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
                guard (try? await stream.write(bytes)) != nil else { return }
            }
        }
        let (way, name) = (
            Multiaddr(Endpoint(host: "node0", port: 4_001), peer: swarms[0].peer), swarms[0].peer
        )
        let places = swarms.run(on: 1) { swarm -> [Multiaddr]? in
            guard (try? await swarm.connect(to: way)) != nil else { return nil }
            return try? await target.reserve(at: name)
        }
        let reserved = try #require(places ?? nil)
        #expect(relay.reservationCount == 1)
        #expect(reserved == target.addresses)
        return Scene(
            swarms: swarms, relay: relay, target: target, dialler: dialler,
            address: way.through(to: swarms[1].peer))
    }

    @Test("a peer is reached through a relay, and both know whom they speak with")
    func circuit() throws {
        let scene = try scene(seed: 31)
        let (dialler, address, peer) = (scene.dialler, scene.address, scene.swarms[1].peer)
        let back = scene.swarms.run(on: 2) { swarm -> [UInt8]? in
            guard (try? await dialler.connect(to: address)) == peer,
                let stream = try? await swarm.open(["/echo/1"], with: peer)
            else { return nil }
            try? await stream.write([1, 2, 3])
            return try? await stream.read(exactly: 3)
        }
        #expect(back == [1, 2, 3])
        #expect(scene.relay.circuitCount == 1)
        #expect(scene.swarms[2].connections.contains { $0.address.relay != nil })
        scene.swarms[2].disconnect(peer)
        #expect(scene.swarms.wait { _ in scene.relay.circuitCount == 0 })
    }

    @Test("who has a place says so to all, and others find it by that (LIBP-55)")
    func announced() throws {
        let scene = try scene(seed: 35)
        let (relay, target) = (scene.swarms[0].peer, scene.swarms[1].peer)
        #expect(
            scene.swarms.wait { swarms in
                let told = swarms[0].description(of: target)?.addresses ?? []
                return told.contains { $0.relay?.peer == relay }
            })
        let way = try #require(scene.swarms[1].addresses.last)
        #expect(way.relay?.peer == relay)
        // The last address alone: the direct ones are not known to the dialler.
        scene.swarms[2].remember([way], of: target)
        let dialler = scene.dialler
        let isConnected = scene.swarms.run(on: 2) { _ in
            (try? await dialler.connect(to: target)) != nil
        }
        #expect(isConnected == true)
        #expect(scene.swarms[2].connections.contains { $0.address.relay != nil })
        _ = scene.swarms.run(on: 1) { $0.disconnect(relay) }
        #expect(scene.swarms.wait { $0[1].addresses.allSatisfy { $0.relay == nil } })
    }

    @Test("who has no place is not reached, and a place ends with its connection")
    func places() throws {
        let scene = try scene(seed: 32)
        let name = scene.swarms[0].peer
        _ = scene.swarms.run(on: 1) { $0.disconnect(name) }
        #expect(scene.swarms.wait { _ in scene.relay.reservationCount == 0 })
        #expect(scene.swarms.wait { _ in scene.target.addresses.isEmpty })
        let (dialler, address) = (scene.dialler, scene.address)
        let isConnected = scene.swarms.run(on: 2) { _ in
            (try? await dialler.connect(to: address)) != nil
        }
        #expect(isConnected == false)
    }

    @Test("a circuit that carries more than its limit breaks")
    func limit() throws {
        var limits = RelayLedger.Limits()
        limits.circuit = RelayLimit(seconds: 120, bytes: 20_000)
        let scene = try scene(seed: 33, limits: limits)
        let (dialler, address, peer) = (scene.dialler, scene.address, scene.swarms[1].peer)
        let isWhole = scene.swarms.run(on: 2) { swarm -> Bool in
            guard (try? await dialler.connect(to: address)) == peer,
                let stream = try? await swarm.open(["/echo/1"], with: peer)
            else { return true }
            try? await stream.write([UInt8](repeating: 1, count: 50_000))
            return (try? await stream.read(exactly: 50_000)) != nil
        }
        #expect(isWhole == false)
        #expect(scene.swarms.wait { $0[2].connectedPeers == [$0[0].peer] })
        #expect(scene.relay.circuitCount == 0)
    }

    @Test("peers that met through a relay go on directly", arguments: [true, false])
    func direct(listens: Bool) throws {
        let scene = try scene(seed: 34) { configuration in
            // The one that comes through the relay may be one that cannot be dialled.
            if !listens, configuration.identity.publicKey == Persons.key(3).publicKey {
                configuration.listen = []
            }
        }
        let punches = (1...2).map {
            HolePunchService(scene.swarms[$0], effects: scene.swarms.members[$0].effects)
        }
        for punch in punches { punch.start() }
        let (dialler, address, peer) = (scene.dialler, scene.address, scene.swarms[1].peer)
        let isConnected = scene.swarms.run(on: 2) { _ in
            (try? await dialler.connect(to: address)) != nil
        }
        #expect(isConnected == true)
        #expect(
            scene.swarms.wait(60_000) { swarms in
                let ways = swarms[2].connections.filter { $0.peer == peer }.map(\.address)
                return ways.count == 1 && ways.allSatisfy { $0.relay == nil }
            })
        #expect(scene.swarms.wait { _ in scene.relay.circuitCount == 0 })
    }
}

@Suite("Reachability (LIBP-53)")
struct ReachabilityTests {
    @Test("four that agree decide, the latest word of each counts")
    func votes() {
        var votes = ReachabilityVotes()
        for number in 1...3 { votes.note(true, by: Persons.peer(UInt8(number))) }
        votes.note(true, by: Persons.peer(3))
        #expect(votes.verdict == .unknown)
        votes.note(true, by: Persons.peer(4))
        #expect(votes.verdict == .open)
        for number in 1...4 { votes.note(false, by: Persons.peer(UInt8(number))) }
        #expect(votes.verdict == .closed)
    }

    @Test("so many dials a minute, and so many for one peer")
    func budget() {
        var budget = DialBudget()
        let first = (0..<5).map { _ in budget.take(for: Persons.peer(1), now: 0) }
        #expect(first.count(where: \.self) == DialBudget.perPeerMax)
        let others = (0..<100).map { budget.take(for: Persons.peer(UInt8($0 + 2)), now: 1) }
        #expect(others.count(where: \.self) == DialBudget.totalMax - DialBudget.perPeerMax)
        let later = budget.take(for: Persons.peer(1), now: 60_001)
        #expect(later)
    }

    @Test("messages come back")
    func roundTrip() throws {
        var question = AutoNATMessage()
        question.peer = Persons.peer(1)
        question.addresses = [Persons.address(1)]
        #expect(try AutoNATMessage(question.encoded) == question)
        var answer = AutoNATMessage()
        answer.status = .dialError
        answer.reached = Persons.address(2)
        #expect(try AutoNATMessage(answer.encoded) == answer)
        let punch = HolePunchMessage(.connect, [Persons.address(1)])
        #expect(try HolePunchMessage(punch.encoded) == punch)
        #expect(try HolePunchMessage(HolePunchMessage(.sync).encoded).kind == .sync)
    }
}
