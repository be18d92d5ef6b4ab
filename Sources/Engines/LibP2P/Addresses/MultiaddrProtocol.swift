// SPDX-License-Identifier: Apache-2.0

/// The protocols an address here may be made of, with their codes.
///
/// Source: multiformats multiaddr, protocols.csv; LIBP-10.
public enum MultiaddrProtocol: UInt64, CaseIterable, Sendable {
    case ip4 = 4
    case tcp = 6
    case ip6 = 41
    case ip6zone = 42
    case dns = 53
    case dns4 = 54
    case dns6 = 55
    case dnsaddr = 56
    case udp = 273
    case p2pCircuit = 290
    case p2p = 421
    case tls = 448
    case sni = 449
    case noise = 454
    case quic = 460
    case quicV1 = 461
    case ws = 477
    case wss = 478

    /// How it is written between slashes.
    public var name: String {
        switch self {
        case .ip4: "ip4"
        case .tcp: "tcp"
        case .ip6: "ip6"
        case .ip6zone: "ip6zone"
        case .dns: "dns"
        case .dns4: "dns4"
        case .dns6: "dns6"
        case .dnsaddr: "dnsaddr"
        case .udp: "udp"
        case .p2pCircuit: "p2p-circuit"
        case .p2p: "p2p"
        case .tls: "tls"
        case .sni: "sni"
        case .noise: "noise"
        case .quic: "quic"
        case .quicV1: "quic-v1"
        case .ws: "ws"
        case .wss: "wss"
        }
    }

    /// The protocol of a name; `ipfs` is the former name of `p2p`.
    init?(name: some StringProtocol) {
        if name == "ipfs" {
            self = .p2p
            return
        }
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// What a value of this protocol is.
    enum Shape {
        case none
        case fixed(Int)
        case text
        case peer
    }

    var shape: Shape {
        switch self {
        case .ip4: .fixed(4)
        case .ip6: .fixed(16)
        case .tcp, .udp: .fixed(2)
        case .ip6zone, .dns, .dns4, .dns6, .dnsaddr, .sni: .text
        case .p2p: .peer
        case .p2pCircuit, .tls, .noise, .quic, .quicV1, .ws, .wss: .none
        }
    }
}
