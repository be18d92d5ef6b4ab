// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing

@testable import LibP2P

@Suite("Rendezvous (LIBP-70 to LIBP-72)")
struct RendezvousTests {
    private func record(_ number: UInt8, _ sequence: UInt64 = 1) -> [UInt8] {
        let key = Persons.key(number)
        let address = Multiaddr(Endpoint(host: "192.0.2.\(number)", port: 4_001))
        return PeerRecord(
            peer: PeerID(of: key.publicKey), sequence: sequence, addresses: [address]
        ).sealed(with: key)
    }

    private func peer(_ number: UInt8) -> PeerID { PeerID(of: Persons.key(number).publicKey) }

    private func registration(
        _ number: UInt8, _ namespace: String = "here", sequence: UInt64 = 1, seconds: UInt64 = 0
    ) -> RendezvousRegistration {
        RendezvousRegistration(
            namespace: namespace, record: record(number, sequence), seconds: seconds)
    }

    @Test("messages come back as they were sent")
    func roundTrips() throws {
        let messages: [RendezvousMessage] = [
            .register(registration(1, seconds: 60)), .registered(.invalidTTL, seconds: 0),
            .registered(.ok, seconds: 7_200), .unregister(namespace: "here"),
            .discover(namespace: "here", limit: 10, cookie: [1, 2]),
            .discovered(.ok, [registration(1), registration(2)], cookie: [9]),
        ]
        for message in messages { #expect(try RendezvousMessage(message.encoded) == message) }
    }

    @Test("mutated messages never trap, and what is read is written the same again")
    func mutations() {
        var dice = SeededDice(5)
        let honest = RendezvousMessage.discovered(
            .ok, [registration(1), registration(2)], cookie: [9]
        ).encoded
        for _ in 0..<3_000 {
            var bytes = honest
            for _ in 0...dice.below(4) {
                bytes[dice.below(bytes.count)] = UInt8(dice.below(256))
            }
            if dice.below(4) == 0 { bytes = Array(bytes.prefix(dice.below(100))) }
            guard let read = try? RendezvousMessage(bytes) else { continue }
            #expect((try? RendezvousMessage(read.encoded)) == read)
        }
    }

    @Test("who asks with a cookie hears of changes alone, each once")
    func cookies() throws {
        var book = RendezvousBook()
        for number in 1...3 as ClosedRange<UInt8> {
            _ = book.register(registration(number), of: peer(number), now: 0)
        }
        let first = try #require(book.discover("here", after: [], limit: 2, now: 0))
        #expect(first.registrations.map(\.record) == [record(1), record(2)])
        let second = try #require(
            book.discover("here", after: first.cookie, limit: 64, now: 0))
        #expect(second.registrations.map(\.record) == [record(3)])
        _ = book.register(registration(1), of: peer(1), now: 0)
        #expect(
            book.discover("here", after: second.cookie, limit: 64, now: 0)?
                .registrations.isEmpty == true)
        _ = book.register(registration(1, sequence: 2), of: peer(1), now: 0)
        #expect(
            book.discover("here", after: second.cookie, limit: 64, now: 0)?
                .registrations.map(\.record) == [record(1, 2)])
        #expect(book.discover("elsewhere", after: [], limit: 64, now: 0)?.registrations == [])
        #expect(book.discover("here", after: [1], limit: 64, now: 0) == nil)
    }

    @Test("a peer speaks for itself alone, within limits, and not for ever")
    func limits() {
        var book = RendezvousBook()
        #expect(book.register(registration(1), of: peer(2), now: 0) == .failure(.invalidRecord))
        #expect(
            book.register(registration(1, ""), of: peer(1), now: 0)
                == .failure(.invalidNamespace))
        #expect(
            book.register(
                registration(1, seconds: RendezvousBook.secondsMax + 1), of: peer(1), now: 0)
                == .failure(.invalidTTL))
        for index in 0..<RendezvousBook.namespacesOfPeerMax {
            #expect(
                book.register(registration(1, "n\(index)", seconds: 5), of: peer(1), now: 0)
                    == .success(5))
        }
        #expect(
            book.register(registration(1, "more"), of: peer(1), now: 0)
                == .failure(.notAuthorized))
        #expect(book.discover("n0", after: [], limit: 9, now: 4_999)?.registrations.count == 1)
        #expect(book.discover("n0", after: [], limit: 9, now: 5_000)?.registrations.isEmpty == true)
        book.unregister(peer(1), in: "n0")
        #expect(
            book.register(registration(1, "more"), of: peer(1), now: 0)
                == .success(RendezvousBook.usualSeconds))
    }

    @Test("two that know a third find each other there")
    func overSwarms() {
        let swarms = SimulatedSwarms(3, seed: 31)
        let services = (0..<3).map {
            RendezvousService(swarms[$0], effects: swarms.members[$0].effects)
        }
        services[0].start()
        let point = swarms[0].peer
        for index in 1...2 {
            let (service, address) = (services[index], swarms.address(0))
            let isRegistered = swarms.run(on: index) { swarm -> Bool in
                guard (try? await swarm.connect(to: address)) != nil else { return false }
                return
                    (try? await service.register(
                        service.ownRecord(), in: "here", with: point)) != nil
            }
            #expect(isRegistered == true)
        }
        let service = services[2]
        let other = swarms[1].peer
        let met = swarms.run(on: 2) { swarm -> Bool in
            guard
                let (found, _) = try? await service.discover("here", with: point, after: []),
                found.contains(other)
            else { return false }
            return (try? await swarm.connect(to: other)) != nil
        }
        #expect(met == true)
    }
}
