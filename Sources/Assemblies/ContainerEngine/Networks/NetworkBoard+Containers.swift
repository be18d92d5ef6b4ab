// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import Effects
import HTTPServer
import JSONText
import Vocabulary

// Containers are plugged in and out.

extension NetworkBoard {
    /// What a container that is about to begin is given.
    struct Reservation: Sendable {
        /// The path of the network namespace it joins; nil for one of its own or the machine's.
        var namespace: String?
        /// The container whose files of names it shares.
        var sharesFilesOf: String?
        /// Files of its `/etc`.
        var files: [(name: String, text: String)] = []
    }

    /// Remembers what a new container wants of networks.
    func admit(_ id: String, name: String, _ body: JSON) throws(EngineFailure) -> ContainerWiring {
        let host = body["HostConfig"]
        let mode = NetworkMode(host?["NetworkMode"]?.text ?? "")
        let ports = try PortOptions(body)
        let names = try NameOptions(host)
        var places: [ContainerWiring.Place] = []
        if case .network(let wanted) = mode {
            try checkMachine()
            let first = try known(wanted)
            let wishes = body["NetworkingConfig"]?["EndpointsConfig"]?.members ?? []
            for wish in wishes {
                let named = NetworkMode(wish.name) == .network(NetworkMode.usual)
                let network = try known(named ? NetworkMode.usual : wish.name)
                let place = try place(in: network, wish.value)
                places.insert(place, at: network.id == first.id ? 0 : places.count)
            }
            if places.first?.network != first.id {
                places.insert(try place(in: first, [:]), at: 0)
            }
        } else if !ports.wishes.isEmpty, case .container = mode {
            throw EngineFailure(
                .badRequest,
                "conflicting options: port publishing and the container type network mode")
        }
        var wiring = ContainerWiring(
            id: id, name: name, mode: mode, places: places,
            ports: mode.isNetwork ? ports.wishes : [], exposed: ports.exposed)
        wiring.resolvers = names.endpoints
        return wiring
    }

    /// A network that a new container names; clients take 404 there for an image that is missing.
    private func known(_ name: String) throws(EngineFailure) -> EngineNetwork {
        do throws(EngineFailure) {
            return try network(name)
        } catch {
            throw EngineFailure(.badRequest, error.message)
        }
    }

    /// Checks what a client wants of a container's place.
    func place(
        in network: EngineNetwork, _ wish: JSON
    ) throws(EngineFailure) -> ContainerWiring.Place {
        if !(wish["Links"]?.elements ?? []).isEmpty { throw .unsupported("EndpointsConfig.Links") }
        try NetworkOptions.Rates.check(wish["DriverOpts"])
        for option in wish["DriverOpts"]?.members ?? []
        where !NetworkOptions.Rates.names.contains(option.name) {
            throw .unsupported("the endpoint option \(option.name)")
        }
        if let text = wish["MacAddress"]?.text, !text.isEmpty, HardwareAddress(text) == nil {
            throw EngineFailure(.badRequest, "invalid MAC address: \(text)")
        }
        for name in ["IPv4Address", "IPv6Address"] {
            guard let text = wish["IPAMConfig"]?[name]?.text, !text.isEmpty else { continue }
            guard !network.isUsual else {
                throw EngineFailure(
                    .badRequest,
                    "user specified IP address is supported on user defined networks only")
            }
            guard let address = IPAddress(text),
                network.subnets.contains(where: { $0.subnet.contains(address) })
            else {
                throw EngineFailure(
                    .badRequest, "invalid \(name) \(text): no subnet of the network contains it")
            }
        }
        return ContainerWiring.Place(network: network.id, wish: wish, lease: nil)
    }

    /// Gives a container that is about to begin its addresses and ports.
    func reserve(
        _ id: String, hostname: String, _ host: JSON?
    ) async throws(EngineFailure) -> Reservation {
        guard var wiring = containers[id] else { return Reservation() }
        switch wiring.mode {
        case .host: return Reservation()
        case .none: return Reservation(files: try files(wiring, hostname, host))
        case .container(let name): return try share(name)
        case .network: break
        }
        try checkMachine()
        do throws(EngineFailure) {
            for index in wiring.places.indices {
                try await ready(wiring.places[index].network)
                wiring.places[index].lease = try lease(for: wiring.places[index], in: wiring)
                containers[id] = wiring
            }
            if outerPlace(of: wiring) != nil { wiring.grants = try await holdPorts(of: wiring) }
            try await save(wiring)
            return Reservation(files: try files(wiring, hostname, host))
        } catch {
            await unplug(id)
            throw error
        }
    }

    private func share(_ name: String) throws(EngineFailure) -> Reservation {
        let wanted = containers.values.filter { $0.id == name || $0.name == name }
        let found = wanted.first ?? containers.values.first { $0.id.hasPrefix(name) }
        guard let other = found, !name.isEmpty else { throw .noContainer(name) }
        switch other.mode {
        case .host, .container:
            throw .unsupported("sharing the network of a container that has none of its own")
        case .none, .network: break
        }
        guard other.process > 0 else {
            throw EngineFailure(
                .conflict, "cannot join network of a non running container: \(other.id)")
        }
        return Reservation(
            namespace: "/proc/\(other.process)/ns/net", sharesFilesOf: other.id)
    }

    private func files(
        _ wiring: ContainerWiring, _ hostname: String, _ host: JSON?
    ) throws(EngineFailure) -> [(name: String, text: String)] {
        let options = try NameOptions(host)
        let lease = wiring.places.compactMap(\.lease).first
        let gateway = wiring.places.first.flatMap { networks[$0.network]?.subnets.first?.gateway }
        let more = options.hosts.compactMap { entry in
            (entry.address ?? gateway).map { (address: $0, name: entry.name) }
        }
        let machine = ResolverFile.ofMachine()
        let own = IPAddress(NameRules.address)
        let resolvers = ResolverFile(
            servers: wiring.places.isEmpty ? options.servers : own.map { [$0] } ?? [],
            search: options.search.isEmpty ? machine.search : options.search,
            options: options.options.isEmpty ? machine.options : options.options)
        return [
            ("hostname", hostname + "\n"),
            (
                "hosts",
                HostsFile.text(own: lease?.addresses ?? [], hostname: hostname, more: more)
            ),
            ("resolv.conf", wiring.places.isEmpty && options.servers.isEmpty ? "" : resolvers.text),
        ]
    }

    // MARK: Addresses and ports

    /// Gives addresses in a network.
    func lease(
        for place: ContainerWiring.Place, in wiring: ContainerWiring
    ) throws(EngineFailure) -> ContainerWiring.Lease {
        let network = try network(place.network)
        guard var own = pools[network.id] else { throw .noNetwork(network.name) }
        var addresses: [IPAddress] = []
        do throws(AddressRefusal) {
            for index in own.indices {
                if let chosen = place.chosen(own[index].subnet.family) {
                    try own[index].take(chosen)
                    addresses.append(chosen)
                } else {
                    addresses.append(try own[index].take())
                }
            }
        } catch {
            throw EngineFailure(403, "\(error)")
        }
        guard let first = addresses.first, let inner = freeName(in: wiring) else {
            throw EngineFailure(.conflict, "network \(network.name) has no addresses")
        }
        pools[network.id] = own
        let hardware = place.wish["MacAddress"]?.text.flatMap { HardwareAddress($0) }
        return ContainerWiring.Lease(
            id: digits(64), addresses: addresses, hardware: hardware ?? HardwareAddress(of: first),
            inner: inner)
    }

    /// `eth0`, or the next that it does not have.
    private func freeName(in wiring: ContainerWiring) -> InterfaceName? {
        let taken = Set(wiring.places.compactMap { $0.lease?.inner.text })
        return (0...wiring.places.count).lazy.map { "eth\($0)" }.first { !taken.contains($0) }
            .flatMap { InterfaceName($0) }
    }

    /// Gives the addresses of a place back.
    func giveBack(_ lease: ContainerWiring.Lease, of network: String) {
        for index in (pools[network] ?? []).indices {
            for address in lease.addresses { pools[network]?[index].giveBack(address) }
        }
    }

    private func holdPorts(of wiring: ContainerWiring) async throws(EngineFailure) -> [PortGrant] {
        let target = outerPlace(of: wiring)?.lease?.addresses.first
        var held: [PortHold] = []
        for wish in wiring.ports {
            do throws(NetworkFailure) {
                let hold = try await PortHold(wish, effects)
                if let target { hold.lead(to: target) }
                held.append(hold)
            } catch {
                for hold in held { hold.close() }
                throw Self.portFailure(error, wish, wiring)
            }
        }
        holds[wiring.id] = held
        return held.map(\.grant)
    }

    /// In Docker's words.
    private static func portFailure(
        _ failure: NetworkFailure, _ wish: PortWish, _ wiring: ContainerWiring
    ) -> EngineFailure {
        let reason: String
        switch failure {
        case .portInUse: reason = "address already in use"
        case .unreachable(_, let words): reason = words
        case .system(_, let words): reason = words
        default: reason = "\(failure)"
        }
        let place = "\(wish.host?.description ?? "0.0.0.0"):\(wish.hostPorts.lowerBound)"
        return EngineFailure(
            .internalError,
            "driver failed programming external connectivity on endpoint \(wiring.name) "
                + "(\(wiring.id)): failed to bind host port for \(place) to \(wish.port): "
                + reason)
    }

    // MARK: Plugging

    /// Plugs a container's namespace into its networks; its first process waits to be begun.
    ///
    /// - Returns: The networks.
    func plug(_ id: String, process: Int64) async throws(EngineFailure) -> [EngineNetwork] {
        guard var wiring = containers[id] else { return [] }
        wiring.process = process
        containers[id] = wiring
        guard wiring.mode.isNetwork else { return [] }
        let namespace = try open(wiring)
        wiring.namespace = namespace.identity
        try await save(wiring)
        for place in wiring.places { try plug(place, into: namespace) }
        try setDefaultRoutes(of: wiring, in: namespace)
        try settleRules()
        await settleNames()
        try await serveNames(to: wiring, in: namespace)
        return wiring.places.compactMap { networks[$0.network] }
    }

    /// The container's own namespace; never the machine's.
    func open(_ wiring: ContainerWiring) throws(EngineFailure) -> NetworkNamespace {
        do throws(WiringFailure) {
            let namespace = try NetworkNamespace(of: wiring.process)
            guard namespace.identity != (try NetworkNamespace.own()).identity else {
                throw WiringFailure.unfit("the machine's own network")
            }
            return namespace
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Makes the pair of interfaces of one place.
    func plug(
        _ place: ContainerWiring.Place, into namespace: NetworkNamespace
    ) throws(EngineFailure) {
        guard let lease = place.lease else { return }
        try makeBridge(of: place.network)
        let network = try network(place.network)
        let own = NetworkOptions.Rates(place.wish["DriverOpts"])
        let plan = PlugPlan(
            bridge: network.bridge, outer: lease.outer, inner: lease.inner,
            hardware: lease.hardware, mtu: network.plan.mtu,
            addresses: lease.addresses.compactMap { address in
                network.subnets.first { $0.subnet.contains(address) }.map {
                    InterfaceAddress(address, in: $0.subnet)
                }
            }, incoming: own.incoming ?? network.options.rates.incoming,
            outgoing: own.outgoing ?? network.options.rates.outgoing)
        do throws(WiringFailure) {
            try BridgeWiring.plug(plan, into: namespace)
        } catch {
            throw EngineFailure(error)
        }
    }

    func setDefaultRoutes(
        of wiring: ContainerWiring, in namespace: NetworkNamespace
    ) throws(EngineFailure) {
        var ways: [(gateway: IPAddress, interface: InterfaceName)] = []
        for place in wiring.places {
            guard let lease = place.lease, let network = networks[place.network],
                !network.isInternal
            else { continue }
            for own in network.subnets
            where !ways.contains(where: { $0.gateway.family == own.gateway.family }) {
                ways.append((own.gateway, lease.inner))
            }
        }
        do throws(WiringFailure) {
            try BridgeWiring.setDefaultRoutes(over: ways, in: namespace)
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Answers a container's questions for names.
    func serveNames(
        to wiring: ContainerWiring, in namespace: NetworkNamespace
    ) async throws(EngineFailure) {
        let ports: (datagrams: UInt16, streams: UInt16)
        do throws(NetworkFailure) {
            ports = try await names.serve(
                wiring.id, in: "/proc/\(wiring.process)/ns/net", servers: wiring.resolvers)
        } catch {
            throw EngineFailure(.internalError, "names cannot be answered: \(error)")
        }
        let text = NameRules.text(datagrams: ports.datagrams, streams: ports.streams)
        let failure = await effects.workers.run { () -> WiringFailure? in
            do throws(WiringFailure) {
                try namespace.inside { () throws(WiringFailure) in try RuleTable.apply(text) }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw EngineFailure(failure) }
    }

    /// Takes away what a container that has ended had; nothing to take is fine (NETWORKS-9).
    ///
    /// - Returns: The networks it was in.
    @discardableResult
    func unplug(_ id: String) async -> [EngineNetwork] {
        guard var wiring = containers[id] else { return [] }
        for hold in holds.removeValue(forKey: id) ?? [] { hold.close() }
        let left = wiring.places.filter { $0.lease != nil }.compactMap { networks[$0.network] }
        let leases = wiring.places
        for index in wiring.places.indices { wiring.places[index].lease = nil }
        (wiring.grants, wiring.namespace, wiring.process) = ([], 0, 0)
        containers[id] = wiring
        await names.stop(id)
        for place in leases {
            if let lease = place.lease { await drop(lease, of: place.network) }
        }
        guard !left.isEmpty else { return [] }
        do throws(EngineFailure) {
            try settleRules()
            dropIdleBridges()
            await settleNames()
            try await save(wiring)
        } catch {
            log("networks of container \(wiring.name): \(error.message)")
        }
        return left
    }

    /// Takes one place's interfaces and addresses away.
    ///
    /// The kernel takes some hundredths of a second for it, so it has a thread of its own.
    func drop(_ lease: ContainerWiring.Lease, of network: String) async {
        let name = lease.outer
        let failure = await effects.workers.run { () -> WiringFailure? in
            do throws(WiringFailure) {
                try BridgeWiring.remove(name)
                return nil
            } catch {
                return error
            }
        }
        if let failure { log("the interface \(name) stays: \(failure)") }
        giveBack(lease, of: network)
    }

    /// Forgets a container that is gone, whose folder goes with it.
    func forget(_ id: String) { containers[id] = nil }
}
