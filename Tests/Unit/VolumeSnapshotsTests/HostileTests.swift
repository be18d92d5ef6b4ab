// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Testing
import Vocabulary

@testable import VolumeSnapshots

@Suite("A hostile snapshot writes nothing outside its folder (SNAPSHOT-8)")
struct HostileTests {
    private let store = MemoryStore()

    private func entry(
        _ name: String, _ kind: SnapshotEntry.Kind, attributes: [FileAttribute] = []
    ) -> SnapshotEntry {
        SnapshotEntry(
            name: Array(name.utf8), kind: kind, mode: 0o644, user: 0, group: 0,
            modified: FileMoment(seconds: 5, nanoseconds: 0), attributes: attributes)
    }

    private func content(_ bytes: [UInt8]) async throws -> ContentReference {
        var writer = ContentWriter(ChunkPress(try tenant(), store))
        try await writer.append(bytes)
        return try await writer.finish()
    }

    private func file(_ bytes: [UInt8]) async throws -> SnapshotEntry.Kind {
        let content = try await content(bytes)
        let count = UInt64(bytes.count)
        return .file(
            SnapshotFile(
                size: count, runs: count == 0 ? [] : [FileRun(offset: 0, count: count)],
                content: content, inode: 1, changed: FileMoment(seconds: 0, nanoseconds: 0)))
    }

    private func folder(_ entries: [SnapshotEntry]) async throws -> SnapshotEntry.Kind {
        .folder(try await content(entries.flatMap(\.canonicalBytes)))
    }

    private func record(_ entries: [SnapshotEntry]) async throws -> SnapshotRecord {
        let root = entry(".", try await folder(entries))
        return SnapshotRecord(begun: later, root: root, entries: 0, bytes: 0)
    }

    /// Puts entries into a folder beside one that must stay as it is.
    private func failure(
        _ entries: [SnapshotEntry], limits: SnapshotLimits = SnapshotLimits()
    ) async throws -> SnapshotFailure? {
        let folder = try TestFolder()
        try folder.makeFolder("outside")
        try folder.write("outside/secret", [1, 2, 3])
        let before = try inventory(folder("outside"))
        defer { #expect((try? inventory(folder("outside"))) == before) }
        let record = try await record(entries)
        let key = try tenant()
        do throws(SnapshotFailure) {
            _ = try await SnapshotRestorer.restore(
                record, from: store, key: key, into: folder("back"),
                options: RestoringOptions(limits: limits))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "names that are none are refused",
        arguments: ["", ".", "..", "a/b", "../outside/secret", "/etc/x", "a\0b"])
    func names(name: String) async throws {
        guard case .hostile = try await failure([entry(name, .pipe)]) else {
            Issue.record("'\(name)' was taken")
            return
        }
    }

    @Test("names twice, or out of order, are refused")
    func order() async throws {
        for names in [["a", "a"], ["b", "a"]] {
            let found = try await failure(names.map { entry($0, .pipe) })
            #expect(
                found
                    == .hostile(path: names[1], reason: "names are not in order, each once"))
        }
    }

    @Test("nothing is written through a link that the snapshot itself has made")
    func links() async throws {
        let inner = try await folder([entry("secret", try file([9]))])
        for target in ["../outside", "/etc", "."] {
            // A link and a folder of one name cannot both be; the second is out of order.
            let twice = try await failure([
                entry("x", .symbolicLink(Array(target.utf8))), entry("x", inner),
            ])
            #expect(twice != nil)
            let through = try await failure([
                entry("x", .symbolicLink(Array(target.utf8))),
                entry("y", .hardLink(Array("x/secret".utf8))),
            ])
            guard case .hostile = through else {
                Issue.record("a link was followed to \(target)")
                continue
            }
        }
    }

    @Test(
        "further names of what is no file of the snapshot are refused",
        arguments: [
            "", "/etc/passwd", "../outside/secret", "a/../../outside/secret", "gone", "d", "l",
            "./a",
            "a//b", "a\0", "/",
        ])
    func hardLinks(path: String) async throws {
        let entries = [
            entry("a", try await file([1])), entry("d", try await folder([])),
            entry("l", .symbolicLink(Array("../outside/secret".utf8))),
            entry("z", .hardLink(Array(path.utf8))),
        ]
        guard case .hostile = try await failure(entries) else {
            Issue.record("'\(path)' was taken")
            return
        }
        #expect(
            try await failure(Array(entries.dropLast()) + [entry("z", .hardLink(Array("a".utf8)))])
                == nil)
    }

    @Test("a link planted where putting back goes on is not followed")
    func planted() async throws {
        let folder = try TestFolder()
        try folder.makeFolder("outside")
        try folder.makeFolder("back")
        symlink(folder("outside"), folder("back/d"))
        symlink(folder("outside/new"), folder("back/f"))
        let inner = try await self.folder([entry("x", try file([9]))])
        let record = try await record([entry("d", inner), entry("f", try file([7]))])
        _ = try await SnapshotRestorer.restore(
            record, from: store, key: tenant(), into: folder("back"),
            options: RestoringOptions(resumes: true))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder("outside")) == [])
        var status = stat()
        #expect(lstat(folder("back/d"), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR)
        #expect(lstat(folder("back/f"), &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
    }

    @Test("attributes that are not a file's own are refused")
    func attributes() async throws {
        for name in ["trusted.overlay.opaque", "security.selinux", "user.a\0b", "x"] {
            let attribute = FileAttribute(Array(name.utf8), [1])
            let found = try await failure([
                entry("f", try file([1]), attributes: [attribute])
            ])
            guard case .hostile = found else {
                Issue.record("\(name) was taken")
                continue
            }
        }
    }

    @Test("a snapshot that is larger than is taken is refused, however small its chunks are")
    func bombs() async throws {
        var level = try await folder([entry("f", try file([1]))])
        for _ in 0..<20 {
            level = try await folder((0..<10).map { entry("d\($0)", level) })
        }
        #expect(
            try await failure([entry("d", level)], limits: SnapshotLimits(entries: 500))
                == .tooLarge("entries", limit: 500))
        let large = try await file([UInt8](repeating: 0, count: 100_000))
        #expect(
            try await failure(
                (0..<5).map { entry("f\($0)", large) }, limits: SnapshotLimits(bytes: 250_000))
                == .tooLarge("bytes", limit: 250_000))
        var deep = try await folder([])
        for _ in 0..<300 { deep = try await folder([entry("d", deep)]) }
        #expect(
            try await failure([entry("d", deep)])
                == .tooLarge("folders", limit: UInt64(SnapshotLimits.depthMax)))
        // Walking shared folders once keeps a collection short, whatever a snapshot unfolds to.
        let record = try await record([entry("d", level)])
        let id = try await ChunkPress(try tenant(), store).put(record.canonicalBytes)
        #expect(try await SnapshotCheck.run(id, in: store, key: tenant()) < 60)
    }

    @Test("chunks that are missing, cut off, changed or exchanged are refused by their names")
    func damage() async throws {
        let folder = try TestFolder()
        try RoundTripTests.plant(folder, seed: 40)
        let key = try tenant()
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        let good = store.chunks
        let ids = good.keys.sorted()
        for (index, id) in ids.enumerated() {
            var chunk = try #require(good[id])
            switch index % 4 {
            case 0: store.state.withLock { $0.chunks[id] = nil }
            case 1: store.state.withLock { $0.chunks[id] = Array(chunk.dropLast(3)) }
            case 2:
                chunk[chunk.count / 2] ^= 0x10
                store.state.withLock { [chunk] in $0.chunks[id] = chunk }
            default: store.state.withLock { $0.chunks[id] = good[ids[(index + 1) % ids.count]] }
            }
            let expected: SnapshotFailure = index % 4 == 0 ? .missing(id) : .damaged(id)
            await #expect(throws: expected) {
                try await SnapshotCheck.run(report.id, in: store, key: key)
            }
            store.state.withLock { $0.chunks[id] = good[id] }
        }
        #expect(try await SnapshotCheck.run(report.id, in: store, key: key) == ids.count)
    }

    @Test("records and entries come back from their bytes, or from no others")
    func canonical() async throws {
        let entries = [
            entry("a", try await file([1, 2])), entry("b", try await folder([])),
            entry("c", .symbolicLink([1])), entry("d", .hardLink([2])), entry("e", .pipe),
            entry("f", .device(isBlock: true, major: 1, minor: 2)),
            entry("g", .pipe, attributes: [FileAttribute([1], [2])]),
        ]
        let record = try await record(entries)
        #expect(try SnapshotRecord(canonicalBytes: record.canonicalBytes) == record)
        var seeded = Seeded(50)
        for entry in entries {
            let bytes = entry.canonicalBytes
            #expect(try SnapshotEntry(canonicalBytes: bytes) == entry)
            for _ in 0..<300 {
                var mutated = bytes
                mutated[seeded.next(bytes.count)] = UInt8(seeded.next(256))
                if seeded.next(3) == 0 { mutated.removeLast(seeded.next(mutated.count)) }
                guard let other = try? SnapshotEntry(canonicalBytes: mutated) else { continue }
                #expect(other.canonicalBytes == mutated)
            }
        }
        // A listing of random bytes is refused, whatever they are.
        for _ in 0..<200 {
            let listing = try await content(seeded.bytes(1 + seeded.next(300)))
            var stream = EntryStream(listing, ChunkReader(try tenant(), store))
            await #expect(throws: SnapshotFailure.self) { while try await stream.next() != nil {} }
        }
    }
}
