// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import LibP2P

@Suite("What gossip looks like on the wire (LIBP-30, LIBP-31)")
struct GossipCodecTests {
    private func message(_ number: UInt8 = 1) -> GossipMessage {
        GossipMessage(topic: "t", data: [1, 2, 3], sequence: 7, signedBy: Persons.key(number))
    }

    private func rpc() -> GossipRPC {
        var rpc = GossipRPC()
        rpc.subscriptions = [.init(isWanted: true, topic: "a"), .init(isWanted: false, topic: "b")]
        rpc.messages = [message()]
        rpc.have = [.init(topic: "a", ids: [[1], [2, 3]])]
        rpc.want = [[4], [5]]
        rpc.graft = ["a"]
        rpc.prune = [
            .init(
                topic: "b", exchange: [.init(peer: Persons.peer(2), record: [9])],
                backoffSeconds: 60)
        ]
        rpc.dontWant = [[6]]
        return rpc
    }

    @Test("messages and all kinds of control come back")
    func roundTrip() throws {
        #expect(try GossipRPC(rpc().encoded) == rpc())
        #expect(try GossipMessage(message().encoded[...]) == message())
        #expect(GossipRPC().isEmpty)
        #expect(GossipRPC().encoded == [])
    }

    @Test("a signature covers author, data, number and topic")
    func signatures() {
        var changed = [message(), message(), message(), message(), message(), message()]
        changed[1].data.append(0)
        changed[2].topic = "u"
        changed[3].sequence = [0, 0, 0, 0, 0, 0, 0, 8]
        changed[4].author = Persons.peer(2)
        changed[5].signature = nil
        #expect(GossipMessage.areSigned(changed) == [true, false, false, false, false, false])
    }

    @Test("a message of more than one topic, or of none, is passed over and counted")
    func malformed() throws {
        var writer = ProtobufWriter()
        writer.bytes(2, message().encoded + hex("220175"))
        writer.bytes(2, hex("120101"))
        writer.bytes(2, message().encoded)
        let rpc = try GossipRPC(writer.bytes)
        #expect(rpc.messages == [message()])
        #expect(rpc.malformedMessages == 2)
    }

    @Test("an RPC survives any bytes")
    func fuzz() {
        var numbers = SeededNumbers(20)
        for _ in 0..<3_000 {
            guard let read = try? GossipRPC(numbers.mutated(rpc().encoded)) else { continue }
            #expect((try? GossipRPC(read.encoded))?.messages == read.messages)
        }
    }
}

@Suite("What a router remembers")
struct GossipCacheTests {
    @Test("ids are forgotten after their time, and the oldest first when there are too many")
    func seen() {
        var seen = SeenMessages(countMax: 3, milliseconds: 100)
        for id in 1...4 {
            let isNew = seen.insert([UInt8(id)], now: UInt64(id))
            #expect(isNew)
        }
        let isNewAgain = seen.insert([4], now: 5)
        #expect(!isNewAgain)
        #expect(!seen.contains([1]))
        #expect(seen.count == 3)
        seen.expire(now: 103)
        #expect(!seen.contains([3]))
        #expect(seen.contains([4]))
    }

    @Test("messages are kept for their heartbeats, within bytes and counts")
    func history() {
        var parameters = GossipParameters()
        parameters.historyMessagesMax = 3
        parameters.historyBytesMax = 100
        var cache = MessageCache(parameters)
        cache.put([1], topic: "t", encoded: [UInt8](repeating: 0, count: 60))
        cache.put([2], topic: "t", encoded: [UInt8](repeating: 0, count: 60))
        cache.put([3], topic: "u", encoded: [1])
        #expect(cache.gossip("t") == [[1]])
        let takes = [[2], [1], [1]].map { cache.take($0, for: Persons.peer(1))?.times }
        #expect(takes == [nil, 1, 2])
        for _ in 0..<parameters.historyGossip { cache.shift() }
        #expect(cache.gossip("t") == [])
        #expect(cache.count == 2)
        for _ in 0..<parameters.historyLength { cache.shift() }
        #expect(cache.count == 0)
    }
}
