// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

extension Containers {
    @Suite("Inside")
    struct InsideTests {
        @Test("a container has namespaces of its own")
        func namespaces() throws {
            let container = try TestContainer(
                "echo $$; hostname; ls /proc/self/ns | wc -l; ip link | grep -c '^[0-9]'; "
                    + "cat /proc/self/cgroup | grep -c ':/$'; cat /proc/self/cgroup | wc -l")
            let lines = try container.run().text.split(separator: "\n").map(String.init)
            try #require(lines.count == 6)
            #expect(lines[0] == "1")
            #expect(lines[1] == "atoll")
            #expect(lines[3] == "1", "only itself on the network")
            #expect(lines[4] == lines[5], "at the top of every tree of control groups")
        }

        @Test("the program has the rights it was given and no other (RUNTIME-15)")
        func rights() throws {
            let container = try TestContainer(
                "grep -E '^(Cap|NoNewPrivs|Groups|Umask|Uid|Gid)' /proc/self/status; ls "
                    + "/proc/self/fd | wc -l"
            )
            container.configuration.set(
                "process.user", ["uid": 1000, "gid": 1001, "additionalGids": [7, 8], "umask": 23])
            container.configuration.set(
                "process.capabilities",
                [
                    "bounding": ["CAP_CHOWN", "CAP_KILL"], "permitted": ["CAP_KILL"],
                    "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"],
                    "effective": ["CAP_KILL"],
                ])
            let said = try container.run()
            let text = said.output.replacingOccurrences(of: "\t", with: " ")
            #expect(text.contains("Umask: 0027"), "\(said)")
            #expect(text.contains("Uid: 1000 1000 1000 1000"))
            #expect(text.contains("Gid: 1001 1001 1001 1001"))
            #expect(text.contains("Groups: 7 8"))
            for set in ["Inh", "Prm", "Eff", "Amb"] {
                #expect(text.contains("Cap\(set): 0000000000000020"))
            }
            #expect(text.contains("CapBnd: 0000000000000021"))
            #expect(text.contains("NoNewPrivs: 1"))
            // The first three, and the folder that ls itself reads.
            #expect(said.text.hasSuffix("\n4"))
        }

        @Test("masked paths are empty, protected ones cannot be written to (RUNTIME-7)")
        func paths() throws {
            let container = try TestContainer(
                "cat /proc/timer_list | wc -c; ls /sys/firmware | wc -l; "
                    + "echo 1 > /proc/sys/kernel/printk || echo refused; "
                    + "echo b > /proc/sysrq-trigger || echo refused; touch /x || echo refused; "
                    + "mount -o remount,rw /proc/sys || echo refused")
            let ending = try container.run()
            #expect(ending.text == "0\n0\nrefused\nrefused\nrefused\nrefused", "\(ending)")
        }

        @Test("bind mounts are what they are asked to be, and do not spread (RUNTIME-6)")
        func binds() throws {
            let container = try TestContainer(
                "cat /data/a/file; echo new > /data/a/file || echo refused; "
                    + "echo new > /data/b/file; cat /run/one; mount -t tmpfs none /data/b "
                    + "|| echo refused"
            )
            for name in ["a", "b"] {
                let folder = "\(container.bundle)/\(name)"
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true)
                try Data("old\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
            }
            for place in ["/data", "/run"] {
                container.configuration.append(
                    "mounts",
                    ["destination": JSON(place), "type": "tmpfs", "source": "tmpfs"])
            }
            container.configuration.append(
                "mounts",
                [
                    "destination": "/data/a", "type": "bind", "source": "a",
                    "options": ["bind", "ro"],
                ])
            container.configuration.append(
                "mounts", ["destination": "/data/b", "source": "b", "options": ["rbind"]])
            container.configuration.append(
                "mounts", ["destination": "/run/one", "source": "a/file", "options": ["bind"]])
            let ending = try container.run()
            #expect(ending.text == "old\nrefused\nold\nrefused", "\(ending)")
            let written = try String(contentsOfFile: "\(container.bundle)/b/file", encoding: .utf8)
            #expect(written == "new\n")
            #expect(container.traces() == [])
        }

        @Test("a tmpfs can begin with what the image has at its place")
        func copiedUp() throws {
            let container = try TestContainer(
                "cat /etc/passwd | head -n 1; touch /etc/new && ls /etc")
            container.configuration.append(
                "mounts",
                [
                    "destination": "/etc", "type": "tmpfs", "source": "tmpfs",
                    "options": ["tmpcopyup", "mode=0755"],
                ])
            #expect(
                try container.run().text == "root:x:0:0:root:/root:/bin/sh\nnew\npasswd")
        }

        @Test("settings of the container's own namespaces are set, others refused (RUNTIME-16)")
        func settings() throws {
            let container = try TestContainer(
                "cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmni")
            container.configuration.set(
                "linux.sysctl",
                .object([
                    JSON.Member("net.ipv4.ip_forward", "1"), JSON.Member("kernel.shmmni", "99"),
                ]))
            #expect(try container.run().text == "1\n99")
            container.configuration.set(
                "linux.sysctl", .object([JSON.Member("kernel.panic", "1")]))
            #expect(try container.run().errors.contains("is not a setting of the container's own"))
            container.configuration.set(
                "linux.sysctl", .object([JSON.Member("net.ipv4.ip_forward", "1")]))
            container.configuration.removeNamespace("network")
            #expect(try container.run().code == 1)
        }

        @Test("a seccomp profile refuses calls, with its errno, and is compiled once (RUNTIME-14)")
        func seccomp() throws {
            let script = "mkdir /run/x; grep Seccomp: /proc/self/status; chmod 600 /run"
            let container = try TestContainer(script)
            container.configuration.append(
                "mounts", ["destination": "/run", "type": "tmpfs", "source": "tmpfs"])
            container.configuration.set(
                "linux.seccomp",
                [
                    "defaultAction": "SCMP_ACT_ALLOW",
                    "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
                    "syscalls": [
                        [
                            "names": ["mkdir", "mkdirat", "no_such_call"],
                            "action": "SCMP_ACT_ERRNO", "errnoRet": 28,
                        ],
                        [
                            "names": ["chmod", "fchmodat"], "action": "SCMP_ACT_ERRNO",
                            "args": [["index": 1, "value": 0o600, "op": "SCMP_CMP_EQ"]],
                        ],
                    ],
                ])
            for _ in 0..<2 {
                let ending = try container.run()
                #expect(ending.errors.contains("No space left on device"), "\(ending)")
                #expect(ending.text == "Seccomp:\t2")
            }
            let profile = try RuntimeConfiguration(bytes: container.configuration.bytes)
            let compiled = try SeccompProgram.of(
                try #require(profile.linux.seccomp), cache: "\(container.root)/.seccomp")
            #expect(compiled.bytes.count % 8 == 0)
            container.configuration.set("process.noNewPrivileges", false)
            #expect(try container.run().errors.contains("No space left on device"))
        }

        @Test("a container's clocks may be set off")
        func clocks() throws {
            let container = try TestContainer("cat /proc/uptime")
            container.configuration.append("linux.namespaces", ["type": "time"])
            container.configuration.set("linux.timeOffsets", ["boottime": ["secs": 1_000_000_000]])
            let ending = try container.run()
            #expect((Double(ending.text.split(separator: " ").first ?? "") ?? 0) > 1e9, "\(ending)")
        }

        @Test("limits of the process are set, and cut to what the runtime may give (RUNTIME-4)")
        func limits() throws {
            let container = try TestContainer("ulimit -n; ulimit -c")
            container.configuration.set(
                "process.rlimits",
                [
                    ["type": "RLIMIT_NOFILE", "soft": 100, "hard": 200],
                    ["type": "RLIMIT_CORE", "soft": 0, "hard": 0],
                ])
            #expect(try container.run().text == "100\n0")
            // Even root may not have everything: what is above its own limit is cut to it.
            let hard = try Command.run(["/bin/sh", "-c", "ulimit -Hn"]).text
            container.configuration.set(
                "process.rlimits",
                [["type": "RLIMIT_NOFILE", "soft": 1_000_000, "hard": 1_000_000]])
            let ending = try container.run()
            let given = ending.text.split(separator: "\n").first.map(String.init)
            #expect(given == hard || given == "1000000", "\(ending)")
        }
    }
}
