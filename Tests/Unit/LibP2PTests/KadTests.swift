// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import LibP2P

/// A peer whose name is the SHA-256 of a number: as many as a test wants.
func manyPeers(_ range: Range<Int>) -> [PeerID] {
    range.map { number in
        must(try? PeerID(Multihash(sha256Of: Array("\(number)".utf8)).bytes))
    }
}

@Suite("The hash table's messages, values and providers (LIBP-40, LIBP-44 to LIBP-46)")
struct KadNodeTests {
    private var node = KadNode(own: Persons.peer(1), validators: Self.validators)

    /// Keys `/any/`: longer values are better.
    private static var validators: KadValidators {
        var validators = KadValidators()
        validators.set(
            "any",
            KadValidator(accepts: { _, _ in true }, prefers: { $0.count > $1.count }))
        return validators
    }

    private let key = Array("/any/thing".utf8)

    private func describe(_ peer: PeerID) -> KadMessage.Peer {
        KadMessage.Peer(peer, [Persons.address(1)])
    }

    private func put(_ value: [UInt8]) -> KadMessage {
        var message = KadMessage(.putValue, key: key)
        message.record = .init(key: key, value: value)
        return message
    }

    private mutating func ask(_ question: KadMessage, from number: UInt8 = 2) -> KadMessage? {
        node.answer(question, from: Persons.peer(number), now: 10, describe: describe)
    }

    private mutating func expectValue(_ value: [UInt8]) {
        let answer = ask(KadMessage(.getValue, key: key))
        #expect(answer?.record?.value == value)
    }

    private func expect(
        _ answer: KadMessage?, is expected: KadMessage?,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(answer == expected, sourceLocation: location)
    }

    @Test("messages come back")
    func roundTrip() throws {
        var message = put([1, 2])
        message.closer = [describe(Persons.peer(3))]
        message.providers = [.init(Persons.peer(4), [], connection: 1)]
        #expect(try KadMessage(message.encoded) == message)
    }

    @Test("a value that was put is found, until a better one is put, and no worse one")
    mutating func values() {
        expect(ask(put([1, 2])), is: put([1, 2]))
        expect(ask(put([1])), is: nil)
        expectValue([1, 2])
        _ = ask(put([1, 2, 3]))
        expectValue([1, 2, 3])
    }

    @Test("a key of no known namespace, or another key than the message's, takes no value")
    mutating func refusals() {
        var other = KadMessage(.putValue, key: Array("/other/thing".utf8))
        other.record = .init(key: other.key, value: [1])
        expect(ask(other), is: nil)
        var mixed = put([1])
        mixed.key = Array("/any/other".utf8)
        expect(ask(mixed), is: nil)
    }

    @Test("a public key stands only under the name made from it")
    mutating func publicKeys() {
        let key = IdentityKey(Persons.key(5).publicKey).encoded
        for (number, isTaken) in [(5, true), (6, false)] as [(UInt8, Bool)] {
            var message = KadMessage(
                .putValue, key: Array("/pk/".utf8) + Persons.peer(number).bytes)
            message.record = .init(key: message.key, value: key)
            let answer = ask(message)
            #expect((answer != nil) == isTaken)
        }
    }

    @Test("a signed record stands only under its signer, and the later one counts")
    func signedRecords() {
        let validator = KadValidator.signedRecords(domain: "test", payloadType: [1])
        func record(_ number: UInt8, _ sequence: UInt64, domain: String = "test") -> [UInt8] {
            SignedEnvelope(
                signing: Varint.encode(sequence) + [9], type: [1], domain: domain,
                with: Persons.key(number)
            ).encoded
        }
        let key = Array("/atoll/".utf8) + Persons.peer(1).bytes
        #expect(validator.accepts(key, record(1, 1)))
        #expect(!validator.accepts(key, record(2, 1)))
        #expect(!validator.accepts(key, record(1, 1, domain: "other")))
        #expect(!validator.accepts(key, [1, 2, 3]))
        #expect(validator.prefers(record(1, 2), record(1, 1)))
        #expect(!validator.prefers(record(1, 1), record(1, 2)))
    }

    @Test("everybody is a provider by its own word alone")
    mutating func providers() {
        let content = Multihash(sha256Of: [1]).bytes
        var told = KadMessage(.addProvider, key: content)
        told.providers = [describe(Persons.peer(2))]
        expect(ask(told, from: 2), is: nil)
        expect(ask(told, from: 3), is: nil)
        let found = ask(KadMessage(.getProviders, key: content))
        #expect(found?.providers.map(\.id) == [Persons.peer(2)])
    }

    @Test("values and providers end at their time")
    func expiry() {
        var store = KadStore()
        let isPut = store.put([1], [2], now: 0)
        #expect(isPut)
        store.addProvider(Persons.peer(1), of: [3], now: 0)
        let end = KadStore.valueMilliseconds
        #expect(store.value([1], now: end - 1) == [2])
        #expect(store.value([1], now: end) == nil)
        #expect(store.providers(of: [3], now: end) == [])
        store.expire(now: end)
        #expect(store.valueCount == 0)
    }

    @Test("a key has so many providers; the one heard of longest ago goes")
    func providerLimit() {
        var store = KadStore()
        let peers = manyPeers(0..<KadStore.providersOfKeyMax + 1)
        for (index, peer) in peers.enumerated() {
            store.addProvider(peer, of: [1], now: UInt64(index))
        }
        let known = store.providers(of: [1], now: 100)
        #expect(known.count == KadStore.providersOfKeyMax)
        #expect(!known.contains(peers[0]))
    }

    @Test("a node survives any questions")
    mutating func fuzz() {
        var numbers = SeededNumbers(30)
        var seed = put([1, 2])
        seed.closer = [describe(Persons.peer(3))]
        seed.providers = [describe(Persons.peer(2))]
        for _ in 0..<3_000 {
            guard let question = try? KadMessage(numbers.mutated(seed.encoded)) else { continue }
            _ = ask(question)
        }
    }
}

@Suite("The routing table and lookups (LIBP-41 to LIBP-43)")
struct KadLookupTests {
    @Test("distance is exclusive or: to itself zero, the same both ways")
    func distance() {
        let (one, other) = (KadKey([1]), KadKey([2]))
        #expect(one.distance(to: one) == .zero)
        #expect(one.distance(to: other) == other.distance(to: one))
        #expect(one.commonBits(with: one) == 256)
    }

    @Test("the nearest of a table are the nearest of all its peers")
    func nearest() {
        let peers = manyPeers(0..<500)
        var table = RoutingTable(own: peers[0])
        for peer in peers { table.heard(peer, ip: nil, now: 0) }
        for number in 0..<50 {
            let key = KadKey(Array("key \(number)".utf8))
            let expected = table.peers.sorted {
                KadKey($0).distance(to: key) < KadKey($1).distance(to: key)
            }
            #expect(table.nearest(to: key) == Array(expected.prefix(20)))
        }
    }

    @Test("a bucket holds twenty, old ones first as long as they are heard")
    func buckets() {
        let peers = manyPeers(0..<2_000)
        var table = RoutingTable(own: peers[0])
        let far = peers.filter { KadKey($0).commonBits(with: KadKey(peers[0])) == 0 }
        for peer in far { table.heard(peer, ip: nil, now: 0) }
        #expect(table.count == 20)
        let times = [RoutingTable.staleMilliseconds - 1, RoutingTable.staleMilliseconds]
        let areIn = times.map { table.heard(far[30], ip: nil, now: $0) }
        #expect(areIn == [false, true])
        #expect(table.count == 20)
        table.remove(far[30])
        #expect(table.count == 19)
    }

    @Test("few of a table are from one public subnet; private addresses do not count")
    func diversity() {
        let peers = manyPeers(0..<300)
        var table = RoutingTable(own: peers[0])
        for peer in peers { table.heard(peer, ip: [8, 8, 8, 8], now: 0) }
        #expect(table.count == RoutingTable.tableSubnetMax)
        for peer in peers { table.heard(peer, ip: [10, 0, 0, 1], now: 0) }
        #expect(table.count > 50)
    }

    @Test("public are the addresses that are not special")
    func publicAddresses() {
        for ip in [
            [8, 8, 8, 8], [172, 32, 0, 1],
            [0x20, 0x01, 0x48, 0x60] + [UInt8](repeating: 0, count: 12),
        ] as [[UInt8]] {
            #expect(PublicAddress.isPublic(ip))
        }
        for ip in [
            [10, 1, 1, 1], [127, 0, 0, 1], [192, 168, 1, 1], [172, 16, 0, 1], [100, 64, 0, 1],
            [UInt8](repeating: 0, count: 15) + [1],
            [0xfe, 0x80] + [UInt8](repeating: 0, count: 14),
        ] as [[UInt8]] {
            #expect(!PublicAddress.isPublic(ip))
        }
    }

    /// Nodes that know some others, asked without any network.
    private func network(_ count: Int) -> [PeerID: KadNode] {
        let peers = manyPeers(0..<count)
        var numbers = SeededNumbers(31)
        var nodes: [PeerID: KadNode] = [:]
        for peer in peers {
            var node = KadNode(own: peer, validators: KadValidators())
            for _ in 0..<120 {
                node.table.heard(must(peers.randomElement(using: &numbers)), ip: nil, now: 0)
            }
            nodes[peer] = node
        }
        return nodes
    }

    @Test("a lookup finds the nearest of 400 nodes though a quarter are silent", arguments: 0..<5)
    func lookups(number: Int) {
        var nodes = network(400)
        let peers = manyPeers(0..<400)
        let silent = Set(peers.prefix(100))
        let key = Array("key \(number)".utf8)
        let target = KadKey(key)
        let asker = peers[200]
        var lookup = KadLookup(
            for: target, own: asker, seeds: must(nodes[asker]).table.nearest(to: target))
        var asked = 0
        while !lookup.isFinished {
            for peer in lookup.next() {
                asked += 1
                let question = KadMessage(.findNode, key: key)
                let answer = nodes[peer]?.answer(question, from: asker, now: 0) {
                    KadMessage.Peer($0, [])
                }
                if silent.contains(peer) {
                    lookup.failed(peer)
                } else {
                    lookup.answered(peer, closer: answer?.closer.map(\.id) ?? [])
                }
            }
        }
        let expected = peers.dropFirst(100).filter { $0 != asker }.sorted {
            KadKey($0).distance(to: target) < KadKey($1).distance(to: target)
        }
        let agreeing = Set(expected.prefix(20)).intersection(lookup.nearest)
        #expect(agreeing.count >= 18)
        #expect(lookup.nearest.first == expected.first)
        #expect(asked < 120)
    }

    @Test("no more than alpha questions are under way, and endless hearsay ends")
    func limits() {
        let peers = manyPeers(0..<5_000)
        var lookup = KadLookup(
            for: KadKey([1]), own: peers[0], seeds: Array(peers[1..<30]), resiliency: 20)
        let counts = [lookup.next().count, lookup.next().count]
        #expect(counts == [KadLookup.concurrency, 0])
        lookup = KadLookup(for: KadKey([1]), own: peers[0], seeds: [peers[1]], resiliency: 10_000)
        var asked = 0
        var next = 2
        while !lookup.isFinished {
            for peer in lookup.next() {
                asked += 1
                let end = min(next + 20, peers.count)
                lookup.answered(peer, closer: Array(peers[next..<end]))
                next = end
            }
        }
        #expect(asked == KadLookup.heardMax)
    }
}
