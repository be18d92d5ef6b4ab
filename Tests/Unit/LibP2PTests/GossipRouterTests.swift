// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LibP2P

@Suite("The gossip router (LIBP-32 to LIBP-35)")
struct GossipRouterTests {
    private let own = Persons.key(1)
    private var router = GossipRouter(signer: Persons.key(1), firstSequence: 1, seed: 1)

    private func message(
        _ sequence: UInt64, by number: UInt8 = 30, data: [UInt8] = [1]
    ) -> GossipRPC {
        var rpc = GossipRPC()
        rpc.messages = [
            GossipMessage(
                topic: "t", data: data, sequence: sequence, signedBy: Persons.key(number))
        ]
        return rpc
    }

    private func wants(_ topic: String) -> GossipRPC {
        var rpc = GossipRPC()
        rpc.subscriptions = [.init(isWanted: true, topic: topic)]
        return rpc
    }

    /// Peers 2... that want the topic, each other one dialled by this side.
    private mutating func join(_ count: Int, version: GossipVersion = .v12) {
        for number in 2..<2 + count {
            let peer = Persons.peer(UInt8(number))
            _ = router.connected(
                peer, version: version, isOutbound: number.isMultiple(of: 2), ip: nil)
            _ = router.receive(wants("t"), from: peer, now: 0)
        }
    }

    private func sent(_ effects: [GossipEffect]) -> [(PeerID, GossipRPC)] {
        effects.compactMap { effect in
            if case .send(let rpc, let peer) = effect { return (peer, rpc) }
            return nil
        }
    }

    private func forwarded(_ effects: [GossipEffect]) -> Set<PeerID> {
        Set(
            effects.flatMap { effect -> [PeerID] in
                if case .forward(_, let peers) = effect { return peers }
                return []
            })
    }

    private func isDelivered(_ effects: [GossipEffect]) -> Bool {
        effects.contains { effect in
            if case .deliver = effect { return true }
            return false
        }
    }

    @Test("subscribing grafts as many peers as the degree says, and a new peer hears of it")
    mutating func subscribing() {
        join(10)
        let effects = router.subscribe(to: "t", now: 0)
        #expect(router.meshPeers(of: "t").count == 6)
        #expect(sent(effects).count { $0.1.graft == ["t"] } == 6)
        #expect(sent(effects).count { !$0.1.subscriptions.isEmpty } == 10)
        let hello = router.connected(
            Persons.peer(40), version: .v11, isOutbound: true, ip: nil)
        #expect(sent(hello).first?.1 == wants("t"))
    }

    @Test("a mesh that is too small grows, one that is too large shrinks to the degree")
    mutating func meshSizes() {
        join(3)
        _ = router.subscribe(to: "t", now: 0)
        #expect(router.meshPeers(of: "t").count == 3)
        join(20)
        _ = router.heartbeat(now: 1_000)
        #expect(router.meshPeers(of: "t").count == 6)
        for number in 2..<22 {
            var rpc = GossipRPC()
            rpc.graft = ["t"]
            _ = router.receive(rpc, from: Persons.peer(UInt8(number)), now: 1_000)
        }
        #expect(router.meshPeers(of: "t").count > 12)
        let effects = router.heartbeat(now: 2_000)
        let members = router.meshPeers(of: "t")
        #expect(members.count == 6)
        #expect(members.count { router.peers[$0]?.isOutbound == true } >= 2)
        #expect(sent(effects).contains { $0.1.prune.first?.backoffSeconds == 60 })
    }

    @Test("a message goes to the mesh and not back, once")
    mutating func forwarding() {
        join(8)
        _ = router.subscribe(to: "t", now: 0)
        let from = router.meshPeers(of: "t")[0]
        let effects = router.receive(message(1), from: from, now: 10)
        #expect(isDelivered(effects))
        #expect(forwarded(effects) == Set(router.meshPeers(of: "t")).subtracting([from]))
        let again = router.receive(message(1), from: router.meshPeers(of: "t")[1], now: 11)
        #expect(again.isEmpty)
        #expect(router.counters.duplicates == 1)
    }

    @Test("own messages go to all peers of the topic")
    mutating func flooding() throws {
        join(10)
        let effects = try router.publish([1], to: "t", now: 0)
        #expect(forwarded(effects).count == 10)
        #expect(throws: PublishFailure.badTopic) { try router.publish([1], to: "", now: 0) }
        let tooLong = [UInt8](repeating: 0, count: 262_145)
        #expect(throws: PublishFailure.tooLong(limit: 262_144)) {
            try router.publish(tooLong, to: "t", now: 0)
        }
    }

    @Test("without flooding, a topic that is only published to has a fanout of the degree")
    mutating func fanout() throws {
        var parameters = GossipParameters()
        parameters.floodsOwnMessages = false
        router = GossipRouter(
            signer: own, parameters: parameters, firstSequence: 1, seed: 2)
        join(10)
        let first = forwarded(try router.publish([1], to: "t", now: 0))
        #expect(first.count == 6)
        #expect(forwarded(try router.publish([2], to: "t", now: 0)) == first)
        _ = router.heartbeat(now: 60_001)
        #expect(router.fanout.isEmpty)
    }

    @Test("a forged message is neither delivered nor remembered, and its bringer falls")
    mutating func forgery() {
        join(6)
        _ = router.subscribe(to: "t", now: 0)
        let liar = Persons.peer(2)
        var forged = message(1)
        forged.messages[0].data = [9]
        #expect(router.receive(forged, from: liar, now: 10).isEmpty)
        #expect(router.score(of: liar, now: 10) < 0)
        #expect(isDelivered(router.receive(message(1), from: Persons.peer(3), now: 11)))
        _ = router.heartbeat(now: 1_000)
        #expect(!router.meshPeers(of: "t").contains(liar))
    }

    @Test("who brings much that is forged is heard no more")
    mutating func graylist() {
        join(6)
        _ = router.subscribe(to: "t", now: 0)
        let liar = Persons.peer(2)
        for sequence in 1...10 {
            var forged = message(UInt64(sequence))
            forged.messages[0].data = [9]
            _ = router.receive(forged, from: liar, now: 10)
        }
        #expect(router.score(of: liar, now: 10) < -80)
        #expect(router.receive(message(50), from: liar, now: 11).isEmpty)
        #expect(router.counters.graylisted > 0)
        router.disconnected(liar, now: 12)
        _ = router.connected(liar, version: .v12, isOutbound: false, ip: nil)
        #expect(router.score(of: liar, now: 13) < -80)
    }

    @Test("gossip tells others what there is; who asks is given it, three times at most")
    mutating func gossip() {
        join(20)
        _ = router.subscribe(to: "t", now: 0)
        _ = router.receive(message(1), from: router.meshPeers(of: "t")[0], now: 10)
        let told = sent(router.heartbeat(now: 1_000)).filter { !$0.1.have.isEmpty }
        #expect(told.count == 6)
        let (peer, rpc) = told[0]
        #expect(!router.meshPeers(of: "t").contains(peer))
        var ask = GossipRPC()
        ask.want = rpc.have[0].ids
        for round in 1...4 {
            let answer = router.receive(ask, from: peer, now: 1_010)
            #expect(forwarded(answer) == (round <= 3 ? [peer] : []))
        }
    }

    @Test("what is gossiped is asked for once, and a promise that is not kept is a fault")
    mutating func promises() {
        join(8)
        _ = router.subscribe(to: "t", now: 0)
        let peer = Persons.peer(3)
        var have = GossipRPC()
        have.have = [.init(topic: "t", ids: [[1, 2, 3], [4, 5, 6]])]
        let asked = sent(router.receive(have, from: peer, now: 10))
        #expect(asked.first.map { Set($0.1.want) } == [[1, 2, 3], [4, 5, 6]])
        _ = router.heartbeat(now: 3_011)
        #expect(router.counters.brokenPromises == 1)
        #expect(router.score(of: peer, now: 3_011) < 0)
    }

    @Test("a flood of gossip is answered within its limits")
    mutating func haveFlood() {
        join(8)
        _ = router.subscribe(to: "t", now: 0)
        var asked = 0
        for round in 0..<30 {
            var have = GossipRPC()
            let ids = (0..<1_000).map { [UInt8(round), UInt8($0 / 256), UInt8($0 % 256)] }
            have.have = [.init(topic: "t", ids: ids)]
            asked += sent(router.receive(have, from: Persons.peer(3), now: 10))
                .reduce(0) { $0 + $1.1.want.count }
        }
        #expect(asked == 5_000)
    }

    @Test("a graft within the back-off is refused and is a fault; after it, it is taken")
    mutating func backoff() {
        join(1)
        _ = router.subscribe(to: "t", now: 0)
        let peer = Persons.peer(2)
        var prune = GossipRPC()
        prune.prune = [.init(topic: "t", backoffSeconds: 5)]
        _ = router.receive(prune, from: peer, now: 100)
        _ = router.heartbeat(now: 1_000)
        #expect(router.meshPeers(of: "t") == [])
        var graft = GossipRPC()
        graft.graft = ["t"]
        let answer = sent(router.receive(graft, from: peer, now: 1_100))
        #expect(answer.first?.1.prune.first?.topic == "t")
        #expect(router.score(of: peer, now: 1_100) < 0)
        for second in 2...120 { _ = router.heartbeat(now: UInt64(second) * 1_000) }
        #expect(router.meshPeers(of: "t") == [peer])
    }

    @Test("messages named by their content come without author, and only once")
    mutating func contentNames() throws {
        router = GossipRouter(
            signer: own, parameters: .contentNamed, firstSequence: 1, seed: 3)
        join(4)
        _ = router.subscribe(to: "t", now: 0)
        _ = try router.publish([1], to: "t", now: 0)
        #expect(throws: PublishFailure.duplicate) { try router.publish([1], to: "t", now: 1) }
        var rpc = GossipRPC()
        rpc.messages = [GossipMessage(topic: "t", data: [2])]
        #expect(isDelivered(router.receive(rpc, from: Persons.peer(2), now: 2)))
        #expect(router.receive(rpc, from: Persons.peer(3), now: 3).isEmpty)
        let signed = message(1, data: [3])
        #expect(router.receive(signed, from: Persons.peer(2), now: 4).isEmpty)
        #expect(router.counters.rejected == 1)
    }

    @Test("a graft of a topic that is not wanted gets no answer")
    mutating func unknownTopic() {
        join(1)
        var graft = GossipRPC()
        graft.graft = ["nobody's"]
        #expect(router.receive(graft, from: Persons.peer(2), now: 0).isEmpty)
    }

    @Test("long messages are announced as not wanted twice, and those who say so get none")
    mutating func dontWant() {
        join(6)
        _ = router.subscribe(to: "t", now: 0)
        let members = router.meshPeers(of: "t")
        let long = message(1, data: [UInt8](repeating: 1, count: 2_000))
        let effects = router.receive(long, from: members[0], now: 10)
        let id = long.messages[0].stamp
        #expect(
            Set(sent(effects).filter { $0.1.dontWant == [id] }.map(\.0))
                == Set(members.dropFirst()))
        var unwanted = GossipRPC()
        unwanted.dontWant = [message(2).messages[0].stamp]
        _ = router.receive(unwanted, from: members[1], now: 10)
        let next = forwarded(router.receive(message(2), from: members[0], now: 11))
        #expect(next == Set(members.dropFirst(2)))
    }

    @Test("a message that is judged waits for its verdict")
    mutating func verdicts() {
        join(6)
        _ = router.subscribe(to: "t", isJudged: true, now: 0)
        let members = router.meshPeers(of: "t")
        for (sequence, verdict) in [(1, GossipVerdict.accept), (2, .reject), (3, .ignore)] {
            let rpc = message(UInt64(sequence))
            let effects = router.receive(rpc, from: members[0], now: 10)
            #expect(!isDelivered(effects))
            let after = router.decide(rpc.messages[0].stamp, verdict, now: 11)
            #expect(isDelivered(after) == (sequence == 1))
            #expect(router.decide(rpc.messages[0].stamp, .accept, now: 12).isEmpty)
        }
        #expect(router.score(of: members[0], now: 12) < 0)
    }

    @Test(
        "members that bring nothing make room for others, those that bring something stay (LIBP-37)"
    )
    mutating func idleMembers() {
        join(20)
        _ = router.subscribe(to: "t", now: 0)
        for beat in 1...5 { _ = router.heartbeat(now: UInt64(beat) * 1_000) }
        let members = router.meshPeers(of: "t")
        let diligent = members.prefix(4)
        for number in 0..<24 {
            _ = router.receive(message(UInt64(number)), from: diligent[number % 4], now: 5_100)
            // Who only repeats what others have brought is idle too.
            _ = router.receive(message(UInt64(number)), from: members[4], now: 5_200)
        }
        var pruned: Set<PeerID> = []
        for beat in 6...10 {
            let effects = router.heartbeat(now: UInt64(beat) * 1_000)
            pruned.formUnion(sent(effects).filter { !$0.1.prune.isEmpty }.map(\.0))
        }
        #expect(pruned == Set(members.suffix(2)))
        #expect(router.meshPeers(of: "t").count == 6)
        #expect(diligent.allSatisfy { router.meshPeers(of: "t").contains($0) })
        // Too few messages since: nobody is let go.
        for beat in 11...20 {
            #expect(
                sent(router.heartbeat(now: UInt64(beat) * 1_000)).allSatisfy { $0.1.prune.isEmpty })
        }
    }

    @Test("with nobody else to take their places, members stay")
    mutating func idleWithoutOthers() {
        join(5)
        _ = router.subscribe(to: "t", now: 0)
        for beat in 1...5 { _ = router.heartbeat(now: UInt64(beat) * 1_000) }
        let members = router.meshPeers(of: "t")
        for number in 0..<40 {
            _ = router.receive(message(UInt64(number)), from: members[0], now: 5_100)
        }
        for beat in 6...20 { _ = router.heartbeat(now: UInt64(beat) * 1_000) }
        #expect(router.meshPeers(of: "t") == members)
    }

    @Test("peers of an agreement get everything and are never grafted")
    mutating func agreements() {
        router.agree(with: Persons.peer(2))
        join(4)
        _ = router.subscribe(to: "t", now: 0)
        #expect(!router.meshPeers(of: "t").contains(Persons.peer(2)))
        let effects = router.receive(message(1), from: Persons.peer(3), now: 10)
        #expect(forwarded(effects).contains(Persons.peer(2)))
    }

    @Test("many peers at one address are thought less of")
    mutating func colocation() {
        for number in 2..<10 {
            _ = router.connected(
                Persons.peer(UInt8(number)), version: .v11, isOutbound: false, ip: [10, 0, 0, 1])
        }
        #expect(router.score(of: Persons.peer(2), now: 0) == -80)
        for number in 6..<10 { router.disconnected(Persons.peer(UInt8(number)), now: 0) }
        #expect(router.score(of: Persons.peer(2), now: 0) == 0)
    }

    @Test("a router survives any words of its peers, within its limits")
    func fuzz() {
        var numbers = SeededNumbers(21)
        for seed in 0..<20 {
            var router = GossipRouter(
                signer: Persons.key(1), firstSequence: 1, seed: UInt64(seed))
            for number in 2..<12 {
                _ = router.connected(
                    Persons.peer(UInt8(number)), version: .v12, isOutbound: true, ip: nil)
            }
            _ = router.subscribe(to: "t", now: 0)
            for step in 0..<150 {
                var rpc = message(UInt64.random(in: 0...20, using: &numbers))
                rpc.subscriptions = [.init(isWanted: Bool.random(using: &numbers), topic: "t")]
                rpc.graft = ["t"]
                rpc.prune = Bool.random(using: &numbers) ? [.init(topic: "t")] : []
                rpc.have = [.init(topic: "t", ids: [numbers.bytes(3)])]
                rpc.want = [message(3).messages[0].stamp]
                rpc.dontWant = [numbers.bytes(2)]
                guard let read = try? GossipRPC(numbers.mutated(rpc.encoded)) else { continue }
                let peer = Persons.peer(UInt8.random(in: 2...13, using: &numbers))
                _ = router.receive(read, from: peer, now: UInt64(step * 100))
                if step.isMultiple(of: 10) { _ = router.heartbeat(now: UInt64(step * 100)) }
                #expect(router.meshPeers(of: "t").count <= 12)
            }
        }
    }
}
