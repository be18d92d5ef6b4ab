// SPDX-License-Identifier: Apache-2.0
import Effects

/// What a listening endpoint means to others, and which one a dial begins at.
///
/// Source: LIBP-55.
enum ListenedAddress {
    /// The addresses others may dial: those of all interfaces, for an endpoint on all of them.
    ///
    /// Those of the link alone are left out, since without a zone nobody can dial them, and this
    /// machine's own unless there are no others.
    static func all(of endpoint: Endpoint, _ network: any Network) -> [Multiaddr] {
        guard isUnspecified(endpoint.host), let interfaces = try? network.interfaces() else {
            return [Multiaddr(endpoint)]
        }
        // Who listens on all of IPv6 hears IPv4 too (ipv6(7)).
        let hasSix = IPText.ip6(endpoint.host) != nil
        let hosts = interfaces.flatMap(\.addresses).filter { host in
            guard let ip = IPText.ip6(host) else { return true }
            return hasSix && !isLinkLocal(ip)
        }
        let outer = hosts.filter { ip($0).map { !PublicAddress.isLoopback($0) } ?? true }
        return (outer.isEmpty ? hosts : outer)
            .map { Multiaddr(Endpoint(host: $0, port: endpoint.port)) }
    }

    /// Where a dial begins, of those that are listened on: where the same family is spoken, and
    /// where the way out leads.
    static func source(among listening: [Endpoint], for target: Endpoint) -> Endpoint? {
        guard let ip = ip(target.host) else { return nil }
        return listening.first { endpoint in
            guard let own = Self.ip(endpoint.host), own.count == ip.count else { return false }
            if isUnspecified(endpoint.host) { return true }
            return PublicAddress.isLoopback(own) == PublicAddress.isLoopback(ip)
        }
    }

    private static func ip(_ host: String) -> [UInt8]? { IPText.ip4(host) ?? IPText.ip6(host) }

    private static func isUnspecified(_ host: String) -> Bool {
        ip(host)?.allSatisfy { $0 == 0 } ?? false
    }

    private static func isLinkLocal(_ ip: [UInt8]) -> Bool { ip[0] == 0xfe && ip[1] & 0xc0 == 0x80 }
}
