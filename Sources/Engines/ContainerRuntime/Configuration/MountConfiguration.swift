// SPDX-License-Identifier: Apache-2.0

/// One entry of `mounts`.
struct MountConfiguration: Sendable {
    var destination: String
    /// Empty for bind mounts that name none.
    var type: String
    var source: String
    var options: MountOptions
    var userMap: [IDRange]
    var groupMap: [IDRange]

    static func list(_ field: ConfigurationField?) throws(RuntimeFailure) -> [MountConfiguration] {
        var mounts: [MountConfiguration] = []
        for element in try field?.list(max: RuntimeLimits.mountsMax) ?? [] {
            mounts.append(try MountConfiguration(element))
        }
        return mounts
    }

    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        let place = try field.needed("destination")
        let path = try place.text(bytesMax: RuntimeLimits.pathBytesMax)
        // Version 1.0 of the specification let a relative path count from the root.
        destination = path.hasPrefix("/") ? path : "/\(path)"
        guard destination.contains(where: { $0 != "/" }) else {
            throw place.refused("the root itself cannot be mounted over")
        }
        type = try field["type"]?.text(bytesMax: 255) ?? ""
        source = try field["source"]?.text(bytesMax: RuntimeLimits.pathBytesMax) ?? ""
        options = MountOptions()
        for option in try field["options"]?.list(max: RuntimeLimits.smallListMax) ?? [] {
            options.take(try option.text(bytesMax: 8192))
        }
        if type == "bind", !options.isBind { options.isBind = true }
        userMap = try IDRange.list(field["uidMappings"])
        groupMap = try IDRange.list(field["gidMappings"])
        guard userMap.isEmpty == groupMap.isEmpty else {
            throw field.refused("uidMappings and gidMappings go together")
        }
        if options.isBind {
            guard !source.isEmpty else { throw field.refused("a bind mount needs a source") }
            guard options.data.isEmpty else {
                throw field.refused("a bind mount has no option \"\(options.data[0])\"")
            }
        } else if type.isEmpty, !options.isRemount {
            throw field.refused("type is missing")
        }
    }

    /// Whether the mount's files belong to other users than on the machine.
    var isMapped: Bool { options.idMap != .none || !userMap.isEmpty }
}

/// What the options of a mount ask for: mount(8) and the specification's additions.
struct MountOptions: Hashable, Sendable {
    /// Whose identifiers a mount is mapped by.
    enum IDMap: Sendable { case none, alone, withSubmounts }

    var isBind = false
    var isRecursive = false
    var isRemount = false
    /// Attributes of the mount itself, and of it with all below it.
    var set: UInt64 = 0
    var clear: UInt64 = 0
    var setBelow: UInt64 = 0
    var clearBelow: UInt64 = 0
    var propagation: UInt64?
    var isPropagationRecursive = false
    var idMap = IDMap.none
    /// Whether a tmpfs begins with what lies below it.
    var copiesUp = false
    /// What the file system itself is told, each `name` or `name=value`.
    var data: [String] = []

    /// Reads one option; what is not known belongs to the file system.
    mutating func take(_ option: String) {
        if let attribute = Self.attributes[option] {
            set = (set & ~attribute.clear) | attribute.set
            clear = (clear & ~attribute.set) | attribute.clear
        } else if option.hasPrefix("r"),
            let attribute = Self.attributes[String(option.dropFirst())]
        {
            setBelow = (setBelow & ~attribute.clear) | attribute.set
            clearBelow = (clearBelow & ~attribute.set) | attribute.clear
        } else if let spread = Self.propagations[option] {
            propagation = spread
            isPropagationRecursive = false
        } else if option.hasPrefix("r"), let spread = Self.propagations[String(option.dropFirst())]
        {
            propagation = spread
            isPropagationRecursive = true
        } else {
            takeWord(option)
        }
    }

    private mutating func takeWord(_ option: String) {
        switch option {
        case "bind": isBind = true
        case "rbind":
            isBind = true
            isRecursive = true
        case "remount": isRemount = true
        case "idmap": idMap = .alone
        case "ridmap": idMap = .withSubmounts
        case "tmpcopyup": copiesUp = true
        case "defaults", "loud", "silent", "async", "nomand", "nolazytime", "noiversion", "": break
        case "copy-symlink", "dest-nofollow", "src-nofollow": break
        default: data.append(option)
        }
    }

    struct Attribute: Sendable {
        let set: UInt64
        let clear: UInt64
    }

    private static func on(_ bits: UInt64, clear: UInt64 = 0) -> Attribute {
        Attribute(set: bits, clear: clear)
    }

    private static func off(_ bits: UInt64) -> Attribute { Attribute(set: 0, clear: bits) }

    /// A change of how access times are kept clears all that was said of it before.
    static let attributes: [String: Attribute] = [
        "ro": on(MountAttribute.readOnly), "rw": off(MountAttribute.readOnly),
        "nosuid": on(MountAttribute.noSetUserID), "suid": off(MountAttribute.noSetUserID),
        "nodev": on(MountAttribute.noDevices), "dev": off(MountAttribute.noDevices),
        "noexec": on(MountAttribute.noExecution), "exec": off(MountAttribute.noExecution),
        "noatime": on(MountAttribute.noAccessTime, clear: MountAttribute.accessTimeMask),
        "atime": off(MountAttribute.accessTimeMask),
        "relatime": off(MountAttribute.accessTimeMask),
        "norelatime": off(MountAttribute.accessTimeMask),
        "strictatime": on(MountAttribute.strictAccessTime, clear: MountAttribute.accessTimeMask),
        "nostrictatime": off(MountAttribute.accessTimeMask),
        "nodiratime": on(MountAttribute.noDirectoryAccessTime),
        "diratime": off(MountAttribute.noDirectoryAccessTime),
        "nosymfollow": on(MountAttribute.noSymbolicLinks),
        "symfollow": off(MountAttribute.noSymbolicLinks),
    ]

    static let propagations: [String: UInt64] = [
        "private": Propagation.isolated, "slave": Propagation.follower,
        "shared": Propagation.shared, "unbindable": Propagation.unbindable,
    ]
}

/// A range of an id map: `size` identifiers of the container from `inside` on are those of the
/// machine from `outside` on.
struct IDRange: Hashable, Sendable {
    let inside: UInt32
    let outside: UInt32
    let size: UInt32

    init(inside: UInt32, outside: UInt32, size: UInt32) {
        self.inside = inside
        self.outside = outside
        self.size = size
    }

    static func list(_ field: ConfigurationField?) throws(RuntimeFailure) -> [IDRange] {
        var ranges: [IDRange] = []
        for element in try field?.list(max: RuntimeLimits.idRangesMax) ?? [] {
            let range = IDRange(
                inside: try element.needed("containerID").identifier(),
                outside: try element.needed("hostID").identifier(),
                size: try element.needed("size").identifier())
            guard range.size > 0, UInt64(range.inside) + UInt64(range.size) < 1 << 32,
                UInt64(range.outside) + UInt64(range.size) < 1 << 32
            else { throw element.refused("is no range of 32-bit identifiers") }
            ranges.append(range)
        }
        return ranges
    }

    /// The lines that the kernel's uid_map and gid_map take.
    static func text(_ ranges: [IDRange]) -> String {
        ranges.map { "\($0.inside) \($0.outside) \($0.size)\n" }.joined()
    }
}
