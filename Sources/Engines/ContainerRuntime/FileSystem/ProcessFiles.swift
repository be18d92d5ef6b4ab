// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// The kernel's files about processes and about itself.
enum ProcessFiles {
    /// Files that may be replaced, since programs only read numbers from them.
    private static let replaceable: Set<String> = [
        "cpuinfo", "diskstats", "meminfo", "stat", "swaps", "uptime", "loadavg", "slabinfo",
        "sys/kernel/ns_last_pid", "sys/crypto/fips_enabled",
    ]

    /// Refuses a mount that would put something of its own where programs expect the kernel's
    /// answers (RUNTIME-8).
    static func allow(
        _ mount: MountConfiguration, tree: MountTree, place: OpenFile
    ) throws(RuntimeFailure) {
        guard try place.fileSystem() == FileSystemKind.process else { return }
        if try tree.file.fileSystem() == FileSystemKind.process { return }
        let parts = RootFolder.parts(of: mount.destination)
        guard parts.first == "proc",
            replaceable.contains(parts.dropFirst().joined(separator: "/"))
        else { throw .kernel("mount onto the kernel's files of processes", EPERM) }
    }

    /// Sets the settings of the container's own namespaces.
    ///
    /// They are written through a mount that was never attached anywhere: no path leads to it, so
    /// nobody can put another file in its place (RUNTIME-16).
    static func write(
        _ settings: [LinuxConfiguration.KernelSetting]
    ) throws(RuntimeFailure) {
        guard !settings.isEmpty else { return }
        let tree = try MountTree.fresh("proc", source: "proc")
        guard try tree.file.fileSystem() == FileSystemKind.process else {
            throw .kernel("mount proc", ENODEV)
        }
        for setting in settings {
            let path = "sys/" + setting.name.replacing(".", with: "/")
            let resolve =
                Resolve.beneath | Resolve.noSymbolicLinks | Resolve.noMagicLinks
                | Resolve.noOtherMount
            let file = OpenFile(
                try asking("set \(setting.name)") {
                    atoll_openat2(
                        tree.file.number, path, UInt64(O_WRONLY) | OpenFlag.closeOnExec, 0, resolve)
                })
            try file.writeAll(Array(setting.value.utf8))
        }
    }
}
