// SPDX-License-Identifier: Apache-2.0

/// An interface, as the kernel lists it.
public struct LinkEntry: Hashable, Sendable {
    /// Its number.
    public let index: UInt32
    /// Its name.
    public let name: String
    /// The number of the bridge it is below; 0 for none.
    public let master: UInt32
    /// What it is, such as `bridge` or `veth`; empty for hardware.
    public let kind: String
    /// Its hardware address; empty where it has none.
    public let hardware: [UInt8]

    /// Reads a message; nil when it is about something else.
    ///
    /// - Throws: ``WiringFailure/malformed``.
    public init?(_ message: NetlinkMessage) throws(WiringFailure) {
        guard message.kind == NetlinkKind.newLink else { return nil }
        let attributes = try message.attributes(after: 16)
        guard let index = message.body[...].machineNumber(UInt32.self, at: 4),
            let name = attributes.first(LinkAttribute.name)?.text, !name.isEmpty
        else { throw .malformed }
        self.index = index
        self.name = name
        master = attributes.first(LinkAttribute.master)?.number(UInt32.self) ?? 0
        hardware = attributes.first(LinkAttribute.address)?.content ?? []
        let information = try attributes.first(LinkAttribute.information)?.children() ?? []
        kind = information.first(LinkAttribute.informationKind)?.text ?? ""
    }
}

/// A way of the machine's main table, as the kernel lists it.
public struct RouteEntry: Hashable, Sendable {
    /// Where it leads.
    public let destination: IPSubnet
    /// The number of the interface it goes over; 0 for none.
    public let interface: UInt32

    /// Reads a message; nil when it is about something else, or another table's.
    ///
    /// - Throws: ``WiringFailure/malformed``.
    public init?(_ message: NetlinkMessage) throws(WiringFailure) {
        guard message.kind == NetlinkKind.newRoute else { return nil }
        let attributes = try message.attributes(after: 12)
        let table =
            attributes.first(RouteAttribute.table)?.number(UInt32.self) ?? UInt32(message.body[4])
        guard table == RouteAttribute.mainTable else { return nil }
        let family: IPAddress.Family
        switch message.body[0] {
        case IPAddress.Family.four.number: family = .four
        case IPAddress.Family.six.number: family = .six
        default: return nil
        }
        let bytes = attributes.first(RouteAttribute.destination)?.content
        let address = bytes.map { IPAddress(bytes: $0) } ?? IPAddress(family, 0)
        guard let address, address.family == family,
            let destination = IPSubnet(address, prefix: Int(message.body[1]))
        else { throw .malformed }
        self.destination = destination
        interface = attributes.first(RouteAttribute.outInterface)?.number(UInt32.self) ?? 0
    }
}
