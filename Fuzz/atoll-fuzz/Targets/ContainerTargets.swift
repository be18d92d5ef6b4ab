// SPDX-License-Identifier: Apache-2.0
import ContainerRuntime

extension FuzzTarget {
    /// What describes a container (RUNTIME-4, RUNTIME-5).
    static let containers = [
        FuzzTarget("container", samples: { [Array(containerSample.utf8)] }) { bytes in
            _ = try? RuntimeConfiguration(bytes: bytes)
        }
    ]

    private static let containerSample = """
        {"ociVersion":"1.2.0","root":{"path":"r"},"hostname":"h","process":{"cwd":"/","args":["a"],
        "user":{"uid":1,"gid":2,"additionalGids":[3],"umask":18},"env":["A=b"],"oomScoreAdj":5,
        "capabilities":{"bounding":["CAP_KILL"]},
        "rlimits":[{"type":"RLIMIT_CORE","soft":1,"hard":2}]},
        "mounts":[{"destination":"/d","type":"tmpfs","source":"t","options":["ro","size=1k"]},
        {"destination":"/b","source":"/s","options":["rbind","rslave","idmap"]}],
        "hooks":{"poststop":[{"path":"/h","args":["h"],"env":["X=y"],"timeout":3}]},
        "linux":{"namespaces":[{"type":"mount"},{"type":"uts"},{"type":"user"},{"type":"time"}],
        "uidMappings":[{"containerID":0,"hostID":1,"size":2}],
        "gidMappings":[{"containerID":0,"hostID":1,"size":2}],
        "timeOffsets":{"boottime":{"secs":1,"nanosecs":2}},"sysctl":{"kernel.hostname":"x"},
        "devices":[{"path":"/dev/x","type":"c","major":1,"minor":3,"fileMode":438}],
        "resources":{"memory":{"limit":-1},"cpu":{"cpus":"0","quota":5},"pids":{"limit":2},
        "devices":[{"allow":true,"type":"b","major":-1,"access":"rw"}],
        "unified":{"memory.max":"1"}},
        "seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["kill"],
        "action":"SCMP_ACT_ERRNO","errnoRet":1,
        "args":[{"index":0,"value":1,"op":"SCMP_CMP_GE"}]}]},
        "rootfsPropagation":"rslave","maskedPaths":["/m"],"readonlyPaths":["/p"]}}
        """
}
