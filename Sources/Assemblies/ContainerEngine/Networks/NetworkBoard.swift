// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import Effects
import HTTPServer
import JSONText
import Vocabulary

/// The networks of an engine and who is plugged into them (specs/container-networks.md).
///
/// What is given to a container is written down before it is used, so that an engine that is killed
/// at any point finds everything again that it made (NETWORKS-3, NETWORKS-9).
actor NetworkBoard {
    let effects: Effects
    let log: @Sendable (String) -> Void
    let names: NameServer
    /// What tells this engine's rules and addresses of IPv6 from others': 40 random bits.
    private(set) var site: UInt64 = 0
    var networks: [String: EngineNetwork] = [:]
    var containers: [String: ContainerWiring] = [:]
    /// The addresses of each network, by its id.
    var pools: [String: [AddressPool]] = [:]
    /// The machine's ports that containers hold, by the containers' ids.
    var holds: [String: [PortHold]] = [:]
    /// What the kernel's table says.
    private var rules = RuleSet()
    private var machine: MachineAnswer?
    /// Whether a container of an engine before this one was plugged in.
    var hadLeases = false

    /// Whether this machine can have bridges, once it was tried.
    private struct MachineAnswer {
        let refusal: String?
    }

    /// The most networks of one engine: rules grow with their pairs only where they share one.
    static let networksMax = 256

    init(_ effects: Effects, log: @escaping @Sendable (String) -> Void) {
        self.effects = effects
        self.log = log
        names = NameServer(effects) { NameOptions.endpoints(ResolverFile.ofMachine().servers) }
    }

    /// The table of this engine's rules.
    var table: TableName {
        let digits = String(site, radix: 16)
        guard let name = TableName("atoll_" + digits) else {
            preconditionFailure("hexadecimal digits are part of a table's name")
        }
        return name
    }

    // MARK: What is kept

    /// Takes up the networks that are there; the first time, makes the network of who names none.
    func restore() async throws(EngineFailure) {
        do throws(DiskFailure) {
            try await effects.disk.createFolder("networks")
            try await restoreSite()
            for file in try await effects.disk.list("networks") where file.utf8.count == 69 {
                guard let json = try await read("networks/\(file)"),
                    let network = EngineNetwork(json), network.path == "networks/\(file)"
                else {
                    log("networks/\(file) cannot be read and stays as it is")
                    continue
                }
                networks[network.id] = network
            }
        } catch {
            throw EngineFailure(error)
        }
        for network in networks.values { pools[network.id] = try network.pools() }
        if !networks.values.contains(where: \.isUsual) {
            _ = try await add(name: NetworkMode.usual, body: ["Driver": "bridge"], subnets: [])
        }
    }

    private func restoreSite() async throws(DiskFailure) {
        if let known = try await read("networks/site.json")?["site"]?.unsigned {
            site = known
            return
        }
        // Ten digits, of which the first is none that would be lost.
        site = 1 << 36 | effects.chance.below(1 << 36)
        try await write(["site": JSON(site)], to: "networks/site.json")
    }

    private func read(_ path: String) async throws(DiskFailure) -> JSON? {
        do throws(DiskFailure) {
            let bytes = try await effects.disk.read(path, limit: Engine.recordBytesMax)
            return try? JSON(parsing: bytes)
        } catch .notFound {
            return nil
        }
    }

    private func write(_ json: JSON, to path: String) async throws(DiskFailure) {
        var writer = JSONWriter()
        writer.value(json)
        try await effects.disk.replace(path, with: writer.bytes)
    }

    func save(_ network: EngineNetwork) async throws(EngineFailure) {
        networks[network.id] = network
        do throws(DiskFailure) {
            try await write(network.json, to: network.path)
        } catch {
            throw EngineFailure(error)
        }
    }

    func save(_ wiring: ContainerWiring) async throws(EngineFailure) {
        containers[wiring.id] = wiring
        do throws(DiskFailure) {
            try await effects.disk.createFolder("containers/\(wiring.id)")
            try await write(wiring.json, to: wiring.path)
        } catch {
            throw EngineFailure(error)
        }
    }

    // MARK: The machine

    /// Refuses where the machine cannot have bridges, with the kernel's reason (NETWORKS-10).
    func checkMachine() throws(EngineFailure) {
        if machine == nil {
            guard let bridge = InterfaceName("atp" + String(site, radix: 16)),
                let probe = TableName("\(table)_probe")
            else { preconditionFailure("hexadecimal digits are part of a name") }
            machine = MachineAnswer(
                refusal: MachineCheck.refusal(bridge: bridge, table: probe))
        }
        guard let refusal = machine?.refusal else { return }
        throw EngineFailure(
            .badRequest,
            "this machine cannot have bridge networks (choose --network none or --network host): "
                + refusal)
    }

    /// Makes the kernel's rules what they should be; nothing when they are.
    ///
    /// It waits for the kernel: rules that are asked for later are never put in place before.
    ///
    /// - Parameter anew: Whether the kernel may have rules of an engine before this one.
    func settleRules(anew: Bool = false) throws(EngineFailure) {
        let wanted = wantedRules
        guard anew || wanted != rules else { return }
        do throws(WiringFailure) {
            try RuleTable.apply(wanted.text(table: table))
        } catch {
            throw EngineFailure(error)
        }
        rules = wanted
    }

    /// The networks that somebody is plugged into.
    var inUse: Set<String> {
        Set(containers.values.flatMap { $0.places.filter { $0.lease != nil }.map(\.network) })
    }

    private var wantedRules: RuleSet {
        let used = inUse
        let bridges = networks.values.filter { used.contains($0.id) }.sorted { $0.id < $1.id }
        let published = containers.values.sorted { $0.id < $1.id }.flatMap { wiring in
            wiring.grants.flatMap { publications(of: $0, to: wiring) }
        }
        return RuleSet(bridges: bridges.map(\.ruled), publications: published)
    }

    private func publications(
        of grant: PortGrant, to wiring: ContainerWiring
    ) -> [RuleSet.Publication] {
        guard let lease = outerPlace(of: wiring)?.lease else { return [] }
        return lease.addresses.filter { $0.family == grant.host?.family ?? $0.family }.map {
            RuleSet.Publication(
                transport: grant.port.transport, host: grant.host, hostPort: grant.hostPort,
                target: $0, targetPort: grant.port.number)
        }
    }

    /// Its place in the first network that leads outside.
    func outerPlace(of wiring: ContainerWiring) -> ContainerWiring.Place? {
        wiring.places.first { networks[$0.network]?.isInternal == false }
    }

    /// Tells the name server who is where now.
    func settleNames() async {
        var entries: [NameBook.Entry] = []
        for wiring in containers.values {
            for place in wiring.places {
                guard let lease = place.lease, let network = networks[place.network] else {
                    continue
                }
                entries.append(
                    NameBook.Entry(
                        container: wiring.id, network: network.name, hasNames: !network.isUsual,
                        isInternal: network.isInternal, names: Self.allNames(of: wiring, place),
                        addresses: lease.addresses))
            }
        }
        await names.use(NameBook(entries))
    }

    /// What a container is called in a network.
    static func allNames(
        of wiring: ContainerWiring, _ place: ContainerWiring.Place
    ) -> [String] {
        var names: [String] = []
        for name in [wiring.name] + place.aliases + [String(wiring.id.prefix(12))]
        where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    // MARK: Finding

    /// A network by its name, its id, or the beginning of its id that no other has.
    func network(_ name: String) throws(EngineFailure) -> EngineNetwork {
        if let exact = networks[name] { return exact }
        if let named = networks.values.first(where: { $0.name == name }) { return named }
        let found = networks.keys.filter { !name.isEmpty && $0.hasPrefix(name) }
        guard found.count == 1, let id = found.first, let network = networks[id] else {
            throw .noNetwork(name)
        }
        return network
    }

    /// So many random hexadecimal digits.
    func digits(_ count: Int) -> String {
        effects.chance.bytes(count / 2).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
