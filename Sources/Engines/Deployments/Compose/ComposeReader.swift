// SPDX-License-Identifier: Apache-2.0

/// Reads a compose file (the Compose Specification) to a manifest (DEPLOY-6).
struct ComposeReader: DeploymentReader {
    let book: FindingBook
    let options: ReadingOptions
    private(set) var filesNeeded: [String] = []
    private(set) var secretSources: [SecretSource] = []
    /// Variables of `.env`, which the caller's go before.
    private var variables: [String: String] = [:]

    init(_ book: FindingBook, _ options: ReadingOptions) {
        self.book = book
        self.options = options
    }

    /// What a name stands for.
    func lookup(_ name: String) -> String? { options.variable(name) ?? variables[name] }

    /// The bytes of a file that the file names; nothing when it is needed first, or when it cannot
    /// be read, which the book then says.
    mutating func content(_ path: String, _ field: YAMLField, isRequired: Bool = true) -> [UInt8]? {
        switch options.files[path] {
        case .bytes(let bytes): return bytes
        case .missing(let reason):
            if isRequired { field.error("'\(path)': \(reason)") }
            return nil
        case nil:
            if !filesNeeded.contains(path) { filesNeeded.append(path) }
            return nil
        }
    }

    mutating func read(_ root: YAMLNode) -> Deployment {
        readVariables()
        let root = interpolated(root, "")
        var map = MapReader(root, "", book)
        var deployment = Deployment(options.name, networks: [])
        if let name = map.takeValue("name")?.name { deployment.name = name }
        // The version of the format says nothing any more (compose-spec, "Version top-level").
        _ = map.take("version")?.text
        let volumes = declared(&map, "volumes") { ComposeVolumes.volume($0, $1) }
        var networks = declared(&map, "networks") { ComposeVolumes.network($0, $1) }
        let secrets = declared(&map, "secrets") { ComposeFiles.secret($0, $1) }
        let configs = declaredConfigs(&map)
        readServices(&map, into: &deployment)
        map.refuseRest(ComposeRefusals.file)
        if !networks.contains(where: { $0.name == DeploymentNetwork.nameDefault }) {
            networks.append(DeploymentNetwork())
        }
        let parts = ComposeParts(
            volumes: volumes, networks: networks, secrets: secrets, configs: configs)
        parts.complete(&deployment, book)
        secretSources = secrets.filter { deployment.secrets.contains($0.name) }
        return deployment
    }

    private mutating func readVariables() {
        let path = DeploymentSource.variablesFile
        guard let file = options.files[path] else {
            filesNeeded.append(path)
            return
        }
        guard case .bytes(let bytes) = file else { return }
        let read = DotEnv(bytes, file: path, book, lookup: options.variable)
        for (name, value) in read.variables { variables[name] = value }
    }

    private func declared<Part>(
        _ map: inout MapReader, _ name: String, _ read: (String, YAMLField) -> Part?
    ) -> [Part] {
        guard let field = map.takeValue(name) else { return [] }
        return field.parts.compactMap { entry in
            let inner = YAMLField(entry.value, "\(name).\(entry.name)", book, key: entry.place)
            guard DeploymentName.isSound(entry.name) else {
                inner.refuse("'\(entry.name)' is no name: 1 to 63 letters, digits, '.', '_', '-'")
                return nil
            }
            return read(entry.name, inner)
        }
    }

    private mutating func declaredConfigs(_ map: inout MapReader) -> [ConfigFile] {
        guard let field = map.takeValue("configs") else { return [] }
        return field.parts.compactMap { entry in
            let inner = YAMLField(entry.value, "configs.\(entry.name)", book, key: entry.place)
            return ComposeFiles.config(entry.name, inner, &self)
        }
    }

    private mutating func readServices(_ map: inout MapReader, into deployment: inout Deployment) {
        guard let field = map.takeValue("services") else {
            book.error(map.place, "services", "there are no services")
            return
        }
        var left: Set<String> = []
        for entry in field.parts {
            let inner = YAMLField(entry.value, "services.\(entry.name)", book, key: entry.place)
            guard DeploymentName.isSound(entry.name) else {
                inner.refuse("'\(entry.name)' is no name: 1 to 63 letters, digits, '.', '_', '-'")
                continue
            }
            var reader = ComposeServiceReader(entry.name, inner)
            let service = reader.read(&self)
            if reader.isChosen(options.profiles) {
                deployment.services.append(service)
            } else {
                left.insert(entry.name)
            }
        }
        dropOptional(&deployment, left, field)
    }

    // A service that is left out by its profile cannot be waited for, unless whoever waits can do
    // without it.
    private func dropOptional(
        _ deployment: inout Deployment, _ left: Set<String>, _ field: YAMLField
    ) {
        let names = Set(deployment.services.map(\.name))
        for index in deployment.services.indices {
            let waiting = deployment.services[index]
            for one in waiting.dependencies where !names.contains(one.service) {
                let inner = field.node[waiting.name]?["depends_on"]
                let place = inner?[one.service] ?? inner
                if place?["required"]?.text == "false" {
                    deployment.services[index].dependencies.removeAll { $0.service == one.service }
                    continue
                }
                book.error(
                    place?.place ?? field.node.place, "services.\(waiting.name).depends_on",
                    left.contains(one.service)
                        ? "\(one.service) is left out: its profile is not chosen"
                        : "there is no service \(one.service)")
            }
        }
    }

    // MARK: - Variables

    /// The same node with variables put into its texts.
    private func interpolated(_ node: YAMLNode, _ path: String) -> YAMLNode {
        switch node.content {
        case .scalar(let text, let isPlain):
            return YAMLNode(
                node.place, .scalar(interpolated(text, node.place, path), isPlain: isPlain))
        case .list(let elements):
            return YAMLNode(node.place, .list(elements.map { interpolated($0, path) }))
        case .map(let entries):
            return YAMLNode(
                node.place,
                .map(
                    entries.map {
                        let inner = path.isEmpty ? $0.name : "\(path).\($0.name)"
                        return YAMLEntry($0.name, $0.place, interpolated($0.value, inner))
                    }))
        }
    }

    private func interpolated(_ text: String, _ place: SourcePlace, _ path: String) -> String {
        do throws(InterpolationFailure) {
            let outcome = try Interpolation.expand(text, lookup: lookup)
            for name in outcome.unset {
                book.warn(place, path, "the variable \(name) is not set and counts as empty")
            }
            return outcome.text
        } catch {
            book.error(place, path, error.message)
            return text
        }
    }
}
