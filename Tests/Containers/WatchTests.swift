// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

extension Containers {
    @Suite("Watching")
    struct WatchTests {
        private func launch(_ container: TestContainer, _ options: [String] = []) throws {
            try container.write()
            let made = try container.runtime(
                ["watch", "--bundle", container.bundle, "--log", "\(container.bundle)/log"]
                    + options + [container.name])
            try #require(made.code == 0, "\(made)")
            let started = try container.start()
            try #require(started.code == 0, "\(started)")
        }

        /// What the container said, by the log.
        private func said(_ container: TestContainer) throws -> [String] {
            let path = "\(container.bundle)/log"
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return try text.split(separator: "\n").map {
                let line = try JSON(parsing: String($0))
                return "\(line["stream"]?.text ?? "")>\(line["log"]?.text ?? "")"
            }
        }

        /// The state once the end is written down.
        private func ended(_ container: TestContainer) throws -> JSON {
            for _ in 0..<200 {
                let state = try container.state()
                if state["exitCode"] != nil { return state }
                usleep(50_000)
            }
            return try container.state()
        }

        /// The process that watches a container.
        private func watcher(_ container: TestContainer) throws -> Int32 {
            let folders = try FileManager.default.contentsOfDirectory(atPath: "/proc")
            for number in folders.compactMap({ Int32($0) }) {
                let words =
                    (try? String(contentsOfFile: "/proc/\(number)/cmdline", encoding: .utf8)) ?? ""
                let program = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(number)/root")
                let first = try container.state()["pid"]?.signed
                if words.contains("\0watch\0"), words.contains(container.name), program == "/",
                    Int64(number) != first
                {
                    return number
                }
            }
            throw WatchIsGone()
        }

        struct WatchIsGone: Error {}

        @Test("what a container says is written down, line by line, and how it ended (RUNTIME-22)")
        func log() throws {
            let container = try TestContainer("echo one; echo two >&2; printf three; exit 9")
            try launch(container)
            let state = try ended(container)
            #expect(state["exitCode"]?.unsigned == 9)
            #expect(state["ranOutOfMemory"]?.flag == false)
            #expect(
                try said(container).sorted() == ["stderr>two\n", "stdout>one\n", "stdout>three"])
        }

        @Test("the watch is killed, the container goes on, and another watch takes it up")
        func adoption() throws {
            let container = try TestContainer(
                "i=0; while [ ! -e /data/end ]; do i=$((i+1)); echo $i; sleep 0.05; done; exit 7")
            let folder = "\(container.bundle)/given"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            container.configuration.append(
                "mounts", ["destination": "/data", "source": "given", "options": ["bind", "ro"]])
            try launch(container)
            let watcher = try watcher(container)
            #expect(kill(watcher, SIGKILL) == 0)
            usleep(200_000)
            #expect(try container.status() == "running")
            let adopt = [
                "watch", "--adopt", "--log", "\(container.bundle)/log", container.name,
            ]
            let adopted = try container.runtime(adopt)
            #expect(adopted.code == 0, "\(adopted)")
            #expect(try container.runtime(adopt).code == 1, "one watch is enough")
            usleep(200_000)
            try Data().write(to: URL(fileURLWithPath: "\(folder)/end"))
            // Who inherited the container may never take note of its end, and then nobody knows.
            let code = try #require(try ended(container)["exitCode"])
            #expect(code == 7 || code == .null)
            let numbers = try said(container).compactMap {
                Int($0.dropFirst(7).trimmingCharacters(in: .newlines))
            }
            #expect(
                numbers == Array(1...max(1, numbers.count)), "no line is lost, none comes twice")
        }

        @Test("a container that runs out of memory is known for it")
        func memory() throws {
            let container = try TestContainer(
                "dd if=/dev/zero of=/dev/null bs=256M count=1; exit 3")
            container.configuration.set("linux.resources.memory", ["limit": 16_777_216])
            try launch(container)
            let state = try ended(container)
            #expect(state["ranOutOfMemory"]?.flag == true)
            let events = try String(
                contentsOfFile: "\(container.root)/\(container.name)/events", encoding: .utf8)
            #expect(events.contains("\"oom\""))
        }

        @Test("a log that grows beyond its bound is set aside, and the oldest goes")
        func rotation() throws {
            let container = try TestContainer("for i in $(seq 1 200); do echo line $i; done")
            try launch(container, ["--log-bytes", "4096", "--log-files", "2"])
            _ = try ended(container)
            #expect(try said(container).last == "stdout>line 200\n")
            let names = try FileManager.default.contentsOfDirectory(atPath: container.bundle)
            #expect(names.filter { $0.hasPrefix("log") }.sorted() == ["log", "log.1"])
        }

        @Test("a program that gave up being root may still open its own output")
        func reopened() throws {
            let container = try TestContainer("echo again > /dev/stdout")
            container.configuration.set("process.user", ["uid": 1000, "gid": 1000])
            try launch(container)
            #expect(try ended(container)["exitCode"]?.unsigned == 0)
            #expect(try said(container) == ["stdout>again\n"])
        }
    }
}
