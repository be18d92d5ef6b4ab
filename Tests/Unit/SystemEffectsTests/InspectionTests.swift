// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Testing

@testable import SystemEffects

@Suite("looking at a log", .timeLimit(.minutes(10)))
struct InspectionTests {
    let world: TestWorld
    private static let segment = "log/00000000000000000000.log"

    init() throws { world = try TestWorld() }

    /// Writes records, each in an append of its own, and gives the bytes of the first segment.
    private func write(_ count: Int) async throws -> [UInt8] {
        try await world.run { effects in
            let log = try await effects.disk.openLog("log")
            for number in 0..<count { try await log.append([pattern(100, seed: UInt64(number))]) }
            await log.close()
            return try await effects.disk.read(Self.segment, limit: 1 << 20)
        }
    }

    /// Every record before the first flaw, and the flaw.
    private static func look(
        _ effects: Effects, count: Int = 7
    ) async throws(DiskFailure) -> (records: [[UInt8]], flaw: LogFlaw?) {
        let look = try await effects.disk.inspectLog("log")
        var records: [[UInt8]] = []
        while true {
            let more = try await look.next(count: count, bytesMax: 350)
            guard !more.isEmpty else { break }
            records += more
        }
        let flaw = await look.flaw
        await look.close()
        return (records, flaw)
    }

    @Test("a whole log is given in order, in pages, and nothing in it changes (EFFECTS-19)")
    func whole() async throws {
        let bytes = try await write(20)
        try await world.run { effects in
            let (records, flaw) = try await Self.look(effects)
            #expect(records == (0..<20).map { pattern(100, seed: UInt64($0)) })
            #expect(flaw == nil)
            #expect(try await effects.disk.read(Self.segment, limit: 1 << 20) == bytes)
            let look = try await effects.disk.inspectLog("log")
            #expect(await look.first == 0)
            #expect(await look.bytes == UInt64(bytes.count))
            #expect(try await look.next(count: 3, bytesMax: .max).count == 3)
            #expect(await look.bytesRead == 24 + 3 * 120)
            #expect(try await look.next(count: 9, bytesMax: 1).count == 1)
            await look.close()
        }
    }

    @Test("a torn tail is named and left as it is (EFFECTS-19)")
    func tornTail() async throws {
        let bytes = try await write(5)
        try await world.run { effects in
            let cut = Array(bytes.dropLast(11))
            try await effects.disk.replace(Self.segment, with: cut)
            let (records, flaw) = try await Self.look(effects)
            #expect(records.count == 4)
            #expect(flaw?.isTornTail == true)
            #expect(flaw?.reason.hasPrefix("at byte 504: ") == true)
            #expect(flaw?.path == Self.segment)
            #expect(try await effects.disk.read(Self.segment, limit: 1 << 20) == cut)
        }
    }

    @Test("damage anywhere before the last append is named with its byte; what is before is given")
    func damage() async throws {
        let bytes = try await write(5)
        try await world.run { effects in
            for place in [24, 30, 60, 24 + 120 * 2 + 50, 24 + 120 * 3 + 119] {
                var copy = bytes
                copy[place] ^= 0x10
                try await effects.disk.replace(Self.segment, with: copy)
                let (records, flaw) = try await Self.look(effects)
                let record = (place - 24) / 120
                #expect(records.count == record)
                #expect(flaw?.isTornTail == false)
                #expect(flaw?.reason.hasPrefix("at byte \(24 + 120 * record): ") == true)
            }
            var copy = bytes
            copy[3] ^= 1
            try await effects.disk.replace(Self.segment, with: copy)
            #expect(try await Self.look(effects).flaw?.isTornTail == false)
        }
    }

    @Test("a missing segment is damage at its place")
    func gap() async throws {
        try await world.run { effects in
            let folder = try DiskPath("log", under: world.root)
            let pool = ThreadPool(name: "log", threadsMax: 1)
            let log = try SegmentLog(folder, pool: pool, segmentBytesMax: 300)
            for number in 0..<9 { try await log.append([pattern(100, seed: UInt64(number))]) }
            await log.close()
            #expect(try await Self.look(effects).records.count == 9)
            let names = try await effects.disk.list("log").filter { $0.hasSuffix(".log") }
            #expect(names.count > 2)
            try await effects.disk.remove("log/\(names[1])")
            let (records, flaw) = try await Self.look(effects)
            #expect(records.count == 3)
            #expect(flaw?.isTornTail == false)
            #expect(flaw?.reason.contains("are missing") == true)
        }
    }

    @Test("a log that is held is busy, one that is looked at cannot be taken, none is not found")
    func holders() async throws {
        _ = try await write(2)
        try await world.run { effects in
            let held = try await effects.disk.openLog("log")
            #expect(
                await LogTests.failure { () async throws(DiskFailure) in
                    _ = try await effects.disk.inspectLog("log")
                } == .busy(path: "log"))
            await held.close()
            let look = try await effects.disk.inspectLog("log")
            let second = try await effects.disk.inspectLog("log")
            #expect(
                await LogTests.failure { () async throws(DiskFailure) in
                    _ = try await effects.disk.openLog("log")
                } == .busy(path: "log"))
            await look.close()
            await second.close()
            await (try await effects.disk.openLog("log")).close()
            #expect(
                await LogTests.failure { () async throws(DiskFailure) in
                    _ = try await effects.disk.inspectLog("nowhere")
                } == .notFound(path: "nowhere"))
        }
    }

    @Test("a folder is moved with all it holds; the log goes on under its new path (EFFECTS-11)")
    func moving() async throws {
        _ = try await write(3)
        try await world.run { effects in
            try await effects.disk.move("log", to: "aside")
            let log = try await effects.disk.openLog("aside")
            #expect(await log.end == 3)
            await log.close()
            let fresh = try await effects.disk.openLog("log")
            #expect(await fresh.end == 0)
            await fresh.close()
        }
    }
}
