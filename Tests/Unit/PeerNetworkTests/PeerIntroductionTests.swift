// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import PeerNetwork

@Suite("A peer's introduction (TRANSPORT-4)")
struct PeerIntroductionTests {
    private func introduction(_ roles: PeerRoles = [.validator, .gateway]) -> PeerIntroduction {
        PeerIntroduction(chain: Persons.chain, life: Persons.life(3), roles: roles)
    }

    @Test("it comes back as it was sent, in 50 bytes")
    func roundTrip() throws {
        var sent = introduction()
        sent.verdict = 13
        #expect(sent.bytes.count == PeerIntroduction.byteCount)
        let read = try PeerIntroduction(sent.bytes)
        #expect(read == sent)
        #expect(read.roles == [.validator, .gateway])
    }

    @Test("a role nobody knows is refused")
    func roles() {
        var bytes = introduction().bytes
        bytes[bytes.count - 2] = 0x80
        #expect(throws: DisconnectReason.malformedIntroduction) { try PeerIntroduction(bytes) }
    }

    @Test("every cut and every longer one is refused")
    func lengths() {
        let bytes = introduction().bytes
        for count in 0..<bytes.count {
            #expect(throws: DisconnectReason.malformedIntroduction) {
                try PeerIntroduction(Array(bytes.prefix(count)))
            }
        }
        #expect(throws: DisconnectReason.malformedIntroduction) {
            try PeerIntroduction(bytes + [0])
        }
    }

    @Test("mutated introductions never trap, and are read as what they say or refused")
    func mutations() {
        var numbers = SeededNumbers(21)
        for _ in 0..<2_000 {
            var bytes = introduction().bytes
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(
                    in: 0...255, using: &numbers)
            }
            if let read = try? PeerIntroduction(bytes) { #expect(read.bytes == bytes) }
        }
    }
}
