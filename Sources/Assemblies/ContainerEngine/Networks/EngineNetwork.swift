// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import HTTPServer
import JSONText
import Vocabulary

/// A network as the engine remembers it.
struct EngineNetwork: Sendable {
    /// One of its subnets.
    struct Subnet: Hashable, Sendable {
        let subnet: IPSubnet
        let range: IPSubnet?
        let gateway: IPAddress
    }

    /// 64 hexadecimal digits.
    let id: String
    let name: String
    let created: Timestamp
    /// What the client asked for, whole.
    let body: JSON
    /// One of IPv4, and one of IPv6 where that was asked for.
    var subnets: [Subnet]

    var isUsual: Bool { name == NetworkMode.usual }
    var isInternal: Bool { body["Internal"]?.flag ?? false }
    var hasSix: Bool { subnets.contains { $0.subnet.family == .six } }
    /// Its file below the engine's root.
    var path: String { "networks/\(id).json" }
    var options: NetworkOptions { NetworkOptions(known: body["Options"]) }

    /// The interface of its bridge.
    var bridge: InterfaceName {
        let own = InterfaceName("atb" + id.prefix(12))
        guard let name = options.bridge ?? own else { preconditionFailure("an id is hexadecimal") }
        return name
    }

    /// How the bridge is made.
    var plan: BridgePlan {
        let digits = Array(id.utf8.prefix(5))
        return BridgePlan(
            name: bridge, hardware: HardwareAddress(chosen: digits),
            mtu: options.mtu ?? BridgePlan.mtuUsual,
            addresses: subnets.map { InterfaceAddress($0.gateway, in: $0.subnet) },
            isForwarding: !isInternal)
    }

    var ruled: RuleSet.Bridge {
        RuleSet.Bridge(
            name: bridge, subnets: subnets.map(\.subnet), isInternal: isInternal,
            masquerades: options.masquerades)
    }

    /// Its addresses, of which none is given yet.
    func pools() throws(EngineFailure) -> [AddressPool] {
        do throws(AddressRefusal) {
            var pools: [AddressPool] = []
            for own in subnets {
                pools.append(
                    try AddressPool(own.subnet, range: own.range, gateway: own.gateway))
            }
            return pools
        } catch {
            throw EngineFailure(error)
        }
    }

    // MARK: As it is kept

    var json: JSON {
        [
            "id": JSON(id), "name": JSON(name), "created": JSON(created.value), "body": body,
            "subnets": .array(
                subnets.map { own in
                    [
                        "subnet": JSON(own.subnet.description),
                        "range": own.range.map { JSON($0.description) } ?? .null,
                        "gateway": JSON(own.gateway.description),
                    ]
                }),
        ]
    }

    init(id: String, name: String, created: Timestamp, body: JSON, subnets: [Subnet]) {
        self.id = id
        self.name = name
        self.created = created
        self.body = body
        self.subnets = subnets
    }

    /// Reads what was kept; nil when it is not that.
    init?(_ json: JSON) {
        guard let id = json["id"]?.text, id.utf8.count == 64, let name = json["name"]?.text,
            let created = json["created"]?.unsigned, let body = json["body"],
            let elements = json["subnets"]?.elements
        else { return nil }
        let subnets = elements.compactMap { own -> Subnet? in
            guard let subnet = own["subnet"]?.text.flatMap({ IPSubnet($0) }),
                let gateway = own["gateway"]?.text.flatMap({ IPAddress($0) })
            else { return nil }
            return Subnet(
                subnet: subnet, range: own["range"]?.text.flatMap { IPSubnet($0) }, gateway: gateway
            )
        }
        guard subnets.count == elements.count else { return nil }
        self.init(
            id: id, name: name, created: Timestamp(created), body: body, subnets: subnets)
    }
}

extension EngineFailure {
    init(_ refusal: AddressRefusal) { self.init(403, "invalid pool request: \(refusal)") }

    init(_ failure: WiringFailure) {
        self.init(.internalError, "the network cannot be made: \(failure)")
    }

    static func noNetwork(_ name: String) -> EngineFailure {
        EngineFailure(.notFound, "network \(name) not found")
    }
}
