// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import JSONText
import Vocabulary

// Networks as Docker's clients read them.

extension NetworkBoard {
    /// Networks without a bridge, which every engine has: their names and drivers, and ids of 64
    /// digits that never change.
    private static let plain = [("host", "host", "1"), ("none", "null", "0")]

    static func plainID(_ name: String) -> String {
        String(repeating: plain.first { $0.0 == name }?.2 ?? "2", count: 64)
    }

    /// All networks that filters let pass, by name.
    func listing(_ filters: ListFilters) throws(EngineFailure) -> JSON {
        try filters.check(["id", "name", "driver", "type", "label", "label!", "scope", "dangling"])
        let all = networks.values.map { document(of: $0) } + Self.plain.map { Self.document($0) }
        let shown = all.filter { network in
            func text(_ name: String) -> String { network[name]?.text ?? "" }
            let isBuiltIn = Self.predefined.contains(text("Name"))
            let isUsed = inUse.contains(text("Id"))
            return filters.allows("id") { text("Id").hasPrefix($0) }
                && filters.allows("name") { text("Name").contains($0) }
                && filters.allows("driver") { text("Driver") == $0 }
                && filters.allows("scope") { $0 == "local" }
                && filters.allows("type") { ($0 == "builtin") == isBuiltIn }
                && filters.allows("dangling") {
                    ["1", "true"].contains($0) == (!isUsed && !isBuiltIn)
                }
                && filters.matches(labels: network["Labels"])
        }
        return .array(shown.sorted { ($0["Name"]?.text ?? "") < ($1["Name"]?.text ?? "") })
    }

    /// One network, as `docker network inspect` shows it.
    func inspection(_ name: String) throws(EngineFailure) -> JSON {
        if let known = Self.plain.first(where: { $0.0 == name || Self.plainID($0.0) == name }) {
            return Self.document(known)
        }
        return document(of: try network(name))
    }

    private static func document(_ plain: (String, String, String)) -> JSON {
        document(
            name: plain.0, id: plainID(plain.0), created: Timestamp(0), driver: plain.1, body: [:],
            configuration: [], containers: [:])
    }

    private func document(of network: EngineNetwork) -> JSON {
        var plugged: [JSON.Member] = []
        for wiring in containers.values.sorted(by: { $0.name < $1.name }) {
            for place in wiring.places where place.network == network.id {
                guard let lease = place.lease else { continue }
                plugged.append(
                    JSON.Member(
                        wiring.id,
                        [
                            "Name": JSON(wiring.name), "EndpointID": JSON(lease.id),
                            "MacAddress": JSON(lease.hardware.description),
                            "IPv4Address": JSON(withPrefix(lease.address(.four), network)),
                            "IPv6Address": JSON(withPrefix(lease.address(.six), network)),
                        ]))
            }
        }
        let configuration = network.subnets.map { own -> JSON in
            var members = [JSON.Member("Subnet", JSON(own.subnet.description))]
            if let range = own.range {
                members.append(JSON.Member("IPRange", JSON(range.description)))
            }
            members.append(JSON.Member("Gateway", JSON(own.gateway.description)))
            return .object(members)
        }
        return Self.document(
            name: network.name, id: network.id, created: network.created, driver: "bridge",
            body: network.body.replacing("EnableIPv6", by: .bool(network.hasSix)),
            configuration: configuration, containers: .object(plugged))
    }

    private func withPrefix(_ address: IPAddress?, _ network: EngineNetwork) -> String {
        guard let address,
            let subnet = network.subnets.first(where: { $0.subnet.contains(address) })
        else { return "" }
        return "\(address)/\(subnet.subnet.prefix)"
    }

    private static func document(
        name: String, id: String, created: Timestamp, driver: String, body: JSON,
        configuration: [JSON], containers: JSON
    ) -> JSON {
        func object(_ name: String) -> JSON {
            body[name]?.members.map { JSON.object($0) } ?? [:]
        }
        return [
            "Name": JSON(name), "Id": JSON(id), "Created": JSON(EngineContainer.text(created)),
            "Scope": "local", "Driver": JSON(driver),
            "EnableIPv4": true, "EnableIPv6": body["EnableIPv6"] ?? false,
            "IPAM": ["Driver": "default", "Options": .null, "Config": .array(configuration)],
            "Internal": body["Internal"] ?? false, "Attachable": body["Attachable"] ?? false,
            "Ingress": false, "ConfigFrom": ["Network": ""], "ConfigOnly": false,
            "Containers": containers, "Options": object("Options"), "Labels": object("Labels"),
        ]
    }

    // MARK: Containers

    /// `NetworkSettings` of a container.
    func settings(of id: String) -> JSON {
        guard let wiring = containers[id] else { return ["Networks": [:], "Ports": [:]] }
        let first = wiring.places.first
        let shown = first.map { endpoint(of: wiring, $0) } ?? [:]
        var members: [JSON.Member] = [
            JSON.Member("Bridge", ""), JSON.Member("SandboxID", JSON(first?.lease?.id ?? "")),
            JSON.Member(
                "SandboxKey",
                JSON(wiring.process > 0 ? "/proc/\(wiring.process)/ns/net" : "")),
            JSON.Member("Ports", ports(of: wiring)), JSON.Member("HairpinMode", false),
            JSON.Member("LinkLocalIPv6Address", ""), JSON.Member("LinkLocalIPv6PrefixLen", 0),
            JSON.Member("SecondaryIPAddresses", .null),
            JSON.Member("SecondaryIPv6Addresses", .null),
        ]
        for name in [
            "EndpointID", "Gateway", "GlobalIPv6Address", "GlobalIPv6PrefixLen", "IPAddress",
            "IPPrefixLen", "IPv6Gateway", "MacAddress",
        ] {
            let empty: JSON = name.hasSuffix("Len") ? 0 : ""
            let isUsual = first.flatMap { networks[$0.network] }?.isUsual ?? false
            members.append(JSON.Member(name, isUsual ? shown[name] ?? empty : empty))
        }
        members.append(JSON.Member("Networks", places(of: wiring)))
        return .object(members)
    }

    /// The networks of a container, by name.
    func places(of wiring: ContainerWiring) -> JSON {
        let name: String
        switch wiring.mode {
        case .none: name = "none"
        case .host: name = "host"
        case .container: return [:]
        case .network:
            return .object(
                wiring.places.map { place in
                    JSON.Member(
                        networks[place.network]?.name ?? place.network, endpoint(of: wiring, place))
                })
        }
        return .object([
            JSON.Member(
                name, ["NetworkID": JSON(Self.plainID(name)), "IPAddress": "", "Gateway": ""])
        ])
    }

    private func endpoint(of wiring: ContainerWiring, _ place: ContainerWiring.Place) -> JSON {
        let network = networks[place.network]
        func own(_ family: IPAddress.Family) -> (address: String, gateway: String, prefix: Int) {
            guard let address = place.lease?.address(family),
                let subnet = network?.subnets.first(where: { $0.subnet.family == family })
            else { return ("", "", 0) }
            return (address.description, subnet.gateway.description, subnet.subnet.prefix)
        }
        let (four, six) = (own(.four), own(.six))
        let isUsual = network?.isUsual ?? true
        let names = isUsual ? [] : Self.allNames(of: wiring, place)
        let aliases = isUsual ? [] : place.aliases
        return [
            "IPAMConfig": place.wish["IPAMConfig"] ?? .null, "Links": .null,
            "Aliases": aliases.isEmpty ? .null : .array(aliases.map { JSON($0) }),
            "MacAddress": JSON(place.lease?.hardware.description ?? ""),
            "DriverOpts": place.wish["DriverOpts"] ?? .null, "NetworkID": JSON(place.network),
            "EndpointID": JSON(place.lease?.id ?? ""), "Gateway": JSON(four.gateway),
            "IPAddress": JSON(four.address), "IPPrefixLen": JSON(four.prefix),
            "IPv6Gateway": JSON(six.gateway), "GlobalIPv6Address": JSON(six.address),
            "GlobalIPv6PrefixLen": JSON(six.prefix),
            "DNSNames": names.isEmpty ? .null : .array(names.map { JSON($0) }),
        ]
    }

    private func ports(of wiring: ContainerWiring) -> JSON {
        guard wiring.process > 0 else { return [:] }
        var members: [JSON.Member] = []
        for port in Set(wiring.grants.map(\.port)).sorted() {
            let own = wiring.grants.filter { $0.port == port }
            members.append(
                JSON.Member(
                    port.description,
                    .array(
                        own.map { grant in
                            [
                                "HostIp": JSON(grant.host?.description ?? "0.0.0.0"),
                                "HostPort": JSON("\(grant.hostPort)"),
                            ]
                        })))
        }
        for port in wiring.exposed { members.append(JSON.Member(port.description, .null)) }
        return .object(members)
    }

    /// The containers that have a place in one of some networks; nil where none is named.
    func members(of names: [String]) -> Set<String>? {
        guard !names.isEmpty else { return nil }
        let ids = names.map { (try? network($0))?.id ?? Self.plainID($0) }
        let found = containers.values.filter { wiring in
            wiring.places.contains { ids.contains($0.network) }
                || wiring.mode == .none && names.contains("none")
                || wiring.mode == .host && names.contains("host")
        }
        return Set(found.map(\.id))
    }

    /// What `docker ps` shows of a container's networks, put into its line.
    func completed(_ line: JSON) -> JSON {
        guard let wiring = line["Id"]?.text.flatMap({ containers[$0] }) else { return line }
        let published = wiring.grants.map { grant -> JSON in
            [
                "IP": JSON(grant.host?.description ?? "0.0.0.0"),
                "PrivatePort": JSON(grant.port.number), "PublicPort": JSON(grant.hostPort),
                "Type": JSON(grant.port.transport.rawValue),
            ]
        }
        let exposed = wiring.exposed.map { port -> JSON in
            ["PrivatePort": JSON(port.number), "Type": JSON(port.transport.rawValue)]
        }
        return line.replacing(
            "Ports", by: .array(wiring.process > 0 ? published + exposed : [])
        ).replacing("NetworkSettings", by: ["Networks": places(of: wiring)])
    }
}
