// SPDX-License-Identifier: Apache-2.0
public import Effects

extension Multiaddr {
    /// An address of a TCP port, with a peer's name behind it when there is one.
    ///
    /// A host that is no IP address is taken for a name.
    public init(_ endpoint: Endpoint, peer: PeerID? = nil) {
        let host: Component
        if let bytes = IPText.ip4(endpoint.host) {
            host = Component(.ip4, bytes)
        } else if let bytes = IPText.ip6(endpoint.host) {
            host = Component(.ip6, bytes)
        } else {
            host = Component(.dns, Array(endpoint.host.utf8.prefix(Self.nameBytesMax)))
        }
        let port = [UInt8(endpoint.port >> 8), UInt8(truncatingIfNeeded: endpoint.port)]
        var components = [host, Component(.tcp, port)]
        if let peer { components.append(Component(.p2p, peer.bytes)) }
        self.init(components)
    }

    /// Where to dial, when this is a plain TCP address.
    public var endpoint: Endpoint? {
        let parts = withoutPeer.components
        guard parts.count == 2, parts[1].name == .tcp else { return nil }
        let host: String
        switch parts[0].name {
        case .ip4: host = IPText.text(ip4: parts[0].value)
        case .ip6: host = IPText.text(ip6: parts[0].value)
        case .dns, .dns4, .dns6: host = String(decoding: parts[0].value, as: UTF8.self)
        default: return nil
        }
        return Endpoint(
            host: host, port: UInt16(parts[1].value[0]) << 8 | UInt16(parts[1].value[1]))
    }

    /// The text of four or sixteen bytes of an IP address.
    public static func host(of ip: [UInt8]) -> String {
        ip.count == 4 ? IPText.text(ip4: ip) : IPText.text(ip6: ip)
    }

    /// The IP address it begins with.
    public var ip: [UInt8]? {
        guard let first = components.first, first.name == .ip4 || first.name == .ip6 else {
            return nil
        }
        return first.value
    }

    /// The peer at its end.
    public var peer: PeerID? {
        guard let last = components.last, last.name == .p2p else { return nil }
        return try? PeerID(last.value)
    }

    /// The address without the peer at its end.
    public var withoutPeer: Multiaddr {
        guard components.count > 1, components.last?.name == .p2p else { return self }
        return Multiaddr(Array(components.dropLast()))
    }

    /// The address with this peer at its end.
    public func with(peer: PeerID) -> Multiaddr {
        Multiaddr(withoutPeer.components + [Component(.p2p, peer.bytes)])
    }

    /// The way through a relay: the relay's address with the relay's name, when this is one.
    public var relay: Multiaddr? {
        guard let index = components.firstIndex(where: { $0.name == .p2pCircuit }), index > 0
        else { return nil }
        return Multiaddr(Array(components[..<index]))
    }

    /// The address of `peer` through the relay that this address leads to.
    public func through(to peer: PeerID?) -> Multiaddr {
        let circuit = components + [Component(.p2pCircuit)]
        guard let peer else { return Multiaddr(circuit) }
        return Multiaddr(circuit + [Component(.p2p, peer.bytes)])
    }
}
