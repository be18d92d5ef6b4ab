// SPDX-License-Identifier: Apache-2.0

extension NetlinkRequest {
    /// Where one end of a pair is made: in an open network namespace, by the number of its file.
    struct PeerPlace {
        let name: String
        let hardware: HardwareAddress
        let namespaceFile: Int32
    }

    /// `struct ifinfomsg`.
    private static func link(_ index: UInt32 = 0, flags: UInt32 = 0, change: UInt32 = 0) -> [UInt8]
    {
        [0, 0, 0, 0] + index.machineBytes + flags.machineBytes + change.machineBytes
    }

    private static let createOnce =
        NetlinkFlag.acknowledge | NetlinkFlag.create | NetlinkFlag.exclusive

    /// Makes a bridge, which is down at first.
    static func makeBridge(
        _ name: InterfaceName, hardware: HardwareAddress, mtu: UInt32
    ) -> NetlinkRequest {
        NetlinkRequest(
            NetlinkKind.newLink, flags: createOnce, link(),
            [
                NetlinkAttribute(LinkAttribute.name, text: name.text),
                NetlinkAttribute(LinkAttribute.address, hardware.bytes),
                NetlinkAttribute(LinkAttribute.mtu, number: mtu),
                NetlinkAttribute(
                    LinkAttribute.information,
                    [NetlinkAttribute(LinkAttribute.informationKind, text: "bridge")]),
            ], doing: "make the bridge \(name)")
    }

    /// Makes a pair of interfaces, one end here below a bridge and one in another namespace.
    static func makePair(
        _ name: InterfaceName, below bridge: UInt32, mtu: UInt32, peer: PeerPlace
    ) -> NetlinkRequest {
        let attributes = [
            NetlinkAttribute(LinkAttribute.name, text: peer.name),
            NetlinkAttribute(LinkAttribute.address, peer.hardware.bytes),
            NetlinkAttribute(LinkAttribute.mtu, number: mtu),
            NetlinkAttribute(
                LinkAttribute.namespaceFile, number: UInt32(bitPattern: peer.namespaceFile)),
        ]
        let other = NetlinkAttribute(
            LinkAttribute.vethPeer, link() + NetlinkAttribute.encode(attributes))
        return NetlinkRequest(
            NetlinkKind.newLink, flags: createOnce, link(),
            [
                NetlinkAttribute(LinkAttribute.name, text: name.text),
                NetlinkAttribute(LinkAttribute.mtu, number: mtu),
                NetlinkAttribute(LinkAttribute.master, number: bridge),
                NetlinkAttribute(
                    LinkAttribute.information,
                    [
                        NetlinkAttribute(LinkAttribute.informationKind, text: "veth"),
                        NetlinkAttribute(LinkAttribute.informationData, [other]),
                    ]),
            ], doing: "make the interfaces \(name) and \(peer.name)")
    }

    /// Lets an interface carry traffic.
    static func setUp(_ index: UInt32) -> NetlinkRequest {
        NetlinkRequest(
            NetlinkKind.newLink, flags: NetlinkFlag.acknowledge,
            link(index, flags: LinkAttribute.up, change: LinkAttribute.up),
            doing: "set interface \(index) up")
    }

    /// Removes an interface, and with it the other end of a pair.
    static func deleteLink(_ index: UInt32) -> NetlinkRequest {
        NetlinkRequest(
            NetlinkKind.deleteLink, flags: NetlinkFlag.acknowledge, link(index),
            doing: "remove interface \(index)")
    }

    /// Asks for all interfaces.
    static let links = NetlinkRequest(
        NetlinkKind.getLink, flags: NetlinkFlag.dump, link(), doing: "list the interfaces")

    // MARK: Addresses and routes

    /// Gives an interface an address.
    static func addAddress(_ address: InterfaceAddress, to index: UInt32) -> NetlinkRequest {
        let value = address.address
        var attributes = [
            NetlinkAttribute(RouteAttribute.addressLocal, value.bytes),
            NetlinkAttribute(RouteAttribute.addressAddress, value.bytes),
            NetlinkAttribute(
                RouteAttribute.addressFlags, number: RouteAttribute.noDuplicateDetection),
        ]
        if value.family == .four {
            attributes.append(
                NetlinkAttribute(RouteAttribute.addressBroadcast, address.subnet.last.bytes))
        }
        return NetlinkRequest(
            NetlinkKind.newAddress,
            flags: NetlinkFlag.acknowledge | NetlinkFlag.create | NetlinkFlag.replace,
            [value.family.number, UInt8(address.subnet.prefix), 0, 0] + index.machineBytes,
            attributes, doing: "give \(value) to interface \(index)")
    }

    /// `struct rtmsg` of a route that an administrator makes.
    private static func route(_ destination: IPSubnet) -> [UInt8] {
        let mainTable: UInt8 = 254
        let boot: UInt8 = 3
        let unicast: UInt8 = 1
        return [
            destination.family.number, UInt8(destination.prefix), 0, 0, mainTable, boot, 0, unicast,
            0, 0, 0, 0,
        ]
    }

    private static func all(_ family: IPAddress.Family) -> IPSubnet? {
        IPSubnet(IPAddress(family, 0), prefix: 0)
    }

    /// Sends everything without a way of its own over a gateway.
    static func setDefaultRoute(
        over gateway: IPAddress, at index: UInt32
    ) throws(WiringFailure) -> NetlinkRequest {
        guard let all = all(gateway.family) else { throw .unfit("\(gateway)") }
        return NetlinkRequest(
            NetlinkKind.newRoute,
            flags: NetlinkFlag.acknowledge | NetlinkFlag.create | NetlinkFlag.replace, route(all),
            [
                NetlinkAttribute(RouteAttribute.gateway, gateway.bytes),
                NetlinkAttribute(RouteAttribute.outInterface, number: index),
            ], doing: "set the way over \(gateway)")
    }

    /// Takes the way of everything else away.
    static func deleteDefaultRoute(_ family: IPAddress.Family) throws(WiringFailure)
        -> NetlinkRequest
    {
        guard let all = all(family) else { throw .unfit("\(family)") }
        return NetlinkRequest(
            NetlinkKind.deleteRoute, flags: NetlinkFlag.acknowledge, route(all),
            doing: "take the way of everything else away")
    }

    /// Asks for all routes.
    static let routes = NetlinkRequest(
        NetlinkKind.getRoute, flags: NetlinkFlag.dump,
        [UInt8](repeating: 0, count: 12), doing: "list the routes")

    // MARK: Rates

    /// Lets at most so much leave an interface (a token bucket: `man 8 tc-tbf`).
    static func limit(_ index: UInt32, to rate: TrafficRate) -> NetlinkRequest {
        // struct tc_ratespec: cell_log, linklayer (Ethernet), overhead, cell_align, mpu, rate.
        let slow = UInt32(clamping: rate.bytesPerSecond)
        let spec: [UInt8] = [0, 1, 0, 0, 0, 0, 0, 0] + slow.machineBytes
        let none = [UInt8](repeating: 0, count: 12)
        // struct tc_tbf_qopt: rate, peakrate, limit, buffer, mtu.
        let parameters =
            spec + none + UInt32(clamping: rate.queueBytes).machineBytes
            + UInt32(0).machineBytes + UInt32(0).machineBytes
        return NetlinkRequest(
            NetlinkKind.newDiscipline,
            flags: NetlinkFlag.acknowledge | NetlinkFlag.create | NetlinkFlag.replace,
            [0, 0, 0, 0] + index.machineBytes + UInt32(0).machineBytes
                + DisciplineAttribute.root.machineBytes + UInt32(0).machineBytes,
            [
                NetlinkAttribute(DisciplineAttribute.kind, text: "tbf"),
                NetlinkAttribute(
                    DisciplineAttribute.options,
                    [
                        NetlinkAttribute(DisciplineAttribute.bucketParameters, parameters),
                        NetlinkAttribute(
                            DisciplineAttribute.bucketRate64, number: rate.bytesPerSecond),
                        NetlinkAttribute(
                            DisciplineAttribute.bucketBurst,
                            number: UInt32(clamping: rate.burstBytes)),
                    ]),
            ], doing: "limit interface \(index) to \(rate.bytesPerSecond) bytes a second")
    }
}

extension IPAddress.Family {
    /// AF_INET or AF_INET6.
    var number: UInt8 { self == .four ? 2 : 10 }
}
