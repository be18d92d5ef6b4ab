// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Users and groups of a container as those of the machine (RUNTIME-13).
enum IDMap {
    /// Writes the maps of a process in a new user namespace.
    ///
    /// Without rights over all users only one's own identifiers may be mapped; more of them are
    /// asked of newuidmap(1) and newgidmap(1), which know what `/etc/subuid` grants.
    static func write(
        userMap: [IDRange], groupMap: [IDRange], of process: Int32
    ) throws(RuntimeFailure) {
        if geteuid() == 0 || isOwnOnly(userMap, geteuid()) && isOwnOnly(groupMap, getegid()) {
            if geteuid() != 0 { try SmallFile.write("deny", to: "/proc/\(process)/setgroups") }
            try SmallFile.write(IDRange.text(userMap), to: "/proc/\(process)/uid_map")
            try SmallFile.write(IDRange.text(groupMap), to: "/proc/\(process)/gid_map")
            return
        }
        try ask("newuidmap", userMap, process)
        try ask("newgidmap", groupMap, process)
    }

    private static func isOwnOnly(_ map: [IDRange], _ own: UInt32) -> Bool {
        map.count == 1 && map[0].size == 1 && map[0].outside == own
    }

    private static func ask(
        _ program: String, _ map: [IDRange], _ process: Int32
    ) throws(RuntimeFailure) {
        let numbers = map.flatMap { ["\($0.inside)", "\($0.outside)", "\($0.size)"] }
        let outcome = try ChildProgram.run(
            "/usr/bin/\(program)", [program, "\(process)"] + numbers, environment: [], input: [],
            timeoutSeconds: 10)
        guard outcome.status == 0 else { throw .hook("/usr/bin/\(program)", outcome.text) }
    }

    /// Maps the files of a mount by its own ranges, or by those of the container.
    static func apply(
        _ mount: MountConfiguration, _ linux: LinuxConfiguration, to tree: MountTree
    ) throws(RuntimeFailure) {
        let users = mount.userMap.isEmpty ? linux.userMap : mount.userMap
        let groups = mount.groupMap.isEmpty ? linux.groupMap : mount.groupMap
        guard !users.isEmpty, !groups.isEmpty else {
            throw .field("mounts", "\(mount.destination): no ranges to map by")
        }
        let namespace = try userNamespace(users, groups)
        try tree.map(by: namespace, isRecursive: mount.options.idMap == .withSubmounts)
    }

    /// A user namespace with these maps that no process is in.
    private static func userNamespace(
        _ users: [IDRange], _ groups: [IDRange]
    ) throws(RuntimeFailure) -> OpenFile {
        var pidfd: Int32 = -1
        let child = try asking("clone") { atoll_clone(NamespaceFlag.user, &pidfd, -1) }
        if child == 0 {
            // Only its namespace is wanted; it ends with its maker, or when told.
            _ = atoll_prctl(ProcessOption.parentDeathSignal, UInt(SIGKILL), 0, 0)
            while true { pause() }
        }
        let handle = OpenFile(pidfd)
        defer {
            _ = atoll_pidfd_signal(handle.number, SIGKILL)
            var status: Int32 = 0
            _ = atoll_pidfd_wait(handle.number, &status)
        }
        try write(userMap: users, groupMap: groups, of: child)
        return try OpenFile.open("/proc/\(child)/ns/user")
    }
}
