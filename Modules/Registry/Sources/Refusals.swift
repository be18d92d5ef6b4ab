// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why this module says no; raw values are stable codes.
public enum RegistryRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// The account is no provider.
    case unknownProvider = 2
    /// The account is a provider already.
    case alreadyRegistered = 3
    /// The peer key is not the sender's.
    case notPeerKey = 4
    /// The endpoint is empty, too long or not visible ASCII.
    case badEndpoint = 5
    /// A capability is malformed, repeated, out of order, or there are none or too many.
    case badCapabilities = 6
    /// The number of slots is out of range.
    case badSlots = 7
    /// The bond is below the chain's minimum.
    case bondTooSmall = 8
    /// The provider's status does not allow this.
    case wrongStatus = 9
    /// The time for this has not come.
    case tooEarly = 10
    /// The bond would exceed 128 bits.
    case bondTooLarge = 11

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func registry(_ reason: RegistryRefusal, _ detail: String) -> Refusal {
        Refusal(module: .registry, code: reason.rawValue, name: reason.name, detail: detail)
    }
}
