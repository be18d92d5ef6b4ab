// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// The roles that a bond can stand for; raw values are stable.
public enum Role: UInt8, CaseIterable, Hashable, Sendable {
    /// Holds stake under a lock and votes with it.
    case holder = 1
    /// Runs programs.
    case compute = 2
    /// Keeps data.
    case storage = 3
    /// Carries traffic.
    case bandwidth = 4
    /// Divides work among others.
    case orchestrator = 5
    /// Buys capacity and sells it on.
    case wholesaler = 6
    /// Publishes agents and programs.
    case developer = 7
    /// Brings users.
    case marketer = 8
    /// Runs a node that serves the chain's state.
    case node = 9
    /// Answers relays.
    case supplier = 10
    /// Tests suppliers in secret.
    case fisherman = 11
    /// Sends relays for others.
    case gateway = 12
    /// Asks for relays.
    case application = 13
    /// A machine with an identity of its own.
    case machine = 14
    /// Issues credentials.
    case issuer = 15
    /// Sits in a council.
    case council = 16

    /// The role of a name such as `compute`.
    public init?(name: String) {
        guard let role = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = role
    }
}

extension Role: CanonicalCodable {
    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }
    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let role = try Role(rawValue: decoder.read()) else { throw .outOfRange("Role") }
        self = role
    }
}
