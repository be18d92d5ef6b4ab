// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A bridge that containers of one network are plugged into.
public struct BridgePlan: Hashable, Sendable {
    /// Its interface on the machine.
    public var name: InterfaceName
    /// Its own hardware address.
    public var hardware: HardwareAddress
    /// The longest packet; 1,280 at least, as IPv6 needs it.
    public var mtu: UInt32
    /// The machine's addresses in the network: its gateways.
    public var addresses: [InterfaceAddress]
    /// Whether packets may leave it for elsewhere.
    public var isForwarding: Bool

    /// The longest packet of Ethernet unless told.
    public static let mtuUsual: UInt32 = 1_500
    /// What the kernel lets a bridge be.
    public static let mtuRange: ClosedRange<UInt32> = 1_280...65_535

    /// Joins the parts.
    public init(
        name: InterfaceName, hardware: HardwareAddress, mtu: UInt32 = mtuUsual,
        addresses: [InterfaceAddress], isForwarding: Bool
    ) {
        self.name = name
        self.hardware = hardware
        self.mtu = mtu
        self.addresses = addresses
        self.isForwarding = isForwarding
    }
}

/// A container's place at a bridge.
public struct PlugPlan: Hashable, Sendable {
    /// The bridge.
    public var bridge: InterfaceName
    /// The machine's end of the pair.
    public var outer: InterfaceName
    /// The container's end.
    public var inner: InterfaceName
    /// The hardware address of the container's end.
    public var hardware: HardwareAddress
    /// The longest packet.
    public var mtu: UInt32
    /// The container's addresses.
    public var addresses: [InterfaceAddress]
    /// What may come in and what may go out in a second; nil for all there is.
    public var incoming: TrafficRate?
    /// See ``incoming``.
    public var outgoing: TrafficRate?

    /// Joins the parts.
    public init(
        bridge: InterfaceName, outer: InterfaceName, inner: InterfaceName,
        hardware: HardwareAddress, mtu: UInt32, addresses: [InterfaceAddress],
        incoming: TrafficRate? = nil, outgoing: TrafficRate? = nil
    ) {
        self.bridge = bridge
        self.outer = outer
        self.inner = inner
        self.hardware = hardware
        self.mtu = mtu
        self.addresses = addresses
        self.incoming = incoming
        self.outgoing = outgoing
    }
}

/// Makes bridges, pairs, addresses and ways in the kernel (NETWORKS-1, NETWORKS-2).
///
/// Every call waits for the kernel, a millisecond at most, and does what is missing only: again is
/// fine.
public enum BridgeWiring {
    /// Makes a bridge as it should be.
    ///
    /// - Returns: Whether it was not there before.
    /// - Throws: ``WiringFailure``, also where an interface of that name is another's.
    @discardableResult
    public static func make(_ plan: BridgePlan) throws(WiringFailure) -> Bool {
        let socket = try NetlinkSocket()
        let known = try existing(plan, socket)
        guard known?.isOwn ?? true else {
            throw .kernel("make the bridge \(plan.name)", EEXIST, words: "it is another's")
        }
        let isNew = known == nil
        if isNew {
            try socket.ask(
                .makeBridge(plan.name, hardware: plan.hardware, mtu: plan.mtu))
        }
        guard let index = socket.index(of: plan.name) else { throw .malformed }
        do throws(WiringFailure) {
            try prepare(plan)
            for address in plan.addresses { try socket.ask(.addAddress(address, to: index)) }
            try socket.ask(.setUp(index))
        } catch {
            if isNew { _ = try? socket.ask(.deleteLink(index)) }
            throw error
        }
        return isNew
    }

    /// The interface of a bridge's name, and whether it is that bridge: one with its address.
    private static func existing(
        _ plan: BridgePlan, _ socket: NetlinkSocket
    ) throws(WiringFailure) -> (index: UInt32, isOwn: Bool)? {
        guard socket.index(of: plan.name) != nil else { return nil }
        return try socket.links().first { $0.name == plan.name.text }.map { link in
            (link.index, link.kind == "bridge" && link.hardware == plan.hardware.bytes)
        }
    }

    /// Removes a bridge; none is fine, and so is another's interface of its name, which stays.
    ///
    /// - Throws: ``WiringFailure``.
    public static func remove(_ plan: BridgePlan) throws(WiringFailure) {
        let socket = try NetlinkSocket()
        guard let known = try existing(plan, socket), known.isOwn else { return }
        try delete(known.index, socket)
    }

    private static func prepare(_ plan: BridgePlan) throws(WiringFailure) {
        // Published ports are reached from the machine's own 127.0.0.1 too (NETWORKS-6).
        try KernelSwitch.set("ipv4/conf/\(plan.name)/route_localnet", "1")
        let six = "ipv6/conf/\(plan.name)"
        let hasSix = plan.addresses.contains { $0.address.family == .six }
        if KernelSwitch.value("\(six)/accept_ra") != nil {
            // What a container says about ways is not for the machine.
            try KernelSwitch.set("\(six)/accept_ra", "0")
            try KernelSwitch.set("\(six)/disable_ipv6", hasSix ? "0" : "1")
        }
        guard plan.isForwarding else { return }
        try KernelSwitch.set("ipv4/ip_forward", "1")
        if hasSix { try forwardSix() }
    }

    /// A machine that forwards IPv6 no longer hears of its own ways, unless it is told to
    /// (linux/Documentation/networking/ip-sysctl, accept_ra).
    private static func forwardSix() throws(WiringFailure) {
        guard KernelSwitch.value("ipv6/conf/all/forwarding") == "0" else { return }
        for link in try NetlinkSocket().links()
        where KernelSwitch.value("ipv6/conf/\(link.name)/accept_ra") == "1" {
            try KernelSwitch.set("ipv6/conf/\(link.name)/accept_ra", "2")
        }
        try KernelSwitch.set("ipv6/conf/all/forwarding", "1")
    }

    /// Removes an interface, with the other end of a pair; none is fine.
    ///
    /// - Throws: ``WiringFailure``.
    public static func remove(_ name: InterfaceName) throws(WiringFailure) {
        let socket = try NetlinkSocket()
        guard let index = socket.index(of: name) else { return }
        try delete(index, socket)
    }

    private static func delete(_ index: UInt32, _ socket: NetlinkSocket) throws(WiringFailure) {
        do throws(WiringFailure) {
            try socket.ask(.deleteLink(index))
        } catch {
            // Gone between the two: the namespace of the other end has ended.
            guard error.number == ENODEV || error.number == ENOENT else { throw error }
        }
    }

    /// Plugs a container into a bridge.
    ///
    /// - Throws: ``WiringFailure``; nothing of the pair is left then.
    public static func plug(
        _ plan: PlugPlan, into namespace: NetworkNamespace
    ) throws(WiringFailure) {
        let socket = try NetlinkSocket()
        guard let bridge = socket.index(of: plan.bridge) else {
            throw .kernel("find the bridge \(plan.bridge)", ENODEV, words: "")
        }
        try remove(plan.outer)
        try socket.ask(
            .makePair(
                plan.outer, below: bridge, mtu: plan.mtu,
                peer: NetlinkRequest.PeerPlace(
                    name: plan.inner.text, hardware: plan.hardware, namespaceFile: namespace.file)))
        do throws(WiringFailure) {
            guard let outer = socket.index(of: plan.outer) else { throw .malformed }
            if let rate = plan.incoming { try socket.ask(.limit(outer, to: rate)) }
            if KernelSwitch.value("ipv6/conf/\(plan.outer)/disable_ipv6") != nil {
                try KernelSwitch.set("ipv6/conf/\(plan.outer)/disable_ipv6", "1")
            }
            try socket.ask(.setUp(outer))
            try namespace.inside { () throws(WiringFailure) in try prepareInside(plan) }
        } catch {
            try? remove(plan.outer)
            throw error
        }
    }

    private static func prepareInside(_ plan: PlugPlan) throws(WiringFailure) {
        let socket = try NetlinkSocket()
        guard let inner = socket.index(of: plan.inner) else { throw .malformed }
        let hasSix = plan.addresses.contains { $0.address.family == .six }
        if KernelSwitch.value("ipv6/conf/\(plan.inner)/disable_ipv6") != nil {
            try KernelSwitch.set("ipv6/conf/\(plan.inner)/disable_ipv6", hasSix ? "0" : "1")
            try KernelSwitch.set("ipv6/conf/\(plan.inner)/accept_ra", "0")
        }
        for address in plan.addresses { try socket.ask(.addAddress(address, to: inner)) }
        if let rate = plan.outgoing { try socket.ask(.limit(inner, to: rate)) }
        try socket.ask(.setUp(inner))
    }

    /// Sends what a container says to elsewhere over these gateways, one of each family at most;
    /// what has none has no way.
    ///
    /// - Throws: ``WiringFailure``.
    public static func setDefaultRoutes(
        over gateways: [(gateway: IPAddress, interface: InterfaceName)],
        in namespace: NetworkNamespace
    ) throws(WiringFailure) {
        try namespace.inside { () throws(WiringFailure) in
            let socket = try NetlinkSocket()
            for family in [IPAddress.Family.four, .six] {
                guard let way = gateways.first(where: { $0.gateway.family == family }) else {
                    // No such way is what is wanted.
                    _ = try? socket.ask(try .deleteDefaultRoute(family))
                    continue
                }
                guard let index = socket.index(of: way.interface) else { throw .malformed }
                try socket.ask(try .setDefaultRoute(over: way.gateway, at: index))
            }
        }
    }

    /// The interfaces of the calling thread's namespace.
    ///
    /// - Throws: ``WiringFailure``.
    public static func links() throws(WiringFailure) -> [LinkEntry] {
        try NetlinkSocket().links()
    }

    /// What the machine reaches by ways of its own, without the way of everything else.
    ///
    /// - Parameter ignored: Interfaces whose ways do not count.
    /// - Throws: ``WiringFailure``.
    public static func reachedSubnets(
        ignoring ignored: Set<String> = []
    ) throws(WiringFailure) -> [IPSubnet] {
        let socket = try NetlinkSocket()
        let passed = Set(try socket.links().filter { ignored.contains($0.name) }.map(\.index))
        // Every interface has fe80::/10, and ff00::/8 is for groups.
        return try socket.routes().filter { route in
            route.destination.prefix > 0 && !passed.contains(route.interface)
                && !(route.destination.family == .six
                    && route.destination.base.bytes[0] >= 0xFE)
        }.map(\.destination)
    }
}
