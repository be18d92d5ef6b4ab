// SPDX-License-Identifier: Apache-2.0

/// Reads Akash's stack definition language, version 2.0 and 2.1, to a manifest (DEPLOY-10).
struct SDLReader: DeploymentReader {
    let book: FindingBook
    let options: ReadingOptions
    let filesNeeded: [String] = []
    let secretSources: [SecretSource] = []
    private var compute: [String: SDLCompute] = [:]
    private var groups: [DeploymentGroup] = []

    init(_ book: FindingBook, _ options: ReadingOptions) {
        self.book = book
        self.options = options
    }

    mutating func read(_ root: YAMLNode) -> Deployment {
        var map = MapReader(root, "", book)
        if let version = map.take("version") {
            _ = version.word(["2.0": true, "2.1": true])
        } else {
            book.error(root.place, "version", "a version is missing: \"2.0\"")
        }
        if let profiles = map.take("profiles") { readProfiles(profiles) }
        let services = map.take("services")
        let placed = map.take("deployment")
        map.refuseRest([
            "include": "one file is one deployment: put everything into it",
            "endpoints": "addresses of one's own are not leased yet",
        ])
        var deployment = Deployment(options.name, groups: [])
        for entry in services.map(Self.entries) ?? [] {
            guard let place = placed?.node[entry.name] else {
                entry.field.refuse("service \(entry.name) is deployed nowhere")
                continue
            }
            let field = YAMLField(place, "deployment.\(entry.name)", book)
            if let service = read(entry.name, entry.field, field, &deployment) {
                deployment.services.append(service)
            }
        }
        checkPlaced(placed, services)
        let used = Set(deployment.services.map(\.group))
        deployment.groups = groups.filter { used.contains($0.name) }
        sort(&deployment)
        return deployment
    }

    private func sort(_ deployment: inout Deployment) {
        deployment.groups.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        deployment.services.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        deployment.volumes.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for index in deployment.services.indices { deployment.services[index].sortLists() }
    }

    /// Names with values of a mapping, names checked.
    static func entries(_ field: YAMLField) -> [(name: String, field: YAMLField)] {
        field.parts.compactMap { entry in
            let inner = YAMLField(
                entry.value, "\(field.path).\(entry.name)", field.book, key: entry.place)
            guard DeploymentName.isSound(entry.name) else {
                inner.refuse("'\(entry.name)' is no name: 1 to 63 letters, digits, '.', '_', '-'")
                return nil
            }
            return (entry.name, inner)
        }
    }

    private func checkPlaced(_ placed: YAMLField?, _ services: YAMLField?) {
        for entry in placed?.node.entries ?? [] where services?.node[entry.name] == nil {
            book.error(
                entry.place, "deployment.\(entry.name)", "there is no service \(entry.name)")
        }
    }

    // MARK: - Profiles

    private mutating func readProfiles(_ field: YAMLField) {
        var profiles = field.map
        for entry in profiles.take("compute").map(Self.entries) ?? [] {
            compute[entry.name] = SDLCompute(entry.field)
        }
        for entry in profiles.take("placement").map(Self.entries) ?? [] {
            groups.append(placement(entry.name, entry.field))
        }
        profiles.refuseRest()
    }

    private func placement(_ name: String, _ field: YAMLField) -> DeploymentGroup {
        var map = field.map
        let asked = map.takeValue("attributes")
        // Every provider of that market states it, and none here.
        let attributes = (asked?.labels ?? []).filter { $0 != NamedText("host", "akash") }
        if let signers = map.takeValue("signedBy") {
            var kinds = signers.map
            for kind in ["anyOf", "allOf"] {
                guard let list = kinds.takeValue(kind), !list.list.isEmpty else { continue }
                list.warn(
                    "signedBy: Akash's auditors vouch for nobody here; providers are chosen by "
                        + "their bond and score")
            }
            kinds.refuseRest()
        }
        if let pricing = map.takeValue("pricing") {
            let denominations = Set(
                (pricing.node.entries ?? []).compactMap { $0.value["denom"]?.text })
            pricing.warn(
                "prices in \(denominations.sorted().joined(separator: ", ")) say nothing here: the "
                    + "most to pay is given when it is deployed (--max-cost)")
        }
        map.refuseRest()
        return DeploymentGroup(name, attributes: attributes)
    }

    // MARK: - Services

    private func read(
        _ name: String, _ field: YAMLField, _ place: YAMLField, _ deployment: inout Deployment
    ) -> Service? {
        let places = Self.entries(place)
        guard places.count == 1, let only = places.first else {
            place.refuse("a service stands in one placement")
            return nil
        }
        if !groups.contains(where: { $0.name == only.name }) {
            only.field.refuse("there is no placement \(only.name)")
        }
        var service = Service(name, image: "", group: only.name)
        service.restart = .always
        service.networks = [NetworkAttachment(DeploymentNetwork.nameDefault)]
        var terms = only.field.map
        let profile = terms.takeValue("profile")
        if let count = terms.takeValue("count") {
            service.replicas = count.integer(1...DeploymentLimits.replicasMax) ?? 1
        }
        terms.refuseRest()
        guard let profile, let word = profile.text, let compute = compute[word] else {
            (profile ?? only.field).error("there is no compute profile of this name")
            return service
        }
        service.resources = compute.resources
        SDLService(name, compute).read(field, &service, &deployment)
        return service
    }
}

/// What a compute profile promises.
struct SDLCompute {
    private(set) var resources = Resources()
    /// Storage that outlives copies, by name, with its size.
    private(set) var persistent: [String: UInt64] = [:]
    /// Memory at a path, by name, with its size.
    private(set) var memory: [String: UInt64] = [:]

    init(_ field: YAMLField) {
        var profile = field.map
        guard let inner = profile.takeValue("resources") else {
            field.error("resources are missing")
            return
        }
        profile.refuseRest()
        var map = inner.map
        if var cpu = map.takeValue("cpu")?.map {
            resources.milliProcessors =
                cpu.takeValue("units")?.quantity("0.5", FileQuantities.milliProcessors)
                ?? resources.milliProcessors
            cpu.refuseRest(["attributes": "machines are chosen by their placement's attributes"])
        }
        if var memory = map.takeValue("memory")?.map {
            resources.memoryBytes = Self.size(&memory) ?? resources.memoryBytes
            memory.refuseRest()
        }
        if let storage = map.takeValue("storage") { readStorage(storage) }
        if var gpu = map.takeValue("gpu")?.map {
            let units = gpu.takeValue("units")
            _ = gpu.take("attributes")
            gpu.refuseRest()
            if let count = units?.integer(0...UInt32.max), count > 0 {
                units?.error(ComposeRefusals.devices)
            }
        }
        map.refuseRest()
    }

    private static func size(_ map: inout MapReader) -> UInt64? {
        guard let field = map.takeValue("size") else {
            map.book.error(map.place, map.path, "a size is missing")
            return nil
        }
        return field.quantity("512Mi", FileQuantities.decimalBytes).map { max(1, $0) }
    }

    private mutating func readStorage(_ field: YAMLField) {
        var disk: UInt64 = 0
        for one in field.node.elements == nil ? [field] : field.list {
            var map = one.map
            let name = map.takeValue("name")?.name ?? "default"
            let bytes = Self.size(&map) ?? 1
            var attributes = map.takeValue("attributes")?.map
            let lasts = attributes?.takeValue("persistent")?.flag ?? false
            // Classes of disks have names only where they are sold; memory alone is another thing.
            let kind = attributes?.takeValue("class")?.text
            attributes?.refuseRest()
            map.refuseRest()
            if lasts {
                persistent[name] = bytes
            } else if kind == "ram" {
                memory[name] = bytes
            } else {
                disk = min(DeploymentLimits.bytesMax, disk + bytes)
            }
        }
        resources.diskBytes = max(1, disk)
    }
}
