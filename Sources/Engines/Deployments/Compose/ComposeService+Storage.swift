// SPDX-License-Identifier: Apache-2.0

extension ComposeServiceReader {
    /// Volumes, memory at paths, secrets and configs.
    mutating func readStorage() {
        let volumes = map.takeValue("volumes")
        for (index, one) in (volumes?.list ?? []).enumerated() {
            let read =
                one.node.entries == nil
                ? ComposeStorage.short(one, name, index) : ComposeStorage.long(one, name, index)
            if let read { service.mounts.append(read) }
        }
        let memory = map.takeValue("tmpfs")
        service.mounts += (memory?.oneOrMore ?? []).compactMap(ComposeStorage.memory)
        let targets = Set(service.mounts.map(\.target))
        if targets.count < service.mounts.count {
            (volumes ?? memory)?.error("two of them have the same path")
        }
        if let size = map.takeValue("shm_size") {
            service.sharedMemoryBytes = size.quantity("64m", FileQuantities.bytes)
        }
        if let secrets = map.takeValue("secrets") {
            service.secrets = ComposeFiles.grants(secrets, folder: "/run/secrets/")
        }
        if let configs = map.takeValue("configs") {
            service.configs = ComposeFiles.grants(configs, folder: "/")
        }
    }
}

/// The ways to write what lies at a path.
enum ComposeStorage {
    /// What memory at a path may hold that says no size: 64 MiB, as shared memory has.
    static let memoryBytesDefault: UInt64 = 64 << 20

    private static let noFiles =
        "a provider has none of your files: use a volume, a config or a secret"

    /// `[volume:]path[:ro]`.
    static func short(_ field: YAMLField, _ service: String, _ index: Int) -> Mount? {
        guard let text = field.text else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), !parts[0].isEmpty else {
            field.error("'\(text)' is not written as volume:path:mode")
            return nil
        }
        let target = parts.count == 1 ? parts[0] : parts[1]
        let isBind = parts.count > 1 && "./~\\".contains(parts[0].first ?? "/")
        guard !isBind else {
            field.error(parts[0].hasSuffix("docker.sock") ? Self.socket : "\(parts[0]): \(noFiles)")
            return nil
        }
        guard isPath(target) else {
            field.error("'\(target)' is no path inside: it begins with '/'")
            return nil
        }
        let source = parts.count == 1 ? anonymousName(service, index) : parts[0]
        guard DeploymentName.isSound(source) else {
            field.error("'\(source)' is no name of a volume")
            return nil
        }
        var mount = Mount(.volume(source, subpath: nil), at: clean(target))
        for mode in parts.count == 3 ? parts[2].split(separator: ",") : [] {
            switch mode {
            case "ro": mount.isReadOnly = true
            // How a machine of one's own keeps two views of a file in step.
            case "rw", "z", "Z", "cached", "consistent", "delegated": break
            default: field.error("'\(mode)' cannot be had: a volume is ro or rw")
            }
        }
        return mount
    }

    private static let socket = "the engine's socket is not given to strangers"

    /// A mapping with type, source and target.
    static func long(_ field: YAMLField, _ service: String, _ index: Int) -> Mount? {
        var map = field.map
        let type = map.takeValue("type")
        let source = map.takeValue("source")
        let target = map.takeValue("target")
        let isReadOnly = map.takeValue("read_only")?.flag ?? false
        guard let path = target?.text, isPath(path) else {
            (target ?? field).error("a target that begins with '/' is missing")
            return nil
        }
        var mount: Mount?
        switch type?.text ?? "volume" {
        case "volume":
            let name = source == nil ? anonymousName(service, index) : source?.name
            var options = map.takeValue("volume")?.map
            // A new volume begins with what the image has at its path, or it does not.
            if let copy = options?.takeValue("nocopy"), copy.flag == true {
                copy.refuse("nocopy: a new volume begins with the image's files")
            }
            let subpath = options?.takeValue("subpath")?.text
            options?.refuseRest()
            mount = name.map { Mount(.volume($0, subpath: subpath), at: clean(path)) }
        case "tmpfs": mount = Mount(memoryOptions(&map), at: clean(path))
        case "bind": (source ?? field).error("\(source?.node.text ?? "bind"): \(noFiles)")
        case let other: type?.error("'\(other)' cannot be had: volume or tmpfs")
        }
        mount?.isReadOnly = isReadOnly
        // What belongs to kinds that are refused is refused with them.
        _ = map.take("bind")
        _ = map.take("consistency")
        map.refuseRest()
        return mount
    }

    private static func memoryOptions(_ map: inout MapReader) -> Mount.Source {
        var options = map.takeValue("tmpfs")?.map
        let bytes = options?.takeValue("size")?.quantity("64m", FileQuantities.bytes)
        let mode = options?.takeValue("mode").flatMap(stickyMode)
        options?.refuseRest()
        return .memory(bytesMax: bytes ?? memoryBytesDefault, mode: mode ?? 0o1777)
    }

    private static func stickyMode(_ field: YAMLField) -> UInt32? {
        field.quantity("1777") { text in
            UInt32(text, radix: 8).flatMap { $0 <= 0o7777 ? $0 : nil }
        }
    }

    /// `path[:size=64m,mode=1777]`.
    static func memory(_ field: YAMLField) -> Mount? {
        guard let text = field.text else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1)
        guard let path = parts.first.map(String.init), isPath(path) else {
            field.error("'\(text)' is not written as path:size=64m")
            return nil
        }
        var bytes = memoryBytesDefault
        var mode: UInt32 = 0o1777
        for option in parts.count == 2 ? parts[1].split(separator: ",") : [] {
            let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
            switch (pair.first, pair.last) {
            case ("size", let value?) where FileQuantities.bytes(value) != nil:
                bytes = FileQuantities.bytes(value) ?? bytes
            case ("mode", let value?) where UInt32(value, radix: 8).map { $0 <= 0o7777 } == true:
                mode = UInt32(value, radix: 8) ?? mode
            // Always so.
            case ("nosuid", _), ("nodev", _), ("rw", _): break
            default: field.error("'\(option)' cannot be had: size and mode")
            }
        }
        return Mount(.memory(bytesMax: bytes, mode: mode), at: clean(path))
    }

    /// Whether a text is an absolute path that does not climb.
    static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") && !text.utf8.contains(0)
            && !text.split(separator: "/").contains { $0 == ".." || $0 == "." }
    }

    /// The path with single slashes and none at its end.
    static func clean(_ path: String) -> String {
        "/" + path.split(separator: "/").joined(separator: "/")
    }

    // Names of files never hold two dots in a row here, so no declared volume meets these by
    // chance: `web..0` is the first entry of service web.
    private static func anonymousName(_ service: String, _ index: Int) -> String {
        "\(service.prefix(40))..\(index)"
    }

    static func isAnonymous(_ volume: String, of service: String) -> Bool {
        volume.hasPrefix("\(service.prefix(40))..")
    }
}
