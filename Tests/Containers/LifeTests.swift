// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

extension Containers {
    @Suite("Life")
    struct LifeTests {
        @Test("a container is created, runs, stops and is gone (RUNTIME-2)")
        func life() throws {
            let container = try TestContainer("sleep 60")
            let made = try container.create(["--pid-file", "\(container.bundle)/pid"])
            #expect(made.code == 0, "\(made.errors)")
            let created = try container.state()
            #expect(created["status"]?.text == "created")
            #expect(created["id"]?.text == container.name)
            #expect(created["bundle"]?.text == container.bundle)
            let process = try #require(created["pid"]?.unsigned)
            let file = try String(contentsOfFile: "\(container.bundle)/pid", encoding: .utf8)
            #expect(file == "\(process)")

            #expect(try container.start().code == 0)
            #expect(try container.status() == "running")
            #expect(try container.runtime(["kill", container.name, "KILL"]).code == 0)
            #expect(try container.waits(for: "stopped"))
            #expect(try container.delete(isForced: false).code == 0)
            #expect(container.traces() == [])
            #expect(try container.runtime(["state", container.name]).code == 1)
        }

        @Test("what a status does not allow is refused, and the refusal names the status")
        func refusals() throws {
            let container = try TestContainer("sleep 60")
            #expect(try container.create().code == 0)
            #expect(try container.create().errors.contains("exists"))
            #expect(try container.runtime(["resume", container.name]).errors.contains("created"))
            #expect(try container.start().code == 0)
            #expect(try container.start().errors.contains("it is running"))
            let delete = try container.delete(isForced: false)
            #expect(delete.code == 1)
            #expect(delete.errors.contains("it is running"))
            #expect(try container.runtime(["kill", container.name, "SIGKILL"]).code == 0)
            #expect(try container.waits(for: "stopped"))
            #expect(try container.exec(["/bin/true"]).errors.contains("it is stopped"))
            #expect(try container.runtime(["kill", container.name, "TERM"]).code == 1)
        }

        @Test(
            "run ends with the program's own code, or with 128 and its signal (RUNTIME-21)",
            arguments: [("exit 0", 0), ("exit 7", 7), ("kill -9 $$; sleep 9", 137)])
        func codes(script: String, code: Int32) throws {
            let container = try TestContainer(script)
            // The first process of a pid namespace cannot kill itself.
            if code > 128 { container.configuration.removeNamespace("pid") }
            let ending = try container.run()
            #expect(ending.code == code, "\(ending.errors)")
            #expect(container.traces() == [])
        }

        @Test("a program that is not there is said by create, in words container managers know")
        func missing() throws {
            let container = try TestContainer()
            container.configuration.set("process.args", ["no-such-program"])
            let ending = try container.create()
            #expect(ending.code == 1)
            #expect(ending.errors.contains("executable file not found in $PATH"))
            #expect(container.traces() == [])
            container.configuration.set("process.args", ["/etc/passwd"])
            #expect(try container.create().errors.contains("permission denied"))
            container.configuration.set("process.args", ["/none"])
            #expect(try container.create().errors.contains("no such file or directory"))
            #expect(container.traces() == [])
        }

        @Test("a configuration that is refused leaves nothing, and the log tells why as JSON")
        func refused() throws {
            let container = try TestContainer()
            container.configuration.append("linux.namespaces", ["type": "moon"])
            try container.write()
            let log = "\(container.bundle)/log"
            let ending = try container.runtime([
                "--log", log, "--log-format", "json", "create", "--bundle", container.bundle,
                container.name,
            ])
            #expect(ending.code == 1)
            #expect(ending.errors.contains("linux.namespaces[6].type"))
            let line = try JSON(parsing: try String(contentsOfFile: log, encoding: .utf8))
            #expect(line["level"]?.text == "error")
            #expect(line["msg"]?.text?.contains("\"moon\" is no namespace") == true)
            #expect(container.traces() == [])
        }

        @Test("pause stops every process, resume lets them go on")
        func pause() throws {
            let container = try TestContainer(
                "i=0; while true; do i=$((i+1)); echo $i > /dev/shm/n; done")
            try container.launch()
            #expect(try container.runtime(["pause", container.name]).code == 0)
            #expect(try container.status() == "paused")
            let count = "/proc/\(try container.state()["pid"]?.unsigned ?? 0)/root/dev/shm/n"
            let before = try String(contentsOfFile: count, encoding: .utf8)
            usleep(200_000)
            #expect(try String(contentsOfFile: count, encoding: .utf8) == before)
            #expect(try container.exec(["/bin/true"]).errors.contains("it is paused"))
            #expect(try container.runtime(["resume", container.name]).code == 0)
            #expect(try container.status() == "running")
            // A container that is paused dies of SIGKILL all the same.
            #expect(try container.runtime(["pause", container.name]).code == 0)
            #expect(try container.runtime(["kill", container.name, "9"]).code == 0)
            #expect(try container.waits(for: "stopped"))
        }

        @Test("ps and list show containers and their processes")
        func lists() throws {
            let container = try TestContainer("sleep 61 & sleep 62")
            try container.launch()
            let process = try #require(try container.state()["pid"]?.unsigned)
            let listed = try JSON(
                parsing: try container.runtime(["ps", "--format", "json", container.name]).output)
            #expect(listed.elements?.contains(JSON(process)) == true)
            let all = try JSON(parsing: try container.runtime(["list", "-f", "json"]).output)
            let own = all.elements?.first { $0["id"]?.text == container.name }
            #expect(own?["status"]?.text == "running")
        }

        @Test("hooks run in their order, each with the state to read (RUNTIME-18)")
        func hooks() throws {
            let container = try TestContainer("sleep 60", ownRoot: true)
            let log = "\(container.bundle)/hooks"
            let inside = ["startContainer"]
            for moment in HookConfiguration.Moment.allCases.map(\.rawValue) {
                let file = inside.contains(moment) ? "/data/hooks" : log
                let script =
                    "read -r line; case $line in *'\"\(container.name)\"'*) echo \(moment) "
                    + ">> \(file);; esac"
                container.configuration.set(
                    "hooks.\(moment)",
                    [["path": "/bin/sh", "args": ["sh", "-c", JSON(script)]]])
            }
            try container.launch()
            #expect(try container.delete().code == 0)
            #expect(
                try String(contentsOfFile: log, encoding: .utf8)
                    == "prestart\ncreateRuntime\ncreateContainer\npoststart\npoststop\n")
            let inner = "\(container.bundle)/rootfs/data/hooks"
            #expect(try String(contentsOfFile: inner, encoding: .utf8) == "startContainer\n")
        }

        @Test("a hook that fails, or takes too long, ends the making and leaves nothing")
        func failingHooks() throws {
            let container = try TestContainer()
            container.configuration.set(
                "hooks.createRuntime",
                [["path": "/bin/sh", "args": ["sh", "-c", "echo no luck; exit 3"]]])
            let failed = try container.create()
            #expect(failed.code == 1)
            #expect(failed.errors.contains("no luck"))
            container.configuration.set(
                "hooks.createRuntime",
                [["path": "/bin/sleep", "args": ["sleep", "30"], "timeout": 1]])
            #expect(try container.create().errors.contains("longer than it may"))
            #expect(container.traces() == [])
        }
    }
}

extension JSON {
    /// Takes a namespace away: the container shares the machine's.
    mutating func removeNamespace(_ kind: String) {
        let list = self["linux"]?["namespaces"]?.elements ?? []
        set("linux.namespaces", .array(list.filter { $0["type"]?.text != kind }))
    }
}
