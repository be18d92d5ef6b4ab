// SPDX-License-Identifier: Apache-2.0

/// A question or an answer of the distributed hash table.
///
/// Source: libp2p kad-dht specification, "RPC messages"; LIBP-40.
public struct KadMessage: Hashable, Sendable {
    /// What is asked.
    public enum Kind: Int, Sendable {
        case putValue = 0
        case getValue = 1
        case addProvider = 2
        case getProviders = 3
        case findNode = 4
        case ping = 5
    }

    /// The longest message: 40 peers with 16 addresses of 64 bytes, and a value, doubled.
    public static let encodedBytesMax = 262_144
    /// The longest key.
    public static let keyBytesMax = 256
    /// The longest value.
    public static let valueBytesMax = 65_536
    /// The most peers of one kind that are read or told: k, doubled.
    public static let peersMax = 2 * RoutingTable.bucketMax
    /// The most addresses of one peer told.
    static let addressesMax = PeerBook.addressesMax
    /// The longest time of a record's receipt.
    private static let timeBytesMax = 64

    /// A peer and where it can be reached.
    public struct Peer: Hashable, Sendable {
        /// Its name.
        public let id: PeerID
        /// Addresses of known protocols.
        public let addresses: [Multiaddr]
        /// 0 not connected, 1 connected, 2 can connect, 3 cannot connect.
        public let connection: Int

        init(_ id: PeerID, _ addresses: [Multiaddr], connection: Int = 0) {
            self.id = id
            self.addresses = Array(addresses.prefix(KadMessage.addressesMax))
            self.connection = connection
        }
    }

    /// A value under its key.
    public struct Record: Hashable, Sendable {
        /// The key, equal to the message's.
        public let key: [UInt8]
        /// The value.
        public let value: [UInt8]
    }

    /// What is asked.
    public var kind: Kind
    /// What it is asked about.
    public var key: [UInt8]
    /// A value to put, or one that was found.
    public var record: Record?
    /// Peers closer to the key.
    public var closer: [Peer] = []
    /// Peers that provide the key's content.
    public var providers: [Peer] = []

    /// Asks about a key.
    public init(_ kind: Kind, key: [UInt8]) {
        self.kind = kind
        self.key = key
    }

    /// Reads the protobuf `Message`.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        self.init(.putValue, key: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                guard let kind = try Kind(rawValue: field.small()) else {
                    throw .malformed(.message)
                }
                self.kind = kind
            case 2: key = try field.bytes(max: Self.keyBytesMax)
            case 3: record = try Self.record(field.message(max: Self.encodedBytesMax))
            case 8: try Self.append(field, to: &closer)
            case 9: try Self.append(field, to: &providers)
            default: break
            }
        }
    }

    private static func record(_ reader: ProtobufReader) throws(WireFailure) -> Record {
        var reader = reader
        var key: [UInt8] = []
        var value: [UInt8] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.bytes(max: keyBytesMax)
            case 2: value = try field.bytes(max: valueBytesMax)
            case 5: _ = try field.slice(max: timeBytesMax)
            default: break
            }
        }
        return Record(key: key, value: value)
    }

    // A peer whose name cannot be read is passed over.
    private static func append(
        _ field: ProtobufField, to peers: inout [Peer]
    ) throws(WireFailure) {
        var reader = try field.message(max: encodedBytesMax)
        var id: PeerID?
        var addresses: [[UInt8]] = []
        var connection = 0
        while let part = try reader.next() {
            switch part.number {
            case 1: id = try? PeerID(part.bytes(max: PeerID.byteCountMax))
            case 2:
                try addresses.append(
                    part.bytes(max: Multiaddr.encodedBytesMax), max: Multiaddr.listMax)
            case 3: connection = try part.small()
            default: break
            }
        }
        guard let id else { return }
        let known = Multiaddr.known(addresses).map(\.withoutPeer)
        try peers.append(Peer(id, known, connection: connection), max: peersMax)
    }

    /// The protobuf `Message`.
    public var encoded: [UInt8] {
        var writer = ProtobufWriter()
        writer.varint(1, UInt64(kind.rawValue))
        if !key.isEmpty { writer.bytes(2, key) }
        if let record {
            writer.message(3) { inner in
                inner.bytes(1, record.key)
                inner.bytes(2, record.value)
            }
        }
        for peer in closer { Self.write(peer, 8, &writer) }
        for peer in providers { Self.write(peer, 9, &writer) }
        return writer.bytes
    }

    private static func write(_ peer: Peer, _ field: UInt64, _ writer: inout ProtobufWriter) {
        writer.message(field) { inner in
            inner.bytes(1, peer.id.bytes)
            for address in peer.addresses { inner.bytes(2, address.bytes) }
            inner.varint(3, UInt64(peer.connection))
        }
    }
}
