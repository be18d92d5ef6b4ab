// SPDX-License-Identifier: Apache-2.0

/// Kinds of namespaces: CLONE_NEW* of linux/sched.h.
enum NamespaceFlag {
    static let time: UInt64 = 0x80
    static let mount: UInt64 = 0x2_0000
    static let cgroup: UInt64 = 0x200_0000
    static let uts: UInt64 = 0x400_0000
    static let ipc: UInt64 = 0x800_0000
    static let user: UInt64 = 0x1000_0000
    static let process: UInt64 = 0x2000_0000
    static let network: UInt64 = 0x4000_0000
}

/// How a path is resolved: RESOLVE_* of linux/openat2.h.
enum Resolve {
    static let noOtherMount: UInt64 = 0x01
    static let noMagicLinks: UInt64 = 0x02
    static let noSymbolicLinks: UInt64 = 0x04
    static let beneath: UInt64 = 0x08
    static let inRoot: UInt64 = 0x10
}

/// Attributes of one mount: MOUNT_ATTR_* of linux/mount.h.
enum MountAttribute {
    static let readOnly: UInt64 = 0x01
    static let noSetUserID: UInt64 = 0x02
    static let noDevices: UInt64 = 0x04
    static let noExecution: UInt64 = 0x08
    static let accessTimeMask: UInt64 = 0x70
    static let noAccessTime: UInt64 = 0x10
    static let strictAccessTime: UInt64 = 0x20
    static let noDirectoryAccessTime: UInt64 = 0x80
    static let idMap: UInt64 = 0x10_0000
    static let noSymbolicLinks: UInt64 = 0x20_0000
}

/// How mounts spread between peers: MS_* of linux/mount.h, as mount_setattr(2) takes them.
enum Propagation {
    static let unbindable: UInt64 = 1 << 17
    static let isolated: UInt64 = 1 << 18
    static let follower: UInt64 = 1 << 19
    static let shared: UInt64 = 1 << 20
}

/// What open(2) and open_tree(2) are asked for, where the C library's own names do not reach Swift.
enum OpenFlag {
    static let pathOnly: UInt64 = 0o10000000
    static let folder: UInt64 = 0o200000
    static let noFollow: UInt64 = 0o400000
    static let create: UInt64 = 0o100
    static let exclusive: UInt64 = 0o200
    static let closeOnExec: UInt64 = 0o2000000
    static let treeClone: UInt32 = 1
    static let treeRecursive: UInt32 = 0x8000
    static let emptyPath: UInt32 = 0x1000
    static let noFollowTree: UInt32 = 0x100
}

/// What statfs(2) calls the file systems that are told apart: linux/magic.h.
enum FileSystemKind {
    static let process: UInt64 = 0x9FA0
    static let cgroup: UInt64 = 0x27_E0EB
    static let cgroup2: UInt64 = 0x6367_7270
    static let terminals: UInt64 = 0x1CD1
}

/// What prctl(2) is asked: PR_* of linux/prctl.h.
enum ProcessOption {
    static let parentDeathSignal: Int32 = 1
    static let dumpable: Int32 = 4
    static let keepCapabilities: Int32 = 8
    static let dropBounding: Int32 = 24
    static let subreaper: Int32 = 36
    static let noNewPrivileges: Int32 = 38
    static let ambient: Int32 = 47
    static let ambientRaise: UInt = 2
    static let ambientClear: UInt = 4
}
