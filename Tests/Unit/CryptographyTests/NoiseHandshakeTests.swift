// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Cryptography

@Suite("The Noise handshake (TRANSPORT-1, TRANSPORT-3)")
struct NoiseHandshakeTests {
    @Test("each side learns the other's session key, and both hold one transcript")
    func agreement() throws {
        let (initiator, responder) = try Persons.sessions()
        #expect(initiator.remoteStatic == Persons.agreementKey(3).publicKey)
        #expect(responder.remoteStatic == Persons.agreementKey(1).publicKey)
        #expect(initiator.transcript == responder.transcript)
    }

    @Test("what one side seals the other opens, once and in order")
    func transport() throws {
        var (initiator, responder) = try Persons.sessions()
        let first = try initiator.sending.seal([1, 2, 3])
        let second = try initiator.sending.seal([])
        var early = responder.receiving
        #expect(throws: NoiseFailure.forged) { try early.open(second) }
        #expect(try responder.receiving.open(first) == [1, 2, 3])
        var again = responder.receiving
        #expect(throws: NoiseFailure.forged) { try again.open(first) }
        #expect(try responder.receiving.open(second) == [])
        let back = try responder.sending.seal([9])
        var reflected = responder.receiving
        #expect(throws: NoiseFailure.forged) { try reflected.open(back) }
        #expect(try initiator.receiving.open(back) == [9])
    }

    @Test("no byte of a message can be changed unnoticed", arguments: 0..<3)
    func tampering(step: Int) throws {
        var initiator = Persons.initiator()
        var responder = Persons.responder()
        let payload = [UInt8](repeating: 0x5a, count: 20)
        for index in 0..<step {
            try exchange(index, &initiator, &responder, payload)
        }
        let isInitiators = step.isMultiple(of: 2)
        let message =
            try isInitiators
            ? initiator.write(payload: payload) : responder.write(payload: payload)
        for index in message.indices {
            var forged = message
            forged[index] ^= 1
            #expect(throws: NoiseFailure.self, "byte \(index)") {
                // A change in the first message, which is plain, shows in the second.
                try finish(step, forged, initiator, responder, payload)
            }
        }
    }

    private func exchange(
        _ index: Int, _ initiator: inout NoiseHandshake, _ responder: inout NoiseHandshake,
        _ payload: [UInt8]
    ) throws {
        if index.isMultiple(of: 2) {
            _ = try responder.read(initiator.write(payload: payload))
        } else {
            _ = try initiator.read(responder.write(payload: payload))
        }
    }

    private func finish(
        _ step: Int, _ forged: [UInt8], _ initiator: NoiseHandshake, _ responder: NoiseHandshake,
        _ payload: [UInt8]
    ) throws {
        var initiator = initiator
        var responder = responder
        if step.isMultiple(of: 2) {
            _ = try responder.read(forged)
        } else {
            _ = try initiator.read(forged)
        }
        for index in step + 1..<3 { try exchange(index, &initiator, &responder, payload) }
    }

    @Test("a message cut or lengthened by one byte is refused")
    func wrongLength() throws {
        for change in [-1, 1] {
            var initiator = Persons.initiator()
            var responder = Persons.responder()
            _ = try responder.read(initiator.write(payload: []))
            var message = try responder.write(payload: [])
            if change < 0 { message.removeLast() } else { message.append(0) }
            #expect(throws: NoiseFailure.self) { try initiator.read(message) }
        }
    }

    @Test("different prologues never meet")
    func prologue() throws {
        var initiator = NoiseHandshake(
            side: .initiator, staticKey: Persons.agreementKey(1),
            ephemeralKey: Persons.agreementKey(2), prologue: [1])
        var responder = Persons.responder()
        _ = try responder.read(initiator.write(payload: []))
        let reply = try responder.write(payload: [])
        #expect(throws: NoiseFailure.forged) { try initiator.read(reply) }
    }

    @Test("a key of small order is refused")
    func degenerateKey() throws {
        var responder = Persons.responder()
        _ = try responder.read([UInt8](repeating: 0, count: 32))
        #expect(throws: NoiseFailure.degenerateKey) { try responder.write(payload: []) }
    }

    @Test("steps out of turn are refused, and there is no session before the last")
    func turns() throws {
        var initiator = Persons.initiator()
        var responder = Persons.responder()
        #expect(throws: NoiseFailure.outOfTurn) { try responder.write(payload: []) }
        #expect(throws: NoiseFailure.outOfTurn) {
            try initiator.read([UInt8](repeating: 1, count: 32))
        }
        let first = try initiator.write(payload: [])
        #expect(throws: NoiseFailure.outOfTurn) { try initiator.write(payload: []) }
        #expect(initiator.session() == nil)
        _ = try responder.read(first)
        #expect(throws: NoiseFailure.outOfTurn) { try responder.read(first) }
    }

    @Test("random bytes never finish a handshake and never trap")
    func noise() {
        var numbers = SeededNumbers(seed: 1)
        for _ in 0..<300 {
            var responder = Persons.responder()
            let length = Int.random(in: 0...200, using: &numbers)
            _ = try? responder.read(numbers.bytes(length))
            _ = try? responder.write(payload: [])
            let third = numbers.bytes(Int.random(in: 0...200, using: &numbers))
            _ = try? responder.read(third)
            #expect(responder.session() == nil)
        }
    }

    @Test("a direction stops before the reserved nonce is used")
    func nonces() throws {
        var cipher = NoiseCipher(key: .zero, nonce: .max - 1)
        _ = try cipher.seal([1])
        #expect(throws: NoiseFailure.noncesExhausted) { try cipher.seal([1]) }
        #expect(throws: NoiseFailure.noncesExhausted) {
            try cipher.open([UInt8](repeating: 0, count: 16))
        }
    }

    @Test("no sealed message exceeds what its two bytes of length can say")
    func longest() throws {
        var (initiator, responder) = try Persons.sessions()
        let longest = [UInt8](repeating: 1, count: NoiseCipher.plaintextBytesMax)
        let sealed = try initiator.sending.seal(longest)
        #expect(sealed.count == 65_535)
        #expect(try responder.receiving.open(sealed) == longest)
        #expect(throws: NoiseFailure.badLength(longest.count + 1)) {
            try initiator.sending.seal(longest + [0])
        }
    }
}
