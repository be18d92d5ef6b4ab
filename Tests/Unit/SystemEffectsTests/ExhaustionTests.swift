// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import SystemEffects
import Testing

@Suite("exhausted disk and descriptors", .timeLimit(.minutes(10)))
struct ExhaustionTests {
    /// Fills log, store and files until the disk takes no more, and checks that each says so,
    /// keeps what it had, and goes on once there is room.
    static func exhaust(_ effects: Effects, makeRoom: @Sendable () async throws -> Void)
        async throws
    {
        let disk = effects.disk
        let log = try await disk.openLog("log")
        let store = try await disk.openStore("state", bytesMax: 64 << 20)
        try await log.append([[1]])
        try await store.commit([([1], [1])])
        let big = pattern(3_000_000)

        let fileFailure = await LogTests.failure { () throws(DiskFailure) in
            try await disk.replace("file", with: big)
        }
        #expect(fileFailure == .full(path: "file"))
        #expect(try await disk.list("") == ["log", "state"])
        #expect(try await disk.list("log").count == 2)

        let writer = try await disk.create("written")
        let writerFailure = await LogTests.failure { () throws(DiskFailure) in
            for _ in 0..<10 { try await writer.append(big) }
        }
        #expect(writerFailure == .full(path: "written"))

        let logFailure = await LogTests.failure { () throws(DiskFailure) in
            try await log.append([big])
        }
        #expect(logFailure == .full(path: "log"))
        let storeFailure = await LogTests.failure { () throws(DiskFailure) in
            try await store.commit([([1], [9]), ([2], big)])
        }
        #expect(storeFailure == .full(path: "state"))
        #expect(try store.scan(prefix: [], after: nil, limit: 9).map(\.value) == [[1]])

        try await log.append([[2]])
        try await makeRoom()
        try await store.commit([([3], [3])])
        try await log.append([[3]])
        await log.close()
        let again = try await disk.openLog("log")
        #expect(try await LogTests.all(again) == [[1], [2], [3]])
        #expect(try store.get([3]) == [3])
        await store.close()
    }

    @Test("files that may not grow further are reported as a full disk, and nothing breaks")
    func fileSizeLimit() async {
        // The limit holds for a whole process, so this has one of its own.
        await #expect(processExitsWith: .success) {
            let world = try TestWorld()
            try await world.run { effects in
                let limit: rlim_t = 1_000_000
                var limits = rlimit(rlim_cur: limit, rlim_max: rlim_t.max)
                #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0)
                try await ExhaustionTests.exhaust(effects) {
                    var limits = rlimit(rlim_cur: rlim_t.max, rlim_max: rlim_t.max)
                    #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0)
                }
            }
        }
    }

    @Test("a small file system that is full is reported as such, and nothing breaks")
    func smallFileSystem() async throws {
        let world = try TestWorld()
        let folder = "\(world.root)/small"
        mkdir(folder, 0o700)
        @Sendable func run(_ executable: String, _ arguments: [String]) async throws -> ProcessExit
        {
            try await world.effects.processes.start(
                ProcessRequest(executable: executable, arguments: arguments)
            ).exit()
        }
        let mounted = try await run(
            "/bin/mount", ["-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", folder])
        guard getuid() == 0, mounted == .code(0) else {
            print("not tested on a small file system: mounting one takes root")
            return
        }
        let small = try SystemWorld.make(root: folder, loop: world.loop)
        try await Self.exhaust(small) {
            _ = try await run("/bin/mount", ["-o", "remount,size=16m", folder])
        }
        // A process that another test is starting holds copies of all files until it is itself.
        var unmounted = try await run("/bin/umount", [folder])
        for _ in 0..<200 where unmounted != .code(0) {
            await world.effects.time.sleep(milliseconds: 25)
            unmounted = try await run("/bin/umount", [folder])
        }
        #expect(unmounted == .code(0))
    }

    @Test("when no descriptor is left, accepting waits until there is one")
    func descriptorsExhausted() async {
        // The limit holds for a whole process, so this has one of its own.
        await #expect(processExitsWith: .success) {
            let world = try TestWorld()
            try await world.run { effects in
                let listener = try await effects.network.listen(
                    on: Endpoint(host: "127.0.0.1", port: 0))
                var limits = rlimit(rlim_cur: 64, rlim_max: 64)
                #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0)
                var dialled: [any ByteStream] = []
                let failure = await StreamTests.failure { () throws(NetworkFailure) in
                    while dialled.count < 100 {
                        dialled.append(
                            try await effects.network.dial(
                                listener.endpoint, timeoutMilliseconds: 5000))
                    }
                }
                guard case .system(EMFILE, _) = failure else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
                let accepted = Tally()
                let acceptor = effects.tasks.spawn("acceptor") {
                    if (try? await listener.accept()) != nil { accepted.add(1) }
                }
                await effects.time.sleep(milliseconds: 20)
                #expect(accepted.value == 0)
                for stream in dialled.suffix(3) { stream.close() }
                await acceptor.finished()
                #expect(accepted.value == 1)
            }
        }
    }
}
