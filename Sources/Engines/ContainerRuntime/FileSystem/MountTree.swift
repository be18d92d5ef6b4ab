// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// A mount that is attached nowhere yet: it gets its attributes first and is seen by nobody until
/// it is moved to its place (RUNTIME-6).
struct MountTree {
    let file: OpenFile

    /// A new file system.
    ///
    /// - Parameters:
    ///   - attributes: ``MountAttribute`` bits.
    ///   - data: What the file system itself is told, each `name` or `name=value`.
    static func fresh(
        _ type: String, source: String = "", attributes: UInt64 = 0, data: [String] = []
    ) throws(RuntimeFailure) -> MountTree {
        let context = OpenFile(
            try asking("open a file system \(type)") { atoll_fsopen(type) })
        if !source.isEmpty {
            try asking("name the source of \(type)") {
                atoll_fsconfig(context.number, "source", source)
            }
        }
        for option in data.flatMap({ $0.split(separator: ",") }) {
            let parts = option.split(separator: "=", maxSplits: 1)
            guard let name = parts.first else { continue }
            try asking("set the option \(option) of \(type)") {
                parts.count == 2
                    ? atoll_fsconfig(context.number, String(name), String(parts[1]))
                    : atoll_fsconfig(context.number, String(name), nil)
            }
        }
        try asking("make a file system \(type)") { atoll_fscreate(context.number) }
        return MountTree(
            file: OpenFile(
                try asking("mount \(type)") {
                    atoll_fsmount(context.number, UInt32(attributes))
                }))
    }

    /// Another mount of what lies at an open place.
    static func copy(
        of place: OpenFile, isRecursive: Bool
    ) throws(RuntimeFailure) -> MountTree {
        let flags =
            OpenFlag.treeClone | OpenFlag.emptyPath | (isRecursive ? OpenFlag.treeRecursive : 0)
        return MountTree(
            file: OpenFile(
                try asking("copy a mount") { atoll_open_tree(place.number, "", flags) }))
    }

    /// Another mount of what lies at a path of the caller's root.
    static func copy(path: String, isRecursive: Bool) throws(RuntimeFailure) -> MountTree {
        let flags = OpenFlag.treeClone | (isRecursive ? OpenFlag.treeRecursive : 0)
        return MountTree(
            file: OpenFile(
                try asking("copy the mount at \(path)") {
                    atoll_open_tree(AT_FDCWD, path, flags)
                }))
    }

    /// Changes attributes; an access time setting clears the ones before it, as the kernel asks.
    func change(
        set: UInt64, clear: UInt64 = 0, isRecursive: Bool = false
    ) throws(RuntimeFailure) {
        guard set | clear != 0 else { return }
        let times = MountAttribute.accessTimeMask
        let wholeClear = (set | clear) & times != 0 ? clear | times : clear
        try asking("set attributes of a mount") {
            atoll_mount_setattr(file.number, isRecursive ? 1 : 0, set, wholeClear, 0, -1)
        }
    }

    /// Changes how mounts below spread to and from peers.
    func spread(_ propagation: UInt64, isRecursive: Bool) throws(RuntimeFailure) {
        try asking("set the propagation of a mount") {
            atoll_mount_setattr(file.number, isRecursive ? 1 : 0, 0, 0, propagation, -1)
        }
    }

    /// Lets files belong to the users that a user namespace maps them to.
    func map(by namespace: OpenFile, isRecursive: Bool) throws(RuntimeFailure) {
        try asking("map the identifiers of a mount") {
            atoll_mount_setattr(
                file.number, isRecursive ? 1 : 0, MountAttribute.idMap, 0, 0, namespace.number)
        }
    }

    /// Moves it onto an open place; the place is the very inode that was checked.
    func attach(to place: OpenFile) throws(RuntimeFailure) {
        try asking("move a mount to its place") { atoll_move_mount(file.number, place.number) }
    }
}
