// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Why a peer of the network is not an identity's.
public enum PeerBindingFailure: Error, Hashable, Sendable {
    /// The name is none of a key of Ed25519.
    case badName
    /// The document does not have the peer's key for authentication.
    case keyNotInDocument
    /// The document does not name the peer.
    case peerNotInDocument
}

/// Ties a node's place in the peer-to-peer network to its identity, both ways (IDENTITY-25): the
/// peer's key stands in the document for authentication, and the document names the peer.
///
/// One way alone says little: anybody may name another's peer in a document, and anybody may add
/// another's key to one. Whoever has the key shows it in the handshake.
public enum PeerBinding {
    /// The type of the service that names peers.
    public static let serviceType = "LibP2PPeer"
    /// The fragment of that service.
    public static let fragment = "#peer"

    /// The name of a key's peer: base58 of a multihash that holds the key itself (libp2p peer ids,
    /// "identity" hash of the protobuf of an Ed25519 key).
    public static func name(of key: PublicKey) -> String { Base58.encode(frame + key.raw.bytes) }

    /// Multihash of 36 bytes that are their own hash, then key type 1 and data of 32 bytes.
    private static let frame: [UInt8] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20]

    /// The key of a peer, from its name.
    ///
    /// - Throws: ``PeerBindingFailure/badName``.
    public static func key(of name: String) throws(PeerBindingFailure) -> PublicKey {
        guard let bytes = Base58.decode(name[...].utf8), bytes.count == frame.count + Bytes32.count,
            bytes.starts(with: frame), let raw = Bytes32(bytes.dropFirst(frame.count))
        else { throw .badName }
        return PublicKey(raw)
    }

    /// The service that names a peer.
    public static func service(of key: PublicKey) -> ServiceEndpoint {
        ServiceEndpoint(id: fragment, type: serviceType, addresses: ["/p2p/\(name(of: key))"])
    }

    /// The peers that a document names.
    public static func peers(in document: DIDDocument) -> [String] {
        document.services.filter { $0.type == serviceType }.flatMap(\.addresses).compactMap {
            $0.hasPrefix("/p2p/") ? String($0.dropFirst(5)) : nil
        }
    }

    /// Checks that a peer is an identity's, both ways.
    ///
    /// - Throws: ``PeerBindingFailure``.
    public static func check(
        peer name: String, of document: DIDDocument
    ) throws(PeerBindingFailure) {
        let key = VerificationKey.ed25519(try key(of: name))
        let uses = document.relationships[.authentication] ?? []
        guard document.methods.contains(where: { $0.key == key && uses.contains($0.id) }) else {
            throw .keyNotInDocument
        }
        guard peers(in: document).contains(name) else { throw .peerNotInDocument }
    }
}
