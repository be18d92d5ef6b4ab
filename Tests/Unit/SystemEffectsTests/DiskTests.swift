// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import SystemEffects
import Testing

@Suite("files", .timeLimit(.minutes(10)))
struct DiskTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    static func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test("a replaced file is read again, and nobody else may read it")
    func replace() async throws {
        let root = world.root
        try await world.run { effects in
            try await effects.disk.createFolder("a/b")
            try await effects.disk.replace("a/b/file", with: [1, 2])
            try await effects.disk.replace("a/b/file", with: pattern(100_000))
            #expect(try await effects.disk.read("a/b/file", limit: 100_000) == pattern(100_000))
            #expect(try await effects.disk.list("a/b") == ["file"])
            #expect(try await effects.disk.list("") == ["a"])
            #expect(Self.mode("\(root)/a/b/file") == 0o600)
            #expect(Self.mode("\(root)/a/b") == 0o700)
        }
    }

    @Test("a file above the limit is refused before it is read")
    func limit() async throws {
        try await world.run { effects in
            try await effects.disk.replace("f", with: [1, 2, 3])
            let failure = await LogTests.failure { () throws(DiskFailure) in
                _ = try await effects.disk.read("f", limit: 2)
            }
            #expect(
                failure
                    == .system(
                        path: "f", errno: EFBIG, message: "the file has 3 bytes; 2 were allowed"))
        }
    }

    @Test("what is not there is not found; removing it is fine")
    func missing() async throws {
        try await world.run { effects in
            let disk = effects.disk
            let failures = [
                await LogTests.failure { () throws(DiskFailure) in
                    _ = try await disk.read("x/f", limit: 9)
                },
                await LogTests.failure { () throws(DiskFailure) in
                    try await disk.replace("x/f", with: [])
                },
                await LogTests.failure { () throws(DiskFailure) in
                    _ = try await disk.create("x/f")
                },
                await LogTests.failure { () throws(DiskFailure) in
                    _ = try await disk.open("x/f")
                },
            ]
            #expect(failures == Array(repeating: .notFound(path: "x/f"), count: 4))
            try await disk.remove("x/f")
        }
    }

    @Test(
        "paths that leave the root or make no sense are refused",
        arguments: [
            "", "/etc/passwd", "..", "../f", "a/../f", "a//f", "a/", "./f", "a\0b",
            ".partial-1-1-1", "a/.partial-1-1-1",
        ])
    func paths(path: String) async throws {
        try await world.run { effects in
            let failure = await LogTests.failure { () throws(DiskFailure) in
                try await effects.disk.replace(path, with: [])
            }
            #expect(failure == .denied(path: path))
        }
    }

    @Test("a file being written appears only when finished, and not at all when discarded")
    func writer() async throws {
        try await world.run { effects in
            let disk = effects.disk
            let writer = try await disk.create("big")
            try await writer.append([1, 2])
            try await writer.append([3])
            #expect(try await disk.list("").isEmpty)
            try await writer.finish()
            #expect(try await disk.read("big", limit: 9) == [1, 2, 3])
            let failure = await LogTests.failure { () throws(DiskFailure) in
                try await writer.append([4])
            }
            #expect(failure != nil)

            let discarded = try await disk.create("other")
            try await discarded.append([1])
            await discarded.discard()
            _ = try await disk.create("forgotten")
            #expect(try await disk.list("") == ["big"])
        }
    }

    @Test("unfinished files of this process stay, those of ended processes go")
    func abandoned() async throws {
        let writer = try await world.effects.disk.create("f")
        try await writer.append([1])
        let stale = "\(world.root)/.partial-1-999999999-1"
        let foreign = "\(world.root)/.partial-of-somebody-else"
        for path in [stale, foreign] { close(open(path, O_CREAT | O_WRONLY, 0o600)) }
        let again = try world.again()
        #expect(try await again.disk.list("") == [])
        try await again.disk.replace("g", with: [2])
        #expect(access(stale, F_OK) != 0)
        #expect(access(foreign, F_OK) == 0)
        try await writer.finish()
        #expect(try await again.disk.read("f", limit: 9) == [1])
        #expect(try await again.disk.list("") == ["f", "g"])
    }

    @Test("a reader gives any range, fewer bytes only at the end, and keeps a replaced file")
    func reader() async throws {
        try await world.run { effects in
            let content = pattern(10_000)
            try await effects.disk.replace("f", with: content)
            let reader = try await effects.disk.open("f")
            try await effects.disk.replace("f", with: [])
            #expect(await reader.count == 10_000)
            #expect(try await reader.read(at: 9990, count: 100) == Array(content.suffix(10)))
            #expect(try await reader.read(at: 5, count: 7) == Array(content[5..<12]))
            #expect(try await reader.read(at: 10_000, count: 7) == [])
            #expect(try await reader.read(at: .max, count: 7) == [])
            await reader.close()
            let failure = await LogTests.failure { () throws(DiskFailure) in
                _ = try await reader.read(at: 0, count: 1)
            }
            #expect(failure != nil)
        }
    }

    @Test("a moved file has its new path only, in place of what stood there")
    func move() async throws {
        try await world.run { effects in
            try await effects.disk.createFolder("to")
            try await effects.disk.replace("from", with: [1])
            try await effects.disk.replace("to/f", with: [2])
            try await effects.disk.move("from", to: "to/f")
            #expect(try await effects.disk.list("") == ["to"])
            #expect(try await effects.disk.read("to/f", limit: 9) == [1])
        }
    }
}
