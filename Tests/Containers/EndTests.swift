// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

extension Containers {
    @Suite("Ends")
    struct EndTests {
        @Test(
            "whatever dies at whatever step of a making, nothing of it can stay (RUNTIME-20)",
            arguments: FaultPoint.allCases)
        func faults(point: FaultPoint) throws {
            let container = try TestContainer("sleep 60")
            let made = try container.create(
                environment: [FaultPoint.variable: point.rawValue])
            let isLate = point == .started || point == .confined
            #expect((made.code == 0) == isLate, "\(made)")
            if isLate {
                // Killed this close to its program, it cannot be told from one killed just after.
                let started = try container.start()
                #expect(started.code == 1 || point == .confined, "\(started)")
            }
            let state = try container.runtime(["state", container.name]).output
            let process = try? JSON(parsing: state)["pid"]?.unsigned
            #expect(try container.delete().code == 0)
            #expect(container.traces() == [])
            if let process, process > 0 {
                // Whoever inherits it may take its time to take note of its end.
                let left = ProcessTable.entry(Int32(process))?.state
                #expect(left == nil || left == "Z", "the first process is gone")
            }
        }

        @Test("after many containers nothing is left of any of them")
        func leaks() throws {
            let count =
                ProcessInfo.processInfo.environment["ATOLL_CONTAINER_STARTS"].flatMap(Int.init)
                ?? 20
            func things() throws -> [Int] {
                let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
                let groups = try ["memory", "pids", "unified"].flatMap { tree in
                    try FileManager.default.contentsOfDirectory(
                        atPath: "/sys/fs/cgroup/\(tree)/atoll-test")
                }
                let interfaces = try FileManager.default.contentsOfDirectory(
                    atPath: "/sys/class/net")
                return [
                    mounts.split(separator: "\n").count,
                    groups.filter { $0.contains("leak") }.count, interfaces.count,
                ]
            }
            let container = try TestContainer("true")
            container.configuration.set("linux.cgroupsPath", "/atoll-test/leak")
            #expect(try container.run().code == 0)
            let before = try things()
            for _ in 0..<count { #expect(try container.run().code == 0) }
            #expect(try things() == before)
            #expect(container.traces() == [])
        }

        @Test("a container lives on when all who made and started it are gone")
        func livesOn() throws {
            let container = try TestContainer("sleep 60")
            try container.launch()
            // Whoever ran create and start has ended by now; another command takes it over.
            #expect(try container.status() == "running")
            #expect(try container.exec(["/bin/echo", "there"]).text == "there")
        }

        @Test("processes that outlive the first one, sharing the machine's numbers, go with it")
        func leftovers() throws {
            let container = try TestContainer("sleep 300 & sleep 301 & exit 0")
            container.configuration.removeNamespace("pid")
            #expect(try container.run().code == 0)
            #expect(container.traces() == [])
        }

        @Test("groups in which somebody lives are refused, and left alone")
        func inhabited() throws {
            let first = try TestContainer("sleep 60")
            try first.launch()
            let second = try TestContainer("true")
            second.configuration.set("linux.cgroupsPath", JSON("/atoll-test/\(first.name)"))
            let ending = try second.run()
            #expect(ending.code == 1)
            #expect(ending.errors.contains("has processes in it"))
            #expect(try first.status() == "running")
        }

        @Test("two who make the same container: one wins, and the other leaves it whole")
        func twice() throws {
            let container = try TestContainer("sleep 60")
            try container.write()
            let words = ["create", "--bundle", container.bundle, container.name]
            let codes = OutcomeList()
            let group = DispatchGroup()
            let name = container.root
            for _ in 0..<4 {
                DispatchQueue.global().async(group: group) {
                    let ending = try? Command.run([Machine.runtime, "--root", name] + words)
                    codes.add(ending?.code ?? -1)
                }
            }
            group.wait()
            #expect(codes.all.sorted() == [0, 1, 1, 1])
            #expect(try container.status() == "created")
            #expect(try container.start().code == 0)
        }
    }
}

/// Codes from several threads.
final class OutcomeList: @unchecked Sendable {
    private let lock = NSLock()
    private var codes: [Int32] = []

    var all: [Int32] { lock.withLock { codes } }

    func add(_ code: Int32) { lock.withLock { codes.append(code) } }
}
