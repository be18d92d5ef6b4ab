// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

extension Containers {
    /// Images and programs that mean harm.
    @Suite("Hostile")
    struct HostileTests {
        @Test("an image whose /dev/null is a link masks nothing with what it leads to")
        func maskedByTheMachinesNull() throws {
            // runc's CVE-2025-31133: the mask was the image's own /dev/null, bound read-write.
            let container = try TestContainer(
                "cat /proc/timer_list | wc -c; stat -c '%t:%T' /proc/timer_list", ownRoot: true)
            let root = "\(container.bundle)/rootfs"
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/dev/null", withDestinationPath: "/proc/sys/kernel/core_pattern")
            // Without a /dev of its own the container keeps the image's.
            container.configuration.removeMounts(below: "/dev")
            let ending = try container.run()
            #expect(ending.code != 0 || ending.text == "0\n1:3", "\(ending)")
        }

        @Test("an image whose /dev/null is another device is refused")
        func wrongDevice() throws {
            let container = try TestContainer("cat /dev/null | wc -c", ownRoot: true)
            let root = "\(container.bundle)/rootfs"
            try #require(mknod("\(root)/dev/null", S_IFCHR | 0o666, 5 << 8 | 1) == 0)
            container.configuration.removeMounts(below: "/dev")
            let ending = try container.run()
            #expect(ending.code == 1)
            #expect(ending.errors.contains("another file is /dev/null"), "\(ending)")
        }

        @Test(
            "a link in the image in the way of proc or sysfs is refused (RUNTIME-8)",
            arguments: ["proc", "sys"])
        func linkedKernelFiles(name: String) throws {
            let container = try TestContainer("ls /data", ownRoot: true)
            let root = "\(container.bundle)/rootfs"
            try FileManager.default.removeItem(atPath: "\(root)/\(name)")
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/\(name)", withDestinationPath: "/data")
            let ending = try container.run()
            #expect(ending.code == 1)
            #expect(ending.errors.contains("symbolic links"), "\(ending)")
        }

        @Test("links in an image never lead a mount out of the container (RUNTIME-6)")
        func linkedPlaces() throws {
            let container = try TestContainer("cat /data/out/mark", ownRoot: true)
            let outside = "\(container.bundle)/outside"
            let inner = "\(container.bundle)/rootfs\(outside)"
            for folder in [outside, inner, "\(container.bundle)/given"] {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true)
            }
            try Data("given".utf8).write(
                to: URL(fileURLWithPath: "\(container.bundle)/given/mark"))
            // Absolute, and by more steps up than there are folders.
            let up = String(repeating: "../", count: 40)
            for (index, target) in [outside, up + outside.dropFirst()].enumerated() {
                try? FileManager.default.removeItem(
                    atPath: "\(container.bundle)/rootfs/data/out")
                try FileManager.default.createSymbolicLink(
                    atPath: "\(container.bundle)/rootfs/data/out", withDestinationPath: target)
                if index == 0 {
                    container.configuration.append(
                        "mounts",
                        ["destination": "/data/out", "source": "given", "options": ["bind"]])
                }
                #expect(try container.run().text == "given")
                let names = try FileManager.default.contentsOfDirectory(atPath: outside)
                #expect(names == [], "nothing was mounted or made outside")
            }
        }

        @Test("nothing of a container's own takes the place of the kernel's answers")
        func mountsOnProc() throws {
            let container = try TestContainer("true")
            let file = "\(container.bundle)/file"
            try Data("own".utf8).write(to: URL(fileURLWithPath: file))
            for place in ["/proc/self/attr/exec", "/proc/sys/kernel/hostname", "/proc/1/status"] {
                var copy = container.configuration
                copy.append(
                    "mounts",
                    ["destination": JSON(place), "source": JSON(file), "options": ["bind"]])
                swap(&copy, &container.configuration)
                let ending = try container.run()
                swap(&copy, &container.configuration)
                #expect(ending.code == 1, "\(place)")
            }
            container.configuration.append(
                "mounts",
                ["destination": "/proc/uptime", "source": JSON(file), "options": ["bind"]])
            container.configuration.set("process.args", ["/bin/cat", "/proc/uptime"])
            #expect(try container.run().text == "own", "a file of numbers may be replaced")
        }

        @Test("a console is mounted on the container's own inode, not where a link leads")
        func linkedConsole() throws {
            // runc's CVE-2025-52565 and youki's CVE-2025-62161.
            let container = try TestContainer("true", ownRoot: true)
            let root = "\(container.bundle)/rootfs"
            container.configuration.set("process.terminal", true)
            container.configuration.removeMounts(exactly: "/dev")
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/dev/console", withDestinationPath: "/proc/sysrq-trigger")
            let ending = try container.run()
            #expect(ending.code == 1)
            #expect(ending.errors.contains("symbolic links"), "\(ending)")
        }

        @Test("a /dev/pts that makes no terminals is refused (RUNTIME-17)")
        func wrongTerminals() throws {
            let container = try TestContainer("true", ownRoot: true)
            container.configuration.set("process.terminal", true)
            container.configuration.removeMounts(below: "/dev")
            try FileManager.default.createDirectory(
                atPath: "\(container.bundle)/rootfs/dev/pts", withIntermediateDirectories: true)
            try #require(
                mknod("\(container.bundle)/rootfs/dev/pts/ptmx", S_IFCHR | 0o666, 1 << 8 | 3) == 0)
            let ending = try container.run()
            #expect(ending.code == 1)
            #expect(ending.errors.contains("makes no terminals"), "\(ending)")
        }

        @Test("a neighbour that swaps paths while a container starts gains nothing")
        func races() throws {
            // runc's CVE-2025-52881, youki's CVE-2025-62596: a folder shared with the starting
            // container changes between folder and link all the time.
            let container = try TestContainer("true", ownRoot: true)
            let shared = "\(container.bundle)/shared"
            let secret = "\(container.bundle)/secret"
            for folder in ["\(shared)/a", secret] {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true)
            }
            let link = "\(shared)/b"
            try FileManager.default.createSymbolicLink(
                atPath: link, withDestinationPath: String(repeating: "../", count: 30) + secret)
            container.configuration.append(
                "mounts", ["destination": "/data", "source": "shared", "options": ["rbind"]])
            container.configuration.append(
                "mounts", ["destination": "/data/a/deep", "type": "tmpfs", "source": "tmpfs"])
            container.configuration.set("linux.maskedPaths", ["/data/a/deep", "/proc/keys"])
            container.configuration.set(
                "linux.sysctl", .object([JSON.Member("net.ipv4.ip_forward", "1")]))
            try container.write()
            let swapper = Thread {
                while !Thread.current.isCancelled { exchange("\(shared)/a", link) }
            }
            swapper.start()
            defer { swapper.cancel() }
            for _ in 0..<30 {
                _ = try container.runtime(["run", "--bundle", container.bundle, container.name])
                let names = try FileManager.default.contentsOfDirectory(atPath: secret)
                #expect(names == [], "nothing was made outside of the container")
            }
            #expect(container.traces() == [])
        }

        @Test("a fork bomb is held by its limit, and its container goes at once")
        func forkBomb() throws {
            let container = try TestContainer("bomb() { bomb | bomb & }; bomb; sleep 60")
            container.configuration.set("linux.resources.pids", ["limit": 50])
            try container.launch()
            usleep(300_000)
            let count = try container.runtime(["ps", "-f", "json", container.name])
            #expect((try JSON(parsing: count.output).elements?.count ?? 99) <= 50)
            #expect(try container.delete().code == 0)
            #expect(container.traces() == [])
        }

        @Test("a memory bomb is killed alone")
        func memoryBomb() throws {
            let container = try TestContainer("exec dd if=/dev/zero of=/dev/null bs=256M count=1")
            container.configuration.set("linux.resources.memory", ["limit": 16_777_216])
            let ending = try container.run()
            #expect(ending.code == 137, "\(ending)")
            #expect(container.traces() == [])
        }

        @Test("whoever enters a container cannot be seen into, nor written to, from inside")
        func runtimeUnderAttack() throws {
            // CVE-2019-5736: a program inside tries to write to the runtime's own file.
            let container = try TestContainer(
                "while true; do for p in /proc/[0-9]*/exe; do "
                    + "case $p in /proc/1/*) ;; *) echo bad > $p ;; esac; done; done 2>/dev/null")
            container.configuration.set(
                "process.capabilities",
                .object(
                    ["bounding", "effective", "permitted"].map {
                        JSON.Member($0, ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_KILL"])
                    }))
            let before = try Data(contentsOf: URL(fileURLWithPath: Machine.runtime)).hashValue
            try container.launch()
            for _ in 0..<10 {
                #expect(try container.exec(["/proc/self/exe", "--version"]).code != -9)
                #expect(try container.exec(["/bin/true"]).code == 0)
            }
            let after = try Data(contentsOf: URL(fileURLWithPath: Machine.runtime)).hashValue
            #expect(before == after)
        }

        @Test("a runtime whose own file lies on no mount runs from a sealed copy (RUNTIME-9)")
        func sealedCopy() throws {
            let container = try TestContainer("echo inside")
            try container.write()
            let script =
                "import os,sys; f=os.memfd_create('r',0); "
                + "os.write(f,open(sys.argv[1],'rb').read()); os.execve(f,sys.argv[1:],os.environ)"
            let ending = try Command.run([
                "/usr/bin/python3", "-c", script, Machine.runtime, "--root", container.root, "run",
                "--bundle", container.bundle, container.name,
            ])
            #expect(ending.text == "inside", "\(ending)")
        }

        @Test("a storm of signals leaves a container that can be removed")
        func signalStorm() throws {
            let container = try TestContainer(
                "for i in $(seq 1 31); do trap : $i 2>/dev/null; done; while true; do sleep 1; done"
            )
            try container.launch()
            for signal in (1...64) where signal != 9 && signal != 19 && signal != 32 && signal != 33
            {
                _ = try container.runtime(["kill", container.name, "\(signal)"])
            }
            #expect(try container.delete().code == 0)
            #expect(container.traces() == [])
        }

        @Test("writes to the kernel's files reach nothing of the machine")
        func kernelWrites() throws {
            let container = try TestContainer(
                "for f in /proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches "
                    + "/proc/sysrq-trigger "
                    + "/sys/kernel/uevent_helper /sys/fs/cgroup/memory/release_agent "
                    + "/proc/sys/kernel/modprobe; do (echo bad > $f) 2>/dev/null && echo "
                    + "wrote $f; done; "
                    + "mknod /dev/sda b 254 0 2>/dev/null; dd if=/dev/sda of=/dev/null "
                    + "count=1 2>/dev/null "
                    + "&& echo read the disk; true")
            container.configuration.set(
                "process.capabilities",
                .object(
                    ["bounding", "effective", "permitted"].map {
                        JSON.Member($0, ["CAP_MKNOD", "CAP_DAC_OVERRIDE"])
                    }))
            let ending = try container.run()
            #expect(ending.text == "", "\(ending)")
        }
    }
}

/// Puts each of two paths in the other's place.
private func exchange(_ one: String, _ other: String) {
    rename(one, one + ".away")
    rename(other, one)
    rename(one + ".away", other)
}

extension JSON {
    /// Takes away mounts at a place and below it.
    mutating func removeMounts(below place: String) {
        let mounts = self["mounts"]?.elements ?? []
        set(
            "mounts",
            .array(
                mounts.filter {
                    let path = $0["destination"]?.text ?? ""
                    return path != place && !path.hasPrefix(place + "/")
                }))
    }

    /// Takes away the mount at a place.
    mutating func removeMounts(exactly place: String) {
        let mounts = self["mounts"]?.elements ?? []
        set("mounts", .array(mounts.filter { $0["destination"]?.text != place }))
    }
}
