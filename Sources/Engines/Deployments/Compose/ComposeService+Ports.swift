// SPDX-License-Identifier: Apache-2.0

extension ComposeServiceReader {
    /// Ports and what other services alone may reach.
    mutating func readPorts() {
        let outside = map.takeValue("ports")
        let inside = map.takeValue("expose")
        var published: Set<ServicePort> = []
        for port in outside?.list ?? [] {
            let read =
                port.node.entries == nil
                ? ComposePorts.short(port) : ComposePorts.long(port).map { [$0] } ?? []
            published.formUnion(read)
            guard published.count <= DeploymentLimits.entriesMax else {
                return port.error("more than \(DeploymentLimits.entriesMax) ports")
            }
        }
        // What is published is reachable inside as well, and saying a thing twice says it once.
        let reachable = Set(published.map { ServicePort($0.target, $0.transport) })
        var inner: Set<ServicePort> = []
        for port in inside?.list ?? [] {
            inner.formUnion(ComposePorts.exposed(port))
            guard inner.count <= DeploymentLimits.entriesMax else {
                return port.error("more than \(DeploymentLimits.entriesMax) ports")
            }
        }
        // The order of sets is none: lists are sorted before they become a manifest.
        service.ports = Array(published) + Array(inner.subtracting(reachable))
    }

    /// Networks, or none.
    mutating func readNetworks() {
        let mode = map.takeValue("network_mode")
        let networks = map.takeValue("networks")
        var aliases: [String] = []
        if let other = map.takeValue("container_name")?.name { aliases.append(other) }
        if let mode {
            if mode.text != "none" {
                mode.refuse("network_mode: deployments have networks of their own, or none")
            }
            networks.map { $0.refuse("networks beside network_mode") }
            return
        }
        guard let networks else {
            service.networks = [
                NetworkAttachment(DeploymentNetwork.nameDefault, aliases: aliases)
            ]
            return
        }
        if networks.node.entries != nil {
            for entry in networks.node.entries ?? [] {
                let field = YAMLField(
                    entry.value, "\(networks.path).\(entry.name)", networks.book, key: entry.place)
                var map = field.map
                let own = map.takeValue("aliases")?.texts ?? []
                map.refuseRest(Self.attachmentRefusals)
                service.networks.append(NetworkAttachment(entry.name, aliases: aliases + own))
            }
        } else {
            service.networks = networks.texts.map { NetworkAttachment($0, aliases: aliases) }
        }
        for index in service.networks.indices { service.networks[index].aliases.sort() }
    }

    private static let attachmentRefusals = [
        "ipv4_address": "addresses are the provider's",
        "mac_address": "addresses are the provider's",
        "ipv6_address": "addresses are the provider's",
        "link_local_ips": "addresses are the provider's",
        "priority": "the order of networks is the provider's",
        "gw_priority": "the order of networks is the provider's",
        "interface_name": "names of interfaces are the provider's",
        "driver_opts": "how packets travel is the provider's to choose",
    ]
}

/// The ways to write ports.
enum ComposePorts {
    /// `[[address:]outside:]inside[/protocol]`, with ranges.
    static func short(_ field: YAMLField) -> [ServicePort] {
        guard let text = field.text else { return [] }
        guard let (rest, transport) = split(text, field) else { return [] }
        var parts = rest.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            let after = rest[rest.index(after: end)...].dropFirst()
            parts = [String(rest[...end])]
            parts += after.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
        guard (1...3).contains(parts.count), let inside = range(parts[parts.count - 1]) else {
            field.error("'\(text)' is not written as outside:inside/protocol")
            return []
        }
        if parts.count == 3 { checkAddress(parts[0], field) }
        guard parts.count > 1, !parts[parts.count - 2].isEmpty else {
            return inside.map { ServicePort($0, transport, isPublished: true) }
        }
        guard let outside = range(parts[parts.count - 2]), outside.count == inside.count else {
            field.error("'\(text)': as many ports outside as inside")
            return []
        }
        return zip(inside, outside).map {
            ServicePort($0, transport, isPublished: true, published: $1)
        }
    }

    /// A mapping with target, published, protocol and mode.
    static func long(_ field: YAMLField) -> ServicePort? {
        var map = field.map
        guard let target = map.takeValue("target")?.integer(1...UInt16.max) else {
            field.error("a target is missing")
            return nil
        }
        var port = ServicePort(target, isPublished: true)
        port.published = map.takeValue("published")?.integer(1...UInt16.max)
        port.transport =
            map.takeValue("protocol")?.word(["tcp": PortProtocol.tcp, "udp": PortProtocol.udp])
            ?? .tcp
        // Every copy is reached through the provider, as `ingress` says; there is no other way.
        _ = map.takeValue("mode")?.word(["ingress": true, "host": true])
        if let address = map.takeValue("host_ip"), let text = address.text {
            checkAddress(text, address)
        }
        // For people only.
        _ = map.takeValue("name")?.text
        _ = map.takeValue("app_protocol")?.text
        map.refuseRest()
        return port
    }

    /// `inside[/protocol]`, with ranges.
    static func exposed(_ field: YAMLField) -> [ServicePort] {
        guard let text = field.text, let (rest, transport) = split(text, field) else { return [] }
        guard let inside = range(rest) else {
            field.error("'\(text)' is not written as port/protocol")
            return []
        }
        return inside.map { ServicePort($0, transport) }
    }

    private static func split(
        _ text: String, _ field: YAMLField
    ) -> (rest: String, transport: PortProtocol)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            if parts.count == 1 { return (text, .tcp) }
            field.error("'\(text)' is not written as outside:inside/protocol")
            return nil
        }
        guard let transport = PortProtocol(name: String(parts[1])) else {
            field.error("'\(parts[1])' is neither tcp nor udp")
            return nil
        }
        return (String(parts[0]), transport)
    }

    /// One port or `first-last`, at most as many as a service has entries.
    static func range(_ text: String) -> [UInt16]? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = UInt16(ends[0]), let last = UInt16(ends[ends.count - 1]),
            first > 0, first <= last, Int(last - first) < DeploymentLimits.entriesMax
        else { return nil }
        return Array(first...last)
    }

    private static func checkAddress(_ text: String, _ field: YAMLField) {
        guard !["0.0.0.0", "::", "[::]", ""].contains(text) else { return }
        field.error("\(text): the addresses of a provider are its own; leave the address out")
    }
}
