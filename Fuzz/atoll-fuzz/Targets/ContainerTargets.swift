// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import ContainerRuntime

extension FuzzTarget {
    /// What describes a container (RUNTIME-4, RUNTIME-5), what the kernel says of its networks and
    /// what it asks for names (NETWORKS-11).
    static let containers = [
        FuzzTarget("container", samples: { [Array(containerSample.utf8)] }) { bytes in
            _ = try? RuntimeConfiguration(bytes: bytes)
        },
        FuzzTarget("container-network", of: [netlink, names]),
    ]

    private static let netlink = FuzzTarget("netlink", samples: { [linkSample] }) { bytes in
        for message in (try? NetlinkMessage.decode(bytes)) ?? [] {
            _ = try? LinkEntry(message)
            _ = try? RouteEntry(message)
            _ = message.outcome
            guard let found = try? message.attributes(after: 0) else { continue }
            let again = NetlinkAttribute.encode(found)
            precondition((try? NetlinkAttribute.decode(again[...])) == found, "the same again")
        }
    }

    /// An interface of a kind, as the kernel lists it.
    private static let linkSample: [UInt8] = {
        let body =
            [UInt8](repeating: 0, count: 16)
            + NetlinkAttribute.encode([
                NetlinkAttribute(3, text: "eth0"),
                NetlinkAttribute(18, [NetlinkAttribute(1, text: "veth")]),
            ])
        return NetlinkMessage(kind: 16, flags: 2, sequence: 1, body: body).encoded
    }()

    private static let names = FuzzTarget("name", samples: { [nameSample] }) { bytes in
        guard let query = NameQuery(bytes) else { return }
        let known = IPAddress(.four, 0x0A00_0002)
        let book = NameBook([
            .init(
                container: "1", network: "n", hasNames: true, isInternal: false, names: ["web"],
                addresses: [known])
        ])
        let answer = book.answer(to: query, from: "1") ?? .unknown
        let said = answer.encoded(to: query, isDatagram: true)
        precondition(said.count <= NameAnswer.datagramBytesMax, "an answer fits a datagram")
    }

    /// Asks for the address of `web.n`.
    private static let nameSample: [UInt8] =
        [1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3] + Array("web".utf8) + [1, 0x6E, 0, 0, 1, 0, 1]

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
