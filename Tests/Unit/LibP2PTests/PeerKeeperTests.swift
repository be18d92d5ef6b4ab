// SPDX-License-Identifier: Apache-2.0
import LibP2P
import Testing

@Suite("Keeping connected (LIBP-21, LIBP-22)")
struct PeerKeeperTests {
    private func candidate(_ number: Int, ip: [UInt8]?) -> OutboundPlan.Candidate {
        OutboundPlan.Candidate(peer: manyPeers(number..<number + 1)[0], ip: ip)
    }

    @Test("few of those chosen are from one public subnet, however many it offers")
    func diversity() {
        var rules = OutboundPlan.Rules()
        rules.dialsMax = 100
        var plan = OutboundPlan(rules, seed: 1)
        let hostile = (0..<500).map { candidate($0, ip: [8, 8, 8, UInt8($0 % 250)]) }
        let others = (500..<505).map { candidate($0, ip: [9, UInt8($0 - 500), 1, 1]) }
        let chosen = plan.choose(outbound: [], known: hostile + others, now: 0)
        #expect(chosen.count == 7)
        #expect(Set(others.map(\.peer)).isSubset(of: chosen))
        let more = plan.choose(outbound: Array(hostile.prefix(2)), known: hostile, now: 0)
        #expect(more.isEmpty)
    }

    @Test("no more are chosen than are wanted and dialled at once")
    func counts() {
        var plan = OutboundPlan(OutboundPlan.Rules(), seed: 2)
        let known = (0..<50).map { candidate($0, ip: nil) }
        let first = plan.choose(outbound: [], known: known, now: 0)
        #expect(first.count == 4)
        let last = plan.choose(outbound: Array(known.prefix(15)), known: known, now: 0)
        #expect(last.count == 1)
        let none = plan.choose(outbound: Array(known.prefix(16)), known: known, now: 0)
        #expect(none.isEmpty)
    }

    @Test("who does not answer is left alone, longer each time, until it answers")
    func backoff() {
        var plan = OutboundPlan(OutboundPlan.Rules(), seed: 3)
        let known = [candidate(1, ip: nil)]
        let peer = known[0].peer
        var now: UInt64 = 0
        for wait in [5_000, 10_000, 20_000] as [UInt64] {
            plan.failed(peer, now: now)
            let early = plan.choose(outbound: [], known: known, now: now + wait - 1)
            #expect(early.isEmpty)
            now += wait
            let chosen = plan.choose(outbound: [], known: known, now: now)
            #expect(chosen == [peer])
        }
        for _ in 0..<40 { plan.failed(peer, now: now) }
        let after = plan.choose(outbound: [], known: known, now: now + 3_600_000)
        #expect(after == [peer])
        plan.succeeded(peer)
        let again = plan.choose(outbound: [], known: known, now: now)
        #expect(again == [peer])
    }

    @Test("a book of peers comes back from its bytes, and survives any")
    func book() throws {
        var book = PeerBook()
        for number in 1...5 {
            book.add(
                [Persons.address(number), Persons.address(9)], of: Persons.peer(UInt8(number)))
        }
        let read = try PeerBook(book.encoded)
        #expect(read.peers == book.peers)
        for peer in book.peers { #expect(read[peer]?.addresses == book[peer]?.addresses) }
        var numbers = SeededNumbers(50)
        for _ in 0..<1_000 { _ = try? PeerBook(numbers.mutated(book.encoded)) }
    }

    @Test("a book forgets whom it has not heard of for longest")
    func forgetting() {
        var book = PeerBook()
        let peers = manyPeers(0..<PeerBook.peersMax + 10)
        for peer in peers { book.add([Persons.address(1)], of: peer) }
        #expect(book.peers.count == PeerBook.peersMax)
        #expect(book[peers[9]] == nil)
        #expect(book[peers[10]] != nil)
    }

    @Test("a node finds its peers again after a restart, from its file")
    func restart() {
        let swarms = SimulatedSwarms(3, seed: 41)
        let effects = swarms.members[0].effects
        let keeper = PeerKeeper(swarms[0], effects: effects, path: "peers")
        for index in 1..<3 {
            let address = swarms.address(index)
            swarms[0].remember([address], of: swarms[index].peer)
        }
        let isStarted = swarms.run(on: 0) { _ in (try? await keeper.start()) != nil }
        #expect(isStarted == true)
        #expect(swarms.wait { $0[0].connectedPeers.count == 2 })
        let peer = swarms[1].peer
        swarms[0].disconnect(peer)
        #expect(swarms.wait { !$0[0].isConnected(peer) })
        #expect(swarms.wait { $0[0].isConnected(peer) })
        let isStopped = swarms.run(on: 0) { _ in (try? await keeper.stop()) != nil }
        #expect(isStopped == true)
        let bytes = swarms.run(on: 0) { _ in
            try? await effects.disk.read("peers", limit: PeerBook.encodedBytesMax)
        }
        let book = (bytes ?? nil).flatMap { try? PeerBook($0) }
        #expect(book?.peers == swarms[0].connectedPeers)
    }

    @Test("an added peer is dialled whenever it is away, after a restart too, until let go")
    func added() {
        let swarms = SimulatedSwarms(2, seed: 42)
        let (swarm, effects) = (swarms[0], swarms.members[0].effects)
        let (peer, address) = (swarms[1].peer, swarms.address(1).with(peer: swarms[1].peer))
        var rules = OutboundPlan.Rules()
        rules.wanted = 0
        let first = PeerKeeper(swarm, effects: effects, rules: rules, path: "peers")
        let isKept = swarms.run(on: 0) { _ in
            try? await first.start()
            return await first.keep(address)
        }
        #expect(isKept == true)
        #expect(swarms.wait { $0[0].isConnected(peer) })
        _ = swarms.run(on: 0) { _ in try? await first.stop() }
        swarm.disconnect(peer)
        #expect(swarms.wait { !$0[0].isConnected(peer) })

        let second = PeerKeeper(swarm, effects: effects, rules: rules, path: "peers")
        _ = swarms.run(on: 0) { _ in try? await second.start() }
        #expect(second.keeps(peer))
        #expect(swarms.wait { $0[0].isConnected(peer) })
        _ = swarms.run(on: 0) { _ in await second.letGo(peer) }
        swarm.disconnect(peer)
        #expect(swarms.wait { !$0[0].isConnected(peer) })
        #expect(!swarms.wait(60_000) { $0[0].isConnected(peer) })
    }
}
