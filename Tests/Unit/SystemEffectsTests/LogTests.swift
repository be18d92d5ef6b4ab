// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Testing

@testable import SystemEffects

@Suite("record log", .timeLimit(.minutes(10)))
struct LogTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    /// The whole of a log.
    static func all(_ log: any RecordLog) async throws -> [[UInt8]] {
        try await log.read(from: log.first, count: .max, bytesMax: .max)
    }

    /// The failure of an operation, or nothing.
    static func failure(_ body: () async throws(DiskFailure) -> Void) async -> DiskFailure? {
        do throws(DiskFailure) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    static let firstSegment = "log/00000000000000000000.log"

    @Test("what was appended is read again, and again after reopening")
    func reopen() async throws {
        let records = (0..<100).map { pattern($0 * 7, seed: UInt64($0)) }
        try await world.run { effects in
            let log = try await effects.disk.openLog("chain/log")
            try await log.append(Array(records[..<60]))
            try await log.append(Array(records[60...]))
            try await log.append([])
            #expect(try await Self.all(log) == records)
            await log.close()
            let again = try await effects.disk.openLog("chain/log")
            #expect(await again.end == 100)
            let some = try await again.read(from: 41, count: 3, bytesMax: .max)
            #expect(some == Array(records[41..<44]))
            #expect(try await again.read(from: 100, count: 3, bytesMax: .max) == [])
            #expect(try await again.read(from: 99, count: 3, bytesMax: 1) == [records[99]])
            #expect(try await again.read(from: 1, count: 9, bytesMax: 30) == Array(records[1...2]))
        }
    }

    @Test("a tail torn at any byte of the last append is dropped, and appending goes on")
    func tornTail() async throws {
        let kept = [pattern(50), pattern(3)]
        let whole = try await world.run { effects in
            let log = try await effects.disk.openLog("log")
            try await log.append(kept)
            try await log.append([pattern(40, seed: 9)])
            await log.close()
            return try await effects.disk.read(Self.firstSegment, limit: 1 << 20)
        }
        let lastBytes = RecordFormat.recordHeaderBytes + 40
        try await world.run { effects in
            for cut in 1...lastBytes {
                try await effects.disk.replace(Self.firstSegment, with: Array(whole.dropLast(cut)))
                let log = try await effects.disk.openLog("log")
                #expect(try await Self.all(log) == kept)
                try await log.append([[42]])
                await log.close()
                let again = try await effects.disk.openLog("log")
                #expect(try await Self.all(again) == kept + [[42]])
                await again.close()
            }
        }
    }

    @Test("a last append of which only later pages reached the disk is dropped whole")
    func holeInLastAppend() async throws {
        try await world.run { effects in
            let log = try await effects.disk.openLog("log")
            try await log.append([[1]])
            try await log.append([pattern(10), pattern(10), pattern(10)])
            await log.close()
            var bytes = try await effects.disk.read(Self.firstSegment, limit: 1 << 20)
            let first = RecordFormat.segmentHeaderBytes + RecordFormat.recordHeaderBytes + 1
            for place in first..<first + 8 { bytes[place] = 0 }
            try await effects.disk.replace(Self.firstSegment, with: bytes)
            let again = try await effects.disk.openLog("log")
            #expect(try await Self.all(again) == [[1]])
        }
    }

    @Test("any byte flipped before the last append is reported with its file and place")
    func flippedByte() async throws {
        let whole = try await world.run { effects in
            let log = try await effects.disk.openLog("log")
            try await log.append([pattern(20), pattern(5)])
            try await log.append([pattern(20)])
            try await log.append([pattern(8)])
            await log.close()
            return try await effects.disk.read(Self.firstSegment, limit: 1 << 20)
        }
        let lastBytes = RecordFormat.recordHeaderBytes + 8
        let starts = [24, 24 + 40, 24 + 40 + 25]
        try await world.run { effects in
            for place in 0..<whole.count - lastBytes {
                var bytes = whole
                bytes[place] ^= 0x40
                try await effects.disk.replace(Self.firstSegment, with: bytes)
                let failure = await Self.failure { () throws(DiskFailure) in
                    _ = try await effects.disk.openLog("log")
                }
                guard case .damaged(Self.firstSegment, let reason) = failure else {
                    Issue.record("byte \(place): \(String(describing: failure))")
                    continue
                }
                let start = starts.last { $0 <= place } ?? 0
                #expect(reason.hasPrefix("at byte \(start): "))
            }
        }
    }

    @Test("a file of zeros behind the last record is dropped")
    func zeros() async throws {
        try await world.run { effects in
            let log = try await effects.disk.openLog("log")
            try await log.append([[1], []])
            await log.close()
            let bytes = try await effects.disk.read(Self.firstSegment, limit: 1 << 20)
            try await effects.disk.replace(
                Self.firstSegment, with: bytes + [UInt8](repeating: 0, count: 5000))
            let again = try await effects.disk.openLog("log")
            #expect(try await Self.all(again) == [[1], []])
        }
    }

    @Test("appends from many tasks are each durable, whole and in the order of asking")
    func groupCommit() async throws {
        try await world.run { effects in
            let log = try await effects.disk.openLog("log")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<20 as Range<UInt8> {
                    group.addTask {
                        for number in 0..<20 as Range<UInt8> {
                            try await log.append([[task, number, 0], [task, number, 1]])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let records = try await Self.all(log)
            #expect(records.count == 800)
            for place in stride(from: 0, to: records.count, by: 2) {
                #expect(records[place].prefix(2) == records[place + 1].prefix(2))
            }
            for task in 0..<20 as Range<UInt8> {
                let mine = records.filter { $0[0] == task && $0[2] == 0 }.map { $0[1] }
                #expect(mine == Array(0..<20))
            }
        }
    }

    @Test("a log is held by one holder at a time")
    func busy() async throws {
        try await world.run { effects in
            let log = try await effects.disk.openLog("log")
            let failure = await Self.failure { () throws(DiskFailure) in
                _ = try await effects.disk.openLog("log")
            }
            #expect(failure == .busy(path: "log"))
            await log.close()
            let again = try await effects.disk.openLog("log")
            await again.close()
        }
    }

    @Test("a closed log refuses, and closing waits for appends under way")
    func closing() async throws {
        try await world.run { effects in
            let log = try await effects.disk.openLog("log")
            let appends = (0..<10).map { _ in
                effects.tasks.spawn("append") { try? await log.append([[1]]) }
            }
            await Task.yield()
            await log.close()
            for append in appends { await append.finished() }
            let failure = await Self.failure { () throws(DiskFailure) in
                try await log.append([[2]])
            }
            #expect(failure != nil)
            let again = try await effects.disk.openLog("log")
            #expect(try await Self.all(again).allSatisfy { $0 == [1] })
        }
    }
}

@Suite("record log segments", .timeLimit(.minutes(10)))
struct LogSegmentTests {
    let world: TestWorld
    private let pool = ThreadPool(name: "test disk", threadsMax: 1)

    init() throws { world = try TestWorld() }

    /// A log whose segments are full after about a kilobyte.
    private func open() async throws -> SegmentLog {
        let folder = try DiskPath("log", under: world.root)
        return try await pool.run { [pool] () throws(DiskFailure) in
            try SegmentLog(folder, pool: pool, segmentBytesMax: 1000)
        }
    }

    private func fill(_ log: SegmentLog, _ count: Int = 50) async throws -> [[UInt8]] {
        let records = (0..<count).map { pattern(100, seed: UInt64($0)) }
        for record in records { try await log.append([record]) }
        return records
    }

    @Test("a log of many segments reads as one, after reopening too")
    func manySegments() async throws {
        let log = try await open()
        let records = try await fill(log)
        #expect(try await LogTests.all(log) == records)
        await log.close()
        let again = try await open()
        #expect(try await LogTests.all(again) == records)
        for index in 0..<50 as Range<UInt64> {
            let read = try await again.read(from: index, count: 1, bytesMax: .max)
            #expect(read == [records[Int(index)]])
        }
        #expect(try await world.effects.disk.list("log").count > 5)
        await again.close()
    }

    @Test("pruning forgets whole segments before an index, and only those")
    func prune() async throws {
        let log = try await open()
        let records = try await fill(log)
        try await log.prune(before: 30)
        let first = await log.first
        #expect(first > 20 && first <= 30)
        #expect(try await LogTests.all(log) == Array(records[Int(first)...]))
        let failure = await LogTests.failure { () throws(DiskFailure) in
            _ = try await log.read(from: 3, count: 1, bytesMax: .max)
        }
        #expect(failure == .notFound(path: "log/3"))
        await log.close()
        let again = try await open()
        #expect(await again.first == first)
        #expect(await again.end == 50)
        try await again.prune(before: .max)
        #expect(await again.end == 50)
        try await again.append([[1]])
        #expect(try await again.read(from: 50, count: 1, bytesMax: 9) == [[1]])
        await again.close()
    }

    @Test("damage in an earlier segment is reported when it is read")
    func damage() async throws {
        let log = try await open()
        _ = try await fill(log)
        await log.close()
        let path = LogTests.firstSegment
        var bytes = try await world.effects.disk.read(path, limit: 1 << 20)
        bytes[RecordFormat.segmentHeaderBytes + 3 * 120 + 70] ^= 1
        try await world.effects.disk.replace(path, with: bytes)
        let again = try await open()
        let failure = await LogTests.failure { () throws(DiskFailure) in
            _ = try await again.read(from: 0, count: 50, bytesMax: .max)
        }
        guard case .damaged(path, let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.hasPrefix("at byte \(RecordFormat.segmentHeaderBytes + 3 * 120): "))
        #expect(try await again.read(from: 40, count: 1, bytesMax: 200).count == 1)
        await again.close()
    }

    @Test("a segment cut off while it was begun is begun again", arguments: [0, 5, 24])
    func tornBeginning(size: Int) async throws {
        let log = try await open()
        let records = try await fill(log, 8)
        await log.close()
        let name = "log/" + Segment.name(first: 8)
        #expect(try await !world.effects.disk.list("log").contains(Segment.name(first: 8)))
        let header = Array(RecordFormat.segmentHeader(first: 8).prefix(size))
        try await world.effects.disk.replace(name, with: header)
        let again = try await open()
        #expect(await again.end == 8)
        try await again.append([[9]])
        #expect(try await LogTests.all(again) == records + [[9]])
        await again.close()
    }

    @Test("the checksum is that of RFC 3720")
    func checksum() {
        func sum(_ bytes: [UInt8]) -> UInt32 {
            var checksum = CRC32C()
            checksum.add(bytes)
            return checksum.value
        }
        #expect(sum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(sum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(sum(Array(0..<32)) == 0x46DD_794E)
        #expect(sum(Array("123456789".utf8)) == 0xE306_9283)
        var parts = CRC32C()
        parts.add(Array("1234".utf8))
        parts.add(Array("56789".utf8))
        #expect(parts.value == 0xE306_9283)
    }
}
