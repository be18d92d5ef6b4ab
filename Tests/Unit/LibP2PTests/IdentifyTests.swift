// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LibP2P

@Suite("Identify (LIBP-18)")
struct IdentifyTests {
    private func message() -> IdentifyMessage {
        var message = IdentifyMessage()
        message.agent = "somebody/2"
        message.protocolVersion = "ipfs/0.1.0"
        message.key = IdentityKey(Persons.key(1).publicKey).encoded
        message.protocols = ["/a", "/b"]
        message.listenAddresses = [Persons.address(1).bytes, [0xff, 0x01]]
        message.observedAddress = Persons.address(2).bytes
        return message
    }

    private func record(_ sequence: UInt64, _ address: Int) -> [UInt8] {
        PeerRecord(
            peer: Persons.peer(1), sequence: sequence, addresses: [Persons.address(address)]
        ).sealed(with: Persons.key(1))
    }

    @Test("a message comes back, and what is known of a peer is what it says")
    func roundTrip() throws {
        let read = try IdentifyMessage(message().encoded)
        #expect(read == message())
        var page = PeerDescription()
        read.apply(to: &page, of: Persons.peer(1))
        #expect(page.agent == "somebody/2")
        #expect(page.protocols == ["/a", "/b"])
        #expect(page.addresses == [Persons.address(1)])
        #expect(page.key.map(PeerID.init(of:)) == Persons.peer(1))
    }

    @Test("a push with one part changes that part only")
    func partial() {
        var page = PeerDescription()
        message().apply(to: &page, of: Persons.peer(1))
        var push = IdentifyMessage()
        push.protocols = ["/c"]
        push.apply(to: &page, of: Persons.peer(1))
        #expect(page.protocols == ["/c"])
        #expect(page.agent == "somebody/2")
    }

    @Test("signed addresses count before unsigned ones, and later before earlier")
    func records() {
        var page = PeerDescription()
        var signed = message()
        for (sequence, address, expected) in [(5, 5, 5), (4, 4, 5), (6, 6, 6)]
            as [(UInt64, Int, Int)]
        {
            signed.signedRecord = record(sequence, address)
            signed.apply(to: &page, of: Persons.peer(1))
            #expect(page.addresses == [Persons.address(expected)])
        }
        message().apply(to: &page, of: Persons.peer(1))
        #expect(page.addresses == [Persons.address(6)])
    }

    @Test("nobody speaks for another")
    func impostors() {
        var page = PeerDescription()
        var foreign = IdentifyMessage()
        foreign.key = IdentityKey(Persons.key(1).publicKey).encoded
        foreign.signedRecord = record(5, 5)
        foreign.apply(to: &page, of: Persons.peer(2))
        #expect(page == PeerDescription())
    }

    @Test("an observed address counts once enough peers agree")
    func observed() {
        var observed = ObservedAddresses()
        for number in 1...3 { observed.note(Persons.address(1), by: Persons.peer(UInt8(number))) }
        observed.note(Persons.address(1), by: Persons.peer(3))
        #expect(observed.agreed == [])
        observed.note(Persons.address(1), by: Persons.peer(4))
        #expect(observed.agreed == [Persons.address(1)])
    }

    @Test("a message survives any bytes")
    func fuzz() {
        var numbers = SeededNumbers(12)
        var seed = message()
        seed.signedRecord = record(1, 1)
        for _ in 0..<1_000 {
            guard let read = try? IdentifyMessage(numbers.mutated(seed.encoded)) else { continue }
            var page = PeerDescription()
            read.apply(to: &page, of: Persons.peer(1))
            #expect(page.addresses.count <= PeerBook.addressesMax)
        }
    }
}
