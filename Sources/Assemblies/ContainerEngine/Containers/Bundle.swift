// SPDX-License-Identifier: Apache-2.0
import JSONText

/// A container's configuration for the runtime (OCI runtime specification 1.2), of what its client
/// asked for.
struct Bundle {
    let container: EngineContainer
    let options: ContainerOptions
    let user: JSON
    /// Where all its layers appear, absolute.
    let root: String
    /// The folder of the files that the engine gives it.
    var given: String
    /// The network namespace that it joins, by its path; nil for one of its own or the machine's.
    var namespace: String?
    /// The name of the container whose network it shares.
    var sharedHostname: String?

    /// The program `atoll-runtime`.
    var runtime = ""
    /// Devices of the machine that it is given.
    var devices: [GivenDevice] = []
    /// Namespaces of other containers that it joins, by kind.
    var joined: [String: String] = [:]

    /// The files a container finds in `/etc`.
    static let givenFiles = ["hostname", "hosts", "resolv.conf"]

    /// Where the engine mounts something in every container.
    static let places =
        ["/dev", "/proc", "/sys"] + givenFiles.map { "/etc/\($0)" }

    var hostname: String {
        sharedHostname ?? options.hostname ?? String(container.id.prefix(12))
    }

    var json: JSON {
        var environment = options.environment
        if !environment.contains(where: { $0.hasPrefix("HOSTNAME=") }) {
            environment.append("HOSTNAME=\(hostname)")
        }
        if options.hasTerminal, !environment.contains(where: { $0.hasPrefix("TERM=") }) {
            environment.append("TERM=xterm")
        }
        var members: [JSON.Member] = [
            JSON.Member("ociVersion", "1.2.0"),
            JSON.Member(
                "process",
                process(
                    first + options.arguments, environment, options.hasTerminal, options.folder)),
            JSON.Member(
                "root", ["path": JSON(root), "readonly": .bool(options.host.isReadOnly)]),
            JSON.Member("mounts", .array(mounts)),
            JSON.Member("linux", linux),
        ]
        if hasOwnName { members.append(JSON.Member("hostname", JSON(hostname))) }
        return .object(members)
    }

    /// A program as the specification's `process`.
    func process(
        _ arguments: [String], _ environment: [String], _ hasTerminal: Bool, _ folder: String
    ) -> JSON {
        let few = JSON.array(rights.map { JSON($0) })
        var members = processLimits
        if hasTerminal, let size = options.host.size, size.count == 2 {
            members.append(
                JSON.Member(
                    "consoleSize", ["height": JSON(size[0]), "width": JSON(size[1])]))
        }
        let rest: JSON = [
            "terminal": .bool(hasTerminal), "user": user,
            "args": .array(arguments.map { JSON($0) }),
            "env": .array(environment.map { JSON($0) }), "cwd": JSON(folder),
            "capabilities": ["bounding": few, "effective": few, "permitted": few],
            "noNewPrivileges": .bool(!options.isolation.gainsPrivileges),
        ]
        return .object(members + (rest.members ?? []))
    }

    // MARK: Files

    private var mounts: [JSON] {
        var mounts = kernelMounts
        // On the machine's network its names are the machine's too.
        let source = options.host.network == .host ? "/etc" : given
        for name in Self.givenFiles {
            mounts.append([
                "destination": JSON("/etc/\(name)"), "type": "bind",
                "source": JSON("\(source)/\(name)"), "options": ["bind", "rprivate", "ro"],
            ])
        }
        for folder in options.host.temporary {
            let own = (folder.value.text ?? "").split(separator: ",").map(String.init)
            mounts.append(Self.mount(folder.name, "tmpfs", ["nosuid", "nodev", "noexec"] + own))
        }
        if options.isolation.hasInit { mounts.append(initMount) }
        // What a client gives takes the place of what every container finds.
        let places = Set(container.mounts.map(\.destination))
        mounts.removeAll { places.contains($0["destination"]?.text ?? "") }
        mounts += container.mounts.map(\.configuration)
        // What lies higher comes first, so that nothing is mounted over.
        func depth(_ mount: JSON) -> Int {
            (mount["destination"]?.text ?? "").split(separator: "/").count
        }
        return mounts.enumerated().sorted {
            (depth($0.element), $0.offset) < (depth($1.element), $1.offset)
        }.map(\.element)
    }

    static func mount(_ destination: String, _ type: String, _ options: [String]) -> JSON {
        [
            "destination": JSON(destination), "type": JSON(type), "source": JSON(type),
            "options": .array(options.map { JSON($0) }),
        ]
    }

    // MARK: The kernel

    private var linux: JSON {
        var namespaces = apart
        if options.host.network != .host {
            namespaces.append(
                namespace.map { ["type": "network", "path": JSON($0)] } ?? ["type": "network"])
        }
        let members = [
            JSON.Member("namespaces", .array(namespaces)),
            JSON.Member("resources", resources),
        ]
        return .object(members + confinement)
    }

    private var resources: JSON {
        let wishes = ResourceWishes.json(container.body["HostConfig"] ?? [:])
        return wishes.replacing("devices", by: deviceRules)
    }
}
