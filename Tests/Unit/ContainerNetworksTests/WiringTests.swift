// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ContainerNetworks

/// Bridges and rules in namespaces of the tests' own.
@Suite("Wiring", .enabled(if: NetworkMachine.isReady, NetworkMachine.reason))
struct WiringTests {
    private static func name(_ text: String) -> InterfaceName {
        guard let name = InterfaceName(text) else { preconditionFailure("\(text) is a name") }
        return name
    }

    private static func address(_ text: String) -> InterfaceAddress {
        guard let address = IPAddress(text.split(separator: "/")[0]), let subnet = IPSubnet(text)
        else { preconditionFailure("\(text) is an address") }
        return InterfaceAddress(address, in: subnet)
    }

    private static let bridge = BridgePlan(
        name: name("atb0"), hardware: HardwareAddress(chosen: [0, 0, 0, 0, 1]),
        addresses: [address("10.99.0.1/24"), address("fd99::1/64")], isForwarding: true)

    private static func plug(_ number: UInt8) -> PlugPlan {
        let inner = address("10.99.0.\(number)/24")
        return PlugPlan(
            bridge: bridge.name, outer: name("atv\(number)"), inner: name("eth0"),
            hardware: HardwareAddress(of: inner.address), mtu: 1_400,
            addresses: [inner, address("fd99::\(number)/64")],
            incoming: TrafficRate("10mbit"), outgoing: TrafficRate("5gbit"))
    }

    @Test("a bridge is made once, with addresses and ways, and goes without a trace (NETWORKS-1)")
    func bridges() throws {
        try OwnNetwork.run {
            let before = try BridgeWiring.links()
            #expect(try BridgeWiring.make(Self.bridge))
            #expect(try !BridgeWiring.make(Self.bridge), "again is fine")
            let made = try #require(try BridgeWiring.links().first { $0.name == "atb0" })
            #expect(made.kind == "bridge")
            let reached = try BridgeWiring.reachedSubnets().map(\.description)
            #expect(reached.contains("10.99.0.0/24") && reached.contains("fd99::/64"))
            #expect(try BridgeWiring.reachedSubnets(ignoring: ["atb0"]).isEmpty)
            #expect(KernelSwitch.value("ipv4/ip_forward") == "1")
            try BridgeWiring.remove(Self.bridge)
            try BridgeWiring.remove(Self.bridge)
            #expect(try BridgeWiring.links() == before)
        }
    }

    @Test("an interface of a bridge's name that is another's stays as it is")
    func others() throws {
        try OwnNetwork.run {
            var other = Self.bridge
            other.hardware = HardwareAddress(chosen: [9, 9, 9, 9, 9])
            try BridgeWiring.make(other)
            let before = try BridgeWiring.links()
            #expect(throws: WiringFailure.self) { try BridgeWiring.make(Self.bridge) }
            try BridgeWiring.remove(Self.bridge)
            #expect(try BridgeWiring.links() == before)
            var machine = Self.bridge
            machine.name = Self.name("lo")
            #expect(throws: WiringFailure.self) { try BridgeWiring.make(machine) }
        }
    }

    @Test("a container is plugged in, has its way out, and leaves nothing (NETWORKS-2, NETWORKS-9)")
    func plugs() throws {
        try OwnNetwork.run {
            let before = try BridgeWiring.links()
            try BridgeWiring.make(Self.bridge)
            let inside = try OwnNetwork.another()
            try BridgeWiring.plug(Self.plug(7), into: inside)
            let outer = try #require(try BridgeWiring.links().first { $0.name == "atv7" })
            let bridge = try #require(try BridgeWiring.links().first { $0.name == "atb0" })
            #expect(outer.master == bridge.index && outer.kind == "veth")
            try BridgeWiring.setDefaultRoutes(
                over: Self.bridge.addresses.map { ($0.address, Self.name("eth0")) }, in: inside)
            try inside.inside { () throws(WiringFailure) in
                let socket = try NetlinkSocket()
                #expect(try socket.links().map(\.name).contains("eth0"))
                let defaults = try socket.routes().filter { $0.destination.prefix == 0 }
                #expect(defaults.count == 2)
            }
            try BridgeWiring.setDefaultRoutes(over: [], in: inside)
            try inside.inside { () throws(WiringFailure) in
                #expect(try NetlinkSocket().routes().allSatisfy { $0.destination.prefix > 0 })
            }
            #expect(throws: WiringFailure.self) {
                var lost = Self.plug(8)
                lost.bridge = Self.name("nothing")
                try BridgeWiring.plug(lost, into: inside)
            }
            try BridgeWiring.remove(Self.plug(7).outer)
            try BridgeWiring.remove(Self.bridge)
            #expect(try BridgeWiring.links() == before)
        }
    }

    @Test("a plug that cannot be finished leaves nothing of the pair")
    func halves() throws {
        try OwnNetwork.run {
            try BridgeWiring.make(Self.bridge)
            let before = try BridgeWiring.links().count
            var wrong = Self.plug(7)
            // Every address of a subnet of IPv4 but its own gateway's can be given; this is none.
            wrong.addresses = [Self.address("0.0.0.0/24"), Self.address("255.255.255.255/8")]
            wrong.inner = Self.name("lo")
            #expect(throws: WiringFailure.self) {
                try BridgeWiring.plug(wrong, into: try OwnNetwork.another())
            }
            #expect(try BridgeWiring.links().count == before)
        }
    }

    @Test("rules are put in place of those before, wholly or not at all (NETWORKS-4)")
    func rules() throws {
        try OwnNetwork.run {
            let table = try #require(TableName("atoll_test"))
            var rules = RuleSet(
                bridges: [
                    RuleSet.Bridge(
                        name: Self.bridge.name, subnets: Self.bridge.addresses.map(\.subnet),
                        isInternal: false, masquerades: true),
                    RuleSet.Bridge(
                        name: Self.name("atb1"), subnets: [], isInternal: true, masquerades: true),
                ],
                publications: try ["10.99.0.7", "fd99::7"].flatMap { target in
                    try PortTransport.allCases.flatMap { transport in
                        try [nil, IPAddress(target)].map { host in
                            RuleSet.Publication(
                                transport: transport, host: host, hostPort: 8_080,
                                target: try #require(IPAddress(target)), targetPort: 80)
                        }
                    }
                })
            try RuleTable.apply(rules.text(table: table))
            try RuleTable.apply(rules.text(table: table))
            let broken = rules.text(table: table) + "add rule inet \(table) nowhere accept\n"
            #expect(throws: WiringFailure.self) { try RuleTable.apply(broken) }
            // Still there, since what was refused changed nothing.
            try RuleTable.apply("add rule inet \(table) ports accept\n")
            rules = RuleSet()
            try RuleTable.apply(rules.text(table: table))
            #expect(throws: WiringFailure.self) {
                try RuleTable.apply("add rule inet \(table) ports accept\n")
            }
            try RuleTable.apply(NameRules.text(datagrams: 1_000, streams: 2_000))
        }
    }
}
