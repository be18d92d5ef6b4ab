// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import LibP2P

@Suite("Connections from raw bytes to streams (LIBP-12, LIBP-13, LIBP-17)")
struct ConnectionTests {
    private func peer(_ events: [ConnectionMachine.Event]) -> PeerID? {
        for case .ready(let peer, _) in events { return peer }
        return nil
    }

    private func data(_ events: [ConnectionMachine.Event]) -> [UInt8] {
        events.flatMap { event -> [UInt8] in
            if case .data(_, let bytes) = event { return bytes }
            return []
        }
    }

    private func stream(_ events: [ConnectionMachine.Event]) -> UInt32? {
        for case .opened(let stream, _, _) in events { return stream }
        return nil
    }

    @Test("each side learns who the other is, however the bytes are cut", arguments: 1...10)
    func ready(seed: UInt64) throws {
        var pair = ConnectionPair(seed: seed)
        try pair.settle()
        #expect(peer(pair.diallerEvents) == Persons.peer(2))
        #expect(peer(pair.listenerEvents) == Persons.peer(1))
    }

    @Test("a stream speaks the protocol both have, and bytes go both ways")
    func streams() throws {
        var pair = ConnectionPair()
        try pair.settle()
        let opened = must(pair.dialler.open(proposing: ["/other", "/echo"]))
        try pair.settle()
        #expect(stream(pair.diallerEvents) == opened)
        #expect(stream(pair.listenerEvents) == opened)
        #expect(pair.dialler.write([1, 2, 3], on: opened) == 3)
        #expect(pair.listener.write([4, 5], on: opened) == 2)
        try pair.settle()
        #expect(data(pair.listenerEvents) == [1, 2, 3])
        #expect(data(pair.diallerEvents) == [4, 5])
    }

    @Test("a protocol the other side has not is refused and leaves no stream")
    func refusedProtocol() throws {
        var pair = ConnectionPair()
        try pair.settle()
        let opened = must(pair.dialler.open(proposing: ["/other"]))
        try pair.settle()
        guard case .refused(opened, .noneAgreed) = pair.diallerEvents.last else {
            Issue.record("not refused")
            return
        }
        #expect(pair.dialler.streamCount == 0)
        #expect(pair.listener.streamCount == 0)
    }

    @Test("who answers in another's place is refused")
    func unexpectedPeer() {
        var pair = ConnectionPair(expecting: Persons.peer(3))
        #expect(throws: ConnectionFailure.security(.unexpectedPeer(Persons.peer(2)))) {
            try pair.settle()
        }
    }

    @Test("the payload is signed by the identity, and no byte of it can be changed")
    func payload() throws {
        let staticKey = Persons.agreementKey(1).publicKey
        let payload = NoisePayload(
            signing: staticKey, with: Persons.key(1), muxers: [YamuxSession.name])
        let read = try NoisePayload(payload.encoded, staticKey: staticKey)
        #expect(read.key == payload.key)
        #expect(read.muxers == [YamuxSession.name])
        #expect(throws: WireFailure.malformed(.key)) {
            try NoisePayload(payload.encoded, staticKey: Persons.agreementKey(2).publicKey)
        }
        // Muxers are not signed; the handshake around them vouches for them.
        let signedCount = NoisePayload(
            signing: staticKey, with: Persons.key(1), muxers: []
        ).encoded.count
        for index in 0..<signedCount {
            var changed = payload.encoded
            changed[index] ^= 1
            #expect(throws: WireFailure.self) { try NoisePayload(changed, staticKey: staticKey) }
        }
    }

    @Test("sides that name no common muxer do not connect; a side that names none negotiates")
    func muxers() throws {
        for (mine, theirs) in [(["/a"], ["/b"]), (["/b", "/a"], ["/a", "/b"]), (["/a"], [])] {
            var sides = [
                upgrade(.initiator, 1, muxers: mine), upgrade(.responder, 2, muxers: theirs),
            ]
            let first = try sides[1].receive(sides[0].start())
            if mine == ["/a"], theirs == ["/b"] {
                #expect(throws: SecurityFailure.noMuxer) { try sides[0].receive(first.send) }
                continue
            }
            let second = try sides[0].receive(first.send)
            let third = try sides[1].receive(second.send)
            #expect(must(second.finished).muxer == (theirs.isEmpty ? nil : "/b"))
            #expect(must(third.finished).muxer == (theirs.isEmpty ? nil : "/b") || theirs.isEmpty)
        }
    }

    private func upgrade(
        _ side: NoiseHandshake.Side, _ number: UInt8, muxers: [String]
    ) -> NoiseUpgrade {
        NoiseUpgrade(
            side: side, identity: Persons.key(number), staticKey: Persons.agreementKey(number),
            ephemeralKey: Persons.agreementKey(number + 10), muxers: muxers, expecting: nil)
    }

    @Test("a megabyte crosses a connection within its windows")
    func bulk() throws {
        var pair = ConnectionPair(seed: 3)
        try pair.settle()
        let stream = must(pair.dialler.open(proposing: ["/echo"]))
        try pair.settle()
        var numbers = SeededNumbers(4)
        let bytes = numbers.bytes(1 << 20)
        var rest = bytes[...]
        var got: [UInt8] = []
        while got.count < bytes.count {
            rest = rest.dropFirst(pair.dialler.write(rest, on: stream))
            pair.listenerEvents = []
            try pair.settle()
            let arrived = data(pair.listenerEvents)
            got += arrived
            pair.listener.consumed(stream, count: arrived.count)
            try pair.settle()
        }
        #expect(got == bytes)
    }

    @Test("a listener survives any bytes and proves nobody by them")
    func fuzz() throws {
        var numbers = SeededNumbers(11)
        for seed in 0..<150 {
            var pair = ConnectionPair(seed: UInt64(seed))
            var toListener = try pair.dialler.takeOutput().bytes
            var events: [ConnectionMachine.Event] = []
            var wasChanged = false
            for _ in 0..<4 {
                if Bool.random(using: &numbers) {
                    let changed = numbers.mutated(toListener)
                    wasChanged = wasChanged || changed != toListener
                    toListener = changed
                }
                guard let more = try? pair.listener.receive(toListener) else { break }
                events += more
                guard (try? pair.dialler.receive(pair.listener.takeOutput().bytes)) != nil else {
                    break
                }
                toListener = try pair.dialler.takeOutput().bytes
            }
            if let peer = peer(events) { #expect(peer == Persons.peer(1)) }
        }
    }
}
