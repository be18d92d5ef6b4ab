// SPDX-License-Identifier: Apache-2.0

/// Reads one service of a compose file; each part of it in a file of its own.
struct ComposeServiceReader {
    let name: String
    let field: YAMLField
    var map: MapReader
    var service: Service
    private var profiles: [String] = []

    init(_ name: String, _ field: YAMLField) {
        self.name = name
        self.field = field
        map = field.map
        service = Service(name, image: "")
    }

    /// Whether it is taken: it has no profile, or one that is chosen.
    func isChosen(_ chosen: Set<String>) -> Bool {
        profiles.isEmpty || profiles.contains { chosen.contains($0) }
    }

    /// The service; what cannot be honoured of it is in the book.
    mutating func read(_ reader: inout ComposeReader) -> Service {
        profiles = map.takeValue("profiles")?.texts ?? []
        readImage()
        readProgram()
        readEnvironment(&reader)
        readPorts()
        readNetworks()
        readStorage()
        readLife()
        readRights()
        readResources()
        map.refuseRest(ComposeRefusals.service)
        return service
    }

    private mutating func readImage() {
        let build = map.takeValue("build")
        switch (map.takeValue("image"), build) {
        case (let image?, let build):
            service.image = image.text ?? ""
            build?.warn(
                "build: providers build nothing; the image is taken from its registry as it is "
                    + "there: build and push it first")
        case (nil, let build?):
            build.refuse(
                "build: providers build nothing: build and push the image, and name it with image")
        case (nil, nil):
            field.refuse("service \(name) has no image")
        }
        service.platform = map.takeValue("platform")?.word([
            "linux/amd64": "linux/amd64", "linux/arm64": "linux/arm64",
        ])
        service.pullsAlways =
            map.takeValue("pull_policy")?.word([
                "always": true, "missing": false, "if_not_present": false,
            ]) ?? false
    }

    private mutating func readProgram() {
        service.command = map.takeValue("command")?.words
        service.entrypoint = map.takeValue("entrypoint")?.words
        service.user = map.takeValue("user")?.text
        service.groups = map.takeValue("group_add")?.texts ?? []
        service.workingDirectory = map.takeValue("working_dir")?.text
        service.hostname = map.takeValue("hostname")?.name
        service.labels = map.takeValue("labels")?.labels ?? []
        if let hosts = map.takeValue("extra_hosts") { service.extraHosts = Self.hosts(hosts) }
        // Whether a terminal shows the output of this service is its own business.
        _ = map.take("attach")?.flag
    }

    /// Names with addresses: `name=address`, `name:address`, or a mapping.
    private static func hosts(_ field: YAMLField) -> [NamedText] {
        let pairs: [NamedText]
        if field.node.entries != nil {
            pairs = field.pairs.map { NamedText($0.name, $0.value ?? "") }
        } else {
            pairs = field.list.compactMap { one in
                guard let text = one.text else { return nil }
                guard let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                    one.error("'\(text)' is not written as name=address")
                    return nil
                }
                return NamedText(
                    String(text[..<mark]), String(text[text.index(after: mark)...]))
            }
        }
        for pair in pairs where pair.value == "host-gateway" || pair.value.isEmpty {
            field.error("\(pair.name): the machine itself has no address for strangers")
        }
        return pairs.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
