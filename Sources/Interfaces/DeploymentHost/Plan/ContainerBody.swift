// SPDX-License-Identifier: Apache-2.0
import Deployments
import JSONText

/// What the engine is asked for a copy: Docker's `POST /containers/create` (HOST-5).
struct ContainerBody {
    private let plan: CopyPlan
    private let lease: LeaseName
    /// Where the files of secrets and configs lie, by the path inside.
    private let files: [String: String]

    private var service: Service { plan.service }

    /// The most processes of a copy that says nothing.
    private static let processesMaxDefault: UInt32 = 4_096

    init(_ plan: CopyPlan, lease: LeaseName, files: [String: String]) {
        self.plan = plan
        self.lease = lease
        self.files = files
    }

    var json: JSON {
        var members = required
        func add(_ name: String, _ value: JSON?) {
            if let value { members.append(JSON.Member(name, value)) }
        }
        add("Cmd", service.command.map(Self.texts))
        add("Entrypoint", service.entrypoint.map(Self.texts))
        add("User", service.user.map { JSON($0) })
        add("WorkingDir", service.workingDirectory.map { JSON($0) })
        add("Hostname", service.hostname.map { JSON($0) })
        add("StopSignal", service.stopSignal.map { JSON($0) })
        add("Healthcheck", service.healthCheck.map(Self.health))
        return .object(members)
    }

    private var required: [JSON.Member] {
        let labels: [JSON.Member] =
            service.labels.filter { !$0.name.hasPrefix("atoll.") }
            .map { JSON.Member($0.name, JSON($0.value)) } + [
                JSON.Member(LeaseName.label, JSON(lease.text)),
                JSON.Member(ObservedCopy.serviceLabel, JSON(service.name)),
                JSON.Member(ObservedCopy.numberLabel, JSON("\(plan.number)")),
                JSON.Member(ObservedCopy.fingerprintLabel, JSON(plan.fingerprint)),
            ]
        let ports = service.ports.map { JSON.Member(Self.port($0), [:]) }
        var members: [JSON.Member] = [
            JSON.Member("Image", JSON(service.image)),
            JSON.Member("Env", Self.texts(service.environment.map { "\($0.name)=\($0.value)" })),
            JSON.Member("Labels", .object(labels)),
            JSON.Member("Tty", .bool(service.hasTerminal)),
            JSON.Member("OpenStdin", .bool(service.keepsInput)),
            JSON.Member("StopTimeout", JSON((service.stopMilliseconds + 999) / 1_000)),
            JSON.Member("ExposedPorts", .object(ports)),
            JSON.Member("HostConfig", machine),
        ]
        if let first = service.networks.first {
            let endpoint = Self.endpoint(first, of: service)
            members.append(
                JSON.Member(
                    "NetworkingConfig",
                    [
                        "EndpointsConfig": .object([
                            JSON.Member(lease.network(first.network), endpoint)
                        ])
                    ]))
        }
        return members
    }

    /// How a service is found on a network: by its own name and the further ones.
    static func endpoint(_ attachment: NetworkAttachment, of service: Service) -> JSON {
        ["Aliases": texts([service.name] + attachment.aliases)]
    }

    /// `HostConfig`: a stranger's program gets what was leased and no more.
    private var machine: JSON {
        let resources = service.resources
        var members: [JSON.Member] = [
            JSON.Member(
                "NetworkMode",
                JSON(
                    service.networks.first.map {
                        lease.network($0.network)
                    } ?? "none")),
            JSON.Member("Memory", JSON(resources.memoryBytes)),
            JSON.Member("MemorySwap", JSON(resources.memoryBytes)),
            JSON.Member("NanoCpus", JSON(resources.milliProcessors * 1_000_000)),
            JSON.Member("PidsLimit", JSON(service.processesMax ?? Self.processesMaxDefault)),
            JSON.Member("SecurityOpt", ["no-new-privileges"]),
            JSON.Member("ReadonlyRootfs", .bool(service.isReadOnly)),
            JSON.Member("RestartPolicy", Self.restart(service.restart)),
            JSON.Member("LogConfig", Self.log(service.log)),
            JSON.Member("Mounts", .array(mounts)),
            JSON.Member("PortBindings", .object(Self.bindings(service.ports))),
        ]
        func add(_ name: String, _ texts: [String]) {
            if !texts.isEmpty { members.append(JSON.Member(name, Self.texts(texts))) }
        }
        add("CapAdd", service.addedCapabilities)
        add("CapDrop", service.droppedCapabilities)
        add("GroupAdd", service.groups)
        add("ExtraHosts", service.extraHosts.map { "\($0.name):\($0.value)" })
        if service.hasInit { members.append(JSON.Member("Init", true)) }
        if let bytes = service.sharedMemoryBytes {
            members.append(JSON.Member("ShmSize", JSON(bytes)))
        }
        if !service.processLimits.isEmpty {
            let limits = service.processLimits.map { limit -> JSON in
                [
                    "Name": JSON(limit.name), "Soft": JSON(Self.signed(limit.soft)),
                    "Hard": JSON(Self.signed(limit.hard)),
                ]
            }
            members.append(JSON.Member("Ulimits", .array(limits)))
        }
        return .object(members)
    }

    private var mounts: [JSON] {
        service.mounts.map { mount -> JSON in
            switch mount.source {
            case .volume(let name, let subpath):
                var members: [JSON.Member] = [
                    JSON.Member("Type", "volume"),
                    JSON.Member("Source", JSON(lease.volume(name))),
                    JSON.Member("Target", JSON(mount.target)),
                    JSON.Member("ReadOnly", .bool(mount.isReadOnly)),
                ]
                if let subpath {
                    members.append(JSON.Member("VolumeOptions", ["Subpath": JSON(subpath)]))
                }
                return .object(members)
            case .memory(let bytes, let mode):
                return [
                    "Type": "tmpfs", "Target": JSON(mount.target),
                    "ReadOnly": .bool(mount.isReadOnly),
                    "TmpfsOptions": ["SizeBytes": JSON(bytes), "Mode": JSON(mode)],
                ]
            }
        }
            + files.sorted { $0.key < $1.key }.map { target, source in
                ["Type": "bind", "Source": JSON(source), "Target": JSON(target), "ReadOnly": true]
            }
    }

    // MARK: Pieces

    private static func texts(_ texts: [String]) -> JSON { .array(texts.map { JSON($0) }) }

    /// -1 stands for none.
    private static func signed(_ limit: UInt64) -> Int64 { Int64(exactly: limit) ?? -1 }

    private static func port(_ port: ServicePort) -> String {
        "\(port.target)/\(port.transport.name)"
    }

    /// Numbers outside; no number leaves the choice to the engine.
    private static func bindings(_ ports: [ServicePort]) -> [JSON.Member] {
        var names: [String] = []
        for port in ports where port.isPublished && !names.contains(Self.port(port)) {
            names.append(Self.port(port))
        }
        return names.map { name in
            let outside = ports.filter { $0.isPublished && Self.port($0) == name }
            return JSON.Member(
                name,
                .array(outside.map { ["HostPort": JSON($0.published.map { "\($0)" } ?? "")] }))
        }
    }

    private static func restart(_ policy: RestartPolicy) -> JSON {
        var count: UInt32 = 0
        if case .onFailure(let max) = policy { count = max ?? 0 }
        let name = policy.name.prefix { $0 != ":" }
        return ["Name": JSON(String(name)), "MaximumRetryCount": JSON(count)]
    }

    private static func log(_ rule: LogRule) -> JSON {
        [
            "Type": "json-file",
            "Config": [
                "max-size": JSON("\(rule.fileBytesMax)"), "max-file": JSON("\(rule.filesMax)"),
            ],
        ]
    }

    /// A day at most: a manifest may say any number.
    private static func nanoseconds(_ milliseconds: UInt64) -> JSON {
        JSON(min(milliseconds, 86_400_000) * 1_000_000)
    }

    private static func health(_ check: HealthCheck) -> JSON {
        [
            "Test": texts(check.test),
            "Interval": nanoseconds(check.intervalMilliseconds),
            "Timeout": nanoseconds(check.timeoutMilliseconds),
            "StartPeriod": nanoseconds(check.startMilliseconds),
            "StartInterval": nanoseconds(check.startIntervalMilliseconds),
            "Retries": JSON(check.retries),
        ]
    }
}
