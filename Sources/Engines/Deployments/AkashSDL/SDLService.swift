// SPDX-License-Identifier: Apache-2.0

/// Reads what the language says of one service.
struct SDLService {
    private let name: String
    private let compute: SDLCompute

    init(_ name: String, _ compute: SDLCompute) {
        self.name = name
        self.compute = compute
    }

    func read(_ field: YAMLField, _ service: inout Service, _ deployment: inout Deployment) {
        var map = field.map
        if let image = map.takeValue("image") {
            service.image = image.text ?? ""
        } else {
            field.refuse("service \(name) has no image")
        }
        // The language's words are those of Kubernetes: the command replaces the entrypoint.
        service.entrypoint = map.takeValue("command")?.words
        service.command = map.takeValue("args")?.words
        readVariables(map.takeValue("env"), &service)
        for one in map.takeValue("depends_on")?.list ?? [] {
            if one.node.entries == nil {
                if let other = one.name { service.dependencies.append(Dependency(other)) }
            } else {
                var inner = one.map
                if let other = inner.takeValue("service")?.name {
                    service.dependencies.append(Dependency(other))
                }
                inner.refuseRest()
            }
        }
        for port in map.takeValue("expose")?.list ?? [] {
            if let read = Self.port(port), !service.ports.contains(read) {
                service.ports.append(read)
            }
        }
        if let params = map.takeValue("params") { readParams(params, &service, &deployment) }
        checkMounted(field, service)
        map.refuseRest([
            "credentials": "a password in the file is no secret: give it when it is deployed"
        ])
    }

    private func readVariables(_ field: YAMLField?, _ service: inout Service) {
        guard let field else { return }
        let pairs = field.pairs.compactMap { pair -> NamedText? in
            guard let value = pair.value else {
                pair.field.error("'\(pair.name)' has no value")
                return nil
            }
            return NamedText(pair.name, value)
        }
        service.environment = field.uniqueByName(pairs)
    }

    private static func port(_ field: YAMLField) -> ServicePort? {
        var map = field.map
        guard let number: UInt16 = map.takeValue("port")?.integer(1...UInt16.max) else {
            field.error("a port is missing")
            return nil
        }
        var port = ServicePort(number)
        let outside: UInt16? = map.takeValue("as")?.integer(1...UInt16.max)
        if let word = map.takeValue("proto") {
            port.transport =
                word.word(["tcp": PortProtocol.tcp, "TCP": .tcp, "udp": .udp, "UDP": .udp]) ?? .tcp
        }
        port.hosts = map.takeValue("accept")?.texts ?? []
        for target in map.takeValue("to")?.list ?? [] {
            var inner = target.map
            if inner.takeValue("global")?.flag == true { port.isPublished = true }
            if let other = inner.takeValue("service") {
                other.warn("to: every service of the deployment reaches this port, not one alone")
            }
            inner.refuseRest(["ip": "addresses of one's own are not leased yet"])
        }
        if port.isPublished {
            port.published = outside
        } else if let outside, outside != number {
            field.error("as: between services a port has one number")
        }
        map.refuseRest(["http_options": "how requests are passed on is the provider's"])
        return port
    }

    private func readParams(
        _ field: YAMLField, _ service: inout Service, _ deployment: inout Deployment
    ) {
        var map = field.map
        for entry in map.takeValue("storage").map(SDLReader.entries) ?? [] {
            var inner = entry.field.map
            let isReadOnly = inner.takeValue("readOnly")?.flag ?? false
            let path = inner.takeValue("mount")
            inner.refuseRest()
            guard let path, let text = path.text, ComposeStorage.isPath(text) else {
                (path ?? entry.field).error("a mount that begins with '/' is missing")
                continue
            }
            let target = ComposeStorage.clean(text)
            if let bytes = compute.persistent[entry.name] {
                let volume = "\(name.prefix(31)).\(entry.name.prefix(31))"
                deployment.volumes.append(Volume(volume, bytesMax: bytes))
                service.mounts.append(
                    Mount(.volume(volume, subpath: nil), at: target, isReadOnly: isReadOnly))
            } else if let bytes = compute.memory[entry.name] {
                service.mounts.append(
                    Mount(
                        .memory(bytesMax: bytes, mode: 0o1777), at: target, isReadOnly: isReadOnly))
            } else {
                entry.field.refuse("the profile has no persistent storage \(entry.name)")
            }
        }
        map.refuseRest(["permissions": "what reaches the machine is not given to strangers"])
    }

    private func checkMounted(_ field: YAMLField, _ service: Service) {
        let mounted = service.mounts.count
        guard mounted < compute.persistent.count + compute.memory.count else { return }
        field.warn("not every storage of its profile has a mount; what has none is not there")
    }
}
