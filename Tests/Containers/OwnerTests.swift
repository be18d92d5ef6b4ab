// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

extension Containers {
    @Suite("Owners and limits")
    struct OwnerTests {
        private static let map: JSON = [["containerID": 0, "hostID": 200_000, "size": 65536]]

        private func giveUsers(_ container: TestContainer) {
            container.configuration.append("linux.namespaces", ["type": "user"])
            container.configuration.set("linux.uidMappings", Self.map)
            container.configuration.set("linux.gidMappings", Self.map)
            container.configuration.set("linux.resources.devices", .null)
        }

        @Test("root inside is nobody outside (RUNTIME-13)")
        func userNamespace() throws {
            let container = try TestContainer(
                "id -u; cat /proc/self/uid_map; stat -c %t:%T /dev/null; touch /run/mine; sleep 60")
            giveUsers(container)
            container.configuration.append(
                "mounts", ["destination": "/run", "type": "tmpfs", "source": "tmpfs"])
            try container.write()
            #expect(try container.create().code == 0)
            let process = try #require(try container.state()["pid"]?.unsigned)
            #expect(try container.start().code == 0)
            usleep(200_000)
            var found = stat()
            #expect(stat("/proc/\(process)/root/run/mine", &found) == 0)
            #expect(found.st_uid == 200_000)
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            #expect(status.contains("Uid:\t200000\t200000"))
            let entered = try container.exec([
                "/bin/sh", "-c", "id -u; readlink /proc/self/ns/user",
            ])
            #expect(entered.code == 0, "\(entered)")
            #expect(entered.text.hasPrefix("0\n"))
            #expect(try container.delete().code == 0)
            #expect(container.traces() == [])
        }

        @Test("a container joins the namespaces of another, users among them")
        func joins() throws {
            let first = try TestContainer("sleep 60")
            giveUsers(first)
            try first.launch()
            let process = try #require(try first.state()["pid"]?.unsigned)
            let second = try TestContainer(
                "readlink /proc/self/ns/net; readlink /proc/self/ns/user; id -u")
            second.configuration.set("hostname", .null)
            second.configuration.set(
                "linux.namespaces",
                .array(
                    ["user", "network", "ipc", "uts"].map { kind in
                        let file = kind == "network" ? "net" : kind
                        return ["type": JSON(kind), "path": JSON("/proc/\(process)/ns/\(file)")]
                    } + [["type": "mount"], ["type": "pid"], ["type": "cgroup"]]))
            second.configuration.set("linux.resources.devices", .null)
            let ending = try second.run()
            let wanted = try ["net", "user"].map {
                try FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(process)/ns/\($0)")
            }
            #expect(ending.text == wanted.joined(separator: "\n") + "\n0", "\(ending)")
        }

        @Test("a mount's files belong to the container's users when it is mapped")
        func mappedMount() throws {
            let container = try TestContainer("stat -c %u /data/file; touch /data/new")
            giveUsers(container)
            let folder = "\(container.bundle)/data"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
            container.configuration.append(
                "mounts",
                ["destination": "/data", "source": JSON(folder), "options": ["bind", "idmap"]])
            let ending = try container.run()
            #expect(ending.text == "0", "\(ending)")
            var found = stat()
            #expect(stat("\(folder)/new", &found) == 0)
            #expect(found.st_uid == 0)
        }

        @Test("people without rights run containers of their own")
        func rootless() throws {
            let container = try TestContainer("id -u; cat /proc/self/uid_map", isRootless: true)
            for kind in ["uid", "gid"] {
                container.configuration.set(
                    "linux.\(kind)Mappings",
                    [["containerID": 0, "hostID": 65534, "size": 1]])
            }
            try container.write()
            let state = "\(container.bundle)/state"
            try FileManager.default.createDirectory(
                atPath: state, withIntermediateDirectories: true)
            try #require(chown(state, 65534, 65534) == 0)
            let program = "\(container.bundle)/atoll-runtime"
            // By a process of its own: what this one writes while another test starts a process
            // is still open there, and cannot be executed.
            try #require(Command.run(["/bin/cp", Machine.runtime, program]).code == 0)
            let ending = try Command.run([
                "/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                program, "--root", state, "run", "--bundle", container.bundle, container.name,
            ])
            #expect(ending.code == 0, "\(ending)")
            #expect(ending.text.hasPrefix("0\n"), "\(ending)")
            #expect(ending.text.contains("65534"))
        }

        @Test("limits are the kernel's, and update changes them (RUNTIME-11)")
        func limits() throws {
            let container = try TestContainer("sleep 60")
            container.configuration.set(
                "linux.resources",
                [
                    "memory": ["limit": 33_554_432, "swap": 33_554_432], "pids": ["limit": 20],
                    "cpu": ["shares": 512, "quota": 20000, "period": 100_000, "cpus": "0"],
                ])
            try container.launch()
            func value(_ tree: String, _ file: String) throws -> String {
                try String(
                    contentsOfFile: "/sys/fs/cgroup/\(tree)/atoll-test/\(container.name)/\(file)",
                    encoding: .utf8
                ).trimmingCharacters(in: .whitespacesAndNewlines)
            }
            try #require(
                FileManager.default.fileExists(atPath: "/sys/fs/cgroup/memory"),
                "this test reads the files of version 1")
            #expect(try value("memory", "memory.limit_in_bytes") == "33554432")
            #expect(try value("memory", "memory.memsw.limit_in_bytes") == "33554432")
            #expect(try value("pids", "pids.max") == "20")
            #expect(try value("cpu", "cpu.shares") == "512")
            #expect(try value("cpu", "cpu.cfs_quota_us") == "20000")
            #expect(try value("cpuset", "cpuset.cpus") == "0")
            let update = try container.runtime([
                "update", "--memory", "67108864", "--memory-swap", "67108864", "--pids-limit", "30",
                container.name,
            ])
            #expect(update.code == 0, "\(update)")
            #expect(try value("memory", "memory.limit_in_bytes") == "67108864")
            #expect(try value("pids", "pids.max") == "30")
            let file = "\(container.bundle)/limits"
            try Data("{\"memory\":{\"limit\":16777216},\"cpu\":{\"shares\":100}}".utf8)
                .write(to: URL(fileURLWithPath: file))
            let again = try container.runtime(
                ["update", "--resources", "-", container.name], input: file)
            #expect(again.code == 0, "\(again)")
            #expect(try value("cpu", "cpu.shares") == "100")
        }

        @Test("devices that were not granted cannot be opened (RUNTIME-12)")
        func devices() throws {
            let container = try TestContainer(
                "cat /dev/null && head -c 1 /dev/zero | wc -c; head -c 1 /dev/extra || echo denied")
            let extra: JSON = [
                "path": "/dev/extra", "type": "c", "major": 1, "minor": 11, "fileMode": 438,
            ]
            container.configuration.set("linux.devices", [extra])
            #expect(try container.run().text == "1\ndenied")
            container.configuration.append(
                "linux.resources.devices",
                ["allow": true, "type": "c", "major": 1, "minor": 11, "access": "w"])
            #expect(try container.run().text == "1\ndenied")
        }
    }
}
