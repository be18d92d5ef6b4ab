// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import Effects
import HTTPServer
import JSONText
import Vocabulary

// Networks come and go.

extension NetworkBoard {
    /// Names that mean something of their own.
    static let predefined = [NetworkMode.usual, "host", "none", "default"]

    /// Makes a network that a client asks for; no bridge yet.
    func create(_ body: JSON) async throws(EngineFailure) -> EngineNetwork {
        let name = body["Name"]?.text ?? ""
        guard !Self.predefined.contains(name) else {
            throw EngineFailure(
                403, "operation is not permitted on predefined \(name) network")
        }
        guard Self.isName(name) else {
            throw EngineFailure(
                .badRequest,
                "invalid network name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        let driver = body["Driver"]?.text ?? ""
        guard ["", "default", "bridge"].contains(driver) else {
            throw .unsupported("the network driver '\(driver)'")
        }
        for wish in ["Ingress", "ConfigOnly"] where body[wish]?.flag == true {
            throw .unsupported(wish)
        }
        try NetworkOptions.check(body["Options"])
        try checkMachine()
        let wish = try SubnetWish(body)
        let subnets = try chosen(wish)
        return try await add(name: name, body: body, subnets: subnets)
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter || first.isNumber else { return false }
        return name.utf8.count <= 128
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    /// Remembers a network.
    func add(
        name: String, body: JSON, subnets: [EngineNetwork.Subnet]
    ) async throws(EngineFailure) -> EngineNetwork {
        guard networks.count < Self.networksMax else {
            throw EngineFailure(.conflict, "there are \(Self.networksMax) networks already")
        }
        guard !networks.values.contains(where: { $0.name == name }) else {
            throw EngineFailure(.conflict, "network with name \(name) already exists")
        }
        let network = EngineNetwork(
            id: digits(64), name: name, created: effects.time.wallClock(), body: body,
            subnets: subnets)
        if let other = networks.values.first(where: { $0.bridge == network.bridge }) {
            throw EngineFailure(
                .conflict, "the interface \(network.bridge) is that of network \(other.name)")
        }
        pools[network.id] = try network.pools()
        try await save(network)
        return network
    }

    // MARK: Subnets

    /// The subnets that a client names, or such that nobody has (NETWORKS-3).
    private func chosen(_ wish: SubnetWish) throws(EngineFailure) -> [EngineNetwork.Subnet] {
        let known = try reached()
        var subnets = wish.named
        do throws(AddressRefusal) {
            for own in wish.named {
                if let other = known.first(where: { $0.overlaps(own.subnet) }) {
                    throw AddressRefusal.overlap(own.subnet, with: other)
                }
            }
            if !subnets.contains(where: { $0.subnet.family == .four }) {
                subnets.insert(try Self.whole(try SubnetChoice.four(avoiding: known)), at: 0)
            }
            if wish.wantsSix, !subnets.contains(where: { $0.subnet.family == .six }) {
                subnets.append(try Self.whole(try SubnetChoice.six(site: site, avoiding: known)))
            }
        } catch {
            throw EngineFailure(error)
        }
        return subnets
    }

    private static func whole(_ subnet: IPSubnet) throws(AddressRefusal) -> EngineNetwork.Subnet {
        EngineNetwork.Subnet(
            subnet: subnet, range: nil, gateway: try AddressPool(subnet).gateway)
    }

    /// What the machine and other networks reach already.
    private func reached(besides own: String = "") throws(EngineFailure) -> [IPSubnet] {
        let others = networks.values.filter { $0.id != own }
        let bridges = Set(networks.values.map(\.bridge.text))
        do throws(WiringFailure) {
            return others.flatMap { $0.subnets.map(\.subnet) }
                + (try BridgeWiring.reachedSubnets(ignoring: bridges))
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Makes sure that a network's addresses are nobody else's, before the first is given.
    ///
    /// Between a network's making and its use the machine may have got other ways.
    func ready(_ id: String) async throws(EngineFailure) {
        guard var network = networks[id] else { throw .noNetwork(id) }
        guard !inUse.contains(id) else { return }
        let known = try reached(besides: id)
        let clash = network.subnets.lazy.map(\.subnet).compactMap { own in
            known.first { $0.overlaps(own) }.map { AddressRefusal.overlap(own, with: $0) }
        }.first
        guard network.isUsual else {
            if let clash { throw EngineFailure(clash) }
            return
        }
        guard network.subnets.isEmpty || clash != nil else { return }
        do throws(AddressRefusal) {
            network.subnets = [try Self.whole(try SubnetChoice.four(avoiding: known))]
        } catch {
            throw EngineFailure(error)
        }
        pools[id] = try network.pools()
        try await save(network)
    }

    /// Makes a network's bridge, or what is missing of it.
    func makeBridge(of id: String) throws(EngineFailure) {
        guard let network = networks[id] else { throw .noNetwork(id) }
        do throws(WiringFailure) {
            try BridgeWiring.make(network.plan)
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Takes the bridges away that nobody is plugged into any more (NETWORKS-1).
    func dropIdleBridges() {
        let used = inUse
        for network in networks.values where !used.contains(network.id) { dropBridge(of: network) }
    }

    private func dropBridge(of network: EngineNetwork) {
        do throws(WiringFailure) {
            try BridgeWiring.remove(network.plan)
        } catch {
            log("the bridge \(network.bridge) stays: \(error)")
        }
    }

    // MARK: Removing

    /// Forgets a network that no container is in.
    func remove(_ name: String) async throws(EngineFailure) -> EngineNetwork {
        if ["host", "none"].contains(name) {
            throw EngineFailure(403, "\(name) is a pre-defined network and cannot be removed")
        }
        let network = try network(name)
        guard !network.isUsual else {
            throw EngineFailure(403, "bridge is a pre-defined network and cannot be removed")
        }
        if inUse.contains(network.id) {
            throw EngineFailure(
                403, "error while removing network: network \(network.name) has active endpoints")
        }
        networks[network.id] = nil
        pools[network.id] = nil
        // Its last container may be on its way out still.
        dropBridge(of: network)
        do throws(DiskFailure) {
            try await effects.disk.remove(network.path)
        } catch {
            throw EngineFailure(error)
        }
        return network
    }

    /// Forgets the networks that no container has, running or not.
    ///
    /// - Returns: Those that are gone.
    func prune(_ filters: ListFilters) async throws(EngineFailure) -> [EngineNetwork] {
        try filters.check(["label", "label!", "until"])
        let wanted = Set(containers.values.flatMap { $0.places.map(\.network) })
        var gone: [EngineNetwork] = []
        for network in networks.values.sorted(by: { $0.name < $1.name })
        where !network.isUsual && !wanted.contains(network.id)
            && filters.matches(labels: network.body["Labels"])
        {
            gone.append(try await remove(network.id))
        }
        return gone
    }
}
