// SPDX-License-Identifier: Apache-2.0
import Effects
import SimulatedEffects
import Testing

@testable import LibP2P

@Suite("Messages of multicast DNS (LIBP-60)")
struct DNSMessageTests {
    private func announcement() throws -> LocalAnnouncement {
        let addresses = (0..<9).map { Persons.address($0) }
        return try #require(
            LocalAnnouncement(label: "abc", peer: Persons.peer(1), addresses: addresses))
    }

    private static let header: [UInt8] = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0]

    @Test("a question has the bytes of the standard")
    func golden() throws {
        let bytes = LocalAnnouncement.question.encoded
        #expect(
            bytes
                == hex("000000000001000000000000")
                + hex("045f703270045f756470056c6f63616c00000c0001"))
        #expect(try DNSMessage(bytes) == LocalAnnouncement.question)
    }

    @Test("what is told comes back, in one datagram of a usual link")
    func roundTrip() throws {
        let told = try announcement().told()
        let bytes = told.encoded
        #expect(bytes.count < 1_400)
        #expect(try DNSMessage(bytes) == told)
        let heard = LocalAnnouncement.heard(in: try DNSMessage(bytes))
        #expect(heard.map(\.peer) == [Persons.peer(1)])
        #expect(heard.first?.addresses == (0..<6).map { Persons.address($0) })
        #expect(heard.first?.seconds == LocalAnnouncement.lifetimeSeconds)
    }

    @Test("names go on where they were written before, whatever their case")
    func compression() throws {
        // b.Local at 12, then an answer named a.<b.local> that points at the name at 14.
        var bytes = Self.header
        bytes[7] = 2
        bytes +=
            [1, 0x42, 5] + Array("Local".utf8) + [0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4]
        bytes += [1, 0x61, 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 14]
        let message = try DNSMessage(bytes)
        let names = message.answers.map(\.name)
        #expect(names == [DNSName("b.local"), DNSName("a.b.local")])
        #expect(message.answers[0].content == .ip([1, 2, 3, 4]))
        #expect(message.answers[1].content == .pointer(try #require(DNSName("local"))))
    }

    @Test(
        "a name that leads to itself, ahead, or beyond the end is refused",
        arguments: [
            [0xc0, 12], [1, 0x61, 0xc0, 12], [0xc0, 14, 0], [0xff, 0xff], [0xc0], [0x40, 0x61],
            [0x80], [5, 0x61],
        ] as [[UInt8]])
    func loops(name: [UInt8]) {
        #expect(throws: WireFailure.self) {
            try DNSMessage(Self.header + name + [0, 12, 0, 1, 0, 0, 0, 9, 0, 0])
        }
    }

    @Test("a chain of places that go on costs no more than a name may be long")
    func chains() {
        // Each label goes on at the one before it: the whole would have 2,000 labels.
        var bytes = Self.header
        bytes += [1, 0x61, 0]
        for place in 0..<2_000 {
            let target = place == 0 ? 12 : 15 + 4 * (place - 1)
            bytes += [1, 0x61, 0xc0 | UInt8(target >> 8 & 0x3f), UInt8(truncatingIfNeeded: target)]
        }
        var position = bytes.count - 4
        #expect(throws: WireFailure.self) { try DNSName(bytes, at: &position) }
    }

    @Test("counts that promise more than there is reserve nothing and are refused")
    func counts() {
        var bytes = Self.header
        bytes[6] = 0xff
        #expect(throws: WireFailure.truncated) { try DNSMessage(bytes) }
        var many = Self.header
        many[6] = 0xff
        many += (0..<400).flatMap { _ in [0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4] as [UInt8] }
        #expect(throws: WireFailure.self) { try DNSMessage(many) }
    }

    @Test("messages survive any bytes, and what is accepted comes back")
    func fuzz() throws {
        var numbers = SeededNumbers(60)
        let seeds = [try announcement().told().encoded, LocalAnnouncement.question.encoded]
        for round in 0..<3_000 {
            guard let message = try? DNSMessage(numbers.mutated(seeds[round % 2])) else { continue }
            #expect(try DNSMessage(message.encoded) == message)
            _ = LocalAnnouncement.heard(in: message)
            _ = try announcement().answer(to: message)
        }
    }
}

@Suite("What is asked and told on a local network (LIBP-61)")
struct LocalAnnouncementTests {
    @Test("who knows the answer is not told again; who asks for something else is not told")
    func known() throws {
        let own = try #require(
            LocalAnnouncement(
                label: "abc", peer: Persons.peer(1), addresses: [Persons.address(1)]))
        var question = LocalAnnouncement.question
        #expect(own.answer(to: question) == own.told())
        question.answers = own.told().answers
        #expect(own.answer(to: question) == nil)
        question.answers[0].seconds = 10
        #expect(own.answer(to: question) != nil)
        #expect(own.answer(to: own.told()) == nil)
        var other = DNSMessage()
        other.questions = [
            .init(name: try #require(DNSName("_http._tcp.local")), kind: DNSRecord.Kind.pointer)
        ]
        #expect(own.answer(to: other) == nil)
        other.questions = [.init(name: LocalAnnouncement.allServices, kind: DNSRecord.Kind.any)]
        #expect(
            own.answer(to: other)?.answers.first?.content == .pointer(LocalAnnouncement.service))
    }

    @Test("addresses that cannot be dialled, or do not say whose, are passed over")
    func strange() throws {
        let peer = Persons.peer(1)
        let texts = [
            "dnsaddr=/ip4/10.0.0.1/udp/4001/quic-v1/p2p/\(peer)", "dnsaddr=/ip4/10.0.0.1/tcp/4001",
            "dnsaddr=nonsense", "other", "dnsaddr=/ip4/10.0.0.1/tcp/4001/p2p/\(peer)",
            "dnsaddr=/ip4/10.0.0.1/tcp/4001/p2p/\(peer)/p2p-circuit",
        ]
        var message = DNSMessage()
        message.isResponse = true
        let name = try #require(DNSName("x._p2p._udp.local"))
        message.answers = [DNSRecord(name, .text(texts.map { Array($0.utf8) }), seconds: 5)]
        let heard = LocalAnnouncement.heard(in: message)
        #expect(heard.map(\.addresses) == [[try Multiaddr("/ip4/10.0.0.1/tcp/4001")]])
        message.answers[0].name = try #require(DNSName("x._other._udp.local"))
        #expect(LocalAnnouncement.heard(in: message).isEmpty)
    }
}

@Suite("Finding peers of a local network (LIBP-62)")
struct LocalDiscoveryTests {
    /// Written by tasks of the world, read between its runs.
    private final class Found: @unchecked Sendable {
        var peers: [PeerID] = []
    }

    private func discover(
        _ swarms: SimulatedSwarms, _ index: Int
    ) -> (service: LocalDiscoveryService, found: Found) {
        let found = Found()
        let service = LocalDiscoveryService(
            swarms[index], effects: swarms.members[index].effects
        ) { peer, _ in found.peers.append(peer) }
        let hasStarted = swarms.run(on: index) { _ in await service.start() }
        #expect(hasStarted == true)
        return (service, found)
    }

    @Test("peers find each other though two fifths of all datagrams are lost, and can be dialled")
    func lossy() {
        let swarms = SimulatedSwarms(4, seed: 61)
        swarms.world.setLinks(
            LinkConditions(datagramsLostPerMillion: 400_000, datagramsDoubledPerMillion: 50_000))
        let all = (0..<4).map { discover(swarms, $0) }
        let isFound = swarms.wait(120_000) { swarms in
            (0..<4).allSatisfy { swarms[$0].knownPeers.count == 3 }
        }
        #expect(isFound)
        #expect(all.allSatisfy { !$0.found.peers.isEmpty })
        let peer = swarms[3].peer
        let isConnected = swarms.run(on: 0) { (try? await $0.connect(to: peer)) != nil }
        #expect(isConnected == true)
    }

    @Test("a late comer is found at once, and who has stopped answers no more")
    func lateComer() {
        let swarms = SimulatedSwarms(2, seed: 62)
        let first = discover(swarms, 0)
        _ = swarms.wait(200_000) { _ in false }
        let second = discover(swarms, 1)
        #expect(swarms.wait(2_000) { $0[0].knownPeers.count == 1 })
        #expect(swarms.wait(2_000) { $0[1].knownPeers.count == 1 })
        _ = swarms.run(on: 1) { _ in await second.service.stop() }
        first.found.peers = []
        _ = swarms.wait(200_000) { _ in false }
        #expect(first.found.peers.isEmpty)
    }

    @Test("however often it is asked, a node speaks once a second")
    func flood() {
        let swarms = SimulatedSwarms(1, seed: 63)
        let asker = swarms.world.makeNode("asker")
        let node = discover(swarms, 0)
        _ = swarms.wait(20_000) { _ in false }
        let heard = Found()
        asker.tasks.spawn("asks") {
            var request = DatagramRequest(Endpoint(host: "0.0.0.0", port: 5_353))
            request.groups = ["224.0.0.251"]
            request.isShared = true
            guard let port = try? await asker.network.bind(request) else { return }
            asker.tasks.spawn("hears") {
                while let more = try? await port.receive(limit: 8) {
                    for datagram in more where datagram.endpoint.host == "node0" {
                        let answers = (try? DNSMessage(datagram.bytes))?.answers ?? []
                        heard.peers += answers.map { _ in Persons.peer(1) }
                    }
                }
            }
            let group = Endpoint(host: "224.0.0.251", port: 5_353)
            for _ in 0..<500 {
                _ = try? await port.send([Datagram(group, LocalAnnouncement.question.encoded)])
                await asker.time.sleep(milliseconds: 10)
            }
        }
        _ = swarms.wait(6_000) { _ in false }
        #expect((4...7).contains(heard.peers.count))
        #expect(node.found.peers.isEmpty)
    }
}
