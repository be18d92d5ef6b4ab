// SPDX-License-Identifier: Apache-2.0

extension ComposeServiceReader {
    /// What its processes may do, and may not.
    mutating func readRights() {
        if let field = map.takeValue("privileged"), field.flag == true {
            field.refuse("privileged containers are not run on other people's machines")
        }
        service.isReadOnly = map.takeValue("read_only")?.flag ?? false
        readCapabilities()
        readModes()
        for option in map.takeValue("security_opt")?.list ?? [] {
            let text = option.text ?? ""
            // Always so: no process here gains rights by a file it executes.
            guard
                !["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"]
                    .contains(text)
            else { continue }
            option.error("security_opt: what confines a service is the provider's")
        }
        for entry in map.takeValue("ulimits").map(Self.entries) ?? [] {
            if let limit = Self.limit(entry) { service.processLimits.append(limit) }
        }
    }

    private mutating func readCapabilities() {
        service.droppedCapabilities = map.takeValue("cap_drop").map(Self.capabilities) ?? []
        guard let added = map.takeValue("cap_add") else { return }
        service.addedCapabilities = Self.capabilities(added)
        for one in added.list {
            let name = Self.capability(one.node.text ?? "")
            guard !Self.harmless.contains(name) else { continue }
            one.error("\(name): this right reaches beyond the service")
        }
    }

    /// Rights that end at the service's own namespaces.
    static let harmless: Set<String> = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "IPC_LOCK", "KILL", "LEASE",
        "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT", "SYS_NICE", "SYS_PTRACE",
    ]

    private static func capabilities(_ field: YAMLField) -> [String] {
        let names = Set(field.texts.map(capability))
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func capability(_ text: String) -> String {
        let name = text.uppercased()
        return name.hasPrefix("CAP_") ? String(name.dropFirst(4)) : name
    }

    /// Namespaces that would be shared with the machine or with others.
    private mutating func readModes() {
        if let field = map.takeValue("ipc"), !["private", "shareable"].contains(field.text) {
            field.refuse("ipc: memory is not shared with others")
        }
        if let field = map.takeValue("pid"), field.text != "private" {
            field.refuse("pid: every service has processes of its own")
        }
    }

    private static func entries(_ field: YAMLField) -> [YAMLField] {
        _ = field.map
        return (field.node.entries ?? []).map {
            YAMLField($0.value, "\(field.path).\($0.name)", field.book, key: $0.place)
        }
    }

    private static func limit(_ field: YAMLField) -> ProcessLimit? {
        let name = String(field.path.split(separator: ".").last ?? "")
        guard ProcessLimit.names.contains(name) else {
            field.refuse("'\(name)' is no limit of the system")
            return nil
        }
        guard field.node.entries != nil else {
            return number(field).map { ProcessLimit(name, soft: $0, hard: $0) }
        }
        var map = field.map
        let soft = map.takeValue("soft").flatMap(number)
        let hard = map.takeValue("hard").flatMap(number)
        map.refuseRest()
        guard let soft, let hard, soft <= hard else {
            field.error("a soft and a hard limit, the soft one no larger")
            return nil
        }
        return ProcessLimit(name, soft: soft, hard: hard)
    }

    // -1 stands for none.
    private static func number(_ field: YAMLField) -> UInt64? {
        field.node.text == "-1" ? UInt64.max : field.integer(0...UInt64.max)
    }
}
