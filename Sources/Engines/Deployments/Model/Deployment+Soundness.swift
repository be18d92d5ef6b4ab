// SPDX-License-Identifier: Apache-2.0

extension Deployment {
    /// The first thing that makes this no manifest, in words; nothing when it is sound (DEPLOY-2).
    public var firstFlaw: String? {
        guard DeploymentName.isSound(name) else { return "its name is not a name" }
        guard !services.isEmpty else { return "there is no service" }
        guard secrets.count <= DeploymentLimits.partsMax,
            secrets.allSatisfy(DeploymentName.isSound)
        else { return "the names of secrets are not names" }
        let lists: [(String, [String])] = [
            ("groups", groups.map(\.name)), ("services", services.map(\.name)),
            ("volumes", volumes.map(\.name)), ("networks", networks.map(\.name)),
            ("configs", configs.map(\.name)), ("secrets", secrets),
        ]
        for (what, names) in lists where !Self.rises(names) {
            return "\(what) are not in the order of their names, each once"
        }
        if let volume = volumes.first(where: {
            !(1...DeploymentLimits.bytesMax).contains($0.bytesMax)
        }) {
            return "volume \(volume.name) has no possible size"
        }
        for service in services {
            if let flaw = flaw(of: service) { return "service \(service.name): \(flaw)" }
        }
        return cycle.map { "services wait for each other: \($0.joined(separator: ", "))" }
    }

    private func flaw(of service: Service) -> String? {
        guard groups.contains(where: { $0.name == service.group }) else {
            return "its group is unknown"
        }
        guard !service.image.isEmpty else { return "it has no image" }
        guard service.resources.isSound else { return "its resources are outside their limits" }
        guard service.replicas <= DeploymentLimits.replicasMax else { return "too many copies" }
        return service.flawOfLists ?? flawOfReferences(service)
    }

    private func flawOfReferences(_ service: Service) -> String? {
        if let name = service.mounts.compactMap(\.volume).first(where: { volume($0) == nil }) {
            return "there is no volume \(name)"
        }
        if let name = service.networks.map(\.network).first(where: { wanted in
            !networks.contains { $0.name == wanted }
        }) {
            return "there is no network \(name)"
        }
        if let name = service.secrets.map(\.name).first(where: { !secrets.contains($0) }) {
            return "there is no secret \(name)"
        }
        if let name = service.configs.map(\.name).first(where: { wanted in
            !configs.contains { $0.name == wanted }
        }) {
            return "there is no config \(name)"
        }
        if let name = service.dependencies.map(\.service).first(where: { self.service($0) == nil })
        {
            return "there is no service \(name)"
        }
        return nil
    }

    /// Services that wait for each other in a ring, or nothing.
    public var cycle: [String]? {
        var isDone: Set<String> = []
        var onWay: [String] = []
        func visit(_ name: String) -> [String]? {
            if let start = onWay.firstIndex(of: name) { return Array(onWay[start...]) }
            guard !isDone.contains(name), let service = service(name) else { return nil }
            onWay.append(name)
            for next in service.dependencies {
                if let ring = visit(next.service) { return ring }
            }
            onWay.removeLast()
            isDone.insert(name)
            return nil
        }
        for service in services {
            if let ring = visit(service.name) { return ring }
        }
        return nil
    }

    /// Whether names are in the order of their bytes, each once.
    static func rises(_ names: [String]) -> Bool {
        zip(names, names.dropFirst()).allSatisfy {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }
}

extension Service {
    /// What is wrong with the order of its lists, or nothing.
    var flawOfLists: String? {
        let lists: [(String, [String])] = [
            ("variables", environment.map(\.name)), ("labels", labels.map(\.name)),
            ("networks", networks.map(\.network)), ("mounts", mounts.map(\.target)),
            ("secrets", secrets.map(\.target)), ("configs", configs.map(\.target)),
            ("dependencies", dependencies.map(\.service)),
            ("limits", processLimits.map(\.name)), ("added capabilities", addedCapabilities),
            ("dropped capabilities", droppedCapabilities),
            ("ports", ports.map(\.sortingName)),
        ]
        for (what, names) in lists where !Deployment.rises(names) {
            return "\(what) are not in order, each once"
        }
        return nil
    }

    /// Puts its lists in their order.
    mutating func sortLists() {
        environment.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        labels.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        networks.sort { $0.network.utf8.lexicographicallyPrecedes($1.network.utf8) }
        mounts.sort { $0.target.utf8.lexicographicallyPrecedes($1.target.utf8) }
        secrets.sort { $0.target.utf8.lexicographicallyPrecedes($1.target.utf8) }
        configs.sort { $0.target.utf8.lexicographicallyPrecedes($1.target.utf8) }
        dependencies.sort { $0.service.utf8.lexicographicallyPrecedes($1.service.utf8) }
        processLimits.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        addedCapabilities.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        droppedCapabilities.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        ports.sort { $0.sortingName.utf8.lexicographicallyPrecedes($1.sortingName.utf8) }
    }
}

extension ServicePort {
    /// Number and protocol with equal lengths, so that their order is that of numbers; a number
    /// published twice under two numbers outside counts as two.
    var sortingName: String {
        let digits = "\(target)"
        let outside = "\(published ?? 0)"
        return String(repeating: "0", count: 5 - digits.count) + digits + transport.name
            + String(repeating: "0", count: 5 - outside.count) + outside
    }
}
