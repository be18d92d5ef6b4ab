// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// How far a container is apart from the machine, and which rights it has there, as `HostConfig`
/// asks for it (ENGINE-15).
struct Isolation: Sendable {
    /// Whose namespace of a kind a container has.
    enum Namespace: Hashable, Sendable {
        case own
        case machine
        /// The container's of this name.
        case container(String)
    }

    /// A device of the machine that a container is given.
    struct Device: Sendable {
        /// A device, or a folder of them.
        let source: String
        let destination: String
        /// Of `r`, `w` and `m`.
        let access: String
    }

    /// Everything is allowed: all rights, all devices, all paths.
    let isPrivileged: Bool
    /// Whether its first process passes signals on to its program.
    let hasInit: Bool
    let devices: [Device]
    /// Rules of the specification's `resources.devices`.
    let rules: [JSON]
    let processes: Namespace
    let messages: Namespace
    let hasOwnName: Bool
    let hasOwnGroups: Bool
    /// The bytes of `/dev/shm`; 0 for none.
    let sharedBytes: Int64
    /// Groups that its programs are in as well, by name or number.
    let groups: [String]
    /// The specification's `rlimits`.
    let limits: [JSON]
    let settings: [JSON.Member]
    let killScore: Int64
    let gainsPrivileges: Bool
    /// The specification's `seccomp`; nil for all calls.
    let calls: JSON?
    /// Paths that it does not see, and does not write; nil for the usual ones.
    let maskedPaths: [String]?
    let readOnlyPaths: [String]?
    /// Below which control group it lies.
    let parent: String

    private static let sharedBytesUsual: Int64 = 64 << 20
    /// The most devices, rules, limits or settings of each kind.
    private static let countMax = 64

    init(_ host: JSON) throws(EngineFailure) {
        isPrivileged = host["Privileged"]?.flag ?? false
        hasInit = host["Init"]?.flag ?? false
        devices = try Self.list(host["Devices"]).map(Self.device)
        rules = try Self.list(host["DeviceCgroupRules"]).map(Self.rule)
        processes = try Self.namespace(host["PidMode"], "pid", own: [""], joins: true)
        messages = try Self.namespace(
            host["IpcMode"], "ipc", own: ["", "private", "shareable", "none"], joins: false)
        hasOwnName = try Self.namespace(host["UTSMode"], "uts", own: [""], joins: false) == .own
        hasOwnGroups =
            try Self.namespace(
                host["CgroupnsMode"], "cgroup", own: ["", "private"], joins: false) == .own
        guard ["", "host"].contains(host["UsernsMode"]?.text ?? "") else {
            throw .unsupported("the user namespace mode '\(host["UsernsMode"]?.text ?? "")'")
        }
        let shared = host["ShmSize"]?.signed ?? 0
        guard shared >= 0 else {
            throw EngineFailure(.badRequest, "SHM size can not be less than 0")
        }
        sharedBytes =
            host["IpcMode"]?.text == "none" ? 0 : shared == 0 ? Self.sharedBytesUsual : shared
        groups = ContainerOptions.texts(host["GroupAdd"]) ?? []
        limits = try Self.list(host["Ulimits"]).map(Self.limit)
        settings = host["Sysctls"]?.members ?? []
        guard settings.count <= Self.countMax else {
            throw EngineFailure(.badRequest, "more than \(Self.countMax) settings")
        }
        killScore = host["OomScoreAdj"]?.signed ?? 0
        guard (-1_000...1_000).contains(killScore) else {
            throw EngineFailure(
                .badRequest, "Invalid value \(killScore), range for oom score adj is [-1000, 1000]")
        }
        let security = try Security(host, isPrivileged: isPrivileged)
        (gainsPrivileges, calls) = (security.gainsPrivileges, security.calls)
        maskedPaths = isPrivileged ? [] : ContainerOptions.texts(host["MaskedPaths"])
        readOnlyPaths = isPrivileged ? [] : ContainerOptions.texts(host["ReadonlyPaths"])
        parent = try Self.parent(host["CgroupParent"]?.text ?? "")
    }

    // MARK: Parts

    private static func list(_ json: JSON?) throws(EngineFailure) -> [JSON] {
        let list = json?.elements ?? []
        guard list.count <= countMax else {
            throw EngineFailure(.badRequest, "more than \(countMax) devices, rules or limits")
        }
        return list
    }

    private static func device(_ json: JSON) throws(EngineFailure) -> Device {
        let source = json["PathOnHost"]?.text ?? ""
        let inside = json["PathInContainer"]?.text ?? ""
        let access = json["CgroupPermissions"]?.text ?? ""
        guard source.hasPrefix("/"), inside.isEmpty || inside.hasPrefix("/"),
            access.allSatisfy({ "rwm".contains($0) })
        else { throw EngineFailure(.badRequest, "invalid device specification: \(source)") }
        return Device(
            source: MountWish.clean(source),
            destination: MountWish.clean(inside.isEmpty ? source : inside),
            access: access.isEmpty ? "rwm" : access)
    }

    /// Such as `c 1:3 rwm`, with `*` for any number.
    private static func rule(_ json: JSON) throws(EngineFailure) -> JSON {
        let text = json.text ?? ""
        let words = text.split(separator: " ")
        let numbers = words.count == 3 ? words[1].split(separator: ":") : []
        guard numbers.count == 2, ["a", "b", "c"].contains(words[0]),
            numbers.allSatisfy({ $0 == "*" || UInt32($0) != nil }), words[2].count <= 3,
            words[2].allSatisfy({ "rwm".contains($0) })
        else {
            throw EngineFailure(.badRequest, "invalid device cgroup rule format: '\(text)'")
        }
        var rule: JSON = ["allow": true, "type": JSON(String(words[0]))]
        for (name, number) in zip(["major", "minor"], numbers) {
            if let number = UInt32(number) { rule = rule.replacing(name, by: JSON(number)) }
        }
        return rule.replacing("access", by: JSON(String(words[2])))
    }

    private static func limit(_ json: JSON) throws(EngineFailure) -> JSON {
        let name = json["Name"]?.text ?? ""
        let hard = json["Hard"]?.signed ?? 0
        let soft = json["Soft"]?.signed ?? 0
        // -1 is no limit.
        let (least, most) = (UInt64(bitPattern: soft), UInt64(bitPattern: hard))
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter }), soft >= -1, hard >= -1,
            least <= most
        else {
            throw EngineFailure(.badRequest, "ulimit '\(name)': soft limit above the hard one")
        }
        return [
            "type": JSON("RLIMIT_" + name.uppercased()), "soft": JSON(least), "hard": JSON(most),
        ]
    }

    private static func namespace(
        _ json: JSON?, _ kind: String, own: [String], joins: Bool
    ) throws(EngineFailure) -> Namespace {
        let mode = json?.text ?? ""
        if own.contains(mode) { return .own }
        if mode == "host" { return .machine }
        guard joins, mode.hasPrefix("container:") else {
            throw .unsupported("the \(kind) mode '\(mode)'")
        }
        return .container(String(mode.dropFirst(10)))
    }

    private static func parent(_ path: String) throws(EngineFailure) -> String {
        guard !path.isEmpty else { return "/atoll-engine" }
        let parts = path.split(separator: "/")
        guard !parts.isEmpty, path.utf8.count <= 256,
            !parts.contains(where: { [".", ".."].contains($0) })
        else { throw EngineFailure(.badRequest, "cgroup-parent '\(path)' is no path") }
        return "/" + parts.joined(separator: "/")
    }
}

/// What `SecurityOpt` asks for.
private struct Security {
    var gainsPrivileges = true
    var calls: JSON?

    init(_ host: JSON, isPrivileged: Bool) throws(EngineFailure) {
        calls = isPrivileged ? nil : SystemCallProfile.json
        for option in ContainerOptions.texts(host["SecurityOpt"]) ?? [] {
            let cut = option.firstIndex { "=:".contains($0) } ?? option.endIndex
            let name = option[..<cut]
            let value = option[cut...].dropFirst()
            switch (name, value) {
            case ("no-new-privileges", ""), ("no-new-privileges", "true"): gainsPrivileges = false
            case ("no-new-privileges", "false"): break
            case ("seccomp", "unconfined"): calls = nil
            // Containers here have no label of either kind.
            case ("seccomp", "builtin"), ("label", "disable"), ("apparmor", "unconfined"): break
            default: throw .unsupported("the security option '\(option.prefix(64))'")
            }
        }
    }
}
