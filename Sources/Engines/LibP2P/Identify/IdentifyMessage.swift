// SPDX-License-Identifier: Apache-2.0

/// What a peer says of itself.
///
/// Every part may be missing, as a push sends only what has changed. Source: libp2p identify
/// specification; LIBP-18.
public struct IdentifyMessage: Hashable, Sendable {
    /// The longest message: two of the longest keys, 64 addresses, 256 protocols.
    public static let messageBytesMax = 65_536
    /// The most protocols one peer may list.
    public static let protocolsMax = 256
    /// The longest text.
    static let textBytesMax = 512

    /// Which family of protocols it belongs to.
    public var protocolVersion: String?
    /// Which program it is.
    public var agent: String?
    /// The peer's key as its protobuf.
    public var key: [UInt8]?
    /// Addresses in binary form, also of protocols not known here.
    public var listenAddresses: [[UInt8]] = []
    /// Where the other side sees this one, in binary form.
    public var observedAddress: [UInt8]?
    /// What it answers to.
    public var protocols: [String] = []
    /// A sealed ``PeerRecord``.
    public var signedRecord: [UInt8]?

    /// Says nothing yet.
    public init() {}

    /// Reads the protobuf `Identify`.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.messageBytesMax else {
            throw .tooLong(limit: Self.messageBytesMax)
        }
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.bytes(max: IdentityKey.encodedBytesMax)
            case 2:
                try listenAddresses.append(
                    field.bytes(max: Multiaddr.encodedBytesMax), max: Multiaddr.listMax)
            case 3:
                try protocols.append(
                    field.text(max: Negotiation.messageBytesMax), max: Self.protocolsMax)
            case 4: observedAddress = try field.bytes(max: Multiaddr.encodedBytesMax)
            case 5: protocolVersion = try field.text(max: Self.textBytesMax)
            case 6: agent = try field.text(max: Self.textBytesMax)
            case 8: signedRecord = try field.bytes(max: SignedEnvelope.encodedBytesMax)
            default: break
            }
        }
    }

    /// The protobuf `Identify`.
    public var encoded: [UInt8] {
        var writer = ProtobufWriter()
        if let key { writer.bytes(1, key) }
        for address in listenAddresses { writer.bytes(2, address) }
        for name in protocols { writer.text(3, name) }
        if let observedAddress { writer.bytes(4, observedAddress) }
        if let protocolVersion { writer.text(5, protocolVersion) }
        if let agent { writer.text(6, agent) }
        if let signedRecord { writer.bytes(8, signedRecord) }
        return writer.bytes
    }

    /// Writes into what is known of `peer` all that this says and may say.
    ///
    /// Addresses of a signed record count before unsigned ones, and an older record changes
    /// nothing; a key or a record of somebody else is passed over.
    func apply(to page: inout PeerDescription, of peer: PeerID) {
        if !protocols.isEmpty { page.protocols = protocols }
        if let agent { page.agent = agent }
        if let key, let read = try? IdentityKey(encoded: key), PeerID(of: read) == peer {
            page.key = read
        }
        if let signedRecord, let record = try? PeerRecord(sealed: signedRecord),
            record.peer == peer
        {
            guard record.sequence > page.recordSequence else { return }
            page.recordSequence = record.sequence
            page.addresses = Array(record.addresses.prefix(PeerBook.addressesMax))
            return
        }
        guard page.recordSequence == 0 else { return }
        let heard = Multiaddr.known(listenAddresses).map(\.withoutPeer)
        if !heard.isEmpty {
            page.addresses = Array(
                (heard + page.addresses.filter { !heard.contains($0) })
                    .prefix(PeerBook.addressesMax))
        }
    }
}
