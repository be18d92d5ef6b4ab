// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// A bundle that every runtime takes: a static shell, every namespace, the usual mounts.
enum ContainerBundle {
    /// Makes it below the run's folder.
    ///
    /// - Parameter hasProfile: Whether system calls are filtered as container engines do.
    /// - Throws: ``BenchFailure`` without root or the Debian package busybox-static.
    static func make(_ bench: Bench, hasProfile: Bool) throws(BenchFailure) -> String {
        guard geteuid() == 0 else { throw BenchFailure("containers are measured as root") }
        let bundle = "\(bench.folder)/bundle\(hasProfile ? "-profile" : "")"
        let root = "\(bundle)/rootfs"
        for folder in ["", "/bin", "/dev", "/proc", "/sys", "/tmp"] {
            _ = try ChildProgram.run("/bin/mkdir", ["-p", root + folder])
        }
        _ = try ChildProgram.run("/bin/cp", ["/usr/bin/busybox", "\(root)/bin/busybox"])
        for tool in ["true", "sleep"] {
            _ = try ChildProgram.run("/bin/ln", ["-sf", "busybox", "\(root)/bin/\(tool)"])
        }
        _ = try ChildProgram.run(
            ChildProgram.ownFolder + "/atoll-runtime", ["spec", "--bundle", bundle])
        try edit("\(bundle)/config.json", hasProfile: hasProfile)
        return bundle
    }

    private static func edit(_ path: String, hasProfile: Bool) throws(BenchFailure) {
        guard let text = SystemFile.text(path), var json = try? JSON(parsing: text) else {
            throw BenchFailure("\(path) is no JSON")
        }
        // The peers of this distribution know the specification up to here.
        json = json.with("ociVersion", "1.0.2")
        json = json.with(
            "process", (json["process"] ?? [:]).with("args", ["/bin/true"]))
        var linux = (json["linux"] ?? [:]).with("cgroupsPath", "/atoll-bench/timed")
        if hasProfile { linux = linux.with("seccomp", try profile()) }
        json = json.with("linux", linux)
        guard SystemFile.write(path, json.compact) else {
            throw BenchFailure("\(path) cannot be written")
        }
    }

    /// About as many names and conditions as container engines have by default: what the kernel's
    /// header lists but for what changes the machine, for three architectures.
    private static func profile() throws(BenchFailure) -> JSON {
        let header = "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
        guard let text = SystemFile.text(header) else { throw BenchFailure("no \(header)") }
        let names = text.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: " ")
            guard words.count == 3, words[1].hasPrefix("__NR_") else { return nil }
            let name = String(words[1].dropFirst(5))
            return refused.contains(name) ? nil : name
        }
        let personalities: [JSON] = [0, 8, 0x20000, 0x20008, 0xFFFF_FFFF].map { value in
            [
                "names": ["personality"], "action": "SCMP_ACT_ALLOW",
                "args": [["index": 0, "value": JSON(value as Int), "op": "SCMP_CMP_EQ"]],
            ]
        }
        let plain: JSON = [
            "names": .array(names.map { JSON($0) }), "action": "SCMP_ACT_ALLOW",
        ]
        return [
            "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
            "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            "syscalls": .array([plain] + personalities),
        ]
    }

    private static let refused: Set<String> = [
        "acct", "add_key", "bpf", "clock_settime", "create_module", "delete_module",
        "finit_module", "get_kernel_syms", "init_module", "ioperm", "iopl", "kexec_file_load",
        "kexec_load", "keyctl", "lookup_dcookie", "mount", "move_pages", "nfsservctl",
        "open_by_handle_at", "perf_event_open", "personality", "pivot_root", "ptrace",
        "query_module", "quotactl", "reboot", "request_key", "setns", "settimeofday", "swapoff",
        "swapon", "sysfs", "umount2", "unshare", "userfaultfd", "uselib", "ustat", "vm86",
    ]
}

extension JSON {
    /// The object with a member set.
    fileprivate func with(_ name: String, _ value: JSON) -> JSON {
        .object((members ?? []).filter { $0.name != name } + [Member(name, value)])
    }
}
