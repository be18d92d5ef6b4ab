// SPDX-License-Identifier: Apache-2.0

/// What a relay says to what was asked of it.
public enum RelayStatus: Int, Error, Hashable, Sendable {
    case ok = 100
    case reservationRefused = 200
    case resourceLimitExceeded = 201
    case permissionDenied = 202
    case connectionFailed = 203
    case noReservation = 204
    case malformedMessage = 400
    case unexpectedMessage = 401
}

/// How long a relayed connection may last and how much it may carry each way; 0 is without limit.
public struct RelayLimit: Hashable, Sendable {
    /// Seconds.
    public var seconds: UInt64
    /// Bytes each way.
    public var bytes: UInt64
}

/// What a relay has promised to a peer.
public struct RelayReservation: Hashable, Sendable {
    /// When it ends: seconds of the calendar.
    public var expirySeconds: UInt64
    /// Where the relay can be reached.
    public var addresses: [Multiaddr] = []
    /// The relay's sealed word for it.
    public var voucher: [UInt8]?
}

/// A message between a peer and a relay, of the hop or of the stop protocol.
///
/// Both have the same parts under other numbers. Source: circuit relay v2 specification; LIBP-50.
struct RelayMessage: Hashable, Sendable {
    /// Which of the two protocols.
    enum Leg: Sendable {
        /// From a peer to the relay.
        case hop
        /// From the relay to the peer that is to be reached.
        case stop
    }

    enum Kind: Hashable, Sendable {
        case reserve
        case connect
        case status
    }

    /// The longest message: 64 addresses and a voucher.
    static let encodedBytesMax = 8_192
    static let hopProtocol = "/libp2p/circuit/relay/0.2.0/hop"
    static let stopProtocol = "/libp2p/circuit/relay/0.2.0/stop"

    var kind: Kind
    var peer: PeerID?
    var reservation: RelayReservation?
    var limit: RelayLimit?
    var status: RelayStatus?

    init(_ kind: Kind, peer: PeerID? = nil) {
        self.kind = kind
        self.peer = peer
    }

    /// An answer.
    init(_ status: RelayStatus) {
        kind = .status
        self.status = status
    }

    /// Reads a message of one leg.
    init(_ bytes: [UInt8], _ leg: Leg) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        let kinds: [Kind] = leg == .hop ? [.reserve, .connect, .status] : [.connect, .status]
        self.init(kinds[0])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch (field.number, leg) {
            case (1, _):
                let number = try field.small()
                guard number < kinds.count else { throw .malformed(.message) }
                kind = kinds[number]
            case (2, _): peer = try Self.peer(field.message(max: Self.encodedBytesMax))
            case (3, .hop):
                reservation = try Self.reservation(field.message(max: Self.encodedBytesMax))
            case (4, .hop), (3, .stop): limit = try Self.limit(field.message(max: 64))
            case (5, .hop), (4, .stop):
                guard let status = try RelayStatus(rawValue: field.small()) else {
                    throw .malformed(.message)
                }
                self.status = status
            default: break
            }
        }
    }

    private static func peer(_ reader: ProtobufReader) throws(WireFailure) -> PeerID? {
        var reader = reader
        var peer: PeerID?
        while let field = try reader.next() {
            if field.number == 1 { peer = try PeerID(field.bytes(max: PeerID.byteCountMax)) }
        }
        return peer
    }

    private static func limit(_ reader: ProtobufReader) throws(WireFailure) -> RelayLimit {
        var reader = reader
        var limit = RelayLimit(seconds: 0, bytes: 0)
        while let field = try reader.next() {
            switch field.number {
            case 1: limit.seconds = try field.varint()
            case 2: limit.bytes = try field.varint()
            default: break
            }
        }
        return limit
    }

    private static func reservation(
        _ reader: ProtobufReader
    ) throws(WireFailure) -> RelayReservation {
        var reader = reader
        var reservation = RelayReservation(expirySeconds: 0)
        var addresses: [[UInt8]] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: reservation.expirySeconds = try field.varint()
            case 2:
                try addresses.append(
                    field.bytes(max: Multiaddr.encodedBytesMax), max: Multiaddr.listMax)
            case 3: reservation.voucher = try field.bytes(max: SignedEnvelope.encodedBytesMax)
            default: break
            }
        }
        reservation.addresses = Multiaddr.known(addresses)
        return reservation
    }

    /// The protobuf `HopMessage` or `StopMessage`.
    func encoded(_ leg: Leg) -> [UInt8] {
        var writer = ProtobufWriter()
        let number: UInt64 =
            switch (kind, leg) {
            case (.reserve, _), (.connect, .stop): 0
            case (.connect, .hop), (.status, .stop): 1
            case (.status, .hop): 2
            }
        writer.varint(1, number)
        if let peer { writer.message(2) { $0.bytes(1, peer.bytes) } }
        if leg == .hop, let reservation {
            writer.message(3) { inner in
                inner.varint(1, reservation.expirySeconds)
                for address in reservation.addresses { inner.bytes(2, address.bytes) }
                if let voucher = reservation.voucher { inner.bytes(3, voucher) }
            }
        }
        if let limit {
            writer.message(leg == .hop ? 4 : 3) { inner in
                inner.varint(1, limit.seconds)
                inner.varint(2, limit.bytes)
            }
        }
        if let status { writer.varint(leg == .hop ? 5 : 4, UInt64(status.rawValue)) }
        return writer.bytes
    }
}

/// A relay's sealed word that it serves a peer until a time.
enum RelayVoucher {
    static let domain = "libp2p-relay-rsvp"
    static let payloadType: [UInt8] = [0x03, 0x02]

    /// What is sealed.
    static func payload(relay: PeerID, peer: PeerID, expirySeconds: UInt64) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.bytes(1, relay.bytes)
        writer.bytes(2, peer.bytes)
        writer.varint(3, expirySeconds)
        return writer.bytes
    }
}
