// SPDX-License-Identifier: Apache-2.0
public import Effects
public import Vocabulary

/// Who a peer is and where it listens.
public struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The peer's Ed25519 identity: what it must prove to own.
    public let publicKey: PublicKey
    /// Where to dial it.
    public let endpoint: Endpoint

    /// Joins key and place.
    public init(publicKey: PublicKey, endpoint: Endpoint) {
        self.publicKey = publicKey
        self.endpoint = endpoint
    }

    /// Reads `<64 hexadecimal digits>@host:port`.
    public init?(_ text: String) {
        guard let at = text.firstIndex(of: "@"),
            let key = PublicKey(hexadecimal: String(text[..<at])),
            let endpoint = Endpoint(String(text[text.index(after: at)...]))
        else { return nil }
        self.init(publicKey: key, endpoint: endpoint)
    }

    /// `<64 hexadecimal digits>@host:port`.
    public var description: String { "\(publicKey)@\(endpoint)" }
}

/// A connected peer, as it has proved and said.
public struct PeerInfo: Hashable, Sendable {
    /// Its Ed25519 identity, proved in the handshake.
    public let publicKey: PublicKey
    /// What it says it does; proves nothing.
    public let roles: PeerRoles
    /// The other end of the stream.
    public let remote: Endpoint
    /// Whether this node dialled.
    public let isOutbound: Bool
    /// Whether it is outside the configured list.
    public let isGuest: Bool

    /// Describes a peer.
    public init(
        publicKey: PublicKey, roles: PeerRoles, remote: Endpoint, isOutbound: Bool, isGuest: Bool
    ) {
        self.publicKey = publicKey
        self.roles = roles
        self.remote = remote
        self.isOutbound = isOutbound
        self.isGuest = isGuest
    }
}
