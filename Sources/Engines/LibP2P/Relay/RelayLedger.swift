// SPDX-License-Identifier: Apache-2.0

/// Whom a relay serves, and how many circuits go through it, as a value; times are milliseconds.
///
/// Source: circuit relay v2 specification; LIBP-51.
public struct RelayLedger: Sendable {
    /// How much a relay gives.
    public struct Limits: Sendable {
        /// The most peers with reservations.
        public var reservationsMax = 128
        /// The most of them at one IP address.
        public var reservationsOfAddressMax = 8
        /// How long a reservation lasts: an hour.
        public var reservationMilliseconds: UInt64 = 3_600_000
        /// The most circuits in all; each has two windows of 256 KiB at most, 64 MiB.
        public var circuitsMax = 128
        /// The most circuits of one peer, as either end.
        public var circuitsOfPeerMax = 16
        /// What one circuit may last and carry.
        public var circuit = RelayLimit(seconds: 120, bytes: 1_048_576)

        /// The usual limits.
        public init() {}
    }

    private struct Reservation {
        let ip: [UInt8]?
        let until: UInt64
    }

    /// How much this relay gives.
    public let limits: Limits
    private var reservations: [PeerID: Reservation] = [:]
    private var circuits: [PeerID: Int] = [:]

    /// How many circuits there are.
    public private(set) var circuitCount = 0

    /// A relay that serves nobody yet.
    public init(_ limits: Limits) { self.limits = limits }

    /// How many reservations hold.
    public func reservationCount(now: UInt64) -> Int {
        reservations.values.count { $0.until > now }
    }

    /// Reserves a place for a peer, or renews it.
    ///
    /// - Returns: When it ends.
    /// - Throws: ``RelayStatus/reservationRefused``.
    public mutating func reserve(
        _ peer: PeerID, ip: [UInt8]?, now: UInt64
    ) throws(RelayStatus) -> UInt64 {
        reservations = reservations.filter { $0.value.until > now }
        if reservations[peer] == nil {
            guard reservations.count < limits.reservationsMax else { throw .reservationRefused }
            if let ip {
                guard
                    reservations.values.count(where: { $0.ip == ip })
                        < limits.reservationsOfAddressMax
                else { throw .reservationRefused }
            }
        }
        let until = now + limits.reservationMilliseconds
        reservations[peer] = Reservation(ip: ip, until: until)
        return until
    }

    /// Ends a reservation, as the end of the peer's connection does.
    public mutating func release(_ peer: PeerID) { reservations[peer] = nil }

    /// Books a circuit from one peer to another.
    ///
    /// - Throws: ``RelayStatus/noReservation``, ``RelayStatus/resourceLimitExceeded``.
    public mutating func open(
        from peer: PeerID, to target: PeerID, now: UInt64
    ) throws(RelayStatus) {
        guard let reservation = reservations[target], reservation.until > now else {
            throw .noReservation
        }
        guard circuitCount < limits.circuitsMax,
            circuits[peer, default: 0] < limits.circuitsOfPeerMax,
            circuits[target, default: 0] < limits.circuitsOfPeerMax
        else { throw .resourceLimitExceeded }
        circuitCount += 1
        for end in [peer, target] { circuits[end, default: 0] += 1 }
    }

    /// Books a circuit out.
    public mutating func close(from peer: PeerID, to target: PeerID) {
        circuitCount -= 1
        for end in [peer, target] {
            guard let count = circuits[end] else { continue }
            circuits[end] = count > 1 ? count - 1 : nil
        }
    }
}
