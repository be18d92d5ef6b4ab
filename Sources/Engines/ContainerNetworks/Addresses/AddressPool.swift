// SPDX-License-Identifier: Apache-2.0

/// Why an address or a subnet cannot be had (NETWORKS-3).
public enum AddressRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody has it.
    case inUse(IPAddress)
    /// It does not lie where it should.
    case outside(IPAddress, IPSubnet)
    /// It is the subnet's own, or its gateway's.
    case reserved(IPAddress)
    /// Every address of the range is in use.
    case exhausted(IPSubnet)
    /// The subnet has no room for a gateway and a container.
    case tooSmall(IPSubnet)
    /// The machine reaches this by another way.
    case overlap(IPSubnet, with: IPSubnet)
    /// No subnet is left to choose.
    case noSubnet

    /// In words.
    public var description: String {
        switch self {
        case .inUse(let address): "Address already in use: \(address)"
        case .outside(let address, let subnet): "\(address) does not lie in \(subnet)"
        case .reserved(let address): "\(address) is the network's own or its gateway's"
        case .exhausted(let range): "no available addresses in \(range)"
        case .tooSmall(let subnet): "\(subnet) has no room for a gateway and a container"
        case .overlap(let subnet, let other):
            "Pool overlaps with other one on this address space: \(subnet) and \(other)"
        case .noSubnet: "all predefined address pools have been fully subnetted"
        }
    }
}

/// The addresses of a subnet, of which each is given to one at a time (NETWORKS-3).
///
/// One that is given back is the last to be given again, so that what others still remember of it
/// has time to go.
public struct AddressPool: Hashable, Sendable {
    /// Where all its addresses lie.
    public let subnet: IPSubnet
    /// Where those lie that are given to who names none.
    public let range: IPSubnet
    /// The machine's own in it.
    public let gateway: IPAddress
    private var used: Set<IPAddress> = []
    private var next: UInt128

    /// The addresses of a subnet.
    ///
    /// - Parameters:
    ///   - range: A part of the subnet; all of it unless told.
    ///   - gateway: An address of the subnet; the first unless told.
    /// - Throws: ``AddressRefusal/tooSmall(_:)``, ``AddressRefusal/outside(_:_:)``,
    ///   ``AddressRefusal/reserved(_:)``.
    public init(
        _ subnet: IPSubnet, range: IPSubnet? = nil, gateway: IPAddress? = nil
    ) throws(AddressRefusal) {
        guard subnet.prefix <= subnet.family.bits - 2 else { throw .tooSmall(subnet) }
        let range = range ?? subnet
        guard subnet.contains(range) else { throw .outside(range.base, subnet) }
        let gateway = gateway ?? IPAddress(subnet.family, subnet.base.value + 1)
        guard subnet.contains(gateway) else { throw .outside(gateway, subnet) }
        guard gateway != subnet.base, !Self.isBroadcast(gateway, subnet) else {
            throw .reserved(gateway)
        }
        self.subnet = subnet
        self.range = range
        self.gateway = gateway
        next = range.base.value
    }

    /// The last address of a subnet of IPv4 means everybody.
    private static func isBroadcast(_ address: IPAddress, _ subnet: IPSubnet) -> Bool {
        subnet.family == .four && address == subnet.last
    }

    private func isReserved(_ address: IPAddress) -> Bool {
        address == subnet.base || address == gateway || Self.isBroadcast(address, subnet)
    }

    /// How many are given.
    public var usedCount: Int { used.count }

    /// Gives a free address of the range.
    ///
    /// - Throws: ``AddressRefusal/exhausted(_:)``.
    /// - Complexity: As many steps as addresses are in use.
    public mutating func take() throws(AddressRefusal) -> IPAddress {
        // Each step passes over one that is in use or one of three that are reserved.
        for _ in 0..<used.count + 4 {
            let address = IPAddress(range.family, next)
            next = address == range.last ? range.base.value : next + 1
            if !isReserved(address), used.insert(address).inserted { return address }
        }
        throw .exhausted(range)
    }

    /// Gives a certain address of the subnet.
    ///
    /// - Throws: ``AddressRefusal``.
    public mutating func take(_ address: IPAddress) throws(AddressRefusal) {
        guard subnet.contains(address) else { throw .outside(address, subnet) }
        guard !isReserved(address) else { throw .reserved(address) }
        guard used.insert(address).inserted else { throw .inUse(address) }
    }

    /// Takes an address back; one that nobody has is fine.
    public mutating func giveBack(_ address: IPAddress) { used.remove(address) }
}
