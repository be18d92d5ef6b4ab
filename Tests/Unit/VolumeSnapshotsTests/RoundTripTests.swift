// SPDX-License-Identifier: Apache-2.0
import CShims
import Foundation
import Glibc
import Testing
import Vocabulary

@testable import VolumeSnapshots

@Suite("A snapshot brings back what was there (SNAPSHOT-5, SNAPSHOT-7)")
struct RoundTripTests {
    /// Files, folders, links of both kinds, pipes, holes, attributes, odd names and times.
    static func plant(_ folder: TestFolder, seed: UInt64) throws {
        var seeded = Seeded(seed)
        var folders = ["tree"]
        try folder.makeFolder("tree")
        var files: [String] = []
        for index in 0..<50 {
            let parent = folders[seeded.next(folders.count)]
            let odd = ["plain", " sp ace", "\u{e9}\u{1F600}", "new\nline", "-dash", ".hidden"]
            let name = "\(parent)/\(odd[seeded.next(odd.count)])\(index)"
            switch seeded.next(10) {
            case 0, 1:
                try folder.makeFolder(name)
                folders.append(name)
            case 2:
                symlink(
                    ["/etc/passwd", "../..", "gone", "plain1"][seeded.next(4)], folder(name))
            case 3 where !files.isEmpty:
                link(folder(files[seeded.next(files.count)]), folder(name))
            case 4: mkfifo(folder(name), 0o640)
            default:
                let count = [0, 1, 500, 20_000, 120_000][seeded.next(5)]
                try folder.write(name, seeded.bytes(count))
                setxattr(folder(name), "user.atoll", "v\(index)", 2, 0)
                chmod(
                    folder(name),
                    mode_t([0o600, 0o644, 0o755, geteuid() == 0 ? 0o4711 : 0o711][seeded.next(4)]))
                files.append(name)
            }
        }
        // A sparse file: a megabyte of hole, data, hole, data.
        try folder.write("tree/sparse", [])
        let descriptor = open(folder("tree/sparse"), O_WRONLY)
        pwrite(descriptor, [1, 2, 3], 3, 4 << 20)
        pwrite(descriptor, [4, 5, 6], 3, 8 << 20)
        ftruncate(descriptor, 12 << 20)
        close(descriptor)
        for (index, name) in (files + folders.reversed() + ["tree/sparse"]).enumerated() {
            let time = timespec(tv_sec: 1_000_000_000 + index, tv_nsec: 123_456_789)
            utimensat(AT_FDCWD, folder(name), [time, time], 0)
        }
    }

    @Test("random trees come back byte for byte, with all that is known of them", arguments: 1...4)
    func trees(seed: Int) async throws {
        let folder = try TestFolder()
        try Self.plant(folder, seed: UInt64(seed))
        let store = MemoryStore()
        let key = try tenant()
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        let record = try await SnapshotRecord(report.id, from: store, key: key)
        #expect(record == report.record)
        let restored = try await SnapshotRestorer.restore(
            record, from: store, key: key, into: folder("back"))
        #expect(try inventory(folder("back")) == inventory(folder("tree")))
        #expect(restored.entries == record.entries)
        // The same files make the same tree: only times of the file system's own differ.
        let again = try await SnapshotMaker.make(
            of: folder("back"), into: store, key: key, at: later)
        #expect(again.record.bytes == record.bytes && again.record.entries == record.entries)
        let checked = try await SnapshotCheck.run(report.id, in: store, key: key)
        #expect(checked > 1)
    }

    @Test("holes cost nothing, neither in the store nor on the disk")
    func sparse() async throws {
        let folder = try TestFolder()
        try folder.makeFolder("tree")
        try folder.write("tree/disk", [])
        truncate(folder("tree/disk"), 1 << 40)
        let store = MemoryStore()
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: tenant(), at: later)
        #expect(report.record.bytes == 0 && report.written.chunksNew == 2)
        _ = try await SnapshotRestorer.restore(
            report.record, from: store, key: tenant(), into: folder("back"))
        var status = stat()
        #expect(stat(folder("back/disk"), &status) == 0)
        #expect(status.st_size == 1 << 40 && status.st_blocks == 0)
    }

    @Test("sockets are left out, devices come back where they are allowed")
    func special() async throws {
        let folder = try TestFolder()
        try folder.makeFolder("tree")
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = folder("tree/s")
        // A socket's address has room for 107 bytes.
        guard path.utf8.count < 100 else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        let isRoot = geteuid() == 0
        // Containers without the right to make devices say so.
        let hasDevice =
            isRoot && mknod(folder("tree/null"), S_IFCHR | 0o666, atoll_makedev(1, 3)) == 0
        let store = MemoryStore()
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: tenant(), at: later)
        #expect(report.sockets == 1 && report.record.entries == (hasDevice ? 1 : 0))
        guard hasDevice else { return }
        await #expect(
            throws: SnapshotFailure.hostile(path: folder("no") + "/null", reason: "a device")
        ) {
            try await SnapshotRestorer.restore(
                report.record, from: store, key: tenant(), into: folder("no"))
        }
        _ = try await SnapshotRestorer.restore(
            report.record, from: store, key: tenant(), into: folder("yes"),
            options: RestoringOptions(makesDevices: true))
        #expect(try inventory(folder("yes")).contains { $0.contains("device") })
    }

    @Test("what lends an owner's rights does not come back without the owner")
    func withoutOwners() async throws {
        let folder = try TestFolder()
        try folder.makeFolder("tree")
        try folder.write("tree/tool", [1, 2, 3])
        chmod(folder("tree/tool"), 0o6755)
        let store = MemoryStore()
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: tenant(), at: later)
        let options = RestoringOptions(setsOwners: false, resumes: true)
        for kept in [0, 1] as [UInt64] {
            let restored = try await SnapshotRestorer.restore(
                report.record, from: store, key: tenant(), into: folder("back"), options: options)
            #expect(restored.filesKept == kept)
            var status = stat()
            #expect(stat(folder("back/tool"), &status) == 0 && status.st_mode & 0o7777 == 0o755)
            #expect(status.st_uid == geteuid())
        }
    }

    @Test("a folder that holds something is left alone")
    func occupied() async throws {
        let folder = try TestFolder()
        try folder.makeFolder("tree")
        try folder.write("tree/a", [1])
        let store = MemoryStore()
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: tenant(), at: later)
        try folder.makeFolder("back")
        try folder.write("back/mine", [9])
        await #expect(throws: SnapshotFailure.occupied(folder("back"))) {
            try await SnapshotRestorer.restore(
                report.record, from: store, key: tenant(), into: folder("back"))
        }
        #expect(try inventory(folder("back")).count == 2)
    }

    @Test("putting back goes on where it stopped, and what was half written is written again")
    func resumes() async throws {
        let folder = try TestFolder()
        try Self.plant(folder, seed: 20)
        let store = MemoryStore()
        let key = try tenant()
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        // One chunk is not there yet.
        let reads = Array(store.chunks.keys).sorted()
        let victim = try #require(
            reads.first { store.chunks[$0].map { $0.count > 15_000 } ?? false })
        let chunk = store.state.withLock { $0.chunks.removeValue(forKey: victim) }
        await #expect(throws: SnapshotFailure.missing(victim)) {
            try await SnapshotRestorer.restore(
                report.record, from: store, key: key, into: folder("back"))
        }
        store.state.withLock { $0.chunks[victim] = chunk }
        let resumed = try await SnapshotRestorer.restore(
            report.record, from: store, key: key, into: folder("back"),
            options: RestoringOptions(resumes: true))
        #expect(try inventory(folder("back")) == inventory(folder("tree")))
        let again = try await SnapshotRestorer.restore(
            report.record, from: store, key: key, into: folder("back"),
            options: RestoringOptions(resumes: true))
        #expect(again.bytesWritten == 0 && again.filesKept >= resumed.filesKept)
        #expect(try inventory(folder("back")) == inventory(folder("tree")))
    }
}
