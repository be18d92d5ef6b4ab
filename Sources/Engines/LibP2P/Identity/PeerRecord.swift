// SPDX-License-Identifier: Apache-2.0
public import Cryptography

/// Where a peer says it can be reached, signed by itself.
///
/// Source: libp2p RFC 0003; LIBP-9.
public struct PeerRecord: Hashable, Sendable {
    /// What the signature is for.
    public static let domain = "libp2p-peer-record"
    /// The multicodec `libp2p-peer-record`.
    public static let payloadType: [UInt8] = [0x03, 0x01]

    /// Whose addresses.
    public let peer: PeerID
    /// Later records have larger numbers.
    public let sequence: UInt64
    /// Addresses of known protocols; others are left out when read.
    public let addresses: [Multiaddr]

    /// States addresses; at most ``Multiaddr/listMax`` are kept.
    public init(peer: PeerID, sequence: UInt64, addresses: [Multiaddr]) {
        self.peer = peer
        self.sequence = sequence
        self.addresses = Array(addresses.prefix(Multiaddr.listMax))
    }

    /// Reads a sealed record, whose signer must be the peer it speaks of.
    ///
    /// - Throws: ``WireFailure``.
    public init(sealed bytes: [UInt8]) throws(WireFailure) {
        let envelope = try SignedEnvelope(bytes, type: Self.payloadType, domain: Self.domain)
        var peer: PeerID?
        var sequence: UInt64 = 0
        var addresses: [[UInt8]] = []
        var reader = ProtobufReader(envelope.payload)
        while let field = try reader.next() {
            switch field.number {
            case 1: peer = try PeerID(field.bytes(max: PeerID.byteCountMax))
            case 2: sequence = try field.varint()
            case 3:
                var inner = try field.message(max: Multiaddr.encodedBytesMax + 8)
                while let part = try inner.next() {
                    guard part.number == 1 else { continue }
                    try addresses.append(
                        part.bytes(max: Multiaddr.encodedBytesMax), max: Multiaddr.listMax)
                }
            default: break
            }
        }
        guard let peer, peer == PeerID(of: envelope.key) else { throw .malformed(.record) }
        self.init(peer: peer, sequence: sequence, addresses: Multiaddr.known(addresses))
    }

    /// The record sealed by its peer's key.
    public func sealed(with key: SigningKey) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.bytes(1, peer.bytes)
        writer.varint(2, sequence)
        for address in addresses {
            writer.message(3) { $0.bytes(1, address.bytes) }
        }
        return SignedEnvelope(
            signing: writer.bytes, type: Self.payloadType, domain: Self.domain, with: key
        ).encoded
    }
}
