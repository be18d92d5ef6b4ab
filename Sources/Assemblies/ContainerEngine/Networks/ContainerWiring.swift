// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import Effects
import JSONText

/// What a container has and wants of networks, as the engine remembers it.
struct ContainerWiring: Sendable {
    /// Its place in one network.
    struct Place: Sendable {
        /// The network's id.
        let network: String
        /// What the client asked for: `EndpointsConfig`.
        let wish: JSON
        /// What it has while it runs.
        var lease: Lease?

        var aliases: [String] { ContainerOptions.texts(wish["Aliases"]) ?? [] }

        /// An address that the client chose.
        func chosen(_ family: IPAddress.Family) -> IPAddress? {
            let own = wish["IPAMConfig"]
            let text = own?[family == .four ? "IPv4Address" : "IPv6Address"]?.text
            return text.flatMap { IPAddress($0) }
        }
    }

    /// Addresses and interfaces while a container runs.
    struct Lease: Hashable, Sendable {
        /// 64 hexadecimal digits.
        let id: String
        let addresses: [IPAddress]
        let hardware: HardwareAddress
        let inner: InterfaceName

        /// The machine's end of the pair.
        var outer: InterfaceName {
            guard let name = InterfaceName("atv" + id.prefix(12)) else {
                preconditionFailure("an id is hexadecimal")
            }
            return name
        }

        func address(_ family: IPAddress.Family) -> IPAddress? {
            addresses.first { $0.family == family }
        }
    }

    let id: String
    var name: String
    let mode: NetworkMode
    var places: [Place]
    let ports: [PortWish]
    /// What it exposes and does not publish.
    let exposed: [ContainerPort]
    /// The machine's ports it has while it runs.
    var grants: [PortGrant] = []
    /// The number of its network namespace while it runs; 0 otherwise.
    var namespace: UInt64 = 0
    /// Its first process while it runs; 0 otherwise. The engine's own record keeps it.
    var process: Int64 = 0
    /// Who is asked for names in place of the machine's resolvers.
    var resolvers: [Endpoint] = []

    init(
        id: String, name: String, mode: NetworkMode, places: [Place], ports: [PortWish],
        exposed: [ContainerPort]
    ) {
        self.id = id
        self.name = name
        self.mode = mode
        self.places = places
        self.ports = ports
        self.exposed = exposed
    }

    var path: String { Self.path(of: id) }

    static func path(of id: String) -> String { "containers/\(id)/network.json" }
}

// MARK: - As it is kept

extension ContainerWiring {
    private var modeText: String {
        switch mode {
        case .none: "none"
        case .host: "host"
        case .container(let name): "container:\(name)"
        case .network(let name): name
        }
    }

    var json: JSON {
        [
            "id": JSON(id), "name": JSON(name), "mode": JSON(modeText),
            "places": .array(
                places.map { place in
                    [
                        "network": JSON(place.network), "wish": place.wish,
                        "lease": place.lease?.json ?? .null,
                    ]
                }),
            "ports": .array(
                ports.map { wish in
                    [
                        "port": JSON(wish.port.description),
                        "host": JSON(wish.host?.description ?? ""),
                        "first": JSON(wish.hostPorts.lowerBound),
                        "last": JSON(wish.hostPorts.upperBound),
                    ]
                }),
            "exposed": .array(exposed.map { JSON($0.description) }),
            "grants": .array(
                grants.map { grant in
                    [
                        "port": JSON(grant.port.description),
                        "host": JSON(grant.host?.description ?? ""),
                        "hostPort": JSON(grant.hostPort),
                    ]
                }),
            "namespace": JSON(namespace),
        ]
    }

    /// Reads what was kept; nil when it is not that.
    init?(_ json: JSON) {
        guard let id = json["id"]?.text, let name = json["name"]?.text,
            let mode = json["mode"]?.text
        else { return nil }
        func port(_ json: JSON) -> ContainerPort? { json.text.flatMap { ContainerPort($0) } }
        func number(_ json: JSON?) -> UInt16? { json?.unsigned.flatMap { UInt16(exactly: $0) } }
        func host(_ json: JSON) -> IPAddress? { json["host"]?.text.flatMap { IPAddress($0) } }
        self.init(
            id: id, name: name, mode: NetworkMode(mode),
            places: (json["places"]?.elements ?? []).compactMap { place in
                place["network"]?.text.map { network in
                    Place(
                        network: network, wish: place["wish"] ?? [:],
                        lease: place["lease"].flatMap { Lease($0) })
                }
            },
            ports: (json["ports"]?.elements ?? []).compactMap { wish in
                guard let own = wish["port"].flatMap(port), let first = number(wish["first"]),
                    let last = number(wish["last"]), first <= last
                else { return nil }
                return PortWish(own, host: host(wish), hostPorts: first...last)
            },
            exposed: (json["exposed"]?.elements ?? []).compactMap(port))
        grants = (json["grants"]?.elements ?? []).compactMap { grant in
            guard let own = grant["port"].flatMap(port), let hostPort = number(grant["hostPort"])
            else { return nil }
            return PortGrant(own, host: host(grant), hostPort: hostPort)
        }
        namespace = json["namespace"]?.unsigned ?? 0
    }
}

extension ContainerWiring.Lease {
    var json: JSON {
        [
            "id": JSON(id), "addresses": .array(addresses.map { JSON($0.description) }),
            "hardware": JSON(hardware.description), "inner": JSON(inner.text),
        ]
    }

    init?(_ json: JSON) {
        guard let id = json["id"]?.text, InterfaceName("atv" + id.prefix(12)) != nil,
            let hardware = json["hardware"]?.text.flatMap({ HardwareAddress($0) }),
            let inner = json["inner"]?.text.flatMap({ InterfaceName($0) })
        else { return nil }
        self.init(
            id: id,
            addresses: (ContainerOptions.texts(json["addresses"]) ?? []).compactMap {
                IPAddress($0)
            }, hardware: hardware, inner: inner)
    }
}
