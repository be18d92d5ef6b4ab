// SPDX-License-Identifier: Apache-2.0

/// Chooses subnets for networks that name none (NETWORKS-3).
public enum SubnetChoice {
    /// Where subnets of IPv4 are chosen from, and how many bits each shares: 240 of 4,096 addresses
    /// and 256 of 256, from what RFC 1918 leaves to everybody.
    private static let pools: [(from: String, prefix: Int, count: UInt128)] = [
        ("172.17.0.0", 20, 240), ("192.168.0.0", 24, 256),
    ]
    /// How many subnets of IPv6 one machine chooses from.
    private static let sixCount: UInt128 = 65_536

    /// A subnet of IPv4 that shares no address with others.
    ///
    /// - Throws: ``AddressRefusal/noSubnet``.
    public static func four(avoiding others: [IPSubnet]) throws(AddressRefusal) -> IPSubnet {
        for pool in pools {
            guard let first = IPAddress(pool.from) else { continue }
            if let found = free(from: first, pool.prefix, pool.count, others) { return found }
        }
        throw .noSubnet
    }

    /// A subnet of IPv6 below the machine's own 48 bits (RFC 4193) that shares no address with
    /// others.
    ///
    /// - Parameter site: 40 random bits that a machine keeps.
    /// - Throws: ``AddressRefusal/noSubnet``.
    public static func six(
        site: UInt64, avoiding others: [IPSubnet]
    ) throws(AddressRefusal) -> IPSubnet {
        let first = UInt128(0xFD) << 120 | UInt128(site & 0xFF_FFFF_FFFF) << 80
        guard let found = free(from: IPAddress(.six, first), 64, sixCount, others) else {
            throw .noSubnet
        }
        return found
    }

    private static func free(
        from first: IPAddress, _ prefix: Int, _ count: UInt128, _ others: [IPSubnet]
    ) -> IPSubnet? {
        let step = UInt128(1) << UInt128(first.family.bits - prefix)
        for number in 0..<min(count, UInt128(others.count) * 4_096 + 1) {
            let address = IPAddress(first.family, first.value + number * step)
            guard let subnet = IPSubnet(address, prefix: prefix) else { return nil }
            if !others.contains(where: { $0.overlaps(subnet) }) { return subnet }
        }
        return nil
    }
}
