// SPDX-License-Identifier: Apache-2.0

/// The declarations of secrets and configs, and what services say about them.
enum ComposeFiles {
    static func secret(_ name: String, _ field: YAMLField) -> SecretSource? {
        var map = field.map
        var origins: [SecretSource.Origin] = []
        if let path = map.takeValue("file")?.text { origins.append(.file(path)) }
        if let variable = map.takeValue("environment")?.text { origins.append(.variable(variable)) }
        if map.takeValue("external")?.flag == true { origins.append(.given) }
        ComposeVolumes.refuseName(&map, name)
        _ = map.takeValue("labels")?.labels
        map.refuseRest(ComposeRefusals.secret)
        guard origins.count == 1 else {
            field.refuse("a secret comes from one of file, environment, external")
            return nil
        }
        return SecretSource(name: name, origin: origins[0])
    }

    static func config(
        _ name: String, _ field: YAMLField, _ reader: inout ComposeReader
    ) -> ConfigFile? {
        guard DeploymentName.isSound(name) else {
            field.refuse("'\(name)' is no name: 1 to 63 letters, digits, '.', '_', '-'")
            return nil
        }
        var map = field.map
        var contents: [[UInt8]] = []
        if let file = map.takeValue("file"), let path = file.text {
            // What is needed first is asked for again with it.
            contents.append(reader.content(path, file) ?? [])
        }
        if let content = map.takeValue("content")?.text { contents.append(Array(content.utf8)) }
        if let variable = map.takeValue("environment"), let name = variable.text {
            if reader.lookup(name) == nil { variable.error("the variable \(name) is not set") }
            contents.append(Array((reader.lookup(name) ?? "").utf8))
        }
        ComposeVolumes.refuseOutside(&map, "a config")
        ComposeVolumes.refuseName(&map, name)
        _ = map.takeValue("labels")?.labels
        map.refuseRest(ComposeRefusals.secret)
        guard contents.count == 1 else {
            field.refuse("a config comes from one of file, content, environment")
            return nil
        }
        guard contents[0].count <= DeploymentLimits.configBytesMax else {
            field.refuse("a config has at most \(DeploymentLimits.configBytesMax) bytes")
            return nil
        }
        return ConfigFile(name, contents[0])
    }

    /// What a service may read: names, or mappings with path, owner and mode.
    static func grants(_ field: YAMLField, folder: String) -> [FileGrant] {
        let grants = field.list.compactMap { one -> FileGrant? in
            if one.node.text != nil { return one.name.map { FileGrant($0, at: folder + $0) } }
            var map = one.map
            guard let name = map.takeValue("source")?.name else {
                one.error("a source is missing")
                return nil
            }
            var grant = FileGrant(name, at: folder + name)
            if let target = map.takeValue("target")?.text {
                grant.target = target.hasPrefix("/") ? target : folder + target
            }
            grant.user = map.takeValue("uid")?.integer(0...UInt32.max) ?? 0
            grant.group = map.takeValue("gid")?.integer(0...UInt32.max) ?? 0
            grant.mode = map.takeValue("mode").flatMap(mode) ?? FileGrant.modeDefault
            map.refuseRest()
            guard ComposeStorage.isPath(grant.target) else {
                one.error("'\(grant.target)' is no path inside")
                return nil
            }
            return grant
        }
        let targets = Set(grants.map(\.target))
        if targets.count < grants.count { field.error("two of them have the same path") }
        return grants
    }

    /// Permission bits: octal digits, with or without a leading `0` or `0o`.
    static func mode(_ field: YAMLField) -> UInt32? {
        field.quantity("0440") { text in
            let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
            guard let mode = UInt32(digits, radix: 8), mode <= 0o777 else { return nil }
            return mode
        }
    }
}
