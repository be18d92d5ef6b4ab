// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Everything a container's first process needs, opened and compiled before it exists, so that it
/// asks the machine for nothing that the machine's own user could not have (RUNTIME-6).
struct ContainerPlan {
    var configuration: RuntimeConfiguration
    var name: String
    var bundle: String
    /// Absolute.
    var rootPath: String
    var sources: [Int: MountTree] = [:]
    var cgroups: ContainerCgroups
    /// Namespaces that are joined, in the order in which that must happen.
    var joined: [(kind: NamespaceConfiguration.Kind, file: OpenFile)] = []
    var seccomp: SeccompProgram?
    /// Where the terminal is sent.
    var consoleSocket: OpenFile?
    /// The other end of it, where the maker takes the terminal itself.
    var ownTerminal: OpenFile?
    /// What its first process says goes here instead of where its maker's goes.
    var outputs: [OpenFile] = []
    /// What its first process reads instead of what its maker reads.
    var input: OpenFile?
    /// Where the start is waited for; nil when the maker itself will say it.
    var startListener: OpenFile?
    /// Files from 3 on that the program keeps.
    var keptFiles: UInt32 = 0
    var withoutPivot = false
    var withoutKeyring = false
    /// The lock of the container's folder, which its maker alone holds.
    var lock: OpenFile
    /// The state that hooks are told.
    var record: ContainerRecord

    /// Whether the container has other users than the machine.
    var hasUserNamespace: Bool { configuration.linux.has(.user) }

    /// The bits of clone3(2). Control groups come later, when the process is in its own; clocks
    /// came before.
    var newNamespaces: UInt64 {
        configuration.linux.namespaces
            .filter { $0.path == nil && $0.kind != .cgroup && $0.kind != .time }
            .reduce(0) { $0 | $1.kind.flag }
    }

    /// Opens the namespaces that the container joins.
    mutating func openJoined() throws(RuntimeFailure) {
        for kind in NamespaceConfiguration.Kind.allCases {
            guard let path = configuration.linux.namespace(kind)?.path else { continue }
            joined.append((kind, try OpenFile.open(path)))
        }
    }

    /// Opens the sources of bind mounts, where this process may; in a container without rights of
    /// its own its first process does it.
    mutating func openSources() throws(RuntimeFailure) {
        guard Capabilities.has(.administration) else { return }
        for (index, mount) in configuration.mounts.enumerated() {
            guard mount.options.isBind, !mount.options.isRemount else { continue }
            let place = ConfigurationField.Place.element(.member(.top, "mounts"), index).text
            let path = mount.source.hasPrefix("/") ? mount.source : "\(bundle)/\(mount.source)"
            configuration.mounts[index].source = path
            do {
                let tree = try MountTree.copy(
                    path: path, isRecursive: mount.options.isRecursive)
                if mount.isMapped { try IDMap.apply(mount, configuration.linux, to: tree) }
                sources[index] = tree
            } catch {
                throw .field("\(place).source", "\(error)")
            }
        }
    }
}

/// The rights of this process.
enum Capabilities {
    enum Right: UInt64 {
        case administration = 21
    }

    /// Whether this process may do what a right covers, in its own user namespace.
    static func has(_ right: Right) -> Bool {
        var permitted: UInt64 = 0
        guard atoll_capget(&permitted) == 0 else { return false }
        return permitted >> right.rawValue & 1 == 1
    }

    static var permitted: UInt64 {
        var permitted: UInt64 = 0
        return atoll_capget(&permitted) == 0 ? permitted : 0
    }
}
