// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import PeerNetwork

@Suite("A peer's introduction (TRANSPORT-4)")
struct PeerIntroductionTests {
    private let staticKey = Persons.agreementKey(9).publicKey

    private func introduction(_ roles: PeerRoles = [.validator, .gateway]) -> PeerIntroduction {
        PeerIntroduction(
            identity: Persons.signingKey(1), staticKey: staticKey, chain: Persons.chain,
            roles: roles)
    }

    @Test("it comes back as it was sent, in 131 bytes")
    func roundTrip() throws {
        let bytes = introduction().bytes
        #expect(bytes.count == PeerIntroduction.byteCount)
        let read = try PeerIntroduction(payload: bytes, staticKey: staticKey)
        #expect(read == introduction())
        #expect(read.roles == [.validator, .gateway])
    }

    @Test("another version is named, whatever follows it")
    func version() {
        #expect(throws: DisconnectReason.wrongVersion(2)) {
            try PeerIntroduction(payload: [2, 0], staticKey: staticKey)
        }
        #expect(throws: DisconnectReason.wrongVersion(0x0102)) {
            try PeerIntroduction(payload: [2, 1] + introduction().bytes, staticKey: staticKey)
        }
    }

    @Test("a signature over another session key is refused")
    func signature() {
        #expect(throws: DisconnectReason.wrongSignature) {
            try PeerIntroduction(
                payload: introduction().bytes, staticKey: Persons.agreementKey(8).publicKey)
        }
    }

    @Test("a role nobody knows is refused")
    func roles() {
        var bytes = introduction().bytes
        bytes[bytes.count - 1] = 0x80
        #expect(throws: DisconnectReason.malformedIntroduction) {
            try PeerIntroduction(payload: bytes, staticKey: staticKey)
        }
    }

    @Test("a changed identity or signature byte is refused")
    func tampering() {
        let bytes = introduction().bytes
        for index in 34..<130 {
            var forged = bytes
            forged[index] ^= 0x10
            #expect(throws: DisconnectReason.wrongSignature, "byte \(index)") {
                try PeerIntroduction(payload: forged, staticKey: staticKey)
            }
        }
    }

    @Test("cut, lengthened and random introductions are refused and never trap")
    func mutations() {
        var numbers = SeededNumbers(2)
        let bytes = introduction().bytes
        for count in 0..<bytes.count {
            #expect(throws: DisconnectReason.self) {
                try PeerIntroduction(payload: Array(bytes.prefix(count)), staticKey: staticKey)
            }
        }
        #expect(throws: DisconnectReason.malformedIntroduction) {
            try PeerIntroduction(payload: bytes + [0], staticKey: staticKey)
        }
        for _ in 0..<300 {
            let length = Int.random(in: 0...300, using: &numbers)
            let noise = numbers.bytes(length)
            #expect(throws: DisconnectReason.self) {
                try PeerIntroduction(payload: noise, staticKey: staticKey)
            }
        }
    }

    @Test("an address is read as it is written, and nothing else is")
    func addresses() throws {
        let key = Persons.signingKey(1).publicKey
        let text = "\(key)@[::1]:7400"
        let address = try #require(PeerAddress(text))
        #expect(address.publicKey == key)
        #expect(address.endpoint.host == "::1")
        #expect(address.description == text)
        for bad in ["", "@", "\(key)", "\(key)@", "\(key)@host", "00@host:1", "x\(key)@h:1"] {
            #expect(PeerAddress(bad) == nil, "\(bad)")
        }
    }
}
