// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import SystemEffects
import Testing

@Suite("processes", .timeLimit(.minutes(10)))
struct ProcessTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    private func shell(_ script: String, log: String? = nil) -> ProcessRequest {
        ProcessRequest(
            executable: "/bin/sh", arguments: ["-c", script],
            logFile: log.map { "\(world.root)/\($0)" })
    }

    @Test("the exit code is told to everybody who waits, before and after the end")
    func exitCode() async throws {
        let request = shell("exit 7")
        let exits = try await world.run { effects in
            let child = try effects.processes.start(request)
            async let early = child.exit()
            let late = await child.exit()
            return [await early, late, await child.exit()]
        }
        #expect(exits == [.code(7), .code(7), .code(7)])
    }

    @Test("a signal that ends a process is told, and then the process is gone")
    func signal() async throws {
        let request = shell("exec sleep 1000")
        try await world.run { effects in
            let child = try effects.processes.start(request)
            #expect(effects.processes.birthMark(of: child.pid) != nil)
            try effects.processes.signal(child.pid, SIGTERM)
            #expect(await child.exit() == .signal(SIGTERM))
            #expect(effects.processes.birthMark(of: child.pid) == nil)
            #expect(throws: ProcessFailure.gone(pid: child.pid)) {
                try effects.processes.signal(child.pid, SIGTERM)
            }
        }
    }

    @Test("output of both kinds is appended to the log file; nothing is inherited")
    func output() async throws {
        setenv("ATOLL_TEST_SECRET", "leaked", 1)
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        var request = shell(
            "echo out; echo err >&2; echo \"[$ATOLL_TEST_SECRET][$GIVEN]\"; ls /proc/$$/fd; cat",
            log: "log")
        request.environment = ["GIVEN": "yes", "PATH": "/usr/bin:/bin"]
        let text = try await world.run { [request] effects in
            for _ in 0..<2 {
                #expect(await (try effects.processes.start(request)).exit() == .code(0))
            }
            let bytes = try await effects.disk.read("log", limit: 1 << 16)
            return String(decoding: bytes, as: UTF8.self)
        }
        let once = "out\nerr\n[][yes]\n0\n1\n2\n"
        #expect(text == once + once)
        #expect(DiskTests.mode("\(world.root)/log") == 0o600)
    }

    @Test("a detached process has a session of its own, another has ours")
    func detached() async throws {
        var request = shell("exec sleep 1000")
        request.detached = true
        let own = try world.effects.processes.start(request)
        request.detached = false
        let shared = try world.effects.processes.start(request)
        #expect(getsid(own.pid) == own.pid)
        #expect(getsid(shared.pid) == getsid(0))
        for child in [own, shared] {
            try world.effects.processes.signal(child.pid, SIGKILL)
            #expect(await child.exit() == .signal(SIGKILL))
        }
    }

    @Test("what cannot be started is refused by name")
    func refused() {
        for path in ["/no/such/program", "sh", "/tmp"] {
            do throws(ProcessFailure) {
                _ = try world.effects.processes.start(
                    ProcessRequest(executable: path, arguments: []))
                Issue.record("\(path) was started")
            } catch {
                guard case .refused(path, _) = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test("a process keeps its birth mark, and another has another")
    func birthMark() async throws {
        let mark = world.effects.processes.birthMark(of: getpid())
        #expect(mark != nil)
        #expect(mark == world.effects.processes.birthMark(of: getpid()))
        #expect(mark != world.effects.processes.birthMark(of: 1))
        #expect(world.effects.processes.birthMark(of: -1) == nil)
    }
}
