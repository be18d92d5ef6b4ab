// SPDX-License-Identifier: Apache-2.0

/// All addresses that begin with the same bits.
public struct IPSubnet: Hashable, Sendable, CustomStringConvertible {
    /// The address whose other bits are all 0.
    public let base: IPAddress
    /// How many bits are the same: at most the family's.
    public let prefix: Int

    /// The subnet that an address lies in.
    ///
    /// - Parameter prefix: How many bits are the same; nil for more than the address has.
    public init?(_ address: IPAddress, prefix: Int) {
        guard (0...address.family.bits).contains(prefix) else { return nil }
        base = IPAddress(
            address.family, address.value & ~Self.rest(address.family, prefix))
        self.prefix = prefix
    }

    /// Reads `10.0.0.0/8`; bits of the address beyond the prefix are let go.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count <= 3,
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let address = IPAddress(parts[0]), let prefix = Int(parts[1])
        else { return nil }
        self.init(address, prefix: prefix)
    }

    private static func rest(_ family: IPAddress.Family, _ prefix: Int) -> UInt128 {
        let free = family.bits - prefix
        return free >= 128 ? .max : (UInt128(1) << UInt128(free)) - 1
    }

    /// The protocol of its addresses.
    public var family: IPAddress.Family { base.family }

    /// The last address.
    public var last: IPAddress { IPAddress(family, base.value | Self.rest(family, prefix)) }

    /// Whether an address lies in it.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && address >= base && address <= last
    }

    /// Whether the whole of another lies in it.
    public func contains(_ other: IPSubnet) -> Bool {
        other.prefix >= prefix && contains(other.base)
    }

    /// Whether any address lies in both.
    public func overlaps(_ other: IPSubnet) -> Bool {
        contains(other.base) || other.contains(base)
    }

    /// `10.0.0.0/8`
    public var description: String { "\(base)/\(prefix)" }
}
