// SPDX-License-Identifier: Apache-2.0
import JSONText

/// The calls to the kernel that containers may not make: those that change the machine, its clock,
/// its keys or its modules, that look into other processes' affairs, or that make namespaces and
/// mounts. The kernel answers EPERM.
enum SystemCallProfile {
    private static let refused = [
        "acct", "add_key", "adjtimex", "bpf", "clock_adjtime", "clock_settime", "create_module",
        "delete_module", "fanotify_init", "finit_module", "fsconfig", "fsmount", "fsopen",
        "fspick", "get_kernel_syms", "get_mempolicy", "init_module", "ioperm", "iopl", "kcmp",
        "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mbind", "migrate_pages",
        "mount", "mount_setattr", "move_mount", "move_pages", "name_to_handle_at", "nfsservctl",
        "open_by_handle_at", "open_tree", "perf_event_open", "pidfd_getfd", "pivot_root",
        "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace", "query_module",
        "quotactl", "quotactl_fd", "reboot", "request_key", "set_mempolicy",
        "set_mempolicy_home_node", "setdomainname", "sethostname", "setns", "settimeofday",
        "stime", "swapoff", "swapon", "syslog", "umount", "umount2", "unshare", "uselib",
        "userfaultfd", "ustat", "vhangup", "vm86", "vm86old", "io_uring_setup", "io_uring_enter",
        "io_uring_register",
    ]

    /// The bits of clone(2) that make namespaces.
    private static let bits = [
        0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ]

    static let json: JSON = [
        "defaultAction": "SCMP_ACT_ALLOW",
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "syscalls": .array(
            [
                [
                    "names": .array(refused.map { JSON($0) }), "action": "SCMP_ACT_ERRNO",
                    "errnoRet": 1,
                ],
                // Its flags lie where a filter cannot look; programs then take clone(2).
                ["names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38],
            ] + bits.map(refusal)),
    ]

    private static func refusal(ofBit bit: Int) -> JSON {
        [
            "names": ["clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
            "args": [
                [
                    "index": 0, "value": JSON(bit), "valueTwo": JSON(bit),
                    "op": "SCMP_CMP_MASKED_EQ",
                ]
            ],
        ]
    }
}
