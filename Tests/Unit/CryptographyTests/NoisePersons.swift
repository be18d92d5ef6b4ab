// SPDX-License-Identifier: Apache-2.0
import Vocabulary

@testable import Cryptography

/// A value that must be there for a test to make sense.
func must<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a test's own value is missing") }
    return value
}

/// Two sides of a handshake whose keys are told by number.
enum Persons {
    static func agreementKey(_ number: UInt8) -> AgreementKey {
        must(AgreementKey(seed: [UInt8](repeating: number, count: 32)))
    }

    static func initiator() -> NoiseHandshake {
        NoiseHandshake(
            side: .initiator, staticKey: agreementKey(1), ephemeralKey: agreementKey(2),
            prologue: [])
    }

    static func responder() -> NoiseHandshake {
        NoiseHandshake(
            side: .responder, staticKey: agreementKey(3), ephemeralKey: agreementKey(4),
            prologue: [])
    }

    /// The sessions of a finished handshake.
    static func sessions() throws -> (initiator: NoiseSession, responder: NoiseSession) {
        var initiator = initiator()
        var responder = responder()
        _ = try responder.read(initiator.write(payload: []))
        _ = try initiator.read(responder.write(payload: []))
        _ = try responder.read(initiator.write(payload: []))
        return (must(initiator.session()), must(responder.session()))
    }
}
