// SPDX-License-Identifier: Apache-2.0
import Effects

/// Which IP addresses belong to the public Internet, where a subnet has one owner.
enum PublicAddress {
    /// Whether an address of four or sixteen bytes is none of the special ones (RFC 6890).
    static func isPublic(_ ip: [UInt8]) -> Bool {
        guard ip.count == 4 else {
            // 2000::/3 without the documentation prefix.
            return ip.count == 16 && ip[0] & 0xe0 == 0x20
                && Array(ip.prefix(4)) != [0x20, 0x01, 0x0d, 0xb8]
        }
        switch (ip[0], ip[1]) {
        case (0, _), (10, _), (127, _), (169, 254), (192, 168), (224..., _): return false
        case (100, 64...127), (172, 16...31), (198, 18...19): return false
        default: return true
        }
    }

    /// Whether an endpoint is one of a machine that has private addresses alone, so that a NAT
    /// stands between it and the Internet, or nobody does.
    static func isPrivate(_ endpoint: Endpoint, _ network: any Network) -> Bool {
        let hosts = ListenedAddress.all(of: endpoint, network).compactMap(\.ip)
        return !hosts.isEmpty && hosts.allSatisfy { !isPublic($0) && !isLoopback($0) }
    }

    /// Whether an address is this machine's own.
    static func isLoopback(_ ip: [UInt8]) -> Bool {
        ip.count == 4 ? ip[0] == 127 : ip.dropLast().allSatisfy { $0 == 0 } && ip.last == 1
    }
}
