// SPDX-License-Identifier: Apache-2.0

/// A question or an answer of AutoNAT v1: whether one can be dialled.
///
/// Source: AutoNAT v1 specification; LIBP-53.
struct AutoNATMessage: Hashable, Sendable {
    /// What came of the dialling.
    enum Status: Int, Sendable {
        case ok = 0
        case dialError = 100
        case dialRefused = 101
        case badRequest = 200
        case internalError = 300
    }

    static let protocolName = "/libp2p/autonat/1.0.0"
    /// The longest message: 64 short addresses.
    static let encodedBytesMax = 8_192
    /// The most addresses that are dialled for one question.
    static let dialsMax = 4
    private static let textBytesMax = 512

    /// Whom to dial, when it is a question.
    var peer: PeerID?
    /// Where.
    var addresses: [Multiaddr] = []
    /// What came of it, when it is an answer.
    var status: Status?
    /// The address that answered.
    var reached: Multiaddr?

    init() {}

    /// Reads the protobuf `Message`.
    init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 2:
                var dial = try field.message(max: Self.encodedBytesMax)
                while let part = try dial.next() {
                    guard part.number == 1 else { continue }
                    try readPeer(part.message(max: Self.encodedBytesMax))
                }
            case 3: try readAnswer(field.message(max: Self.encodedBytesMax))
            default: break
            }
        }
    }

    private mutating func readPeer(_ reader: ProtobufReader) throws(WireFailure) {
        var reader = reader
        var found: [[UInt8]] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: peer = try PeerID(field.bytes(max: PeerID.byteCountMax))
            case 2:
                try found.append(
                    field.bytes(max: Multiaddr.encodedBytesMax), max: Multiaddr.listMax)
            default: break
            }
        }
        addresses = Multiaddr.known(found)
    }

    private mutating func readAnswer(_ reader: ProtobufReader) throws(WireFailure) {
        var reader = reader
        status = .ok
        while let field = try reader.next() {
            switch field.number {
            case 1:
                guard let read = try Status(rawValue: field.small()) else {
                    throw .malformed(.message)
                }
                status = read
            case 2: _ = try field.slice(max: Self.textBytesMax)
            case 3: reached = try? Multiaddr(field.bytes(max: Multiaddr.encodedBytesMax))
            default: break
            }
        }
    }

    /// The protobuf `Message`.
    var encoded: [UInt8] {
        var writer = ProtobufWriter()
        guard let status else {
            writer.varint(1, 0)
            writer.message(2) { dial in
                dial.message(1) { inner in
                    if let peer { inner.bytes(1, peer.bytes) }
                    for address in addresses { inner.bytes(2, address.bytes) }
                }
            }
            return writer.bytes
        }
        writer.varint(1, 1)
        writer.message(3) { answer in
            answer.varint(1, UInt64(status.rawValue))
            if let reached { answer.bytes(3, reached.bytes) }
        }
        return writer.bytes
    }
}

/// A word between two peers that want to meet without their relay.
///
/// Source: DCUtR specification, "RPC messages"; LIBP-54.
struct HolePunchMessage: Hashable, Sendable {
    enum Kind: Int, Sendable {
        case connect = 100
        case sync = 300
    }

    static let protocolName = "/libp2p/dcutr"
    /// The longest message the specification allows.
    static let encodedBytesMax = 4_096

    var kind: Kind
    var addresses: [Multiaddr]

    init(_ kind: Kind, _ addresses: [Multiaddr] = []) {
        self.kind = kind
        self.addresses = addresses
    }

    /// Reads the protobuf `HolePunch`.
    init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var kind: Kind?
        var found: [[UInt8]] = []
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: kind = try Kind(rawValue: field.small())
            case 2:
                try found.append(
                    field.bytes(max: Multiaddr.encodedBytesMax), max: Multiaddr.listMax)
            default: break
            }
        }
        guard let kind else { throw .malformed(.message) }
        self.init(kind, Multiaddr.known(found))
    }

    /// The protobuf `HolePunch`.
    var encoded: [UInt8] {
        var writer = ProtobufWriter()
        writer.varint(1, UInt64(kind.rawValue))
        for address in addresses { writer.bytes(2, address.bytes) }
        return writer.bytes
    }
}
