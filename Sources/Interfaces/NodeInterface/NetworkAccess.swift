// SPDX-License-Identifier: Apache-2.0

/// What a running node tells of its network, and what its owner may change there.
///
/// Peers go by the names libp2p gives them (`12D3KooW...`), addresses by their text
/// (`/ip4/192.0.2.1/tcp/7400`). Source: specs/transport.md TRANSPORT-23.
public protocol NetworkAccess: Sendable {
    /// How the whole network stands.
    func status() async -> NetworkStatus

    /// Every peer that is known, connected or not, in the order of their names.
    func peers() async -> [NetworkPeer]

    /// One peer, by its name or its key's 64 hexadecimal digits; nothing when it is not known.
    func describe(_ peer: String) async -> NetworkPeer?

    /// Keeps a peer connected, over the node's restarts too: its address, which ends in its name,
    /// is dialled whenever it is not connected, until it is banned.
    ///
    /// - Throws: ``NetworkRefusal/malformed(_:)`` when it is no such address,
    ///   ``NetworkRefusal/banned(_:)``, ``NetworkRefusal/tooMany(_:)``,
    ///   ``NetworkRefusal/unreachable(_:)`` when the first dial fails; the peer is kept then all
    ///   the same.
    func add(_ address: String) async throws(NetworkRefusal)

    /// Ends the connections with a peer and keeps it out for some time.
    ///
    /// - Parameters:
    ///   - peer: Its name, or its key in hexadecimal.
    ///   - reason: For people, at most ``NetworkBan/reasonBytesMax`` bytes.
    /// - Throws: ``NetworkRefusal/malformed(_:)``, ``NetworkRefusal/protected(_:)`` for a
    ///   validator of this epoch or the next.
    func ban(
        _ peer: String, reason: String, milliseconds: UInt64
    ) async throws(NetworkRefusal)

    /// Lets a peer in again.
    ///
    /// - Throws: ``NetworkRefusal/malformed(_:)``, ``NetworkRefusal/unknown(_:)`` when it is not
    ///   banned.
    func pardon(_ peer: String) async throws(NetworkRefusal)
}

/// Why something about the network cannot be done.
public enum NetworkRefusal: Error, Hashable, Sendable {
    /// The text is neither a name nor an address.
    case malformed(String)
    /// No such peer, or no such ban.
    case unknown(String)
    /// The peer is one that the node needs.
    case protected(String)
    /// The peer is banned.
    case banned(String)
    /// There is no room for more of the kind.
    case tooMany(String)
    /// The peer does not answer, with the reason.
    case unreachable(String)
}
