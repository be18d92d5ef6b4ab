// SPDX-License-Identifier: Apache-2.0
import JSONText

/// `features`: what this runtime can do, as the specification writes it.
enum FeaturesVerb {
    static func run(_ words: [String], _ program: RuntimeProgram) throws(RuntimeFailure) -> Int32 {
        guard words.isEmpty else { throw .usage("features takes nothing") }
        program.say(features.pretty)
        return 0
    }

    static var features: JSON {
        let attributes = MountOptions.attributes.keys.flatMap { [$0, "r\($0)"] }
        let spreads = MountOptions.propagations.keys.flatMap { [$0, "r\($0)"] }
        let words = ["bind", "rbind", "remount", "idmap", "ridmap", "tmpcopyup", "defaults"]
        return [
            "ociVersionMin": "1.0.0", "ociVersionMax": JSON(RuntimeConfiguration.specification),
            "hooks": texts(HookConfiguration.Moment.allCases.map(\.rawValue)),
            "mountOptions": texts((attributes + spreads + words).sorted()),
            "linux": linux,
            "annotations": [
                "org.opencontainers.runtime.atoll.version": JSON(RuntimeProgram.version)
            ],
            "potentiallyUnsafeConfigAnnotations": [],
        ]
    }

    private static var linux: JSON {
        [
            "namespaces": texts(NamespaceConfiguration.Kind.allCases.map(\.rawValue).sorted()),
            "capabilities": texts(CapabilitySets.names.map { "CAP_\($0)" }),
            "cgroup": [
                "v1": true, "v2": true, "systemd": false, "systemdUser": false, "rdma": false,
            ],
            "seccomp": [
                "enabled": true,
                "actions": texts([
                    "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
                    "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE",
                    "SCMP_ACT_TRAP",
                ]),
                "operators": texts([
                    "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT",
                    "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE",
                ]),
                "knownFlags": texts(seccompFlags), "supportedFlags": texts(seccompFlags),
            ],
            "apparmor": ["enabled": false], "selinux": ["enabled": false],
            "intelRdt": ["enabled": false],
            "mountExtensions": ["idmap": ["enabled": true]],
        ]
    }

    private static let seccompFlags = [
        "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC",
        "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
    ]

    private static func texts(_ list: [String]) -> JSON { .array(list.map { JSON($0) }) }
}
